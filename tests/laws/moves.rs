//! What may be asked: moves with small numbers in place of ids, so that they often hit something.

use proptest::prelude::*;

/// One command of somebody, or a jump of the clock.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    /// Who asks, as a number of a principal.
    pub(crate) by: usize,
    /// Whether it is asked of another company than the caller's own.
    pub(crate) elsewhere: bool,
    /// What.
    pub(crate) what: What,
    /// Whether the same request is sent again.
    pub(crate) twice: bool,
}

/// What is asked. Numbers name the thing of that number, round again, or one that does not exist.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// The clock goes on by so many hours.
    Wait(i64),
    /// The clock goes to the end of the next restore window, and so many seconds beyond.
    WaitForWindow(i64),
    AddEmployee {
        roles: Vec<usize>,
    },
    DeleteEmployee(usize),
    RestoreEmployee(usize),
    PurgeEmployee(usize),
    Assign {
        employee: usize,
        role: usize,
    },
    Revoke {
        employee: usize,
        role: usize,
    },
    ResetEmployee(usize),
    CreateUsers {
        names: Vec<usize>,
        offers: Vec<usize>,
    },
    EditUser {
        user: usize,
        name: usize,
    },
    DeleteUsers(Vec<usize>),
    RestoreUser {
        user: usize,
        name: Option<usize>,
    },
    PurgeUser(usize),
    License {
        users: Vec<usize>,
        assign: Vec<usize>,
        remove: Vec<usize>,
    },
    Grant {
        user: usize,
        role: usize,
    },
    Withdraw {
        user: usize,
        role: usize,
    },
    ResetUser(usize),
    Order {
        offer: usize,
        quantity: u32,
    },
    Quantity {
        subscription: usize,
        quantity: u32,
    },
    Suspend(usize),
    Reactivate(usize),
    Associate,
    RemoveReseller,
    RequestPartnership,
    AcceptPartnership,
    DeclinePartnership,
    EndPartnership,
    EndRelationship,
}

/// Any move; those that lead somewhere are more likely.
pub(crate) fn a_move() -> impl Strategy<Value = Move> {
    (0..18_usize, prop::bool::weighted(0.1), what(), prop::bool::weighted(0.25))
        .prop_map(|(by, elsewhere, what, twice)| Move { by, elsewhere, what, twice })
}

/// The number of a person: above 100, of anybody or nobody, otherwise of somebody whom the command
/// could mean.
fn number() -> impl Strategy<Value = usize> {
    prop_oneof![7 => 0..100_usize, 1 => 100..120_usize]
}

impl What {
    /// Whether it is about employees of a partner.
    pub(crate) const fn is_about_employees(&self) -> bool {
        matches!(
            self,
            Self::AddEmployee { .. }
                | Self::DeleteEmployee(_)
                | Self::RestoreEmployee(_)
                | Self::Assign { .. }
                | Self::Revoke { .. }
                | Self::ResetEmployee(_)
        )
    }

    /// Whether only a timer does it.
    pub(crate) const fn is_purge(&self) -> bool {
        matches!(self, Self::PurgeEmployee(_) | Self::PurgeUser(_))
    }
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        3 => time(),
        12 => employees(),
        30 => users(),
        6 => buying(),
        2 => bonds(),
    ]
}

fn time() -> impl Strategy<Value = What> {
    prop_oneof![
        2 => (1..200_i64).prop_map(What::Wait),
        1 => (690..721_i64).prop_map(What::Wait),
        3 => (-1..=1_i64).prop_map(What::WaitForWindow),
    ]
}

fn employees() -> impl Strategy<Value = What> {
    let one = number;
    let role = || 0..12_usize;
    prop_oneof![
        2 => prop::collection::vec(role(), 0..3).prop_map(|roles| What::AddEmployee { roles }),
        2 => one().prop_map(What::DeleteEmployee),
        3 => one().prop_map(What::RestoreEmployee),
        1 => one().prop_map(What::PurgeEmployee),
        4 => (one(), role()).prop_map(|(employee, role)| What::Assign { employee, role }),
        3 => (one(), role()).prop_map(|(employee, role)| What::Revoke { employee, role }),
        1 => one().prop_map(What::ResetEmployee),
    ]
}

fn users() -> impl Strategy<Value = What> {
    let one = number;
    let some = || prop::collection::vec(number(), 1..4);
    let offers = || prop::collection::vec(0..3_usize, 0..3);
    prop_oneof![
        5 => (prop::collection::vec(0..12_usize, 1..3), offers())
            .prop_map(|(names, offers)| What::CreateUsers { names, offers }),
        1 => (one(), 0..7_usize).prop_map(|(user, name)| What::EditUser { user, name }),
        5 => some().prop_map(What::DeleteUsers),
        8 => (one(), prop::option::weighted(0.2, 0..12_usize))
            .prop_map(|(user, name)| What::RestoreUser { user, name }),
        3 => one().prop_map(What::PurgeUser),
        6 => (some(), offers(), offers())
            .prop_map(|(users, assign, remove)| What::License { users, assign, remove }),
        1 => (one(), 0..5_usize).prop_map(|(user, role)| What::Grant { user, role }),
        2 => (one(), 0..5_usize).prop_map(|(user, role)| What::Withdraw { user, role }),
        1 => one().prop_map(What::ResetUser),
    ]
}

fn buying() -> impl Strategy<Value = What> {
    let one = || 0..4_usize;
    prop_oneof![
        2 => (0..3_usize, 0..6_u32).prop_map(|(offer, quantity)| What::Order { offer, quantity }),
        3 => (one(), 0..6_u32)
            .prop_map(|(subscription, quantity)| What::Quantity { subscription, quantity }),
        2 => one().prop_map(What::Suspend),
        2 => one().prop_map(What::Reactivate),
    ]
}

fn bonds() -> impl Strategy<Value = What> {
    prop_oneof![
        2 => Just(What::Associate),
        1 => Just(What::RemoveReseller),
        1 => Just(What::RequestPartnership),
        2 => Just(What::AcceptPartnership),
        1 => Just(What::DeclinePartnership),
        1 => Just(What::EndPartnership),
        1 => Just(What::EndRelationship),
    ]
}
