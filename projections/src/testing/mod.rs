//! A history for tests: events in, a read model out. Personal fields are sealed without
//! their content: folds never look.

mod around;
pub(crate) mod network;
pub(crate) mod plausible;
pub(crate) mod recording;
pub(crate) mod requests;
mod sales;

use std::collections::HashMap;

use events::CartId;
use events::{
    AccessRefused, Actor, AddressLine, AgreementId, ApplicationId, Client, CommitId, CompanyName,
    ContactDetails, CorrelationId, CountryCode, CredentialId, CustomerCreated,
    CustomerDetailsEdited, CustomerId, CustomerUserCreated, CustomerUserDeleted,
    CustomerUserEdited, CustomerUserId, CustomerUserProfile, CustomerUserRestored, DamageHealed,
    DamagedPart, DeviceBatchId, DeviceId, DeviceProfileId, DomainName, EmailAddress, EncodeError,
    Event, EventId, Finding, FoundBy, HealingId, InvitationDraft, InvitationEdited, InvitationId,
    KeyId, LeadId, LetterText, LicenseAssigned, LicenseFate, LicenseOutcome, Locale, Metadata,
    MpnId, NameHash, OfferId, OrderId, PartnerId, PartnerKind, PartnerRegistered, PartnerUserAdded,
    PartnerUserEdited, PartnerUserId, PartnerUserProfile, PartnershipAccepted, PartnershipEnded,
    PartnershipId, PartnershipRequested, PersonName, Personal, Position, PositionRange,
    PostalAddress, Quantity, RecordedEvent, RelationshipDraft, RelationshipDraftEdited,
    RelationshipEstablished, RelationshipRequested, ResellerAssociated, RuleCode, SchemaVersion,
    Sealed, SealedAlgorithm, Sealer, SkuId, StableCode, StreamId, StreamVersion, SubjectId,
    SubjectLine, SubscriptionId, Timestamp, TokenId, UserName,
};
use uuid::Uuid;

pub(crate) use self::around::{agreement_confirmed, lead_referred};
pub(crate) use self::sales::{cart_opened, order_submitted, subscription_created, terms};
use crate::{read_model::ReadModel, view::ApplyError};

pub(crate) const RESTORE_WINDOW_HOURS: i64 = 720;

macro_rules! numbered {
    ($($function:ident: $id:ident),+ $(,)?) => {$(
        pub(crate) const fn $function(number: u128) -> $id {
            $id::from_uuid(Uuid::from_u128(number))
        }
    )+};
}

numbered! {
    partner: PartnerId, partner_user: PartnerUserId, partnership: PartnershipId,
    invitation: InvitationId, customer: CustomerId, user: CustomerUserId,
    subscription: SubscriptionId, order: OrderId, sku: SkuId, offer: OfferId,
    credential: CredentialId, token: TokenId, lead: LeadId, batch: DeviceBatchId, device: DeviceId, device_profile: DeviceProfileId,
    agreement: AgreementId, application: ApplicationId,
    cart: CartId,
}

/// Events recorded one after the other, a minute apart, and the model they make.
pub(crate) struct History {
    pub(crate) model: ReadModel,
    pub(crate) events: Vec<RecordedEvent>,
    pub(crate) now: Timestamp,
    versions: HashMap<StreamId, StreamVersion>,
}

impl History {
    pub(crate) fn new() -> Self {
        Self {
            model: ReadModel::new(),
            events: Vec::new(),
            now: Timestamp::EPOCH,
            versions: HashMap::new(),
        }
    }

    /// Records an event that makes sense.
    #[track_caller]
    pub(crate) fn then(
        &mut self,
        stream: impl Into<StreamId>,
        event: impl Into<Event>,
    ) -> &mut Self {
        self.refused(stream, event).expect("the event makes sense");
        self
    }

    /// Records an event and says what the model makes of it.
    pub(crate) fn refused(
        &mut self,
        stream: impl Into<StreamId>,
        event: impl Into<Event>,
    ) -> Result<(), ApplyError> {
        self.now = self.now.plus_seconds(60);
        let stream = stream.into();
        let version = self.versions.entry(stream).or_default();
        *version = version.next();
        let position = Position::new(self.events.len() as u64);
        let recorded = recorded(position, stream, *version, self.now, event.into());
        let outcome = self.model.apply(&recorded);
        self.events.push(recorded);
        outcome
    }

