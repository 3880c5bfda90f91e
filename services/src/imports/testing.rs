//! A real installation in a temporary directory, with a partner, its admin and a customer.

use std::sync::Arc;

use commands::{CreateCustomer, NewCustomerAdmin, NewPartnerUser, RegisterPartner, SubmitOrder};
use events::{
    BillingCycle, Client, ContactDetails, CorrelationId, CustomerId, CustomerUserId,
    CustomerUserProfile, OrderId, OrderLine, PartnerId, PartnerKind, PartnerUserId,
    PartnerUserProfile, PostalAddress, Quantity, SubscriptionId, Timestamp,
};
use store::ManualClock;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    application::{
        Application, Call, CommandError, DataDirectory, OnCustomer, OnPartner, Outcome, Principal,
        Running, UseCase,
    },
    auth::new_temporary_password,
    ids,
};

pub(crate) const PARTNER: PartnerId = PartnerId::from_uuid(Uuid::from_u128(0xa1));
pub(crate) const ADMIN: PartnerUserId = PartnerUserId::from_uuid(Uuid::from_u128(0xa2));
pub(crate) const CUSTOMER: CustomerId = CustomerId::from_uuid(Uuid::from_u128(0xc1));
pub(crate) const DOMAIN: &str = "contoso.example";

/// An installation that lives as long as a test.
pub(crate) struct Installation {
    pub(crate) running: Running,
    pub(crate) clock: Arc<ManualClock>,
    _directory: TempDir,
}

impl Installation {
    /// Opens one with partner, admin and customer.
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let start: jiff::Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::new(start)));
        let places = DataDirectory::new(directory.path().join("data"), None);
        let running = places.create(Arc::<ManualClock>::clone(&clock)).await.unwrap();
        let installation = Self { running, clock, _directory: directory };
        installation.register().await;
        installation.as_admin(&installation.new_customer(CUSTOMER, DOMAIN)).await;
        installation
    }

    pub(crate) fn app(&self) -> &Arc<Application> {
        &self.running.application
    }

    pub(crate) fn call(principal: Principal) -> Call {
        Call::new(principal, Client::Api, CorrelationId::from_uuid(Uuid::from_u128(0xcc)))
    }

    pub(crate) fn admin_call() -> Call {
        Self::call(Principal::PartnerUser { partner: PARTNER, user: ADMIN })
    }

    pub(crate) async fn try_as_admin(
        &self,
        use_case: &impl UseCase,
    ) -> Result<Outcome, CommandError> {
        self.app().execute(&Self::admin_call(), use_case).await
    }

    pub(crate) async fn as_admin(&self, use_case: &impl UseCase) {
        self.try_as_admin(use_case).await.unwrap();
    }

    /// A partner user to be added.
    pub(crate) fn new_partner_user(&self, user_id: PartnerUserId, name: &str) -> NewPartnerUser {
        let password = new_temporary_password(self.app().now()).unwrap();
        let email = format!("{}@fabrikam.example", name.replace([' ', '='], "")).parse().unwrap();
        NewPartnerUser {
            user_id,
            sign_in_name: self.app().keys().sign_in_name_hash(&email),
            credential_id: password.id,
            password_expires_at: password.expires_at,
            profile: PartnerUserProfile { full_name: name.parse().unwrap(), email },
        }
    }

    /// Buys licences of the catalogue's product with this part number.
    pub(crate) async fn order(&self, part_number: &str, quantity: u32) {
        let offers = self.app().catalogue().offers();
        let offer = offers.iter().find(|offer| offer.sku_part_number == part_number).unwrap();
        let line = OrderLine {
            line_number: 0,
            offer_id: offer.id,
            subscription_id: ids::fresh(self.app().now(), SubscriptionId::from_uuid),
            quantity: Quantity::new(quantity).unwrap(),
            friendly_name: None,
            partner_on_record: None,
            parent_subscription: None,
        };
        let command = SubmitOrder {
            order_id: ids::fresh(self.app().now(), OrderId::from_uuid),
            partner_id: PARTNER,
            billing_cycle: BillingCycle::Monthly,
            lines: vec![line],
        };
        self.as_admin(&OnCustomer::new(CUSTOMER, command)).await;
    }

    async fn register(&self) {
        let command = RegisterPartner {
            partner_id: PARTNER,
            kind: PartnerKind::IndirectProvider,
            name: "Fabrikam".parse().unwrap(),
            country: "US".parse().unwrap(),
            mpn_id: "4711".parse().unwrap(),
            admin: self.new_partner_user(ADMIN, "Ana Lima"),
        };
        let call = Self::call(Principal::Operator);
        self.app().execute(&call, &OnPartner::new(PARTNER, command)).await.unwrap();
    }

    /// Creates a customer with this domain.
    pub(crate) fn new_customer(&self, customer: CustomerId, domain: &str) -> OnCustomer {
        let password = new_temporary_password(self.app().now()).unwrap();
        let user_name = format!("admin@{domain}").parse().unwrap();
        let command = CreateCustomer {
            customer_id: customer,
            partner_id: PARTNER,
            company_name: "Contoso".parse().unwrap(),
            domain: domain.parse().unwrap(),
            country: "US".parse().unwrap(),
            culture: "en-US".parse().unwrap(),
            language: "en".parse().unwrap(),
            contact: contact(),
            delegated_admin: true,
            reseller: None,
            admin: NewCustomerAdmin {
                user_id: ids::fresh(self.app().now(), CustomerUserId::from_uuid),
                user_name: self.app().keys().user_name_hash(&user_name),
                credential_id: password.id,
                profile: CustomerUserProfile {
                    user_name,
                    first_name: None,
                    last_name: None,
                    display_name: "Contoso admin".parse().unwrap(),
                    usage_location: None,
                    phone_number: None,
                },
            },
        };
        OnCustomer::new(customer, command)
    }
}

fn contact() -> ContactDetails {
    ContactDetails {
        email: "carl@contoso.example".parse().unwrap(),
        first_name: "Carl".parse().unwrap(),
        last_name: "Contoso".parse().unwrap(),
        phone_number: None,
        address: PostalAddress {
            line1: "One Way 1".parse().unwrap(),
            line2: None,
            city: "Redmond".parse().unwrap(),
            state: None,
            postal_code: None,
        },
    }
}
