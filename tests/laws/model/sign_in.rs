//! How accounts are entered: five wrong passwords in a row lock one for fifteen minutes, a session
//! lasts eight hours, another password ends all other sessions.

use std::collections::{BTreeMap, BTreeSet};

use commands::{ChosenPassword, PasswordProof};
use events::{CredentialId, SubjectId, Timestamp, TokenId};
use projections::ReadModel;
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons};

const MINUTE: i64 = 60;
const SESSIONS_MAX: usize = 20;

/// The door of one account.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    pub(crate) credential: CredentialId,
    /// Whether the account chose its password itself.
    pub(super) is_own: bool,
    wrong_in_a_row: u32,
    counted_until: Option<Timestamp>,
    locked_until: Option<Timestamp>,
    pub(crate) sessions: BTreeMap<TokenId, Timestamp>,
    pub(crate) tokens: BTreeMap<TokenId, Timestamp>,
}

impl Door {
    pub(super) fn new(credential: CredentialId) -> Self {
        Self {
            credential,
            is_own: false,
            wrong_in_a_row: 0,
            counted_until: None,
            locked_until: None,
            sessions: BTreeMap::new(),
            tokens: BTreeMap::new(),
        }
    }

    /// When the lock opens, or a row of failures is forgotten.
    pub(crate) fn edges(&self) -> impl Iterator<Item = Timestamp> {
        self.locked_until.into_iter().chain(self.counted_until)
    }

    /// What speaks against a password that is tried.
    fn tried(&self, no: &mut Reasons, proof: PasswordProof, now: Timestamp) {
        no.no_if(self.locked_until.is_some_and(|until| now < until), "locked_out");
        no.no_if(proof.credential_id != self.credential, "sign_in_refused");
    }

    fn wrong(&mut self, now: Timestamp) {
        let goes_on = self.counted_until.is_some_and(|until| now < until);
        self.wrong_in_a_row = if goes_on { self.wrong_in_a_row + 1 } else { 1 };
        self.counted_until = Some(now.plus_seconds(15 * MINUTE));
        if self.wrong_in_a_row >= 5 {
            self.forget();
            self.locked_until = Some(now.plus_seconds(15 * MINUTE));
        }
    }

    fn forget(&mut self) {
        self.wrong_in_a_row = 0;
        self.counted_until = None;
        self.locked_until = None;
    }

    fn enter(&mut self, session: TokenId, now: Timestamp) {
        self.forget();
        self.sessions.retain(|_, until| *until > now);
        while self.sessions.len() >= SESSIONS_MAX {
            let oldest = self.sessions.iter().map(|(id, until)| (*until, *id)).min();
            oldest.map(|(_, id)| self.sessions.remove(&id));
        }
        self.sessions.insert(session, now.plus_hours(8));
    }

    /// Somebody else gave the account another password: everything made with the old one ends.
    pub(super) fn reset(&mut self, credential: CredentialId) {
        *self = Self::new(credential);
    }

    /// The account was deleted: nothing but its password waits for it.
    pub(super) fn close(&mut self) {
        self.sessions.clear();
        self.tokens.clear();
    }

    /// Tokens and sessions that work.
    pub(super) fn agrees(
        &self,
        model: &ReadModel,
        holder: SubjectId,
        now: Timestamp,
    ) -> Result<(), TestCaseError> {
        let known = |of: &BTreeMap<TokenId, Timestamp>| -> BTreeSet<TokenId> {
            of.iter().filter(|(_, until)| now < **until).map(|(id, _)| *id).collect()
        };
        let tokens = model.tokens();
        let shown = tokens.of(holder).filter(|row| row.works_at(now)).map(|row| row.id);
        prop_assert_eq!(shown.collect::<BTreeSet<_>>(), known(&self.tokens), "tokens");
        let shown = tokens.sessions_of(holder).filter(|row| row.works_at(now)).map(|row| row.id);
        prop_assert_eq!(shown.collect::<BTreeSet<_>>(), known(&self.sessions), "sessions");
        Ok(())
    }
}

impl Plain {
    /// The account whose wrong passwords are counted, if one is.
    pub(crate) fn tried_last(&self) -> Option<Principal> {
        let employees = self.partners.iter().flat_map(|(partner, it)| {
            let account = |user| Principal::PartnerUser { partner: *partner, user };
            it.users.iter().map(move |(user, it)| (account(*user), &it.door))
        });
        let users = self.customers.iter().flat_map(|(customer, it)| {
            let account = |user| Principal::CustomerUser { customer: *customer, user };
            it.users.iter().map(move |(user, it)| (account(*user), &it.door))
        });
        let staff = self.staff.iter().map(|(id, it)| (super::holder(*id), &it.door));
        let doors = employees.chain(users).chain(staff);
        let tried = doors.filter(|(_, door)| door.wrong_in_a_row > 0);
        tried.max_by_key(|(_, door)| door.wrong_in_a_row).map(|(account, _)| account)
    }

