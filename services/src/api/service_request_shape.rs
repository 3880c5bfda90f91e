//! How is a service request shown?

use events::{
    Actor, CustomerId, EmailAddress, GlobalAdminAbsence, LetterText, Opened, PartnerUserId,
    PartnerUserProfile, PersonName, PublicProfile, RequestSeverity, RequestStatus, RequestTopic,
    ServiceRequestId, ServiceRequestKind, ServiceRequestNote, ServiceRequestText, SubjectLine,
    SubscriptionId, Timestamp, WebAddress,
};
use projections::{NoteSort, ReadModel, ServiceRequestNoteRow, ServiceRequestRow};
use serde::Serialize;
use store::ReadError;
use utoipa::ToSchema;

use super::{
    partners::{PartnerSummary, shown_partner},
    reading::{open, personal_state, readable},
    shapes::{Attributes, SelfLinks},
};
use crate::application::Application;

/// A service request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceRequest {
    /// 15 digits.
    #[schema(value_type = String, example = "161120012345678")]
    id: ServiceRequestId,
    /// `partner_support`, `customer_support`, `elevation` or `public_profile_change` (*own*).
    #[schema(example = "partner_support")]
    kind: &'static str,
    #[schema(value_type = Option<String>, example = "An invoice is missing")]
    title: Option<SubjectLine>,
    #[schema(value_type = Option<String>, example = "We did not get the invoice of October.")]
    description: Option<LetterText>,
    /// What proves who is to be elevated (*own*).
    #[schema(value_type = Option<String>, example = "Passport shown in a call")]
    identity: Option<LetterText>,
    /// What proves that it acts for the partner (*own*).
    #[schema(value_type = Option<String>, example = "Extract of the commercial register")]
    organization_proof: Option<LetterText>,
    /// `erased` or `unavailable`, where what was said cannot be shown (*own*).
    #[schema(example = json!(null))]
    personal_data: Option<&'static str>,
    /// `critical`, `moderate` or `minimal`.
    #[schema(value_type = String, example = "moderate")]
    severity: RequestSeverity,
    #[schema(example = "1")]
    support_topic_id: String,
    #[schema(example = "Billing and invoices")]
    support_topic_name: &'static str,
    /// `open`, `attention_needed` or `closed`.
    #[schema(example = "open")]
    status: &'static str,
    /// The same in finer words, also `in_progress` and `resolved` (*own*).
    #[schema(value_type = String, example = "open")]
    progress: RequestStatus,
    /// Whether an operator declined it (*own*).
    declined: bool,
    /// How the absence of a global admin was verified: `left` or `moved_to_another_role` (*own*).
    #[schema(value_type = Option<String>, example = "left")]
    verified: Option<GlobalAdminAbsence>,
    /// The partner that asks.
    organization: PartnerSummary,
    #[schema(value_type = Option<Uuid>)]
    customer_id: Option<CustomerId>,
    #[schema(value_type = Option<Uuid>)]
    subscription_id: Option<SubscriptionId>,
    /// What the subscription is called.
    #[schema(example = "Office 365 Business Premium")]
    product_name: Option<String>,
    /// Who is to be elevated (*own*).
    #[schema(value_type = Option<Uuid>)]
    candidate_id: Option<PartnerUserId>,
    /// The public profile that is asked for (*own*).
    public_profile: Option<ProfileDetails>,
    /// The partner's country.
    #[schema(example = "US")]
    country_code: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_date: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_modified_date: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_closed_date: Option<Timestamp>,
    /// Who asked; not in lists.
    primary_contact: Option<RequestPerson>,
    /// Who changed it last; not in lists.
    last_updated_by: Option<RequestPerson>,
    /// Files are not taken; not in lists.
    #[schema(example = json!([]))]
    file_links: Option<[String; 0]>,
    /// What was said, the oldest first; not in lists.
    notes: Option<Vec<RequestNote>>,
    links: SelfLinks,
    attributes: Attributes,
}

