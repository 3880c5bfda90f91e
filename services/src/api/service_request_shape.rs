//! How is a service request shown, and how is it read from a request?

use commands::ChangeServiceRequest;
use events::{
    Actor, CountryCode, LetterText, Opened, PartnerUserProfile, ProfileLocation, PublicProfile,
    RequestSeverity, RequestStatus, RequestTopic, ServiceRequestKind, ServiceRequestNote,
    ServiceRequestText, SubjectLine, WebAddress,
};
use projections::{NoteSort, ReadModel, ServiceRequestNoteRow, ServiceRequestRow};
use serde_json::{Value, json};
use store::ReadError;

use super::{
    partners::shown_partner,
    reading::{open, personal_state, readable},
    wire::{attributes, extended, self_link},
    words::Words,
};
use crate::{
    application::Application,
    http::{ApiError, JsonBody},
};

/// The statuses of the contract, and ours that are finer.
const STATUSES: Words<Option<RequestStatus>> = Words {
    field: "status",
    all: &[
        ("none", None),
        ("open", Some(RequestStatus::Open)),
        ("closed", Some(RequestStatus::Closed)),
        ("attention_needed", Some(RequestStatus::AttentionNeeded)),
        ("in_progress", Some(RequestStatus::InProgress)),
        ("resolved", Some(RequestStatus::Resolved)),
    ],
};

const SEVERITIES: Words<Option<RequestSeverity>> = Words {
    field: "severity",
    all: &[
        ("unknown", None),
        ("critical", Some(RequestSeverity::Critical)),
        ("moderate", Some(RequestSeverity::Moderate)),
        ("minimal", Some(RequestSeverity::Minimal)),
    ],
};

/// A status as the contract knows it.
pub(super) const fn contract_status(status: RequestStatus) -> &'static str {
    match status {
        RequestStatus::Open | RequestStatus::InProgress => "open",
        RequestStatus::AttentionNeeded => "attention_needed",
        RequestStatus::Resolved | RequestStatus::Closed => "closed",
    }
}

/// The number of a topic as the contract's clients send it.
fn topic_id(topic: RequestTopic) -> String {
    let place = RequestTopic::ALL.iter().position(|other| *other == topic);
    (place.unwrap_or_default() + 1).to_string()
}

/// A topic as a resource.
pub(super) fn shown_topic(topic: RequestTopic) -> Value {
    json!({
        "id": topic_id(topic),
        "name": topic.title(),
        "attributes": attributes("SupportTopic"),
    })
}

/// The topic that a body names, by number or name.
fn read_topic(body: &JsonBody) -> Result<RequestTopic, ApiError> {
    let text = match body.plain::<Value>("supportTopicId")? {
        None => return Ok(RequestTopic::Other),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text,
        Some(_) => return Err(body.wrong("supportTopicId", "must be a number or a name")),
    };
    let known = RequestTopic::ALL.iter().copied().find(|topic| topic_id(*topic) == text.trim());
    known.or_else(|| RequestTopic::from_name(&text)).ok_or_else(|| {
        let names: Vec<&str> = RequestTopic::ALL.iter().map(|topic| topic.name()).collect();
        let reason = format!("must be 1 to {} or one of {}", names.len(), names.join(", "));
        body.wrong("supportTopicId", reason)
    })
}

/// What every new request says: topic, severity and text.
pub(super) struct Asked {
    pub(super) topic: RequestTopic,
    pub(super) severity: RequestSeverity,
    pub(super) text: ServiceRequestText,
}

impl Asked {
    /// Reads a new request.
    ///
    /// # Errors
    /// When a member is missing or not acceptable, naming it.
    pub(super) fn read(body: &JsonBody) -> Result<Self, ApiError> {
        Ok(Self {
            topic: read_topic(body)?,
            severity: SEVERITIES.read_member(body)?.flatten().unwrap_or(RequestSeverity::Moderate),
            text: ServiceRequestText {
                title: body.required::<SubjectLine>("title")?,
                description: body.required::<LetterText>("description")?,
                identity: body.optional("identity")?,
                organization: body.optional("organizationProof")?,
            },
        })
    }
}

/// Reads the profile that is asked for.
///
/// # Errors
/// When a member is missing or not acceptable, naming it.
pub(super) fn read_profile(body: &JsonBody) -> Result<PublicProfile, ApiError> {
    let profile = body.required_object("publicProfile")?;
    let mut locations = Vec::new();
    for location in profile.objects("locations")? {
        locations.push(ProfileLocation {
            country: location.required::<CountryCode>("country")?,
            target: location.required::<WebAddress>("target")?,
        });
    }
    Ok(PublicProfile {
        name: profile.required("name")?,
        logo: profile.optional("logo")?,
        locations,
    })
}

