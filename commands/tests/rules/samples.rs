//! The people and companies of the tests.

use commands::{
    ActivePartnership, Catalogue, CreateCustomer, Customer, LogServiceRequest, NewCustomerAdmin,
    NewCustomerUser, NewPartnerUser, Offer, Partner, PartnerFacts, Price, RegisterPartner,
    SubmitOrder, UpgradeAssignments, UpgradePath, scenario::Scenario,
};
use events::{
    Actor, BillingCycle, ContactDetails, CredentialId, CustomerId, CustomerUserId,
    CustomerUserProfile, Money, NameHash, OfferId, OrderId, OrderLine, PartnerId, PartnerKind,
    PartnerUserId, PartnerUserProfile, PostalAddress, Process, ProductFamily, Quantity,
    RequestSeverity, RequestTopic, SaleTerms, ServiceRequestId, ServiceRequestKind,
    ServiceRequestText, SkuId, SubscriptionId, Timestamp,
};
use uuid::Uuid;

/// An indirect provider.
pub(crate) const PROVIDER: PartnerId = PartnerId::from_uuid(Uuid::from_u128(0x1001));
/// An indirect reseller.
pub(crate) const RESELLER: PartnerId = PartnerId::from_uuid(Uuid::from_u128(0x1002));
/// A partner that has nothing to do with the others.
pub(crate) const STRANGER: PartnerId = PartnerId::from_uuid(Uuid::from_u128(0x1003));

/// The first global admin of the provider.
pub(crate) const ANA: PartnerUserId = partner_user(1);
/// Other users of the provider.
pub(crate) const BEA: PartnerUserId = partner_user(2);
pub(crate) const CARL: PartnerUserId = partner_user(3);

/// A customer of the provider, in the domain `contoso.example`.
pub(crate) const CONTOSO: CustomerId = CustomerId::from_uuid(Uuid::from_u128(0x3001));
/// Its first user and global admin.
pub(crate) const ROOT: CustomerUserId = customer_user(0);

/// A product with an offer of 1 to 100 licences.
pub(crate) const MAIL: SkuId = SkuId::from_uuid(Uuid::from_u128(0x4001));
pub(crate) const MAIL_OFFER: OfferId = OfferId::from_uuid(Uuid::from_u128(0x5001));
/// A product with an offer of 5 to 10 licences.
pub(crate) const VOICE: SkuId = SkuId::from_uuid(Uuid::from_u128(0x4002));
pub(crate) const VOICE_OFFER: OfferId = OfferId::from_uuid(Uuid::from_u128(0x5002));

/// A product to which the other two lead: from Mail the seats in use move, from Voice they stay.
pub(crate) const SUITE: SkuId = SkuId::from_uuid(Uuid::from_u128(0x4003));
pub(crate) const SUITE_OFFER: OfferId = OfferId::from_uuid(Uuid::from_u128(0x5003));
/// Mail once more, without a price for a year, and of 1 to 1,000 licences.
pub(crate) const MAIL_MONTHLY_OFFER: OfferId = OfferId::from_uuid(Uuid::from_u128(0x5004));
/// An add-on for Mail and the suite.
pub(crate) const ARCHIVE: SkuId = SkuId::from_uuid(Uuid::from_u128(0x4005));
/// Mail on trial.
pub(crate) const TRIAL_OFFER: OfferId = OfferId::from_uuid(Uuid::from_u128(0x500a));
pub(crate) const ARCHIVE_OFFER: OfferId = OfferId::from_uuid(Uuid::from_u128(0x5005));
/// An add-on for Mail alone, also of seats of the archive; it can become the other.
pub(crate) const SEAL_OFFER: OfferId = OfferId::from_uuid(Uuid::from_u128(0x5006));
/// An offer that is not sold any more.
pub(crate) const OLD_OFFER: OfferId = OfferId::from_uuid(Uuid::from_u128(0x5007));

pub(crate) const ORDER: OrderId = order_id(1);
pub(crate) const MAIL_SUBSCRIPTION: SubscriptionId = subscription(1);

pub(crate) const fn partner_user(number: u128) -> PartnerUserId {
    PartnerUserId::from_uuid(Uuid::from_u128(0x2000 + number))
}

pub(crate) const fn customer_user(number: u128) -> CustomerUserId {
    CustomerUserId::from_uuid(Uuid::from_u128(0x6000 + number))
}

pub(crate) const fn subscription(number: u128) -> SubscriptionId {
    SubscriptionId::from_uuid(Uuid::from_u128(0x7000 + number))
}

pub(crate) const fn order_id(number: u128) -> OrderId {
    OrderId::from_uuid(Uuid::from_u128(0x8000 + number))
}

pub(crate) const fn credential(number: u128) -> CredentialId {
    CredentialId::from_uuid(Uuid::from_u128(0x9000 + number))
}

/// The hash of a short name; the real one is keyed.
pub(crate) fn hash(name: &str) -> NameHash {
    let mut bytes = [0; 16];
    for (slot, byte) in bytes.iter_mut().zip(name.bytes()) {
        *slot = byte;
    }
    NameHash::new(bytes)
}