    /// The door of an account that works.
    pub(crate) fn door(&self, account: Principal) -> Option<&Door> {
        match account {
            Principal::PartnerUser { .. } => self.active(account).map(|employee| &employee.door),
            Principal::CustomerUser { customer, user } => {
                let user = self.customers.get(&customer)?.users.get(&user)?;
                Some(user).filter(|user| user.status.is_active()).map(|user| &user.door)
            }
            _ => self.staff.get(&super::staff::account(account)?).map(|person| &person.door),
        }
    }

    pub(super) fn door_mut(&mut self, account: Principal) -> Option<&mut Door> {
        match account {
            Principal::PartnerUser { partner, user } => {
                let employee = self.partners.get_mut(&partner)?.users.get_mut(&user)?;
                Some(&mut employee.door)
            }
            Principal::CustomerUser { customer, user } => {
                Some(&mut self.customers.get_mut(&customer)?.users.get_mut(&user)?.door)
            }
            _ => {
                let account = super::staff::account(account)?;
                self.staff.get_mut(&account).map(|person| &mut person.door)
            }
        }
    }

    /// An attempt to sign in to an account.
    pub(super) fn attempt(
        &self,
        no: &mut Reasons,
        by: Principal,
        (account, proof): (Principal, PasswordProof),
        now: Timestamp,
    ) {
        let Some(door) = self.door(account) else { return no.no("sign_in_refused") };
        door.tried(no, proof, now);
        let acts_as = if proof.matches { account } else { Principal::Visitor };
        no.no_if(by != acts_as, "actor_not_allowed");
        if proof.matches {
            let is_powerless = self.active(account).is_some_and(|it| it.roles.is_empty());
            no.no_if(is_powerless, "no_role");
            no.no_if(self.is_auditor_over(account, now), "actor_not_active");
        }
    }

    pub(super) fn attempted(
        &mut self,
        (account, proof): (Principal, PasswordProof),
        session: TokenId,
        now: Timestamp,
    ) {
        let Some(door) = self.door_mut(account) else { return };
        if proof.matches { door.enter(session, now) } else { door.wrong(now) }
    }

    /// Bars whoever is not this account itself, or has no way in any more.
    pub(super) fn is_self(&self, no: &mut Reasons, by: Principal, account: Principal) {
        if by != account {
            // The caller's own standing may be in the way as well, before it is seen who is meant.
            no.bar(&["actor_not_allowed", "actor_not_active", "no_role", "not_your_company"]);
            no.bar(&["auditor_changes_nothing", "user_required"]);
        } else if self.door(by).is_none() {
            no.bar(&["actor_not_active"]);
        } else {
            no.bar_if(self.active(by).is_some_and(|it| it.roles.is_empty()), "no_role");
        }
    }

    /// The caller takes another password for this account.
    pub(super) fn own_password(
        &self,
        no: &mut Reasons,
        by: Principal,
        (account, proof, chosen): (Principal, PasswordProof, ChosenPassword),
        now: Timestamp,
    ) {
        self.is_self(no, by, account);
        let Some(door) = self.door(account) else { return };
        door.tried(no, proof, now);
        let fits = (12..=256).contains(&chosen.characters)
            && !chosen.has_control_characters
            && !chosen.is_the_old_one
            && !chosen.holds_the_name;
        no.no_if(proof.matches && !fits, "unfit_password");
    }

    pub(super) fn own_password_changed(
        &mut self,
        account: Principal,
        (proof, chosen): (PasswordProof, ChosenPassword),
        session: Option<TokenId>,
        now: Timestamp,
    ) {
        let Some(door) = self.door_mut(account) else { return };
        if proof.matches {
            door.forget();
            door.is_own = true;
            door.credential = chosen.credential_id;
            door.sessions.retain(|id, _| Some(*id) == session);
        } else {
            door.wrong(now);
        }
    }

    pub(super) fn signed_out(&mut self, account: Principal, session: TokenId) {
        if let Some(door) = self.door_mut(account) {
            door.sessions.remove(&session);
        }
    }

    /// Whether somebody else's active account has this sign-in name: the names of employees,
    /// operators and auditors are unique in the installation.
    pub(super) fn has_sign_in_name(&self, name: events::NameHash, except: SubjectId) -> bool {
        let employees = self.partners.values().flat_map(|partner| partner.users.iter());
        let employees = employees.filter(|(_, it)| it.status.is_active());
        let employees = employees.map(|(id, it)| (SubjectId::from(*id), it.name));
        let staff = self.staff.iter().map(|(id, it)| (SubjectId::from(*id), it.name));
        employees.chain(staff).any(|(id, held)| held == name && id != except)
    }
}