/// Something that was said about a service request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestNote {
    #[schema(value_type = Option<String>, example = "Ana Lima")]
    created_by_name: Option<PersonName>,
    #[schema(value_type = String, format = DateTime)]
    created_date: Timestamp,
    /// `note`, `verification` or `decline` (*own*).
    #[schema(example = "note")]
    sort: &'static str,
    #[schema(value_type = Option<String>, example = "It has arrived, thank you.")]
    text: Option<LetterText>,
    /// `erased` or `unavailable`, where the text cannot be shown (*own*).
    #[schema(example = json!(null))]
    personal_data: Option<&'static str>,
}

/// Somebody on either side of a service request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestPerson {
    /// Missing where operators answered.
    #[schema(value_type = Option<Uuid>)]
    id: Option<PartnerUserId>,
    #[schema(value_type = Option<String>, example = "Ana Lima")]
    name: Option<PersonName>,
    #[schema(value_type = Option<String>)]
    email: Option<EmailAddress>,
    /// `erased` or `unavailable`, where name and address cannot be shown (*own*).
    #[schema(example = json!(null))]
    personal_data: Option<&'static str>,
}

/// What a provider shows of itself.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct ProfileDetails {
    #[schema(example = "Fabrikam Provider")]
    name: Option<String>,
    /// The address of a picture.
    #[schema(value_type = Option<String>, example = "https://fabrikam.example/logo.png")]
    logo: Option<WebAddress>,
    /// Where it sells, and to which pages its buyers are led.
    locations: Option<Vec<ProfilePlace>>,
}

/// A country in which a provider sells.
#[derive(Serialize, ToSchema)]
pub(super) struct ProfilePlace {
    country: String,
    #[schema(value_type = String, example = "https://fabrikam.example/us")]
    target: WebAddress,
}

/// A topic of service requests.
#[derive(Serialize, ToSchema)]
pub(super) struct SupportTopic {
    /// A number here, a text in requests about it.
    #[schema(example = 1)]
    id: usize,
    #[schema(example = "Billing and invoices")]
    name: &'static str,
    attributes: Attributes,
}

/// A status as the contract knows it.
pub(super) const fn contract_status(status: RequestStatus) -> &'static str {
    match status {
        RequestStatus::Open | RequestStatus::InProgress => "open",
        RequestStatus::AttentionNeeded => "attention_needed",
        RequestStatus::Resolved | RequestStatus::Closed => "closed",
    }
}

/// The number of a topic as the contract's clients send it.
pub(super) fn topic_number(topic: RequestTopic) -> usize {
    let place = RequestTopic::ALL.iter().position(|other| *other == topic);
    place.unwrap_or_default() + 1
}

/// A topic as a resource.
pub(super) fn shown_topic(topic: RequestTopic) -> SupportTopic {
    SupportTopic {
        id: topic_number(topic),
        name: topic.title(),
        attributes: Attributes::of("SupportTopic"),
    }
}

/// A public profile as answers show it.
pub(super) fn shown_profile(profile: &PublicProfile) -> ProfileDetails {
    let places = profile.locations.iter().map(|place| ProfilePlace {
        country: place.country.to_string(),
        target: place.target.clone(),
    });
    ProfileDetails {
        name: Some(profile.name.to_string()),
        logo: profile.logo.clone(),
        locations: Some(places.collect()),
    }
}

