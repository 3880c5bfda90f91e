//! Which users does a list want? The contract's `filter` knows their state; the other parameters are
//! ours, and all that are given must hold.

use commands::Rejection;
use events::{CustomerUserProfile, DomainName, SkuId, SubscriptionId};
use projections::CustomerUserFilter;

use super::{query::Query, reading::CustomerView, user_shape::WantedState};
use crate::http::{ApiError, AppState};

/// The longest text that is looked for, in characters.
const TEXT_CHARACTERS_MAX: usize = 256;

/// The users that are wanted.
#[derive(Debug)]
pub(super) struct WantedUsers {
    /// What the read model knows of them.
    pub(super) filter: CustomerUserFilter,
    /// What their names contain, in lower case.
    pub(super) text: Option<String>,
}

impl WantedUsers {
    /// Reads the parameters of a list.
    ///
    /// # Errors
    /// When one is not acceptable, or asks for what no user has.
    pub(super) fn of(app: &AppState, query: &Query, view: &CustomerView) -> Result<Self, ApiError> {
        let state = WantedState::of(query)?;
        let filter = CustomerUserFilter {
            deleted: state == WantedState::Inactive,
            licensed: query.optional("licensed")?,
            sku: product(app, query, view)?,
            domain: query.optional::<DomainName>("domain")?,
        };
        let of_licenses = filter.licensed.is_some() || filter.sku.is_some();
        if filter.deleted && of_licenses {
            return Err(ApiError::invalid("filter", "of deleted users knows no licences"));
        }
        Ok(Self { filter, text: text(query)? })
    }

    /// Whether users are told apart by more than the lists of the read model know: by their names,
    /// or, of deleted ones, by anything.
    pub(super) const fn must_be_opened(&self) -> bool {
        self.text.is_some() || (self.filter.deleted && self.filter.domain.is_some())
    }

    /// Whether the text stands in the names; who cannot be shown is not found by text.
    pub(super) fn names(&self, profile: Option<&CustomerUserProfile>) -> bool {
        let Some(text) = &self.text else { return true };
        profile.is_some_and(|profile| {
            profile.display_name.as_str().to_lowercase().contains(text)
                || profile.user_name.as_str().contains(text)
        })
    }
}

/// The product that is asked for, or that of the subscription that is.
fn product(app: &AppState, query: &Query, view: &CustomerView) -> Result<Option<SkuId>, ApiError> {
    let sku = query.optional::<SkuId>("skuId")?;
    let Some(id) = query.optional::<SubscriptionId>("subscriptionId")? else { return Ok(sku) };
    let subscription = view.view.model.subscriptions().get(view.customer, id);
    let subscription = subscription.filter(|row| view.sees_sales_of(app, row.partner));
    let subscription = subscription
        .ok_or_else(|| ApiError::from(&Rejection::SubscriptionNotFound { subscription_id: id }))?;
    if sku.is_some_and(|sku| sku != subscription.sku) {
        return Err(ApiError::invalid("subscriptionId", "is of another product than skuId"));
    }
    Ok(Some(subscription.sku))
}

fn text(query: &Query) -> Result<Option<String>, ApiError> {
    let Some(text) = query.text("text") else { return Ok(None) };
    if text.chars().count() > TEXT_CHARACTERS_MAX {
        let reason = format!("must have at most {TEXT_CHARACTERS_MAX} characters");
        return Err(ApiError::invalid("text", reason));
    }
    Ok(Some(text.to_lowercase()))
}
