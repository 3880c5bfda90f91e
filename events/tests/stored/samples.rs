//! One event of every type, and one set of metadata.

use events::{
    AccessRefused, AccessTokenIssued, AccessTokenRevoked, Actor, AgreementContact, AgreementId,
    AgreementKind, AuditorId, ClaimKind, Client, ContactDetails, CorrelationId, CredentialId,
    CustomerAgreementConfirmed, CustomerCreated, CustomerDetailsEdited, CustomerEvent, CustomerId,
    CustomerUserCreated, CustomerUserDeleted, CustomerUserEdited, CustomerUserId,
    CustomerUserPasswordReset, CustomerUserProfile, CustomerUserPurged, CustomerUserRestored,
    DamageHealed, DamagedPart, DelegatedAdminEnded, DelegatedAdminGranted, Device,
    DeviceBatchCreated, DeviceBatchId, DeviceId, DeviceProfileApplied, DeviceProfileChanged,
    DeviceProfileCreated, DeviceProfileDeleted, DeviceProfileId, DeviceProfileWithdrawn,
    DeviceRemoved, DeviceSetting, DevicesAdded, DirectoryRole, DirectoryRoleGranted,
    DirectoryRoleRevoked, Event, EventId, FoundBy, HealingId, Holder, InstallationEvent,
    InvitationDraft, InvitationEdited, InvitationExpired, InvitationId, InvitationSendFailed,
    InvitationSendRequested, InvitationSent, KeyId, LeadAccepted, LeadContact, LeadConverted,
    LeadDeclined, LeadEvent, LeadId, LeadReferred, LeadWithdrawn, LicenseAssigned, LicenseFate,
    LicenseOutcome, LicenseRevoked, MailFailure, MailRoute, Metadata, NameClaimEvent, NameClaimed,
    NameReleased, OperatorId, Origin, OwnPurchasesForbidden, OwnPurchasesPermitted, PartnerEvent,
    PartnerId, PartnerKind, PartnerRegistered, PartnerUserAdded, PartnerUserDeleted,
    PartnerUserEdited, PartnerUserId, PartnerUserPasswordReset, PartnerUserProfile,
    PartnerUserPurged, PartnerUserRestored, PartnershipAccepted, PartnershipDeclined,
    PartnershipEnded, PartnershipEvent, PartnershipId, PartnershipRequested, PartnershipWithdrawn,
    Personal, Position, PositionRange, PostalAddress, Process, RelationshipDraft,
    RelationshipDraftEdited, RelationshipEnded, RelationshipEstablished,
    RelationshipRequestAccepted, RelationshipRequestDeclined, RelationshipRequestExpired,
    RelationshipRequestWithdrawn, RelationshipRequested, RequestDigest, ResellerAssociated,
    ResellerRemoved, Role, RoleAssigned, RoleCategory, RoleReplaced, RoleRevoked, RuleCode, Sealed,
    SealedAlgorithm, Sealer, SkuId, StreamId, SubjectId, Tenant, TokenId, WithheldRole,
};

use crate::{draw::Draw, service_requests, sign_in_samples::sign_ins};

macro_rules! id {
    ($draw:expr, $id:ident) => {
        $id::from_uuid($draw.uuid())
    };
}

mod sales;

/// Seals by copying: the golden files so hold the layout of the personal data too.
pub(crate) struct CopyingSealer;

impl Sealer for CopyingSealer {
    type Error = events::EncodeError;

    fn seal(&mut self, _subject: SubjectId, plaintext: &[u8]) -> Result<Sealed, Self::Error> {
        Ok(Sealed {
            algorithm: SealedAlgorithm::XChaCha20Poly1305Committed,
            key_id: KeyId(7),
            nonce: [0xaa; 24],
            commitment: [0xbb; 32],
            ciphertext: plaintext.to_vec(),
        })
    }
}

