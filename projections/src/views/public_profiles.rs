//! What does a provider show of itself to resellers and customers?

use std::sync::Arc;

use events::{
    Event, PartnerEvent, PartnerId, PublicProfile, PublicProfileEvent, RecordedEvent,
    ServiceRequestId, Timestamp,
};
use imbl::OrdMap;

use crate::{
    keys::partner_of,
    view::{Contradiction, View},
};

/// A provider's public profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicProfileRow {
    /// The provider.
    pub partner: PartnerId,
    /// What it shows.
    pub profile: PublicProfile,
    /// The request by which it was asked for.
    pub request: ServiceRequestId,
    /// Since when.
    pub since: Timestamp,
}

/// The public profiles of all providers that have one.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct PublicProfiles {
    rows: OrdMap<PartnerId, Arc<PublicProfileRow>>,
}

impl PublicProfiles {
    /// The public profile of a provider, once an operator entered one.
    #[must_use]
    pub fn get(&self, partner: PartnerId) -> Option<&PublicProfileRow> {
        self.rows.get(&partner).map(|row| &**row)
    }
}

impl View for PublicProfiles {
    const NAME: &'static str = "public_profiles";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        if let Event::Partner(PartnerEvent::PublicProfile(
            PublicProfileEvent::PublicProfileChanged(event),
        )) = &recorded.event
        {
            let row = PublicProfileRow {
                partner: partner_of(recorded),
                profile: event.profile.clone(),
                request: event.request_id,
                since: recorded.metadata.occurred_at,
            };
            self.rows.insert(row.partner, Arc::new(row));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{
        History, partner,
        requests::{profile_changed, request},
    };

    #[test]
    fn the_newest_profile_of_a_provider_is_shown_with_the_request_behind_it() {
        let mut history = History::new();
        history.then(partner(1), profile_changed(1, "Old"));
        history.then(partner(1), profile_changed(2, "New"));
        let profiles = history.model.public_profiles();
        let row = profiles.get(partner(1)).unwrap();
        assert_eq!((row.profile.name.as_str(), row.request), ("New", request(2)));
        assert_eq!(row.since, history.now);
        assert!(profiles.get(partner(2)).is_none());
    }
}
