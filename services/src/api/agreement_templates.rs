//! What can be accepted as an agreement, and where its text is to be read.

use axum::extract::State;
use commands::Permission;
use events::{AgreementKind, CountryCode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    agreements::{EVERY_KIND, KIND_PARAMETER, KINDS},
    path_ids::PathId,
    reading::Reader,
    shapes::{Attributes, Collection},
    wire::Answer,
    words::same_word,
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(templates)).routes(routes!(document))
}

/// The published text of an agreement.
#[derive(Clone, Copy)]
pub(super) struct Template {
    /// Its id, the same for every partner, which clients know.
    pub(super) id: &'static str,
    /// Where it is to be read.
    pub(super) link: &'static str,
    /// Later ones have higher ranks.
    pub(super) rank: u32,
}

impl Template {
    /// That of a kind of agreement.
    pub(super) const fn of(kind: AgreementKind) -> Self {
        match kind {
            AgreementKind::MicrosoftCloudAgreement => Self {
                id: "998b88de-aa99-4388-a42c-1b3517d49490",
                link: "https://docs.microsoft.com/partner-center/agreements",
                rank: 0,
            },
            AgreementKind::MicrosoftCustomerAgreement => Self {
                id: "117a77b0-9360-443b-8795-c6dedc750cf9",
                link: "https://aka.ms/customeragreement",
                rank: 1,
            },
        }
    }
}

/// An agreement by the id of its template.
pub(super) struct TemplateId(pub(super) AgreementKind);

impl PathId for TemplateId {
    fn read(text: &str) -> Result<Self, ApiError> {
        let id = Uuid::try_parse(text.trim())
            .map_err(|_| ApiError::invalid("templateId", "must be a GUID"))?;
        let is_named = |kind: &AgreementKind| Uuid::try_parse(Template::of(*kind).id) == Ok(id);
        let found = AgreementKind::ALL.into_iter().find(is_named);
        found.map(Self).ok_or_else(|| ApiError::not_found("there is no such agreement template"))
    }
}

/// An agreement that customers can accept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AgreementMetaData {
    #[schema(value_type = Uuid)]
    template_id: &'static str,
    #[schema(value_type = String, example = "MicrosoftCustomerAgreement")]
    agreement_type: &'static str,
    /// Where the text is to be read.
    #[schema(value_type = String, example = "https://aka.ms/customeragreement")]
    agreement_link: &'static str,
    /// Later agreements have higher ranks.
    version_rank: u32,
    attributes: Attributes,
}

/// Lists the agreements that customers can accept.
#[utoipa::path(
    get,
    path = "/v1/agreements",
    tag = "Agreements",
    params((
        "agreementType" = Option<String>, Query,
        description = "One kind, or `*` for all; without it, as clients from before there were several \
            expect, MicrosoftCloudAgreement.",
        example = json!("MicrosoftCustomerAgreement"),
    )),
    responses((status = OK, description = "Those.", body = Collection<AgreementMetaData>))
)]
async fn templates(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::AgreementsView).await?;
    let wanted = match reader.query().text(KIND_PARAMETER) {
        None => Some(AgreementKind::MicrosoftCloudAgreement),
        Some(EVERY_KIND) => None,
        Some(text) => Some(KINDS.read(text)?),
    };
    let kinds = AgreementKind::ALL.into_iter();
    let items = kinds.filter(|kind| wanted.is_none_or(|wanted| wanted == *kind)).map(|kind| {
        let Template { id, link, rank } = Template::of(kind);
        AgreementMetaData {
            template_id: id,
            agreement_type: kind.name(),
            agreement_link: link,
            version_rank: rank,
            attributes: Attributes::of("AgreementMetaData"),
        }
    });
    Ok(Answer::ok(view.position(), Collection::of(items, "/agreements")))
}

/// Where the text of an agreement is to be read.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AgreementDocument {
    #[schema(value_type = String, example = "https://aka.ms/customeragreement")]
    display_uri: &'static str,
    #[schema(value_type = String, example = "https://aka.ms/customeragreement")]
    download_uri: &'static str,
    /// In which language.
    #[schema(value_type = String, example = "en-US")]
    language: &'static str,
    /// For which country.
    #[schema(value_type = String, example = "all")]
    country: &'static str,
    attributes: Attributes,
}

/// The language of the published texts that links lead to.
const LANGUAGE: &str = "en-US";
/// The contract's word for a text that holds in every country.
const EVERY_COUNTRY: &str = "all";

/// Tells where the text of an agreement is to be read.
///
/// There is one text, in `en-US`, for all countries; in another language it is not found.
#[utoipa::path(
    get,
    path = "/v1/agreementtemplates/{template}/document",
    tag = "Agreements",
    params(
        ("template" = Uuid, Path, description = "The template.", example = json!("117a77b0-9360-443b-8795-c6dedc750cf9")),
        ("language" = Option<String>, Query, description = "In which language.", example = json!("en-US")),
        ("country" = Option<String>, Query, description = "For which country.", example = json!("all")),
    ),
    responses((status = OK, description = "Where.", body = AgreementDocument))
)]
async fn document(
    State(app): State<AppState>,
    reader: Reader<(TemplateId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::AgreementsView).await?;
    if reader.query().text("language").is_some_and(|asked| !same_word(asked, LANGUAGE)) {
        let reason = format!("there is no text in this language: ask for {LANGUAGE}");
        return Err(ApiError::not_found(reason)
            .with_data(["document_not_found".to_owned(), "language".to_owned()]));
    }
    let country = reader.query().text("country").filter(|asked| !same_word(asked, EVERY_COUNTRY));
    let country = country.map(str::parse::<CountryCode>).transpose();
    country.map_err(|error| ApiError::invalid("country", error.reason))?;
    let TemplateId(kind) = reader.ids.0;
    let Template { link, .. } = Template::of(kind);
    let body = AgreementDocument {
        display_uri: link,
        download_uri: link,
        language: LANGUAGE,
        country: EVERY_COUNTRY,
        attributes: Attributes::of("AgreementDocument"),
    };
    Ok(Answer::ok(view.position(), body))
}