/// One event of every type, personal fields open.
pub(crate) fn events(draw: &mut Draw) -> Vec<Event> {
    let mut events = Vec::new();
    events.extend(partner(draw).into_iter().map(Event::from));
    events.extend(partnership(draw).into_iter().map(Event::from));
    events.extend(account(draw).into_iter().map(Event::from));
    events.extend(sales::sold(draw).into_iter().map(Event::from));
    events.extend(users(draw).into_iter().map(Event::from));
    events.extend(names(draw).into_iter().map(Event::from));
    events.extend(sales::events(&mut draw.apart()).into_iter().map(Event::from));
    events.extend(installation(draw).into_iter().map(Event::from));
    events.extend(invitations(&mut draw.apart()).into_iter().map(Event::from));
    events.extend(requests(&mut draw.apart()).into_iter().map(Event::from));
    events.extend(leads(&mut draw.group(7)).into_iter().map(Event::from));
    events.extend(service_requests::of_partner(&mut draw.apart()).into_iter().map(Event::from));
    events.extend(service_requests::events(&mut draw.apart()).into_iter().map(Event::from));
    events.extend(devices(&mut draw.group(8)).into_iter().map(Event::from));
    events.extend(sign_ins(&mut draw.apart()));
    events
}

/// One event of every type, personal fields sealed.
pub(crate) fn sealed_events(draw: &mut Draw) -> Vec<Event> {
    let mut events = events(draw);
    for event in &mut events {
        event.seal(&mut CopyingSealer).unwrap();
    }
    events
}

/// Metadata with everything in it, personal fields open.
pub(crate) fn metadata(draw: &mut Draw) -> Metadata {
    let (partner, user) = (id!(draw, PartnerId), id!(draw, PartnerUserId));
    let customer = id!(draw, CustomerId);
    let customer_user = Actor::CustomerUser { customer, user: id!(draw, CustomerUserId) };
    let process = Actor::System(Process::Purge);
    let partner_user = Actor::PartnerUser { partner, user };
    let operator = Actor::SupportOperator { operator: OperatorId::from_uuid(user.as_uuid()) };
    let auditor = Actor::Auditor { auditor: AuditorId::from_uuid(user.as_uuid()) };
    let actors =
        [Actor::Operator, Actor::Visitor, operator, auditor, process, customer_user, partner_user];
    let subject = SubjectId::from(user);
    let clients =
        [Client::Page, Client::CommandLine, Client::Internal, Client::Sample, Client::Api];
    Metadata {
        occurred_at: draw.moment(),
        actor: draw.pick(&actors),
        on_behalf_of: draw
            .option(|draw| draw.pick(&[Tenant::Partner(partner), Tenant::Customer(customer)])),
        client: draw.pick(&clients),
        origin: draw.option(|draw| {
            let user_agent = draw.option(|_| "curl/8".to_owned());
            Personal::open(subject, Origin { address: "203.0.113.7".to_owned(), user_agent })
        }),
        correlation_id: id!(draw, CorrelationId),
        causation_id: draw.option(|draw| id!(draw, EventId)),
        rule: RuleCode::new("global_admin:customers.create"),
        reason: draw.option(|draw| Personal::open(subject, draw.text("She asked for it"))),
        ticket: draw.option(|draw| draw.text("INC-4711")),
        approved_by: draw.option(|draw| id!(draw, PartnerUserId)),
        request_digest: draw.option(|draw| RequestDigest(draw.bytes())),
    }
}

fn partner_profile(draw: &mut Draw) -> PartnerUserProfile {
    PartnerUserProfile {
        full_name: draw.text("Ana Lima"),
        email: draw.text("ana@provider.example"),
    }
}

fn partner(draw: &mut Draw) -> Vec<PartnerEvent> {
    let user_id = id!(draw, PartnerUserId);
    let token_id = id!(draw, TokenId);
    let subject = SubjectId::from(user_id);
    let role = |draw: &mut Draw| draw.pick_or(&Role::ALL, Role::ReferralAdmin);
    vec![
        PartnerRegistered {
            partner_id: id!(draw, PartnerId),
            kind: draw.pick(&PartnerKind::ALL),
            name: draw.text("Provider"),
            country: draw.text("DE"),
            mpn_id: draw.text("1001"),
        }
        .into(),
        PartnerUserAdded {
            user_id,
            sign_in_name: draw.hash(),
            credential_id: id!(draw, CredentialId),
            password_expires_at: draw.moment(),
            profile: Personal::open(subject, partner_profile(draw)),
        }
        .into(),
        PartnerUserEdited {
            user_id,
            sign_in_name: draw.hash(),
            profile: Personal::open(subject, partner_profile(draw)),
        }
        .into(),
        PartnerUserPasswordReset {
            user_id,
            credential_id: id!(draw, CredentialId),
            password_expires_at: draw.moment(),
        }
        .into(),
        PartnerUserDeleted { user_id, roles: draw.several(role), restorable_until: draw.moment() }
            .into(),
        PartnerUserRestored {
            user_id,
            roles: draw.several(role),
            withheld: draw.several(|draw| WithheldRole {
                role: role(draw),
                rule: "global_admin_only".into(),
            }),
        }
        .into(),
        PartnerUserPurged { user_id }.into(),
        RoleAssigned { user_id, role: role(draw) }.into(),
        RoleReplaced {
            user_id,
            category: draw.pick_or(&RoleCategory::ALL, RoleCategory::ReferralAndMarketing),
            old: role(draw),
            new: role(draw),
        }
        .into(),
        RoleRevoked { user_id, role: role(draw) }.into(),
        AccessTokenIssued { token_id, user_id, expires_at: draw.moment() }.into(),
        AccessTokenRevoked { token_id, user_id }.into(),
    ]
}

