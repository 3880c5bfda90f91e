//! Requests for relationships: a partner asks, a company's global admin answers, once and in time.

use commands::{
    CustomerCommand, CustomerSignInCommand, RelationshipRequestCommand, RequestRelationship,
    SendRelationshipLetter, SignUp,
};
use events::{CustomerId, InvitationId, PartnerId, Process, RelationshipDraft, Timestamp};
use projections::ReadModel;
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons, customers::Served, letters::Letter, reach, who_may::Deed};

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) partner: PartnerId,
    pub(crate) is_addressed: bool,
    pub(crate) delegated_admin: bool,
    pub(crate) expires_at: Timestamp,
    /// What became of it, as the list spells it; `None` while nobody has answered.
    pub(crate) fate: Option<&'static str>,
    pub(crate) letter: Letter,
}

impl Asked {
    pub(super) fn withdraw(&mut self) {
        self.fate.get_or_insert("withdrawn");
    }

    fn still_open(&self, no: &mut Reasons, now: Timestamp) {
        no.no_if(self.fate.is_some(), "relationship_request_not_open");
        no.no_if(self.fate.is_none() && now >= self.expires_at, "invitation_expired");
    }
}

/// An answer, and to what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub(crate) invitation: InvitationId,
    pub(crate) stream: CustomerId,
    pub(crate) customer: CustomerId,
    pub(crate) accepts: bool,
}

/// What speaks against commands.
impl Plain {
    pub(super) fn request_relationship(
        &self,
        no: &mut Reasons,
        by: Principal,
        (stream, command): (CustomerId, &RequestRelationship),
        now: Timestamp,
    ) {
        let partner = command.partner_id;
        let privileged = command.delegated_admin;
        let deed = if privileged { Deed::RequestPrivileges } else { Deed::Request };
        self.speaks_for(no, by, partner, deed);
        no.no_if(!self.partners.contains_key(&partner), "partner_not_found");
        self.reinstates(no, by, stream);
        holds_link(no, &command.draft);
        no.no_if(command.expires_at <= now, "expiry_in_the_past");
        let state = self.customers.get(&stream);
        if command.addressed_to.is_none() {
            return no.no_if(state.is_some(), "already_exists");
        }
        let account = state.filter(|it| it.account.is_some());
        let Some(state) = account.filter(|_| command.addressed_to == Some(stream)) else {
            return no.no("customer_not_found");
        };
        no.no_if(state.requests.contains_key(&command.invitation_id), "already_exists");
        no.no_if(self.has_all(stream, partner, privileged), "relationship_active");
        let mut own = state.requests.values().filter(|it| it.partner == partner);
        let is_asked = own.any(|it| it.fate.is_none() && now < it.expires_at);
        no.no_if(is_asked, "relationship_request_open");
    }

    /// What ended is taken up again by who may reinstate it.
    fn reinstates(&self, no: &mut Reasons, by: Principal, stream: CustomerId) {
        let bonds = self.customers.get(&stream).map(|state| &state.bonds);
        let bond = by.partner().and_then(|own| bonds?.get(&own));
        if bond.is_some_and(|bond| !bond.active) {
            self.employee(no, by, Deed::ReinstateRelationships);
        }
    }

    fn has_all(&self, customer: CustomerId, partner: PartnerId, delegated_admin: bool) -> bool {
        self.holds(customer, partner) && (!delegated_admin || self.administers(customer, partner))
    }

    fn asked(&self, stream: CustomerId, invitation: InvitationId) -> Option<&Asked> {
        self.customers.get(&stream)?.requests.get(&invitation)
    }

    pub(super) fn edit_request(
        &self,
        no: &mut Reasons,
        by: Principal,
        (stream, invitation, partner): (CustomerId, InvitationId, PartnerId),
        (draft, now): (&RelationshipDraft, Timestamp),
    ) {
        holds_link(no, draft);
        match self.own_asked(no, by, (stream, invitation, partner)) {
            None => no.no("invitation_not_found"),
            Some(asked) => {
                asked.still_open(no, now);
                asked.letter.changes(no);
            }
        }
    }

