//! Which providers and resellers work together, and which requests are open?

use std::sync::Arc;

use events::{
    Event, InvitationId, PartnerId, PartnershipEvent, PartnershipId, PartnershipRequested,
    RecordedEvent, Timestamp,
};
use imbl::{OrdMap, OrdSet};

use crate::{
    keys::{Id, partnership_of},
    personal_handle::{PersonalField, PersonalHandle},
    view::{Contradiction, View},
    views::letter_state::LetterState,
};

/// The bond between an indirect provider and an indirect reseller, from the request on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartnershipRow {
    /// The partnership.
    pub id: PartnershipId,
    /// The provider who asked.
    pub provider: PartnerId,
    /// The reseller, once it answered.
    pub reseller: Option<PartnerId>,
    /// The invitation whose link the e-mail holds.
    pub invitation: InvitationId,
    /// The link works strictly before this moment.
    pub expires_at: Timestamp,
    /// The e-mail.
    pub draft: PersonalHandle,
    /// When the provider asked.
    pub requested_at: Timestamp,
    /// How far the sending of the e-mail has come.
    pub letter: LetterState,
    /// What became of it.
    pub state: PartnershipState,
}

impl PartnershipRow {
    /// What became of it at a moment: a link that works no longer has expired, whether or not that is
    /// recorded already.
    #[must_use]
    pub fn state_at(&self, at: Timestamp) -> PartnershipState {
        if self.state == PartnershipState::Requested && at >= self.expires_at {
            PartnershipState::Expired { at: self.expires_at }
        } else {
            self.state
        }
    }
}

/// What became of a request for a partnership.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PartnershipState {
    /// Nobody has answered.
    Requested,
    /// The two work together.
    Active {
        /// Since when.
        since: Timestamp,
    },
    /// The reseller said no.
    Declined {
        /// When.
        at: Timestamp,
    },
    /// The provider took the request back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// Nobody answered in time.
    Expired {
        /// Since when the link does not work.
        at: Timestamp,
    },
    /// One of the two ended it.
    Ended {
        /// When.
        at: Timestamp,
        /// Which of them.
        by: PartnerId,
    },
}

/// All partnerships and requests for one.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Resellers {
    rows: OrdMap<PartnershipId, Arc<PartnershipRow>>,
    by_invitation: OrdMap<InvitationId, PartnershipId>,
    by_provider: OrdSet<(PartnerId, PartnershipId)>,
    by_reseller: OrdSet<(PartnerId, PartnershipId)>,
    requested: OrdSet<(PartnerId, PartnershipId)>,
    /// Provider, then reseller.
    active: OrdMap<(PartnerId, PartnerId), PartnershipId>,
    /// Reseller, then provider.
    providers: OrdSet<(PartnerId, PartnerId)>,
}

impl Resellers {
    /// The partnership with this id.
    #[must_use]
    pub fn get(&self, id: PartnershipId) -> Option<&PartnershipRow> {
        self.rows.get(&id).map(|row| &**row)
    }

    /// The partnership an invitation was made for.
    #[must_use]
    pub fn by_invitation(&self, invitation: InvitationId) -> Option<&PartnershipRow> {
        self.by_invitation.get(&invitation).and_then(|id| self.get(*id))
    }

    /// The active partnership of a provider and a reseller.
    #[must_use]
    pub fn between(&self, provider: PartnerId, reseller: PartnerId) -> Option<&PartnershipRow> {
        self.active.get(&(provider, reseller)).and_then(|id| self.get(*id))
    }

    /// A provider's active partnerships, in the order of the resellers' ids.
    pub fn resellers_of(&self, provider: PartnerId) -> impl Iterator<Item = &PartnershipRow> {
        self.active
            .range((provider, PartnerId::MIN)..=(provider, PartnerId::MAX))
            .filter_map(|(_, id)| self.get(*id))
    }

    /// A reseller's active partnerships, in the order of the providers' ids.
    pub fn providers_of(&self, reseller: PartnerId) -> impl Iterator<Item = &PartnershipRow> {
        self.providers
            .range((reseller, PartnerId::MIN)..=(reseller, PartnerId::MAX))
            .filter_map(|(reseller, provider)| self.between(*provider, *reseller))
    }

    /// A provider's requests that nobody has answered, oldest first, those too whose link has
    /// expired.
    pub fn requested_by(&self, provider: PartnerId) -> impl Iterator<Item = &PartnershipRow> {
        self.requested
            .range((provider, PartnershipId::MIN)..=(provider, PartnershipId::MAX))
            .filter_map(|(_, id)| self.get(*id))
    }

    /// Every partnership a provider ever asked for, oldest first.
    pub fn of_provider(&self, provider: PartnerId) -> impl Iterator<Item = &PartnershipRow> {
        self.by_provider
            .range((provider, PartnershipId::MIN)..=(provider, PartnershipId::MAX))
            .filter_map(|(_, id)| self.get(*id))
    }