fn partnership(draw: &mut Draw) -> Vec<PartnershipEvent> {
    let (provider, reseller) = (id!(draw, PartnerId), id!(draw, PartnerId));
    let invitation_id = id!(draw, InvitationId);
    let draft = InvitationDraft {
        recipient: draw.text("office@reseller.example"),
        subject: draw.text("Sell with us"),
        text: draw.text("Please open {link}\nand accept."),
    };
    vec![
        PartnershipRequested {
            partnership_id: id!(draw, PartnershipId),
            provider,
            invitation_id,
            expires_at: draw.moment(),
            draft: Personal::open(invitation_id.into(), draft),
        }
        .into(),
        PartnershipAccepted { provider, reseller }.into(),
        PartnershipDeclined { provider, reseller }.into(),
        PartnershipWithdrawn { provider }.into(),
        PartnershipEnded { provider, reseller, ended_by: reseller }.into(),
    ]
}

fn invitations(draw: &mut Draw) -> Vec<PartnershipEvent> {
    let (provider, invitation_id) = (id!(draw, PartnerId), id!(draw, InvitationId));
    let edited = InvitationDraft {
        recipient: draw.text("sales@reseller.example"),
        subject: draw.text("Sell with us, please"),
        text: draw.text("Once more: {link}"),
    };
    vec![
        InvitationEdited {
            provider,
            invitation_id,
            draft: Personal::open(invitation_id.into(), edited),
        }
        .into(),
        InvitationSendRequested { provider, invitation_id }.into(),
        InvitationSent {
            provider,
            invitation_id,
            attempt: draw.number(),
            route: draw.pick(&[MailRoute::Smtp, MailRoute::File]),
        }
        .into(),
        InvitationSendFailed {
            provider,
            invitation_id,
            attempt: draw.number(),
            reason: draw.pick(&[MailFailure::Deferred, MailFailure::Refused]),
            retry_at: draw.option(Draw::moment),
        }
        .into(),
        InvitationExpired { provider, invitation_id, expired_at: draw.moment() }.into(),
    ]
}

fn contact(draw: &mut Draw) -> ContactDetails {
    ContactDetails {
        email: draw.text("office@contoso.example"),
        first_name: draw.text("Cora"),
        last_name: draw.text("Contoso"),
        phone_number: draw.option(|draw| draw.text("+49 30 1234567")),
        address: PostalAddress {
            line1: draw.text("1 Main Street"),
            line2: draw.option(|draw| draw.text("2nd floor")),
            city: draw.text("Berlin"),
            state: draw.option(|draw| draw.text("BE")),
            postal_code: draw.option(|draw| draw.text("10115")),
        },
    }
}

fn account(draw: &mut Draw) -> Vec<CustomerEvent> {
    let customer_id = id!(draw, CustomerId);
    let (provider, reseller) = (id!(draw, PartnerId), id!(draw, PartnerId));
    vec![
        CustomerCreated {
            customer_id,
            partner_id: provider,
            company_name: draw.text("Contoso"),
            domain: draw.text("contoso.example"),
            country: draw.text("DE"),
            culture: draw.text("de-DE"),
            language: draw.text("de"),
            contact: Personal::open(customer_id.into(), contact(draw)),
        }
        .into(),
        CustomerDetailsEdited {
            company_name: draw.text("Contoso"),
            country: draw.text("AT"),
            culture: draw.text("de-AT"),
            language: draw.text("de"),
            contact: Personal::open(customer_id.into(), contact(draw)),
        }
        .into(),
        RelationshipEstablished { partner_id: provider, delegated_admin: draw.bool() }.into(),
        RelationshipEnded { partner_id: provider }.into(),
        ResellerAssociated { provider, reseller }.into(),
        ResellerRemoved { provider, reseller }.into(),
    ]
}

