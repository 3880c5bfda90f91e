//! Why a request for a relationship, or what depends on a relationship, is refused.

use super::Row;
use crate::customer::RequestStatus;

/// Why something about the bond of a partner and a customer is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RelationshipRejection {
    /// Only the customer's own global admin may do this.
    #[error("only a global admin of the customer itself may do this")]
    CustomerGlobalAdminOnly,
    /// Administering on the customer's behalf takes its delegated admin privileges.
    #[error("the customer has not granted delegated admin privileges")]
    DelegatedAdminMissing,
    /// The customer may not buy for itself from this partner.
    #[error("the partner does not permit the customer to buy for itself")]
    OwnPurchasesNotPermitted,
    /// The partner has the relationship already, with the privileges it asks for.
    #[error("the relationship is active already")]
    RelationshipActive,
    /// The partner has asked this customer already, and nobody has answered.
    #[error("the customer has an open request of the partner already")]
    RequestOpen,
    /// The customer may buy for itself already.
    #[error("the customer may buy for itself already")]
    OwnPurchasesPermitted,
    /// The partner has no delegated admin privileges that could end.
    #[error("the partner has no delegated admin privileges")]
    DelegatedAdminNotHeld,
    /// The request was answered, withdrawn or has expired.
    #[error("the request is {status} already")]
    RequestNotOpen {
        /// What became of it.
        status: RequestStatus,
    },
    /// What ended is taken up again only by a request that addresses the customer.
    #[error("an ended relationship comes back only by a request that addresses the customer")]
    ReinstatementNotAddressed,
    /// The e-mail names nobody to whom it could be sent.
    #[error("the e-mail names no recipient")]
    RecipientMissing,
    /// Buying for itself takes a subscription that the partner sold before.
    #[error("the customer has never had a subscription from the partner")]
    NoPriorSubscription,
}

impl RelationshipRejection {
    /// Its line in the table of refusals.
    pub(crate) const fn row(self) -> Row {
        match self {
            Self::CustomerGlobalAdminOnly => Row::forbidden("customer_global_admin_only"),
            Self::DelegatedAdminMissing => Row::forbidden("delegated_admin_missing"),
            Self::OwnPurchasesNotPermitted => Row::forbidden("own_purchases_not_permitted"),
            Self::RelationshipActive => Row::conflict("relationship_active"),
            Self::RequestOpen => Row::conflict("relationship_request_open"),
            Self::OwnPurchasesPermitted => Row::conflict("own_purchases_permitted"),
            Self::DelegatedAdminNotHeld => Row::rule("delegated_admin_not_held"),
            Self::RequestNotOpen { .. } => Row::rule("relationship_request_not_open"),
            Self::ReinstatementNotAddressed => Row::rule("reinstatement_not_addressed"),
            Self::RecipientMissing => Row::rule("recipient_missing").about("recipient"),
            Self::NoPriorSubscription => Row::rule("no_prior_subscription"),
        }
    }
}