/// Reads what changes about a request. Clients send back what they were shown, so a status that the
/// request has by the contract's words is no change.
///
/// # Errors
/// When a member is not acceptable, naming it.
pub(super) fn read_change(
    body: &JsonBody,
    row: &ServiceRequestRow,
) -> Result<ChangeServiceRequest, ApiError> {
    let status = STATUSES.read_member(body)?.flatten();
    let as_shown = |status: &RequestStatus| status.name() == contract_status(row.status);
    let note = match body.object("newNote")? {
        Some(note) => note.optional::<LetterText>("text")?,
        None => None,
    };
    Ok(ChangeServiceRequest {
        note,
        status: status.filter(|status| !as_shown(status)),
        severity: SEVERITIES.read_member(body)?.flatten(),
    })
}

/// A public profile as a resource.
pub(super) fn shown_profile(profile: &PublicProfile) -> Value {
    json!({ "name": profile.name, "logo": profile.logo, "locations": profile.locations })
}

/// A request as it stands in a list.
///
/// # Errors
/// When the log cannot be read.
pub(super) async fn summary(
    app: &Application,
    model: &ReadModel,
    row: &ServiceRequestRow,
) -> Result<Value, ReadError> {
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
    Ok(json!({
        "id": row.id,
        "kind": row.kind.name(),
        "title": said.map(|text| &text.title),
        "description": said.map(|text| &text.description),
        "identity": said.and_then(|text| text.identity.as_ref()),
        "organizationProof": said.and_then(|text| text.organization.as_ref()),
        "personalData": personal_state(&text),
        "severity": row.severity,
        "supportTopicId": topic_id(row.topic),
        "supportTopicName": row.topic.title(),
        "status": contract_status(row.status),
        "progress": row.status,
        "declined": row.declined,
        "verified": row.verified,
        "organization": shown_partner(model, row.partner),
        "customerId": customer,
        "subscriptionId": subscription,
        "productName": sold.map(|sold| &sold.friendly_name),
        "candidateId": candidate,
        "publicProfile": profile,
        "countryCode": model.partners().get(row.partner).map(|partner| &partner.country),
        "createdDate": row.logged_at,
        "lastModifiedDate": row.changed_at,
        "lastClosedDate": row.closed_at,
        "links": self_link(path),
        "attributes": attributes("ServiceRequest"),
    }))
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
) -> Result<Value, ReadError> {
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
    let said = json!({
        "primaryContact": person(app, model, &contact).await?,
        "lastUpdatedBy": person(app, model, &row.changed_by).await?,
        "fileLinks": [],
        "notes": notes,
    });
    Ok(extended(summary(app, model, row).await?, said))
}

async fn shown_note(
    app: &Application,
    model: &ReadModel,
    note: &ServiceRequestNoteRow,
) -> Result<Value, ReadError> {
    let opened = open::<ServiceRequestNote>(app, &note.text).await?;
    let by = person(app, model, &note.by).await?;
    Ok(json!({
        "createdByName": by["name"],
        "createdDate": note.at,
        "sort": match note.sort {
            NoteSort::Note => "note",
            NoteSort::Verification => "verification",
            NoteSort::Decline => "decline",
        },
        "text": readable(&opened).map(|note| &note.text),
        "personalData": personal_state(&opened),
    }))
}

/// Who of the two sides: people of the partner by name, operators as support.
async fn person(app: &Application, model: &ReadModel, who: &Actor) -> Result<Value, ReadError> {
    let Actor::PartnerUser { partner, user } = *who else {
        return Ok(json!({ "name": "Support" }));
    };
    let row = model.partner_users().get(partner, user);
    let opened = match row {
        Some(row) => open::<PartnerUserProfile>(app, &row.profile).await?,
        None => return Ok(json!({ "id": user })),
    };
    let profile = match &opened {
        Opened::Readable(profile) => Some(profile),
        Opened::Erased(_) | Opened::KeyUnavailable => None,
    };
    Ok(json!({
        "id": user,
        "name": profile.map(|profile| &profile.full_name),
        "email": profile.map(|profile| &profile.email),
        "personalData": personal_state(&opened),
    }))
}