fn requests(draw: &mut Draw) -> Vec<CustomerEvent> {
    let invitation_id = id!(draw, InvitationId);
    let (partner_id, customer_id) = (id!(draw, PartnerId), id!(draw, CustomerId));
    let letter = |draw: &mut Draw| RelationshipDraft {
        recipient: draw.option(|draw| draw.text("office@contoso.example")),
        subject: draw.text("May we serve you?"),
        text: draw.text("Please open {link}\nand accept."),
    };
    vec![
        RelationshipRequested {
            invitation_id,
            partner_id,
            addressed_to: draw.option(|draw| id!(draw, CustomerId)),
            delegated_admin: draw.bool(),
            expires_at: draw.moment(),
            draft: Personal::open(invitation_id.into(), letter(draw)),
        }
        .into(),
        RelationshipDraftEdited {
            invitation_id,
            partner_id,
            draft: Personal::open(invitation_id.into(), letter(draw)),
        }
        .into(),
        RelationshipRequestAccepted { invitation_id, partner_id, customer_id }.into(),
        RelationshipRequestDeclined { invitation_id, partner_id, customer_id }.into(),
        RelationshipRequestWithdrawn { invitation_id, partner_id }.into(),
        RelationshipRequestExpired { invitation_id, partner_id }.into(),
        DelegatedAdminGranted { partner_id }.into(),
        DelegatedAdminEnded { partner_id }.into(),
        OwnPurchasesPermitted { partner_id }.into(),
        OwnPurchasesForbidden { partner_id }.into(),
    ]
}

fn profile(draw: &mut Draw) -> CustomerUserProfile {
    CustomerUserProfile {
        user_name: draw.text("ida@contoso.example"),
        first_name: draw.option(|draw| draw.text("Ida")),
        last_name: draw.option(|draw| draw.text("Jensen")),
        display_name: draw.text("Ida Jensen"),
        usage_location: draw.option(|draw| draw.text("DE")),
        phone_number: draw.option(|draw| draw.text("+49 30 7654321")),
    }
}

fn users(draw: &mut Draw) -> Vec<CustomerEvent> {
    let user_id = id!(draw, CustomerUserId);
    let sku_id = id!(draw, SkuId);
    let fates = [LicenseFate::Restored, LicenseFate::NoSeat, LicenseFate::SubscriptionGone];
    vec![
        CustomerUserCreated {
            user_id,
            user_name: draw.hash(),
            domain: draw.text("contoso.example"),
            has_usage_location: draw.bool(),
            credential_id: id!(draw, CredentialId),
            profile: Personal::open(user_id.into(), profile(draw)),
        }
        .into(),
        CustomerUserEdited {
            user_id,
            user_name: draw.hash(),
            domain: draw.text("contoso.example"),
            has_usage_location: draw.bool(),
            profile: Personal::open(user_id.into(), profile(draw)),
        }
        .into(),
        CustomerUserPasswordReset { user_id, credential_id: id!(draw, CredentialId) }.into(),
        CustomerUserDeleted {
            user_id,
            licenses_returned: draw.several(|draw| id!(draw, SkuId)),
            restorable_until: draw.moment(),
        }
        .into(),
        CustomerUserRestored {
            user_id,
            licenses: draw.several(|draw| LicenseOutcome {
                sku_id: id!(draw, SkuId),
                fate: draw.pick(&fates),
            }),
        }
        .into(),
        CustomerUserPurged { user_id }.into(),
        LicenseAssigned { user_id, sku_id }.into(),
        LicenseRevoked { user_id, sku_id }.into(),
        DirectoryRoleGranted { user_id, role: draw.pick(&DirectoryRole::ALL) }.into(),
        DirectoryRoleRevoked { user_id, role: draw.pick(&DirectoryRole::ALL) }.into(),
    ]
}

fn names(draw: &mut Draw) -> Vec<NameClaimEvent> {
    let kinds =
        [ClaimKind::SignInName, ClaimKind::MpnId, ClaimKind::PartnershipPair, ClaimKind::Domain];
    vec![
        NameClaimed { kind: draw.pick(&kinds), holder: Holder(draw.uuid()) }.into(),
        NameReleased { kind: draw.pick(&kinds), holder: Holder(draw.uuid()) }.into(),
    ]
}