    /// Says why the model would not take an event; the history stays as it is.
    pub(crate) fn would_refuse(
        &mut self,
        stream: impl Into<StreamId>,
        event: impl Into<Event>,
    ) -> ApplyError {
        let before = self.model.clone();
        let stream = stream.into();
        let error = self.refused(stream, event).unwrap_err();
        self.model = before;
        self.events.pop();
        self.versions.entry(stream).and_modify(|version| {
            *version = StreamVersion::new(version.get() - 1);
        });
        error
    }

    pub(crate) fn customer(&mut self, number: u128, company: &str, seller: u128) -> &mut Self {
        let id = customer(number);
        self.then(id, customer_created(number, company, seller)).then(
            id,
            RelationshipEstablished { partner_id: partner(seller), delegated_admin: true },
        )
    }

    pub(crate) fn user(&mut self, at: u128, number: u128) -> &mut Self {
        self.then(customer(at), user_created(number))
    }

    pub(crate) fn assign(&mut self, at: u128, to: u128, product: u128) -> &mut Self {
        self.then(customer(at), LicenseAssigned { user_id: user(to), sku_id: sku(product) })
    }

    pub(crate) fn delete(&mut self, at: u128, number: u128, returned: &[u128]) -> &mut Self {
        let restorable_until = self.now.plus_seconds(60).plus_hours(RESTORE_WINDOW_HOURS);
        self.then(
            customer(at),
            CustomerUserDeleted {
                user_id: user(number),
                licenses_returned: returned.iter().copied().map(sku).collect(),
                restorable_until,
            },
        )
    }

    pub(crate) fn restore(
        &mut self,
        at: u128,
        number: u128,
        licenses: &[(u128, LicenseFate)],
    ) -> &mut Self {
        let outcome = |(product, fate): &(u128, LicenseFate)| LicenseOutcome {
            sku_id: sku(*product),
            fate: *fate,
        };
        let licenses = licenses.iter().map(outcome).collect();
        self.then(customer(at), CustomerUserRestored { user_id: user(number), licenses })
    }

    pub(crate) fn subscribe(
        &mut self,
        at: u128,
        number: u128,
        product: u128,
        quantity: u32,
        seller: u128,
    ) -> &mut Self {
        self.then(customer(at), subscription_created(number, product, quantity, seller))
    }

    pub(crate) fn partnership(
        &mut self,
        number: u128,
        provider: u128,
        reseller: u128,
    ) -> &mut Self {
        let at = self.now.plus_hours(RESTORE_WINDOW_HOURS);
        self.then(partnership(number), partnership_requested(number, provider, at)).then(
            partnership(number),
            PartnershipAccepted { provider: partner(provider), reseller: partner(reseller) },
        )
    }

    pub(crate) fn end_partnership(
        &mut self,
        number: u128,
        provider: u128,
        reseller: u128,
    ) -> &mut Self {
        self.then(
            partnership(number),
            PartnershipEnded {
                provider: partner(provider),
                reseller: partner(reseller),
                ended_by: partner(provider),
            },
        )
    }

    pub(crate) fn associate(&mut self, at: u128, provider: u128, reseller: u128) -> &mut Self {
        let bond = ResellerAssociated { provider: partner(provider), reseller: partner(reseller) };
        self.then(customer(at), bond)
    }

    pub(crate) fn employee(&mut self, at: u128, number: u128) -> &mut Self {
        self.then(partner(at), partner_user_added(number))
    }
}

fn recorded(
    position: Position,
    stream: StreamId,
    stream_version: StreamVersion,
    now: Timestamp,
    mut event: Event,
) -> RecordedEvent {
    event.seal(&mut EmptySealer(KeyId(1))).unwrap();
    let id = Uuid::from_u128(u128::from(position.get()));
    RecordedEvent {
        position,
        stream,
        stream_version,
        event_id: EventId::from_uuid(id),
        commit_id: CommitId::from_uuid(id),
        recorded_at: now,
        schema_version: SchemaVersion(1),
        metadata: metadata(now),
        event,
    }
}

