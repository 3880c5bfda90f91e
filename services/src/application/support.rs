//! Whom does a customer turn to about a subscription, and how?

use events::{Opened, PartnerProfile, ProfileKind};
use projections::{PartnerRow, ReadModel, SubscriptionRow};
use store::ReadError;

use super::Application;

/// The support contact of a subscription, as its customer sees it.
pub(crate) struct SupportDetails<'a> {
    /// The partner that is the contact.
    pub(crate) partner: &'a PartnerRow,
    /// Its support profile, once it has entered one.
    pub(crate) profile: Option<Opened<PartnerProfile>>,
}

impl Application {
    /// The support contact of a subscription; nobody is it once the relationship with its seller has
    /// ended.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(crate) async fn support_details<'a>(
        &self,
        model: &'a ReadModel,
        subscription: &SubscriptionRow,
    ) -> Result<Option<SupportDetails<'a>>, ReadError> {
        let contact = model.support_contact(subscription.customer, subscription.id);
        let Some(partner) = contact.and_then(|id| model.partners().get(id)) else {
            return Ok(None);
        };
        let profile = match model.partner_profiles().get(partner.id, ProfileKind::Support) {
            Some(row) => Some(self.vault().open(&row.profile).await?),
            None => None,
        };
        Ok(Some(SupportDetails { partner, profile }))
    }
}