/// A moment this many hours after the beginning of the story.
pub(crate) fn hour(hours: i64) -> Timestamp {
    Timestamp::EPOCH.plus_hours(hours)
}

/// One microsecond before a moment.
pub(crate) fn just_before(moment: Timestamp) -> Timestamp {
    Timestamp::from_microseconds(moment.as_microseconds() - 1).unwrap()
}

pub(crate) fn quantity(number: u32) -> Quantity {
    Quantity::new(number).unwrap()
}

/// A user of the provider.
pub(crate) fn provider_user(user: PartnerUserId) -> Actor {
    Actor::PartnerUser { partner: PROVIDER, user }
}

/// Somebody of this partner.
pub(crate) fn somebody_of(partner: PartnerId) -> Actor {
    Actor::PartnerUser { partner, user: partner_user(99) }
}

pub(crate) const PURGE: Actor = Actor::System(Process::Purge);

pub(crate) fn a_customer_user() -> Actor {
    Actor::CustomerUser { customer: CONTOSO, user: ROOT }
}

pub(crate) fn partner_profile(name: &str) -> PartnerUserProfile {
    PartnerUserProfile {
        full_name: name.parse().unwrap(),
        email: format!("{name}@provider.example").parse().unwrap(),
    }
}

pub(crate) fn new_partner_user(user_id: PartnerUserId, name: &str) -> NewPartnerUser {
    NewPartnerUser {
        user_id,
        sign_in_name: hash(name),
        credential_id: credential(user_id.as_uuid().as_u128()),
        password_expires_at: hour(48),
        profile: partner_profile(name),
    }
}

pub(crate) fn register_provider() -> RegisterPartner {
    RegisterPartner {
        partner_id: PROVIDER,
        kind: PartnerKind::IndirectProvider,
        name: "Provider".parse().unwrap(),
        country: "DE".parse().unwrap(),
        mpn_id: "1001".parse().unwrap(),
        admin: new_partner_user(ANA, "ana"),
    }
}

/// The provider, with Ana as its global admin; the operator acts.
pub(crate) fn provider() -> Scenario<Partner> {
    Scenario::new().after(register_provider())
}

pub(crate) fn facts_of(id: PartnerId, kind: PartnerKind, mpn_id: &str) -> PartnerFacts {
    PartnerFacts { id, kind, mpn_id: mpn_id.parse().unwrap() }
}

/// The active partnership of provider and reseller.
pub(crate) fn partnership() -> ActivePartnership {
    ActivePartnership {
        provider: PROVIDER,
        reseller: RESELLER,
        reseller_mpn_id: "1002".parse().unwrap(),
    }
}

/// What was agreed about an offer that was sold for a year.
pub(crate) fn terms(name: &str, minimum_quantity: u32, maximum_quantity: u32) -> SaleTerms {
    SaleTerms {
        offer_name: name.parse().unwrap(),
        product_name: name.parse().unwrap(),
        family: ProductFamily::Other,
        minimum_quantity,
        maximum_quantity,
        unit_price: money(5_000),
    }
}

pub(crate) fn money(minor_units: u64) -> Money {
    Money { currency: "EUR".parse().unwrap(), minor_units }
}

fn path(to: OfferId, assignments: UpgradeAssignments) -> UpgradePath {
    UpgradePath { to, assignments }
}

pub(crate) fn catalogue() -> Catalogue {
    let offer = |id, name: &str, sku_id, minimum_quantity, maximum_quantity| Offer {
        id,
        name: name.parse().unwrap(),
        description: String::new(),
        sku_id,
        sku_name: name.parse().unwrap(),
        sku_part_number: name.to_uppercase(),
        family: ProductFamily::Other,
        minimum_quantity,
        maximum_quantity,
        prices: [(BillingCycle::Monthly, 500), (BillingCycle::Annual, 5_000)]
            .map(|(billing_cycle, minor_units)| Price {
                billing_cycle,
                unit_price: money(minor_units),
            })
            .to_vec(),
        parents: Vec::new(),
        upgrades: Vec::new(),
        conversions: Vec::new(),
        is_available: true,
    };
    let (moving, staying) = (UpgradeAssignments::Move, UpgradeAssignments::Stay);
    let mail_upgrades = [SUITE_OFFER, VOICE_OFFER, MAIL_MONTHLY_OFFER, OLD_OFFER];
    let monthly = offer(MAIL_MONTHLY_OFFER, "Mail by month", MAIL, 1, 1_000);
    Catalogue::new(vec![
        Offer {
            upgrades: mail_upgrades.map(|to| path(to, moving)).to_vec(),
            ..offer(MAIL_OFFER, "Mail", MAIL, 1, 100)
        },
        Offer {
            upgrades: vec![path(SUITE_OFFER, staying)],
            ..offer(VOICE_OFFER, "Voice", VOICE, 5, 10)
        },
        offer(SUITE_OFFER, "Suite", SUITE, 1, 1_000),
        Offer {
            prices: monthly.prices.iter().take(1).cloned().collect(),
            upgrades: vec![path(MAIL_OFFER, moving)],
            ..monthly
        },
        Offer {
            parents: vec![MAIL_OFFER, SUITE_OFFER],
            ..offer(ARCHIVE_OFFER, "Archive", ARCHIVE, 1, 100)
        },
        Offer {
            parents: vec![MAIL_OFFER],
            upgrades: vec![path(ARCHIVE_OFFER, moving)],
            ..offer(SEAL_OFFER, "Seal", ARCHIVE, 1, 100)
        },
        Offer {
            conversions: vec![MAIL_OFFER, OLD_OFFER],
            ..offer(TRIAL_OFFER, "Mail on trial", MAIL, 1, 25)
        },
        Offer { is_available: false, ..offer(OLD_OFFER, "Old mail", MAIL, 1, 100) },
    ])
}