fn installation(draw: &mut Draw) -> Vec<InstallationEvent> {
    let caller =
        Actor::PartnerUser { partner: id!(draw, PartnerId), user: id!(draw, PartnerUserId) };
    vec![
        DamageHealed {
            healing_id: id!(draw, HealingId),
            part: draw.pick(&[DamagedPart::KeyBlocks, DamagedPart::Journal]),
            positions: draw
                .option(|_| PositionRange { from: Position::new(256), until: Position::new(512) }),
            finding: draw.text("a damaged frame in journal-000001.plj at byte 4096"),
            found_by: draw.pick(&[FoundBy::Running, FoundBy::Opening]),
            found_at: draw.moment(),
        }
        .into(),
        AccessRefused {
            caller,
            code: draw.text("forbidden"),
            permission: draw.option(|draw| draw.text("customers.create")),
            request: draw.text("CreateCustomer"),
            target: draw.option(|draw| StreamId::from(id!(draw, CustomerId))),
            refused_at: draw.moment(),
            suppressed: draw.number().into(),
        }
        .into(),
    ]
}

fn leads(draw: &mut Draw) -> Vec<LeadEvent> {
    let lead_id = id!(draw, LeadId);
    let (provider, reseller) = (id!(draw, PartnerId), id!(draw, PartnerId));
    let contact = LeadContact {
        first_name: draw.text("Kim"),
        last_name: draw.text("Abercrombie"),
        email: draw.text("kim@contoso.example"),
        phone_number: draw.option(|draw| draw.text("+1 425 555 0101")),
        note: draw.option(|draw| draw.text("Asked for mail at the fair.")),
    };
    vec![
        LeadReferred {
            lead_id,
            provider,
            reseller,
            company_name: draw.text("Contoso"),
            country: draw.option(|draw| draw.text("US")),
            contact: Personal::open(lead_id.into(), contact),
        }
        .into(),
        LeadAccepted { provider, reseller }.into(),
        LeadDeclined { provider, reseller }.into(),
        LeadWithdrawn { provider, reseller }.into(),
        LeadConverted { provider, reseller, customer_id: id!(draw, CustomerId) }.into(),
    ]
}

fn device(draw: &mut Draw) -> Device {
    Device {
        device_id: id!(draw, DeviceId),
        serial_number: draw.text("SN-0042"),
        product_key: draw.option(|draw| draw.text("00329-00000-00003")),
    }
}

fn devices(draw: &mut Draw) -> Vec<CustomerEvent> {
    let (batch_id, profile_id) = (id!(draw, DeviceBatchId), id!(draw, DeviceProfileId));
    let settings = |draw: &mut Draw| draw.several(|draw| draw.pick(&DeviceSetting::ALL));
    let agreement_id = id!(draw, AgreementId);
    let contact = AgreementContact {
        first_name: draw.text("Cora"),
        last_name: draw.text("Contoso"),
        email: draw.text("cora@contoso.example"),
        phone_number: draw.option(|draw| draw.text("+1 425 555 0101")),
    };
    vec![
        DeviceBatchCreated {
            batch_id,
            name: draw.text("Front desk"),
            devices: draw.several(device),
        }
        .into(),
        DevicesAdded { batch_id, devices: draw.several(device) }.into(),
        DeviceRemoved { device_id: id!(draw, DeviceId) }.into(),
        DeviceProfileCreated { profile_id, name: draw.text("Plain"), settings: settings(draw) }
            .into(),
        DeviceProfileChanged { profile_id, name: draw.text("Plain"), settings: settings(draw) }
            .into(),
        DeviceProfileDeleted { profile_id }.into(),
        DeviceProfileApplied { profile_id, device_ids: draw.several(|draw| id!(draw, DeviceId)) }
            .into(),
        DeviceProfileWithdrawn { device_ids: draw.several(|draw| id!(draw, DeviceId)) }.into(),
        CustomerAgreementConfirmed {
            agreement_id,
            partner_id: id!(draw, PartnerId),
            kind: draw.pick(&AgreementKind::ALL),
            agreed_at: draw.moment(),
            contact: Personal::open(agreement_id.into(), contact),
        }
        .into(),
    ]
}