    /// Every request that a reseller ever answered, and what became of it, oldest first.
    pub fn of_reseller(&self, reseller: PartnerId) -> impl Iterator<Item = &PartnershipRow> {
        self.by_reseller
            .range((reseller, PartnershipId::MIN)..=(reseller, PartnershipId::MAX))
            .filter_map(|(_, id)| self.get(*id))
    }

    fn request(
        &mut self,
        recorded: &RecordedEvent,
        event: &PartnershipRequested,
    ) -> Result<(), Contradiction> {
        let id = event.partnership_id;
        let row = PartnershipRow {
            id,
            provider: event.provider,
            reseller: None,
            invitation: event.invitation_id,
            expires_at: event.expires_at,
            draft: PersonalHandle::new(recorded, PersonalField::InvitationDraft, &event.draft),
            requested_at: recorded.metadata.occurred_at,
            letter: LetterState::Draft,
            state: PartnershipState::Requested,
        };
        if self.rows.insert(id, Arc::new(row)).is_some() {
            return Err(Contradiction::duplicate(id));
        }
        self.by_invitation.insert(event.invitation_id, id);
        self.by_provider.insert((event.provider, id));
        self.requested.insert((event.provider, id));
        Ok(())
    }

    /// Answers a request: it becomes a partnership, or nothing.
    fn answer(
        &mut self,
        id: PartnershipId,
        reseller: Option<PartnerId>,
        state: PartnershipState,
    ) -> Result<(), Contradiction> {
        let row = self.row_mut(id)?;
        if row.state != PartnershipState::Requested {
            return Err(Contradiction::wrong_state(id, "is not an open request"));
        }
        row.reseller = reseller;
        row.state = state;
        let provider = row.provider;
        self.requested.remove(&(provider, id));
        if let Some(reseller) = reseller {
            self.by_reseller.insert((reseller, id));
        }
        Ok(())
    }

    fn accept(
        &mut self,
        id: PartnershipId,
        reseller: PartnerId,
        since: Timestamp,
    ) -> Result<(), Contradiction> {
        self.answer(id, Some(reseller), PartnershipState::Active { since })?;
        let provider = self.row_mut(id)?.provider;
        if self.active.insert((provider, reseller), id).is_some() {
            return Err(Contradiction::wrong_state(id, "joins two who work together already"));
        }
        self.providers.insert((reseller, provider));
        Ok(())
    }

    fn end(
        &mut self,
        id: PartnershipId,
        reseller: PartnerId,
        state: PartnershipState,
    ) -> Result<(), Contradiction> {
        let row = self.row_mut(id)?;
        let provider = row.provider;
        if !matches!(row.state, PartnershipState::Active { .. }) || row.reseller != Some(reseller) {
            return Err(Contradiction::wrong_state(id, "is not active"));
        }
        row.state = state;
        self.active.remove(&(provider, reseller));
        self.providers.remove(&(reseller, provider));
        Ok(())
    }

    fn letter(&mut self, id: PartnershipId, letter: LetterState) -> Result<(), Contradiction> {
        self.row_mut(id)?.letter = letter;
        Ok(())
    }

    fn row_mut(&mut self, id: PartnershipId) -> Result<&mut PartnershipRow, Contradiction> {
        self.rows.get_mut(&id).map(Arc::make_mut).ok_or_else(|| Contradiction::unknown(id))
    }
}

