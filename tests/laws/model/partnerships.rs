//! Partnerships: requested by a provider, answered once and in time by a reseller, ended by either.

use commands::{PartnershipCommand, RequestPartnership};
use events::{
    InvitationDraft, InvitationId, PartnerId, PartnerKind, PartnershipId, Process, Timestamp,
};
use projections::{PartnershipState, ReadModel};
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons, letters::Letter, reach, who_may::Deed};

/// A partnership, from the request on.
#[derive(Clone, Debug)]
pub(crate) struct Bond {
    pub(crate) provider: PartnerId,
    pub(crate) reseller: Option<PartnerId>,
    pub(crate) invitation: InvitationId,
    pub(crate) expires_at: Timestamp,
    pub(crate) state: State,
    pub(crate) letter: Letter,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Requested,
    Active,
    Declined,
    Withdrawn,
    Ended,
    Expired,
}

impl Plain {
    /// Whether the two have a partnership that was accepted and has not ended.
    pub(crate) fn work_together(&self, provider: PartnerId, reseller: PartnerId) -> bool {
        self.partnerships.values().any(|bond| {
            bond.state == State::Active
                && bond.provider == provider
                && bond.reseller == Some(reseller)
        })
    }

    pub(super) fn on_partnership(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (PartnershipId, &PartnershipCommand),
        now: Timestamp,
    ) {
        let bond = self.partnerships.get(&id);
        match command {
            PartnershipCommand::Request(command) => self.request(no, by, (bond, command), now),
            PartnershipCommand::Accept(command) => {
                let (invitation, reseller) = (command.invitation_id, command.reseller);
                self.answer(no, by, (bond, invitation, reseller), now);
                let are = bond.is_some_and(|bond| self.work_together(bond.provider, reseller));
                no.no_if(are, "already_partners");
            }
            PartnershipCommand::Decline(command) => {
                let (invitation, reseller) = (command.invitation_id, command.reseller);
                self.answer(no, by, (bond, invitation, reseller), now);
            }
            PartnershipCommand::Withdraw(command) => {
                self.own_request(no, by, bond, command.provider);
            }
            PartnershipCommand::End(command) => {
                self.speaks_for(no, by, command.ended_by, Deed::Request);
                let party = |it: &&Bond| {
                    it.provider == command.ended_by || it.reseller == Some(command.ended_by)
                };
                match bond.filter(party) {
                    None => no.no("partnership_not_found"),
                    Some(it) => no.no_if(it.state != State::Active, "partnership_not_active"),
                }
            }
            PartnershipCommand::EditInvitation(command) => {
                self.letter(no, by, (bond, command.provider), now);
                holds_link(no, &command.draft);
            }
            PartnershipCommand::SendInvitation(command) => {
                self.letter(no, by, (bond, command.provider), now);
            }
            PartnershipCommand::RecordSending(command) => {
                reach::process(no, by, Process::Mail);
                let Some(bond) = invited(no, bond, command.invitation_id) else { return };
                let other = bond.invitation != command.invitation_id;
                // No secret to partnerlog itself.
                no.bar_if(other && is_another_process(by, Process::Mail), "invitation_not_found");
                no.no_if(!bond.letter.is_under_way(), "letter_not_under_way");
            }
            PartnershipCommand::Expire(command) => {
                reach::process(no, by, Process::Expiry);
                let Some(bond) = invited(no, bond, command.invitation_id) else { return };
                let other = bond.invitation != command.invitation_id;
                // No secret to partnerlog itself.
                no.bar_if(other && is_another_process(by, Process::Expiry), "invitation_not_found");
                no.no_if(bond.state != State::Requested, "partnership_not_requested");
                no.no_if(now < bond.expires_at, "not_due_yet");
            }
        }
    }

    fn request(
        &self,
        no: &mut Reasons,
        by: Principal,
        (known, command): (Option<&Bond>, &RequestPartnership),
        now: Timestamp,
    ) {
        self.speaks_for(no, by, command.provider, Deed::Request);
        no.no_if(known.is_some(), "already_exists");
        let kind = self.partners.get(&command.provider).map(|it| it.kind);
        no.no_if(kind != Some(PartnerKind::IndirectProvider), "not_indirect_provider");
        holds_link(no, &command.draft);
        no.no_if(command.expires_at <= now, "expiry_in_the_past");
    }

    /// The reseller must be enrolled as such and have an account, and its link must work.
    fn answer(
        &self,
        no: &mut Reasons,
        by: Principal,
        (bond, invitation, reseller): (Option<&Bond>, InvitationId, PartnerId),
        now: Timestamp,
    ) {
        self.speaks_for(no, by, reseller, Deed::AnswerPartnerships);
        let Some(bond) = invited(no, bond, invitation) else { return };
        no.no_if(bond.provider == reseller, "partnership_with_itself");
        match self.partners.get(&reseller).map(|it| it.kind) {
            None => no.no("reseller_without_account"),
            Some(kind) => no.no_if(kind != PartnerKind::IndirectReseller, "not_indirect_reseller"),
        }
        match bond.state {
            State::Requested => no.no_if(now >= bond.expires_at, "invitation_expired"),
            State::Expired => no.no("invitation_expired"),
            State::Active | State::Declined | State::Withdrawn | State::Ended => {
                no.no("partnership_not_requested");
            }
        }
    }