    pub(super) fn send_request(
        &self,
        no: &mut Reasons,
        by: Principal,
        (stream, command): (CustomerId, SendRelationshipLetter),
        now: Timestamp,
    ) {
        let SendRelationshipLetter { invitation_id, partner_id, has_recipient } = command;
        no.no_if(!has_recipient, "recipient_missing");
        match self.own_asked(no, by, (stream, invitation_id, partner_id)) {
            None => no.no("invitation_not_found"),
            Some(asked) => {
                asked.still_open(no, now);
                asked.letter.changes(no);
            }
        }
    }

    pub(super) fn request_sending(
        &self,
        no: &mut Reasons,
        by: Principal,
        (stream, invitation): (CustomerId, InvitationId),
    ) {
        reach::process(no, by, Process::Mail);
        match self.asked(stream, invitation) {
            None => no.no("invitation_not_found"),
            Some(asked) => no.no_if(!asked.letter.is_under_way(), "letter_not_under_way"),
        }
    }

    pub(super) fn withdraw_request(
        &self,
        no: &mut Reasons,
        by: Principal,
        what: (CustomerId, InvitationId, PartnerId),
    ) {
        match self.own_asked(no, by, what) {
            None => no.no("invitation_not_found"),
            Some(asked) => no.no_if(asked.fate.is_some(), "relationship_request_not_open"),
        }
    }

    fn own_asked(
        &self,
        no: &mut Reasons,
        by: Principal,
        (stream, invitation, partner): (CustomerId, InvitationId, PartnerId),
    ) -> Option<&Asked> {
        self.speaks_for(no, by, partner, Deed::Request);
        self.reinstates(no, by, stream);
        self.asked(stream, invitation).filter(|asked| asked.partner == partner)
    }

    /// Only the company's own global admin answers; who opens the link for another learns nothing.
    pub(super) fn answer_relationship(
        &self,
        no: &mut Reasons,
        by: Principal,
        answer: Answer,
        now: Timestamp,
    ) {
        let Answer { invitation, stream, customer, accepts } = answer;
        self.company_admin(no, by, customer);
        let Some(asked) = self.asked(stream, invitation) else {
            // No secret to partnerlog itself.
            no.bar_if(matches!(by, Principal::System(_)), "invitation_not_found");
            return no.no("invitation_not_found");
        };
        no.no_if(asked.is_addressed && stream != customer, "invitation_not_found");
        asked.still_open(no, now);
        if accepts && !asked.is_addressed {
            let partner = asked.partner;
            let bond = self.customers.get(&customer).and_then(|it| it.bonds.get(&partner));
            let has_ended = bond.is_some_and(|bond| !bond.active);
            no.no_if(has_ended, "reinstatement_not_addressed");
            let has_all = self.has_all(customer, partner, asked.delegated_admin);
            no.no_if(has_all, "relationship_active");
        }
    }

    pub(super) fn expire_request(
        &self,
        no: &mut Reasons,
        by: Principal,
        (stream, invitation): (CustomerId, InvitationId),
        now: Timestamp,
    ) {
        reach::process(no, by, Process::Expiry);
        match self.asked(stream, invitation) {
            None => no.no("invitation_not_found"),
            Some(asked) => {
                no.no_if(asked.fate.is_none() && now < asked.expires_at, "not_due_yet");
            }
        }
    }

    /// A company that has no account opens one through the link, as its first user.
    pub(super) fn sign_up(
        &self,
        no: &mut Reasons,
        by: Principal,
        command: &SignUp,
        now: Timestamp,
    ) {
        let account = &command.account;
        let stream = account.customer_id;
        let first = Principal::CustomerUser { customer: stream, user: account.admin.user_id };
        no.bar_if(by != first, "actor_not_allowed");
        self.creation(no, stream, account);
        match self.asked(stream, command.invitation_id) {
            None => {
                // No secret: whoever signs up is known to nobody before.
                no.bar_if(by != first, "invitation_not_found");
                no.no("invitation_not_found");
            }
            Some(asked) => {
                asked.still_open(no, now);
                no.no_if(asked.partner != account.partner_id, "invitation_not_found");
            }
        }
    }