impl View for Resellers {
    const NAME: &'static str = "resellers";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Partnership(event) = &recorded.event else {
            return Ok(());
        };
        let id = partnership_of(recorded);
        let at = recorded.metadata.occurred_at;
        match event {
            PartnershipEvent::PartnershipRequested(event) => self.request(recorded, event),
            PartnershipEvent::PartnershipAccepted(event) => self.accept(id, event.reseller, at),
            PartnershipEvent::PartnershipDeclined(event) => {
                self.answer(id, Some(event.reseller), PartnershipState::Declined { at })
            }
            PartnershipEvent::PartnershipWithdrawn(_) => {
                self.answer(id, None, PartnershipState::Withdrawn { at })
            }
            PartnershipEvent::PartnershipEnded(event) => {
                self.end(id, event.reseller, PartnershipState::Ended { at, by: event.ended_by })
            }
            PartnershipEvent::InvitationExpired(event) => {
                self.answer(id, None, PartnershipState::Expired { at: event.expired_at })
            }
            PartnershipEvent::InvitationEdited(event) => {
                let field = PersonalField::InvitationDraft;
                self.row_mut(id)?.draft = PersonalHandle::new(recorded, field, &event.draft);
                Ok(())
            }
            PartnershipEvent::InvitationSendRequested(_) => {
                self.letter(id, LetterState::UnderWay { next_at: at, failed: None })
            }
            PartnershipEvent::InvitationSent(event) => {
                self.letter(id, LetterState::Sent { at, route: event.route })
            }
            PartnershipEvent::InvitationSendFailed(event) => {
                let (attempt, reason) = (event.attempt, event.reason);
                self.letter(id, LetterState::failed(attempt, reason, at, event.retry_at))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{
        InvitationExpired, InvitationSendRequested, InvitationSent, MailRoute, PartnershipDeclined,
        PartnershipWithdrawn, Timestamp,
    };

    use super::*;
    use crate::testing::{
        History, invitation, invitation_edited, partner, partnership, partnership_requested,
    };

    const PROVIDER: u128 = 1;
    const RESELLER: u128 = 2;

    fn requested() -> History {
        let mut history = History::new();
        let expires_at = Timestamp::EPOCH.plus_hours(24);
        history.then(partnership(1), partnership_requested(1, PROVIDER, expires_at));
        history
    }

    fn open_requests(history: &History) -> usize {
        history.model.resellers().requested_by(partner(PROVIDER)).count()
    }

    #[test]
    fn an_open_request_is_found_by_its_invitation_and_is_no_partnership_yet() {
        let history = requested();
        let resellers = history.model.resellers();
        let row = resellers.by_invitation(invitation(1)).unwrap();
        assert_eq!((row.id, row.state), (partnership(1), PartnershipState::Requested));
        assert_eq!(row.draft.subject, invitation(1).into());
        assert_eq!(open_requests(&history), 1);
        assert_eq!(resellers.resellers_of(partner(PROVIDER)).count(), 0);
    }

    #[test]
    fn an_accepted_request_is_shown_to_both_and_an_ended_one_to_neither() {
        let mut history = History::new();
        history.partnership(1, PROVIDER, RESELLER);
        let of = |history: &History| {
            let resellers = history.model.resellers();
            let here = resellers.resellers_of(partner(PROVIDER)).map(|row| row.id);
            let there = resellers.providers_of(partner(RESELLER)).map(|row| row.id);
            (here.collect::<Vec<_>>(), there.collect::<Vec<_>>())
        };
        assert_eq!(of(&history), (vec![partnership(1)], vec![partnership(1)]));
        assert_eq!(open_requests(&history), 0);
        let between = history.model.resellers().between(partner(PROVIDER), partner(RESELLER));
        assert_eq!(between.unwrap().state, PartnershipState::Active { since: history.now });

        history.end_partnership(1, PROVIDER, RESELLER);
        assert_eq!(of(&history), (vec![], vec![]));
        history.partnership(2, PROVIDER, RESELLER);
        assert_eq!(of(&history), (vec![partnership(2)], vec![partnership(2)]));
        assert_eq!(history.model.resellers().of_provider(partner(PROVIDER)).count(), 2);
        assert_eq!(history.model.resellers().of_reseller(partner(RESELLER)).count(), 2);
    }

    #[test]
    fn a_request_has_expired_from_the_moment_its_link_stops_working_recorded_or_not() {
        let mut history = requested();
        let row =
            |history: &History| history.model.resellers().get(partnership(1)).cloned().unwrap();
        let (open, at) = (row(&history), row(&history).expires_at);
        assert_eq!(open.state_at(at.plus_seconds(-1)), PartnershipState::Requested);
        assert_eq!(open.state_at(at), PartnershipState::Expired { at });
        let (provider, invitation_id) = (partner(PROVIDER), invitation(1));
        let expired = InvitationExpired { provider, invitation_id, expired_at: at };
        history.then(partnership(1), expired);
        assert_eq!(row(&history).state, PartnershipState::Expired { at });
        assert_eq!(open_requests(&history), 0);
    }

    #[test]
    fn the_letter_of_a_request_shows_what_it_says_now_and_how_far_its_sending_has_come() {
        let mut history = requested();
        let (provider, invitation_id) = (partner(PROVIDER), invitation(1));
        let row =
            |history: &History| history.model.resellers().get(partnership(1)).cloned().unwrap();
        let first = row(&history);
        assert!(first.letter.is_open());
        history.then(partnership(1), invitation_edited(1, PROVIDER));
        assert!(row(&history).draft.position > first.draft.position);
        history.then(partnership(1), InvitationSendRequested { provider, invitation_id });
        let next_at = history.now;
        assert_eq!(row(&history).letter, LetterState::UnderWay { next_at, failed: None });
        let (route, attempt) = (MailRoute::Smtp, 1);
        history.then(partnership(1), InvitationSent { provider, invitation_id, attempt, route });
        assert_eq!(row(&history).letter, LetterState::Sent { at: history.now, route });
    }

    #[test]
    fn a_declined_or_withdrawn_request_is_closed() {
        let (provider, reseller) = (partner(PROVIDER), partner(RESELLER));
        let mut history = requested();
        history.then(partnership(1), PartnershipDeclined { provider, reseller });
        assert_eq!(open_requests(&history), 0);
        let mut history = requested();
        history.then(partnership(1), PartnershipWithdrawn { provider });
        let row = history.model.resellers().get(partnership(1)).unwrap();
        assert_eq!(row.state, PartnershipState::Withdrawn { at: history.now });
        let late = history.refused(partnership(1), PartnershipDeclined { provider, reseller });
        assert!(late.is_err());
    }
}
