//! How is a service request read from a body?

use commands::ChangeServiceRequest;
use events::{
    CountryCode, LetterText, ProfileLocation, PublicProfile, RequestSeverity, RequestStatus,
    RequestTopic, ServiceRequestText, SubjectLine, WebAddress,
};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    service_request_shape::{ProfileDetails, topic_number},
    words::Words,
};
use crate::http::{ApiError, JsonBody};

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

/// A request for help, elevation or another public profile.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct NewServiceRequestOfPartner {
    /// `partner_support` where nothing is said, `elevation` or `public_profile_change` (*own*).
    #[schema(example = "partner_support")]
    kind: Option<String>,
    #[schema(example = "An invoice is missing")]
    title: String,
    #[schema(example = "We did not get the invoice of October.")]
    description: String,
    /// By number or name; see `/v1/servicerequests/supporttopics`.
    #[schema(value_type = Option<String>, example = "1")]
    support_topic_id: Option<String>,
    /// `critical`, `moderate` or `minimal`; `moderate` where nothing is said.
    #[schema(example = "moderate")]
    severity: Option<String>,
    /// Elevation: who is to be global admin; the caller where nobody is named (*own*).
    #[schema(value_type = Option<Uuid>)]
    candidate_id: Option<String>,
    /// Elevation: what proves who that is (*own*).
    #[schema(example = "Passport shown in a call")]
    identity: Option<String>,
    /// Elevation: what proves that it acts for the partner (*own*).
    #[schema(example = "Extract of the commercial register")]
    organization_proof: Option<String>,
    /// Another public profile: which (*own*).
    public_profile: Option<ProfileDetails>,
}

/// A request for help for a customer.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct NewServiceRequestOfCustomer {
    #[schema(example = "Mail does not arrive")]
    title: String,
    #[schema(example = "Since this morning no mail from outside has arrived.")]
    description: String,
    /// By number or name.
    #[schema(value_type = Option<String>, example = "2")]
    support_topic_id: Option<String>,
    /// `critical`, `moderate` or `minimal`.
    #[schema(example = "critical")]
    severity: Option<String>,
    /// About which subscription.
    #[schema(value_type = Option<Uuid>)]
    subscription_id: Option<String>,
}

/// What changes about a service request; nothing where a member is missing.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct ServiceRequestChange {
    /// `open`, `attention_needed`, `closed`, or finer: `in_progress`, `resolved` (*own*).
    #[schema(example = "closed")]
    status: Option<String>,
    #[schema(example = "minimal")]
    severity: Option<String>,
    /// A note to add.
    new_note: Option<NewNote>,
}

/// A note to add.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct NewNote {
    #[schema(example = "It has arrived, thank you.")]
    text: String,
}

/// The topic that a body names, by number or name.
fn read_topic(body: &JsonBody) -> Result<RequestTopic, ApiError> {
    let text = match body.plain::<Value>("supportTopicId")? {
        None => return Ok(RequestTopic::Other),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text,
        Some(_) => return Err(body.wrong("supportTopicId", "must be a number or a name")),
    };
    let known = RequestTopic::ALL
        .iter()
        .copied()
        .find(|topic| topic_number(*topic).to_string() == text.trim());
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

/// Reads what is to change about a request.
///
/// # Errors
/// When a member is not acceptable, naming it.
pub(super) fn read_change(body: &JsonBody) -> Result<ChangeServiceRequest, ApiError> {
    let status = STATUSES.read_member(body)?.flatten();
    let note = match body.object("newNote")? {
        Some(note) => note.optional::<LetterText>("text")?,
        None => None,
    };
    Ok(ChangeServiceRequest { note, status, severity: SEVERITIES.read_member(body)?.flatten() })
}
