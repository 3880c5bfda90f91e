//! Service requests for tests.

use events::{
    PartnerProfile, PartnerProfileEdited, Personal, ProfileKind, PublicProfile,
    PublicProfileChanged, RequestSeverity, RequestTopic, ServiceRequestDeclined, ServiceRequestId,
    ServiceRequestKind, ServiceRequestLogged, ServiceRequestNote, ServiceRequestNoted,
    ServiceRequestText,
};

use super::{partner, partner_user};

pub(crate) fn request(number: u64) -> ServiceRequestId {
    ServiceRequestId::new(ServiceRequestId::MIN.get() + number).unwrap()
}

pub(crate) fn logged(number: u64, by: u128, kind: ServiceRequestKind) -> ServiceRequestLogged {
    let text = ServiceRequestText {
        title: "Nobody can add users".parse().unwrap(),
        description: "The button is gone.".parse().unwrap(),
        identity: None,
        organization: None,
    };
    ServiceRequestLogged {
        request_id: request(number),
        partner_id: partner(by),
        logged_by: partner_user(by),
        kind,
        topic: RequestTopic::Users,
        severity: RequestSeverity::Moderate,
        text: Personal::open(request(number).into(), text),
    }
}

fn note(number: u64) -> Personal<ServiceRequestNote> {
    let text = "Any news?".parse().unwrap();
    Personal::open(request(number).into(), ServiceRequestNote { text })
}

pub(crate) fn noted(number: u64, by: u128) -> ServiceRequestNoted {
    ServiceRequestNoted { partner_id: partner(by), note: note(number) }
}

pub(crate) fn declined(number: u64, by: u128) -> ServiceRequestDeclined {
    let old = events::RequestStatus::Open;
    ServiceRequestDeclined { partner_id: partner(by), old, note: note(number) }
}

pub(crate) fn profile_changed(number: u64, name: &str) -> PublicProfileChanged {
    let profile = PublicProfile { name: name.parse().unwrap(), logo: None, locations: Vec::new() };
    PublicProfileChanged { request_id: request(number), profile }
}

pub(crate) fn support_profile(number: u128, name: &str) -> PartnerProfileEdited {
    let profile = PartnerProfile::Support {
        website: None,
        email: "help@provider.example".parse().unwrap(),
        phone_number: "4255550101".parse().unwrap(),
    };
    PartnerProfileEdited {
        kind: ProfileKind::Support,
        company_name: name.parse().unwrap(),
        country: "US".parse().unwrap(),
        profile: Personal::open(partner(number).into(), profile),
    }
}
