//! One event of every type that service requests bring about.

use events::{
    CustomerId, ElevationVerified, GlobalAdminAbsence, PartnerEvent, PartnerId, PartnerProfile,
    PartnerProfileEdited, PartnerUserId, Personal, PostalAddress, ProfileContact, ProfileLocation,
    PublicProfile, PublicProfileChanged, RequestSeverity, RequestStatus, RequestTopic,
    ServiceRequestDeclined, ServiceRequestEvent, ServiceRequestId, ServiceRequestKind,
    ServiceRequestLogged, ServiceRequestNote, ServiceRequestNoted, ServiceRequestSeverityChanged,
    ServiceRequestStatusChanged, ServiceRequestText, SubscriptionId, UserElevated,
};

use crate::draw::Draw;

fn request_id(draw: &mut Draw) -> ServiceRequestId {
    ServiceRequestId::new(120_261_120_000_000 + u64::from(draw.number())).unwrap()
}

fn profile(draw: &mut Draw) -> PublicProfile {
    PublicProfile {
        name: draw.text("Fabrikam"),
        logo: draw.option(|draw| draw.text("https://fabrikam.example/logo.svg")),
        locations: draw.several(|draw| ProfileLocation {
            country: draw.text("DE"),
            target: draw.text("https://fabrikam.example/de"),
        }),
    }
}

/// What becomes of requests in the partner's own stream.
pub(crate) fn of_partner(draw: &mut Draw) -> Vec<PartnerEvent> {
    let user_id = PartnerUserId::from_uuid(draw.uuid());
    vec![
        UserElevated { user_id, request_id: request_id(draw) }.into(),
        PublicProfileChanged { request_id: request_id(draw), profile: profile(draw) }.into(),
        company_profile(draw).into(),
    ]
}

fn company_profile(draw: &mut Draw) -> PartnerProfileEdited {
    let contact = |draw: &mut Draw| ProfileContact {
        first_name: draw.text("Berta"),
        last_name: draw.text("Benz"),
        email: draw.text("berta@provider.example"),
        phone_number: draw.option(|draw| draw.text("+49 30 1112223")),
    };
    let address = |draw: &mut Draw| PostalAddress {
        line1: draw.text("5 Park Lane"),
        line2: draw.option(|draw| draw.text("Rear building")),
        city: draw.text("Mannheim"),
        state: draw.option(|draw| draw.text("BW")),
        postal_code: draw.option(|draw| draw.text("68159")),
    };
    let website = |draw: &mut Draw| draw.option(|draw| draw.text("https://provider.example"));
    let profiles = [
        PartnerProfile::Support {
            website: website(draw),
            email: draw.text("help@provider.example"),
            phone_number: draw.text("+49 30 4445556"),
        },
        PartnerProfile::LegalBusiness { address: address(draw), contact: contact(draw) },
        PartnerProfile::Organization { address: address(draw), contact: contact(draw) },
        PartnerProfile::Business {
            about: draw.text("We move mail."),
            website: website(draw),
            contact: contact(draw),
        },
    ];
    let profile = draw.pick(&profiles);
    PartnerProfileEdited {
        kind: profile.kind(),
        company_name: draw.text("Provider Inc."),
        country: draw.text("DE"),
        profile: Personal::open(PartnerId::from_uuid(draw.uuid()).into(), profile),
    }
}

fn note(draw: &mut Draw, id: ServiceRequestId) -> Personal<ServiceRequestNote> {
    Personal::open(id.into(), ServiceRequestNote { text: draw.text("Please call\nme back") })
}

fn logged(draw: &mut Draw, id: ServiceRequestId, partner_id: PartnerId) -> ServiceRequestLogged {
    let kinds = [
        ServiceRequestKind::PartnerSupport,
        ServiceRequestKind::Elevation { user_id: PartnerUserId::from_uuid(draw.uuid()) },
        ServiceRequestKind::PublicProfileChange { profile: profile(draw) },
        ServiceRequestKind::CustomerSupport {
            customer_id: CustomerId::from_uuid(draw.uuid()),
            subscription_id: draw.option(|draw| SubscriptionId::from_uuid(draw.uuid())),
            office365: draw.bool(),
        },
    ];
    let text = ServiceRequestText {
        title: draw.text("Our admin has left"),
        description: draw.text("Nobody can add users."),
        identity: draw.option(|draw| draw.text("Passport 42")),
        organization: draw.option(|draw| draw.text("Extract of the register")),
    };
    ServiceRequestLogged {
        request_id: id,
        partner_id,
        logged_by: PartnerUserId::from_uuid(draw.uuid()),
        kind: draw.pick(&kinds),
        topic: draw.pick(RequestTopic::ALL),
        severity: draw.pick(RequestSeverity::ALL),
        text: Personal::open(id.into(), text),
    }
}

/// What happens to a request.
pub(crate) fn events(draw: &mut Draw) -> Vec<ServiceRequestEvent> {
    let (id, partner_id) = (request_id(draw), PartnerId::from_uuid(draw.uuid()));
    let status = |draw: &mut Draw| draw.pick(RequestStatus::ALL);
    let severity = |draw: &mut Draw| draw.pick(RequestSeverity::ALL);
    vec![
        logged(draw, id, partner_id).into(),
        ServiceRequestNoted { partner_id, note: note(draw, id) }.into(),
        ServiceRequestStatusChanged { partner_id, old: status(draw), new: status(draw) }.into(),
        ServiceRequestSeverityChanged { partner_id, old: severity(draw), new: severity(draw) }
            .into(),
        ServiceRequestDeclined { partner_id, old: status(draw), note: note(draw, id) }.into(),
        ElevationVerified {
            partner_id,
            user_id: PartnerUserId::from_uuid(draw.uuid()),
            absence: draw.pick(&[GlobalAdminAbsence::Left, GlobalAdminAbsence::MovedToAnotherRole]),
            note: note(draw, id),
        }
        .into(),
    ]
}