/// Seals under one key and keeps no content: folds must not care.
pub(crate) struct EmptySealer(pub(crate) KeyId);

impl Sealer for EmptySealer {
    type Error = EncodeError;

    fn seal(&mut self, _: SubjectId, _: &[u8]) -> Result<Sealed, EncodeError> {
        Ok(Sealed {
            algorithm: SealedAlgorithm::XChaCha20Poly1305Committed,
            key_id: self.0,
            nonce: [0; 24],
            commitment: [0; 32],
            ciphertext: Vec::new(),
        })
    }
}

pub(crate) fn metadata(now: Timestamp) -> Metadata {
    Metadata {
        occurred_at: now,
        actor: events::Actor::Operator,
        on_behalf_of: None,
        client: Client::Sample,
        origin: None,
        correlation_id: CorrelationId::from_uuid(Uuid::nil()),
        causation_id: None,
        rule: RuleCode::new("test"),
        reason: None,
        ticket: None,
        approved_by: None,
        request_digest: None,
    }
}

pub(crate) fn partner_registered(number: u128, kind: PartnerKind, name: &str) -> PartnerRegistered {
    PartnerRegistered {
        partner_id: partner(number),
        kind,
        name: CompanyName::new(name).unwrap(),
        country: CountryCode::new("US").unwrap(),
        mpn_id: MpnId::new(&number.to_string()).unwrap(),
    }
}

pub(crate) fn partner_user_profile(number: u128) -> Personal<PartnerUserProfile> {
    let profile = PartnerUserProfile {
        full_name: PersonName::new("Ana Lima").unwrap(),
        email: EmailAddress::new(&format!("ana{number}@provider.example")).unwrap(),
    };
    Personal::open(partner_user(number).into(), profile)
}

pub(crate) fn name_hash(number: u128) -> NameHash {
    NameHash::new(number.to_be_bytes())
}

pub(crate) fn partner_user_added(number: u128) -> PartnerUserAdded {
    PartnerUserAdded {
        user_id: partner_user(number),
        sign_in_name: name_hash(number),
        credential_id: credential(number),
        password_expires_at: Timestamp::EPOCH.plus_hours(24),
        profile: partner_user_profile(number),
    }
}

pub(crate) fn partner_user_edited(number: u128) -> PartnerUserEdited {
    PartnerUserEdited {
        user_id: partner_user(number),
        sign_in_name: name_hash(number + 1_000),
        profile: partner_user_profile(number),
    }
}

pub(crate) fn invitation_edited(number: u128, provider: u128) -> InvitationEdited {
    let requested = partnership_requested(number, provider, Timestamp::EPOCH);
    InvitationEdited {
        provider: requested.provider,
        invitation_id: requested.invitation_id,
        draft: requested.draft,
    }
}

pub(crate) fn partnership_requested(
    number: u128,
    provider: u128,
    expires_at: Timestamp,
) -> PartnershipRequested {
    let draft = InvitationDraft {
        recipient: EmailAddress::new("owner@reseller.example").unwrap(),
        subject: SubjectLine::new("Work with us").unwrap(),
        text: LetterText::new("Please open {link}").unwrap(),
    };
    PartnershipRequested {
        partnership_id: partnership(number),
        provider: partner(provider),
        invitation_id: invitation(number),
        expires_at,
        draft: Personal::open(invitation(number).into(), draft),
    }
}

pub(crate) fn relationship_requested(
    number: u128,
    asking: u128,
    addressed_to: Option<u128>,
    expires_at: Timestamp,
) -> RelationshipRequested {
    let draft = RelationshipDraft {
        recipient: None,
        subject: SubjectLine::new("May we serve you?").unwrap(),
        text: LetterText::new("Please open {link}").unwrap(),
    };
    RelationshipRequested {
        invitation_id: invitation(number),
        partner_id: partner(asking),
        addressed_to: addressed_to.map(customer),
        delegated_admin: true,
        expires_at,
        draft: Personal::open(invitation(number).into(), draft),
    }
}

