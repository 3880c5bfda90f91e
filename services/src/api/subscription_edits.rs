//! Subscriptions, changed in part by clients that send them back whole.
//!
//! What is another than it was is found out while other commands on the customer queue, as in
//! `edits`: nothing is taken for unchanged that somebody has changed meanwhile.

use async_trait::async_trait;
use commands::{ChangeResellerOfRecord, ChangeSubscription, Customer, Permission, Rejection};
use events::{BillingCycle, CustomerId, MpnId, OfferId, StreamId, SubscriptionId};
use projections::SubscriptionRow;

use super::{edits::refuse_stale, subscription_shape::tag};
use crate::application::{CommandError, FixedPart, OnCustomer, Renewal, Transaction, UseCase};

/// What a request says about a subscription.
#[expect(clippy::option_option, reason = "to have no reseller and to say nothing are told apart")]
pub(super) struct EditSubscription {
    /// The customer.
    pub(super) customer: CustomerId,
    /// The version the caller knows; none changes whatever is there.
    pub(super) known: Option<String>,
    /// What is changed as it is given.
    pub(super) change: ChangeSubscription,
    /// The reseller of record, or that there is none.
    pub(super) reseller: Option<Option<MpnId>>,
    /// Whether it is renewed.
    pub(super) renews: Option<bool>,
    /// What must be as it is.
    pub(super) stays: Stays,
}

/// What may be sent back, but not be different.
#[expect(
    clippy::option_option,
    reason = "a term that nothing has and none that is sent are told apart"
)]
pub(super) struct Stays {
    /// The offer.
    pub(super) offer: Option<OfferId>,
    /// To what it is an add-on.
    pub(super) parent: Option<SubscriptionId>,
    /// How it is billed.
    pub(super) billing_cycle: Option<BillingCycle>,
    /// For how long it is bought at a time, as that is billed; none where nothing is sold so.
    pub(super) term: Option<Option<BillingCycle>>,
    /// For how long when it is renewed, likewise.
    pub(super) renewal_term: Option<Option<BillingCycle>>,
}

#[async_trait]
impl UseCase for EditSubscription {
    fn name(&self) -> &'static str {
        "ChangeSubscription"
    }

    fn primary(&self) -> StreamId {
        self.customer.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let (customer, subscription_id) = (self.customer, self.change.subscription_id);
        let permission = Permission::SubscriptionsManage;
        transaction.authorise_for_subscription(customer, subscription_id, permission).await?;
        let model = transaction.model_of::<Customer>(customer).await?;
        let row = model.subscriptions().get(customer, subscription_id);
        let row = row.ok_or(Rejection::SubscriptionNotFound { subscription_id })?;
        self.stays.refuse_other(row)?;
        refuse_stale(self.known.as_ref(), Some(&tag(row)))?;
        self.with_reseller(row).decide(transaction).await?;
        match self.renews.filter(|renews| !row.state.is_cancelled() && *renews != row.is_renewed())
        {
            Some(renews) => Renewal { customer, subscription_id, renews }.decide(transaction).await,
            None => Ok(()),
        }
    }
}

impl EditSubscription {
    /// The change, with the reseller of record where it is another one: who may not put one on record
    /// sends the one back that is there.
    fn with_reseller(&self, row: &SubscriptionRow) -> OnCustomer {
        let change = OnCustomer::new(self.customer, self.change.clone());
        match &self.reseller {
            Some(mpn_id) if *mpn_id != row.partner_on_record => {
                let (subscription_id, mpn_id) = (row.id, mpn_id.clone());
                change.and(ChangeResellerOfRecord { subscription_id, mpn_id })
            }
            Some(_) | None => change,
        }
    }
}

impl Stays {
    fn refuse_other(&self, row: &SubscriptionRow) -> Result<(), CommandError> {
        let Self { offer, parent, billing_cycle, term, renewal_term } = *self;
        let is_other =
            |term: Option<Option<_>>| term.is_some_and(|it| it != Some(row.billing_cycle));
        let faults = [
            (offer.is_some_and(|offer| offer != row.offer), FixedPart::Offer),
            (parent.is_some() && parent != row.parent, FixedPart::Parent),
            (billing_cycle.is_some_and(|it| it != row.billing_cycle), FixedPart::BillingCycle),
            (is_other(term), FixedPart::Term),
            (is_other(renewal_term), FixedPart::RenewalTerm),
        ];
        let fault = faults.into_iter().find(|(is_other, _)| *is_other);
        fault.map_or(Ok(()), |(_, part)| Err(CommandError::Fixed(part)))
    }
}