    pub(super) fn end_delegated_admin(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, partner): (CustomerId, PartnerId),
    ) {
        self.company_admin(no, by, customer);
        no.no_if(!self.administers(customer, partner), "delegated_admin_not_held");
    }
}

/// What accepted commands lead to.
impl Plain {
    pub(super) fn relationship_requested(
        &mut self,
        stream: CustomerId,
        command: &RequestRelationship,
    ) {
        let asked = Asked {
            partner: command.partner_id,
            is_addressed: command.addressed_to.is_some(),
            delegated_admin: command.delegated_admin,
            expires_at: command.expires_at,
            fate: None,
            letter: Letter::Open,
        };
        self.customer_mut(stream).requests.insert(command.invitation_id, asked);
    }

    pub(super) fn answered(&mut self, answer: Answer) {
        let Answer { invitation, stream, customer, accepts } = answer;
        let Some(asked) = self.customer_mut(stream).requests.get_mut(&invitation) else { return };
        asked.fate = Some(if accepts { "accepted" } else { "declined" });
        let (partner, delegated_admin) = (asked.partner, asked.delegated_admin);
        if accepts {
            let had_it = self.administers(customer, partner);
            let bond = Served { active: true, delegated_admin: delegated_admin || had_it };
            self.customer_mut(customer).bonds.insert(partner, bond);
        }
    }

    pub(super) fn request_is(
        &mut self,
        (stream, invitation): (CustomerId, InvitationId),
        fate: &'static str,
    ) {
        if let Some(asked) = self.customer_mut(stream).requests.get_mut(&invitation) {
            asked.fate.get_or_insert(fate);
        }
    }

    pub(super) fn letter_of(
        &mut self,
        (stream, invitation): (CustomerId, InvitationId),
    ) -> &mut Letter {
        let asked = self.customer_mut(stream).requests.get_mut(&invitation);
        &mut asked.expect("an accepted command names a request that is known").letter
    }

    pub(super) fn signed_up(&mut self, command: &SignUp) {
        let mut account = command.account.clone();
        let stream = account.customer_id;
        let asked = self.asked(stream, command.invitation_id);
        account.delegated_admin = asked.is_some_and(|asked| asked.delegated_admin);
        account.reseller = None;
        self.created(stream, &account);
        self.request_is((stream, command.invitation_id), "accepted");
    }

    pub(super) fn requests_agree(
        &self,
        model: &ReadModel,
        now: Timestamp,
    ) -> Result<(), TestCaseError> {
        for (stream, state) in &self.customers {
            for (id, asked) in &state.requests {
                let row = model.relationship_requests().get(*id);
                let open = if now < asked.expires_at { "requested" } else { "expired" };
                let expected = (*stream, asked.partner, asked.fate.unwrap_or(open), asked.letter);
                let shown = row.map(|row| {
                    (row.stream, row.partner, row.status(now), Letter::shown(row.letter))
                });
                prop_assert_eq!(shown, Some(expected));
            }
        }
        Ok(())
    }
}

/// Whether a command is one of those that exist only as part of another use case.
pub(super) fn is_a_part(command: &CustomerCommand) -> bool {
    matches!(
        command,
        CustomerCommand::Request(
            RelationshipRequestCommand::Enter(_) | RelationshipRequestCommand::SignUp(_)
        ) | CustomerCommand::SignIn(CustomerSignInCommand::SignIn(_))
    )
}

fn holds_link(no: &mut Reasons, draft: &RelationshipDraft) {
    no.no_if(!draft.text.as_str().contains("{link}"), "link_missing");
}
