//! Which indirect reseller is on record for a subscription: it manages it, and it is credited for it.

use events::{CustomerEvent, MpnId, ResellerOfRecordChanged, SubscriptionId};

use crate::{
    context::Context,
    customer::{
        orders, reach,
        state::{CustomerState, SubscriptionStatus},
        subscriptions,
    },
    rejection::{Rejection, SaleRejection},
};

/// Put another indirect reseller, or none, on record for a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeResellerOfRecord {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// The reseller's MPN id from now on.
    pub mpn_id: Option<MpnId>,
}

/// Only who sold a subscription says who is on record for it.
pub(super) fn change(
    state: &CustomerState,
    command: &ChangeResellerOfRecord,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let subscription_id = command.subscription_id;
    let held = subscriptions::managed(state, subscription_id, context)?;
    reach::holder(state, held.partner_id, context)?;
    if held.status == SubscriptionStatus::Cancelled {
        return Err(SaleRejection::SubscriptionIsCancelled.into());
    }
    if command.mpn_id == held.partner_on_record {
        return Ok(Vec::new());
    }
    if let Some(mpn_id) = &command.mpn_id {
        orders::on_record(held.partner_id, mpn_id, context)?;
    }
    let (old, new) = (held.partner_on_record.clone(), command.mpn_id.clone());
    Ok(vec![ResellerOfRecordChanged { subscription_id, old, new }.into()])
}
