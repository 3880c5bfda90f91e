//! What is asked for, how bad it is, and where it stands.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{CustomerId, PartnerUserId, SubscriptionId},
    partner::PublicProfile,
    personal::Clear,
};

/// What a service request asks for. Stored by order: new kinds go to the end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields(serialize = "camelCase"))]
pub enum ServiceRequestKind {
    /// Support for the partner itself.
    PartnerSupport,
    /// Support on behalf of a customer.
    CustomerSupport {
        /// The customer.
        customer_id: CustomerId,
        /// The subscription it is about.
        subscription_id: Option<SubscriptionId>,
        /// Whether that is a subscription to Office 365.
        office365: bool,
    },
    /// To make a user global admin, because no global admin is able to act.
    Elevation {
        /// Who is to become global admin.
        user_id: PartnerUserId,
    },
    /// To change the provider's public profile.
    PublicProfileChange {
        /// What it is to be from then on.
        profile: PublicProfile,
    },
}

impl ServiceRequestKind {
    /// The kind as answers and exports spell it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::PartnerSupport => "partner_support",
            Self::CustomerSupport { .. } => "customer_support",
            Self::Elevation { .. } => "elevation",
            Self::PublicProfileChange { .. } => "public_profile_change",
        }
    }

    /// The kind as people read it.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::PartnerSupport => "Support",
            Self::CustomerSupport { .. } => "Support for a customer",
            Self::Elevation { .. } => "Elevation to global admin",
            Self::PublicProfileChange { .. } => "Change of the public profile",
        }
    }

    /// The customer on whose behalf it is asked.
    #[must_use]
    pub const fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::CustomerSupport { customer_id, .. } => Some(*customer_id),
            Self::PartnerSupport | Self::Elevation { .. } | Self::PublicProfileChange { .. } => {
                None
            }
        }
    }
}

impl Clear for ServiceRequestKind {}

/// Declares a closed set of words: each with its name for programs and its title for people.
macro_rules! words {
    (
        $(#[$doc:meta])*
        $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $title:literal;)+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as answers and exports spell it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The word as people read it.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// The one with this name, in any case.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.name().eq_ignore_ascii_case(name.trim()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.title())
            }
        }

        impl Clear for $name {}
    };
}

words! {
    /// What a request is about. Stored by order: new topics go to the end.
    RequestTopic {
        /// The partner's account and profiles.
        Account = "account", "Account and profiles";
        /// Users, roles and signing in.
        Users = "users", "Users and roles";
        /// Bills and payments.
        Billing = "billing", "Billing";
        /// Subscriptions and licences.
        Subscription = "subscription", "Subscriptions and licences";
        /// Something does not work.
        Technical = "technical", "Technical problem";
        /// Anything else.
        Other = "other", "Something else";
    }
}

words! {
    /// How bad it is. Stored by order: new severities go to the end.
    RequestSeverity {
        /// Nobody can work.
        Critical = "critical", "Critical";
        /// Some cannot work, or not well.
        Moderate = "moderate", "Moderate";
        /// Work goes on.
        Minimal = "minimal", "Minimal";
    }
}

words! {
    /// Where a request stands. Stored by order: new ones go to the end.
    RequestStatus {
        /// Nobody works on it yet.
        Open = "open", "Open";
        /// Support works on it.
        InProgress = "in_progress", "In progress";
        /// Support waits for the partner.
        AttentionNeeded = "attention_needed", "Attention needed";
        /// Support is done.
        Resolved = "resolved", "Resolved";
        /// It is over.
        Closed = "closed", "Closed";
    }
}

impl RequestStatus {
    /// Whether work is still to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Open | Self::InProgress | Self::AttentionNeeded => true,
            Self::Resolved | Self::Closed => false,
        }
    }
}

words! {
    /// Why no global admin of a partner is able to act. Stored by order: new ones go to the end.
    GlobalAdminAbsence {
        /// The global admin has left the company.
        Left = "left", "The global admin has left";
        /// The global admin was moved to another role.
        MovedToAnotherRole = "moved_to_another_role", "The global admin was moved to another role";
    }
}