pub(crate) fn contact() -> ContactDetails {
    ContactDetails {
        email: "office@contoso.example".parse().unwrap(),
        first_name: "Cora".parse().unwrap(),
        last_name: "Contoso".parse().unwrap(),
        phone_number: None,
        address: PostalAddress {
            line1: "1 Main Street".parse().unwrap(),
            line2: None,
            city: "Springfield".parse().unwrap(),
            state: None,
            postal_code: None,
        },
    }
}

/// The profile of `name@contoso.example`, with a usage location.
pub(crate) fn profile(name: &str) -> CustomerUserProfile {
    CustomerUserProfile {
        user_name: format!("{name}@contoso.example").parse().unwrap(),
        first_name: None,
        last_name: None,
        display_name: name.parse().unwrap(),
        usage_location: Some("DE".parse().unwrap()),
        phone_number: None,
    }
}

pub(crate) fn create_contoso() -> CreateCustomer {
    CreateCustomer {
        customer_id: CONTOSO,
        partner_id: PROVIDER,
        company_name: "Contoso".parse().unwrap(),
        domain: "contoso.example".parse().unwrap(),
        country: "DE".parse().unwrap(),
        culture: "de-DE".parse().unwrap(),
        language: "de".parse().unwrap(),
        contact: contact(),
        delegated_admin: true,
        reseller: None,
        admin: NewCustomerAdmin {
            user_id: ROOT,
            user_name: hash("root"),
            credential_id: credential(0),
            profile: profile("root"),
        },
    }
}

/// A user of Contoso without licences and roles.
pub(crate) fn new_user(number: u128, name: &str) -> NewCustomerUser {
    NewCustomerUser {
        user_id: customer_user(number),
        user_name: hash(name),
        credential_id: credential(number),
        profile: profile(name),
        licenses: Vec::new(),
        directory_roles: Vec::new(),
    }
}

pub(crate) fn line(line_number: u32, offer_id: OfferId, number: u32) -> OrderLine {
    OrderLine {
        line_number,
        offer_id,
        subscription_id: subscription(u128::from(line_number) + 1),
        quantity: quantity(number),
        friendly_name: None,
        partner_on_record: None,
        parent_subscription: None,
    }
}

pub(crate) fn order(lines: Vec<OrderLine>) -> SubmitOrder {
    SubmitOrder {
        order_id: ORDER,
        partner_id: PROVIDER,
        billing_cycle: BillingCycle::Annual,
        lines,
    }
}

/// Contoso, created by the provider; somebody of the provider acts.
pub(crate) fn contoso() -> Scenario<Customer> {
    Scenario::new().with_catalogue(catalogue()).by(somebody_of(PROVIDER)).after(create_contoso())
}

/// Contoso, with the reseller associated with it and their partnership active.
pub(crate) fn contoso_with_reseller() -> Scenario<Customer> {
    let associate = commands::AssociateReseller { provider: PROVIDER, reseller: RESELLER };
    contoso().with_partnership(partnership()).after(associate)
}

/// Contoso with this many seats of Mail.
pub(crate) fn contoso_with_mail(seats: u32) -> Scenario<Customer> {
    contoso().after(order(vec![line(0, MAIL_OFFER, seats)]))
}

/// Contoso with seats of Mail and users 1, 2, ... named `user1`, `user2`, ...
pub(crate) fn contoso_with_users(seats: u32, users: u128) -> Scenario<Customer> {
    let users = (1..=users).map(|number| new_user(number, &format!("user{number}"))).collect();
    contoso_with_mail(seats).after(commands::CreateCustomerUsers { users })
}

/// The number of the service request of the tests.
pub(crate) const REQUEST: ServiceRequestId = ServiceRequestId::MIN;

pub(crate) fn request_text() -> ServiceRequestText {
    ServiceRequestText {
        title: "Nobody can add users".parse().unwrap(),
        description: "The button is gone.".parse().unwrap(),
        identity: None,
        organization: None,
    }
}

/// A question of the provider.
pub(crate) fn support_request() -> LogServiceRequest {
    LogServiceRequest {
        request_id: REQUEST,
        partner_id: PROVIDER,
        kind: ServiceRequestKind::PartnerSupport,
        topic: RequestTopic::Users,
        severity: RequestSeverity::Moderate,
        text: request_text(),
    }
}
