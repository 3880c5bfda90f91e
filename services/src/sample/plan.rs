//! The whole history, step by step in the order of time.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    sync::Arc,
};

use events::{CustomerId, CustomerUserId, InvalidValue, PartnerId, PartnerUserId, Role, Timestamp};

use super::{
    customer::CustomerLife,
    dice::Dice,
    opening::opening,
    scale::Spec,
    scenes::{AUDITOR, Clients, OPERATOR},
    staff::Staff,
    step::{Names, Step},
    world::{DIRECT_PARTNER_PER_MILLE, Side, World},
};
use crate::application::Principal;

/// The strand of chance from which customers come.
const STRAND: u64 = 3;
/// So long after its account was opened, everybody who stays in a company is there, in hours.
const SETTLED_AFTER_HOURS: i64 = 48;

/// The history as an iterator: it holds what is alive and nothing of what was.
///
/// Nothing in it depends on how a step turns out: the commands are such that none can be refused.
pub struct Plan {
    world: World,
    opening: VecDeque<Step>,
    /// What lives, by when something happens to it next, then by number.
    lives: BinaryHeap<Reverse<Next>>,
    arrivals: Dice,
    /// The customer that comes next, and when.
    coming: Option<(usize, Timestamp)>,
    customer_admin: (CustomerId, CustomerUserId),
}

struct Next {
    at: Timestamp,
    number: usize,
    life: Life,
}

enum Life {
    Customer(Box<CustomerLife>),
    Staff(Box<Staff>),
}

impl Plan {
    /// The history of a specification.
    ///
    /// # Errors
    /// When a made-up name is not acceptable, which is a bug of this module.
    pub fn new(spec: Spec, names: Arc<dyn Names>) -> Result<Self, InvalidValue> {
        let world = World::new(spec, names)?;
        let mut lives = BinaryHeap::new();
        let mut hire = |side, opened_at: Timestamp| {
            let staff = Staff::new(side, opened_at.plus_hours(SETTLED_AFTER_HOURS), &world);
            let (at, number) = (staff.next_at(), lives.len());
            lives.push(Reverse(Next { at, number, life: Life::Staff(Box::new(staff)) }));
        };
        hire(Side::Provider, spec.start());
        for (number, reseller) in world.resellers.iter().enumerate() {
            hire(Side::Reseller(number), reseller.requested_at);
        }
        hire(Side::Direct, spec.moment(DIRECT_PARTNER_PER_MILLE));
        let opening = opening(&world)?.into();
        let mut arrivals = Dice::new(spec.seed, STRAND);
        let coming = coming(0, &spec, &mut arrivals);
        let customer_admin = Clients::new(&world)?.admin();
        Ok(Self { world, opening, lives, arrivals, coming, customer_admin })
    }

    /// The provider whose history it is.
    #[must_use]
    pub const fn provider(&self) -> PartnerId {
        self.world.provider.id
    }

    /// Users of the provider, one for each role, who hold it from the first days on and for ever.
    pub fn provider_users(&self) -> impl Iterator<Item = (Role, PartnerUserId)> + '_ {
        let cast = &self.world.provider.cast;
        Role::ALL.into_iter().filter_map(move |role| {
            cast.iter().find(|employee| employee.role == role).map(|employee| (role, employee.id))
        })
    }

    /// Everybody as whom the installation is worth trying, each under a name: users of the provider,
    /// one for each role; a global admin of each other kind of company; who works for the
    /// installation.
    #[must_use]
    pub fn people(&self) -> Vec<(&'static str, Principal)> {
        let World { provider, direct, resellers, .. } = &self.world;
        let of_role = |(role, user): (Role, PartnerUserId)| (role.name(), provider.principal(user));
        let mut people: Vec<_> = self.provider_users().map(of_role).collect();
        let reseller = resellers.iter().find(|reseller| reseller.lasts());
        people.extend(
            reseller.map(|reseller| ("reseller_global_admin", reseller.company.global_admin())),
        );
        let (customer, user) = self.customer_admin;
        people.extend([
            ("direct_partner_global_admin", direct.global_admin()),
            ("customer_global_admin", Principal::CustomerUser { customer, user }),
            ("operator", Principal::SupportOperator { operator: OPERATOR }),
            ("auditor", Principal::Auditor { auditor: AUDITOR }),
        ]);
        people
    }

    /// Lets the next customer come, when nothing happens before that.
    fn welcome(&mut self) -> Result<(), InvalidValue> {
        let Some((number, arrival)) = self.coming else { return Ok(()) };
        let alive = self.lives.peek().is_none_or(|Reverse(next)| arrival <= next.at);
        let begun = self.opening.front().is_none_or(|step| arrival <= step.at);
        if alive && begun {
            let life = Box::new(CustomerLife::new(number, arrival, &self.world)?);
            self.coming = coming(number + 1, &self.world.spec, &mut self.arrivals);
            let number = self.world.resellers.len() + 2 + number;
            self.lives.push(Reverse(Next { at: arrival, number, life: Life::Customer(life) }));
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<Option<Step>, InvalidValue> {
        loop {
            self.welcome()?;
            let due = self.lives.peek().map(|Reverse(next)| next.at);
            let first = self.opening.front().map(|step| step.at);
            if first.is_some_and(|first| due.is_none_or(|due| first <= due)) {
                return Ok(self.opening.pop_front());
            }
            if due.is_none_or(|due| due >= self.world.spec.end) {
                return Ok(None);
            }
            let Some(Reverse(mut next)) = self.lives.pop() else { return Ok(None) };
            let step = next.life.step(&self.world)?;
            next.at = next.life.next_at();
            self.lives.push(Reverse(next));
            if step.is_some() {
                return Ok(step);
            }
        }
    }
}

impl Iterator for Plan {
    type Item = Result<Step, InvalidValue>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}

fn coming(number: usize, spec: &Spec, dice: &mut Dice) -> Option<(usize, Timestamp)> {
    (number < spec.scale.customers).then(|| (number, spec.arrival(number, dice)))
}

impl Life {
    fn step(&mut self, world: &World) -> Result<Option<Step>, InvalidValue> {
        match self {
            Self::Customer(life) => life.step(world),
            Self::Staff(staff) => staff.step(world),
        }
    }

    fn next_at(&self) -> Timestamp {
        match self {
            Self::Customer(life) => life.next_at(),
            Self::Staff(staff) => staff.next_at(),
        }
    }
}

impl Next {
    const fn key(&self) -> (Timestamp, usize) {
        (self.at, self.number)
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Next {}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}