pub(crate) fn relationship_draft_edited(
    invitation_id: InvitationId,
    partner_id: PartnerId,
) -> RelationshipDraftEdited {
    let draft = RelationshipDraft {
        recipient: Some(EmailAddress::new("office@customer.example").unwrap()),
        subject: SubjectLine::new("Shall we?").unwrap(),
        text: LetterText::new("Open {link}").unwrap(),
    };
    RelationshipDraftEdited {
        invitation_id,
        partner_id,
        draft: Personal::open(invitation_id.into(), draft),
    }
}

pub(crate) fn contact(number: u128) -> Personal<ContactDetails> {
    let line = |text| AddressLine::new(text).unwrap();
    let details = ContactDetails {
        email: EmailAddress::new("bo@customer.example").unwrap(),
        first_name: PersonName::new("Bo").unwrap(),
        last_name: PersonName::new("Berg").unwrap(),
        phone_number: None,
        address: PostalAddress {
            line1: line("One Way"),
            line2: None,
            city: line("Bellevue"),
            state: None,
            postal_code: None,
        },
    };
    Personal::open(customer(number).into(), details)
}

pub(crate) fn customer_created(number: u128, company: &str, seller: u128) -> CustomerCreated {
    CustomerCreated {
        customer_id: customer(number),
        partner_id: partner(seller),
        company_name: CompanyName::new(company).unwrap(),
        domain: DomainName::new(&format!("c{number}.example")).unwrap(),
        country: CountryCode::new("US").unwrap(),
        culture: Locale::new("en-US").unwrap(),
        language: Locale::new("en").unwrap(),
        contact: contact(number),
    }
}

pub(crate) fn customer_edited(number: u128, company: &str) -> CustomerDetailsEdited {
    CustomerDetailsEdited {
        company_name: CompanyName::new(company).unwrap(),
        country: CountryCode::new("DE").unwrap(),
        culture: Locale::new("de-DE").unwrap(),
        language: Locale::new("de").unwrap(),
        contact: contact(number),
    }
}

pub(crate) fn user_edited(number: u128) -> CustomerUserEdited {
    CustomerUserEdited {
        user_id: user(number),
        user_name: name_hash(number),
        domain: DomainName::new("renamed.example").unwrap(),
        has_usage_location: false,
        profile: user_profile(number),
    }
}

pub(crate) fn user_profile(number: u128) -> Personal<CustomerUserProfile> {
    let profile = CustomerUserProfile {
        user_name: UserName::new(&format!("u{number}@customer.example")).unwrap(),
        first_name: None,
        last_name: None,
        display_name: PersonName::new("Bo Berg").unwrap(),
        usage_location: None,
        phone_number: None,
    };
    Personal::open(user(number).into(), profile)
}

pub(crate) fn user_created(number: u128) -> CustomerUserCreated {
    CustomerUserCreated {
        user_id: user(number),
        user_name: name_hash(number),
        domain: DomainName::new("customer.example").unwrap(),
        has_usage_location: true,
        credential_id: credential(number),
        profile: user_profile(number),
    }
}

pub(crate) fn quantity(number: u32) -> Quantity {
    Quantity::new(number).unwrap()
}

pub(crate) fn access_refused(partner_number: u128, user: u128) -> AccessRefused {
    AccessRefused {
        caller: Actor::PartnerUser { partner: partner(partner_number), user: partner_user(user) },
        code: StableCode::new("forbidden").unwrap(),
        permission: Some(StableCode::new("customers.create").unwrap()),
        request: StableCode::new("CreateCustomer").unwrap(),
        target: Some(customer(1).into()),
        refused_at: Timestamp::EPOCH,
        suppressed: 0,
    }
}

pub(crate) fn damage_healed(number: u128) -> DamageHealed {
    DamageHealed {
        healing_id: HealingId::from_uuid(Uuid::from_u128(number)),
        part: DamagedPart::Journal,
        positions: Some(PositionRange { from: Position::START, until: Position::new(1) }),
        finding: Finding::new("a damaged frame").unwrap(),
        found_by: FoundBy::Running,
        found_at: Timestamp::EPOCH,
    }
}