/// A request as it stands in a list.
///
/// # Errors
/// When the log cannot be read.
pub(super) async fn summary(
    app: &Application,
    model: &ReadModel,
    row: &ServiceRequestRow,
) -> Result<ServiceRequest, ReadError> {
    let text = open::<ServiceRequestText>(app, &row.text).await?;
    let said = readable(&text);
    let (customer, subscription, candidate, profile) = match &row.kind {
        ServiceRequestKind::PartnerSupport => (None, None, None, None),
        ServiceRequestKind::CustomerSupport { customer_id, subscription_id, .. } => {
            (Some(*customer_id), *subscription_id, None, None)
        }
        ServiceRequestKind::Elevation { user_id } => (None, None, Some(*user_id), None),
        ServiceRequestKind::PublicProfileChange { profile } => {
            (None, None, None, Some(shown_profile(profile)))
        }
    };
    let sold = customer.zip(subscription).and_then(|(c, s)| model.subscriptions().get(c, s));
    let path = match customer {
        Some(customer) => format!("/customers/{customer}/servicerequests/{}", row.id),
        None => format!("/servicerequests/{}", row.id),
    };
    Ok(ServiceRequest {
        id: row.id,
        kind: row.kind.name(),
        title: said.map(|text| text.title.clone()),
        description: said.map(|text| text.description.clone()),
        identity: said.and_then(|text| text.identity.clone()),
        organization_proof: said.and_then(|text| text.organization.clone()),
        personal_data: personal_state(&text),
        severity: row.severity,
        support_topic_id: topic_number(row.topic).to_string(),
        support_topic_name: row.topic.title(),
        status: contract_status(row.status),
        progress: row.status,
        declined: row.declined,
        verified: row.verified,
        organization: shown_partner(model, row.partner),
        customer_id: customer,
        subscription_id: subscription,
        product_name: sold.map(|sold| sold.friendly_name.to_string()),
        candidate_id: candidate,
        public_profile: profile,
        country_code: model.partners().get(row.partner).map(|partner| partner.country.to_string()),
        created_date: row.logged_at,
        last_modified_date: row.changed_at,
        last_closed_date: row.closed_at,
        primary_contact: None,
        last_updated_by: None,
        file_links: None,
        notes: None,
        links: SelfLinks::to(path),
        attributes: Attributes::of("ServiceRequest"),
    })
}

/// A request with everything that was said, as a side sees it: how somebody was verified is for
/// operators.
///
/// # Errors
/// When the log cannot be read.
pub(super) async fn shown(
    app: &Application,
    model: &ReadModel,
    row: &ServiceRequestRow,
    for_operators: bool,
) -> Result<ServiceRequest, ReadError> {
    let mut notes = Vec::new();
    for note in &row.notes {
        match note.sort {
            NoteSort::Verification if !for_operators => {}
            NoteSort::Note | NoteSort::Decline | NoteSort::Verification => {
                notes.push(shown_note(app, model, note).await?);
            }
        }
    }
    let contact = Actor::PartnerUser { partner: row.partner, user: row.logged_by };
    Ok(ServiceRequest {
        primary_contact: Some(person(app, model, &contact).await?),
        last_updated_by: Some(person(app, model, &row.changed_by).await?),
        file_links: Some([]),
        notes: Some(notes),
        ..summary(app, model, row).await?
    })
}

async fn shown_note(
    app: &Application,
    model: &ReadModel,
    note: &ServiceRequestNoteRow,
) -> Result<RequestNote, ReadError> {
    let opened = open::<ServiceRequestNote>(app, &note.text).await?;
    Ok(RequestNote {
        created_by_name: person(app, model, &note.by).await?.name,
        created_date: note.at,
        sort: match note.sort {
            NoteSort::Note => "note",
            NoteSort::Verification => "verification",
            NoteSort::Decline => "decline",
        },
        text: readable(&opened).map(|note| note.text.clone()),
        personal_data: personal_state(&opened),
    })
}

/// Who of the two sides: people of the partner by name, operators as support.
async fn person(
    app: &Application,
    model: &ReadModel,
    who: &Actor,
) -> Result<RequestPerson, ReadError> {
    let unknown = RequestPerson { id: None, name: None, email: None, personal_data: None };
    let Actor::PartnerUser { partner, user } = *who else {
        return Ok(RequestPerson { name: "Support".parse().ok(), ..unknown });
    };
    let unknown = RequestPerson { id: Some(user), ..unknown };
    let Some(row) = model.partner_users().get(partner, user) else { return Ok(unknown) };
    let opened = open::<PartnerUserProfile>(app, &row.profile).await?;
    let profile = match &opened {
        Opened::Readable(profile) => Some(profile),
        Opened::Erased(_) | Opened::KeyUnavailable => None,
    };
    Ok(RequestPerson {
        name: profile.map(|profile| profile.full_name.clone()),
        email: profile.map(|profile| profile.email.clone()),
        personal_data: personal_state(&opened),
        ..unknown
    })
}