    fn own_request(
        &self,
        no: &mut Reasons,
        by: Principal,
        bond: Option<&Bond>,
        provider: PartnerId,
    ) {
        self.speaks_for(no, by, provider, Deed::Request);
        match bond.filter(|bond| bond.provider == provider) {
            None => no.no("partnership_not_found"),
            Some(bond) => no.no_if(bond.state != State::Requested, "partnership_not_requested"),
        }
    }

    /// The letter can be changed and sent as long as it is open and its link works.
    fn letter(
        &self,
        no: &mut Reasons,
        by: Principal,
        (bond, provider): (Option<&Bond>, PartnerId),
        now: Timestamp,
    ) {
        self.own_request(no, by, bond, provider);
        let Some(bond) = bond else { return };
        no.no_if(now >= bond.expires_at, "invitation_expired");
        bond.letter.changes(no);
    }

    /// Bars whoever does not speak for this partner. Nothing is told of partners that are unknown.
    pub(super) fn speaks_for(
        &self,
        no: &mut Reasons,
        by: Principal,
        partner: PartnerId,
        deed: Deed,
    ) {
        self.employee(no, by, deed);
        no.bar_if(by.partner().is_some_and(|own| own != partner), "not_your_partner");
    }

    pub(super) fn partnership_did(&mut self, id: PartnershipId, command: &PartnershipCommand) {
        if let PartnershipCommand::Request(command) = command {
            let bond = Bond {
                provider: command.provider,
                reseller: None,
                invitation: command.invitation_id,
                expires_at: command.expires_at,
                state: State::Requested,
                letter: Letter::Open,
            };
            self.partnerships.insert(id, bond);
        }
        let bond = self.partnerships.get_mut(&id).expect("it was requested");
        match command {
            PartnershipCommand::Request(_) | PartnershipCommand::EditInvitation(_) => {}
            PartnershipCommand::Accept(command) => {
                (bond.state, bond.reseller) = (State::Active, Some(command.reseller));
            }
            PartnershipCommand::Decline(command) => {
                (bond.state, bond.reseller) = (State::Declined, Some(command.reseller));
            }
            PartnershipCommand::Withdraw(_) => bond.state = State::Withdrawn,
            PartnershipCommand::End(_) => bond.state = State::Ended,
            PartnershipCommand::SendInvitation(_) => bond.letter = Letter::UnderWay { failed: 0 },
            PartnershipCommand::RecordSending(command) => {
                bond.letter = bond.letter.tried(command.outcome);
            }
            PartnershipCommand::Expire(_) => bond.state = State::Expired,
        }
    }

    pub(super) fn partnerships_agree(&self, model: &ReadModel) -> Result<(), TestCaseError> {
        for (id, bond) in &self.partnerships {
            let Some(row) = model.resellers().get(*id) else {
                return Err(TestCaseError::fail(format!("{id} is not shown")));
            };
            let state = match row.state {
                PartnershipState::Requested => State::Requested,
                PartnershipState::Active { .. } => State::Active,
                PartnershipState::Declined { .. } => State::Declined,
                PartnershipState::Withdrawn { .. } => State::Withdrawn,
                PartnershipState::Expired { .. } => State::Expired,
                PartnershipState::Ended { .. } => State::Ended,
            };
            prop_assert_eq!((state, row.reseller), (bond.state, bond.reseller));
            prop_assert_eq!(Letter::shown(row.letter), bond.letter);
        }
        for provider in self.partners.keys() {
            let mut shown: Vec<_> =
                model.resellers().resellers_of(*provider).filter_map(|row| row.reseller).collect();
            shown.sort_unstable();
            let own = |it: &&PartnerId| self.work_together(*provider, **it);
            let expected: Vec<_> = self.partners.keys().filter(own).copied().collect();
            prop_assert_eq!(shown, expected, "resellers of {}", provider);
        }
        Ok(())
    }
}

/// Whether a process of partnerlog does what is for another one to do.
fn is_another_process(by: Principal, process: Process) -> bool {
    matches!(by, Principal::System(it) if it != process)
}

fn invited<'a>(
    no: &mut Reasons,
    bond: Option<&'a Bond>,
    invitation: InvitationId,
) -> Option<&'a Bond> {
    let Some(bond) = bond else {
        no.no("partnership_not_found");
        return None;
    };
    no.no_if(bond.invitation != invitation, "invitation_not_found");
    Some(bond)
}

fn holds_link(no: &mut Reasons, draft: &InvitationDraft) {
    no.no_if(!draft.text.as_str().contains("{link}"), "link_missing");
}
