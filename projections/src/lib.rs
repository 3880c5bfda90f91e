//! The read side: what pages and answers show, derived from the log and from nothing else.
//!
//! This crate answers *what is the case now, and what was the case then*.
//!
//! **Architecture invariant.** Views are pure folds: no clock, no I/O, no rule, and never an opened
//! personal field. All of them advance together in one immutable [`ReadModel`] at one position, so
//! that a rebuild from the log always equals the live model.

mod as_of;
mod audience;
mod kept_versions;
mod keys;
mod metric_definitions;
mod page;
mod personal_handle;
mod progress;
mod read_model;
mod read_models;
mod rebuild;
mod runner;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod view;
mod views;

pub use as_of::AsOfError;
pub use metric_definitions::{describe_metrics, report_status};
pub use page::Page;
pub use personal_handle::{PersonalField, PersonalHandle};
pub use progress::{RunnerPhase, RunnerStatus};
pub use read_model::ReadModel;
pub use read_models::{ReadModels, WaitError};
pub use rebuild::{ReplayError, rebuild};
pub use runner::{KEPT_VERSIONS_DEFAULT, ProjectionRunner, RunnerOptions};
pub use view::{ApplyError, Contradiction, View};
pub use views::{
    agreements::{AgreementRow, Agreements},
    applications::{ApplicationRow, ApplicationSecretRow, Applications},
    audit_timeline::{
        AuditTimeline, TIMELINE_SCAN_ENTRIES_MAX, TimelineEntry, TimelineFilter, TimelinePage,
        TimelinePart, TimelineScope,
    },
    carts::{CartRow, CartStage, Carts},
    changes::{Before, Changes},
    credits::{CreditRow, CreditStep, Credits},
    customer_user_row::{CustomerUserFilter, CustomerUserRow},
    customer_users::CustomerUsers,
    customers::{
        AssociatedReseller, CustomerCursor, CustomerFilter, CustomerRow, Customers, OwnPurchases,
        Qualified, Relationship,
    },
    deleted_users::{
        DeletedCustomerUser, DeletedPartnerUser, DeletedUser, DeletedUserCursor, DeletedUsers,
    },
    devices::{DeviceBatchRow, DeviceProfileRow, DeviceRow, Devices},
    due::{Deadline, Deadlines, Due},
    held_roles::{HeldDirectoryRoles, HeldRoles},
    invoices::{BillingMonth, InvoiceId, InvoiceLine, InvoiceRow, Invoices, LinePlace},
    leads::{LeadProgress, LeadRow, Leads},
    letter_state::LetterState,
    licenses::{Licenses, Seats},
    network::{BenefitRow, CompetencyRow, Network, SkillsRow},
    orders::{OrderRow, Orders},
    partner_profiles::{PartnerProfileRow, PartnerProfiles},
    partner_users::{PartnerUserRow, PartnerUsers},
    partners::{PartnerRow, Partners},
    people::{People, PersonRow},
    public_profiles::{PublicProfileRow, PublicProfiles},
    relationship_requests::{
        RelationshipRequestRow, RelationshipRequestState, RelationshipRequests,
    },
    resellers::{PartnershipRow, PartnershipState, Resellers},
    role_history::{RoleChange, RoleChangeKind, RoleHistory},
    role_matrix::{RoleMatrix, RoleMatrixRow},
    service_health::{IncidentNoteRow, IncidentRow, ServiceHealth},
    service_requests::{NoteSort, ServiceRequestNoteRow, ServiceRequestRow, ServiceRequests},
    sold_offers::{SoldOffer, SoldOffers},
    subject_keys::SubjectKeys,
    subscriptions::{SubscriptionRow, SubscriptionState, Subscriptions},
    support_contacts::SupportContacts,
    tokens::{TokenRow, Tokens},
    user_state::{UserCounts, UserState},
    webhooks::{
        FailedAttempt, FailingDelivery, GivenUp, WEBHOOK_ROWS_KEPT, WantedEvent, WebhookRow,
        WebhookTest, Webhooks,
    },
};
