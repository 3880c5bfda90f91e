//! How addresses are written in a country, and whether one is written so.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use commands::Permission;
use events::{AddressLine, CountryCode, PersonName};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{reading::Reader, shapes::Attributes, wire::Answer};
use crate::{
    countries::{AddressParts, CountryRules, Pattern, rules_of},
    http::{ApiError, AppState, Caller, JsonBody},
};

/// The contract's code for an address that does not hold.
const ADDRESS_CODE: u32 = 2007;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(rules)).routes(routes!(validate))
}

/// How addresses and numbers are written in a country.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the contract's shape")]
struct CountryInformation {
    #[schema(example = "US")]
    iso2_code: &'static str,
    #[schema(example = "en-US")]
    default_culture: &'static str,
    is_state_required: bool,
    /// The codes of the states; empty where addresses have none.
    #[schema(example = json!(["WA"]))]
    supported_states_list: Vec<&'static str>,
    #[schema(example = json!(["en"]))]
    supported_languages_list: Vec<&'static str>,
    #[schema(example = json!(["en-US"]))]
    supported_cultures_list: Vec<&'static str>,
    is_postal_code_required: bool,
    #[schema(example = "^([0-9]{5})$")]
    postal_code_regex: Option<String>,
    is_city_required: bool,
    is_vat_id_supported: bool,
    /// With `9` for a digit and `A` for a letter.
    #[schema(example = "99.999.999/9999-99")]
    tax_id_format: Option<&'static str>,
    #[schema(example = "11.222.333/0001-81")]
    tax_id_sample: Option<&'static str>,
    #[schema(example = "^([Dd][Ee][0-9]{9})$")]
    vat_id_regex: Option<String>,
    #[schema(example = "^[0-9]{10}$")]
    phone_number_regex: String,
    is_tax_id_supported: bool,
    is_tax_id_optional: bool,
    /// Without a plus sign.
    #[schema(example = json!(["1"]))]
    country_calling_codes_list: Vec<&'static str>,
    attributes: Attributes,
}

/// An address that is asked about.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct AddressToValidate {
    country: String,
    city: Option<String>,
    state: Option<String>,
    address_line1: String,
    address_line2: Option<String>,
    postal_code: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    phone_number: Option<String>,
}

impl CountryInformation {
    fn of(rules: &'static CountryRules) -> Self {
        let tax_id = rules.tax_id;
        Self {
            iso2_code: rules.iso2,
            default_culture: rules.default_culture(),
            is_state_required: !rules.states.is_empty(),
            supported_states_list: rules.states.to_vec(),
            supported_languages_list: rules.languages(),
            supported_cultures_list: rules.cultures.to_vec(),
            is_postal_code_required: !rules.postal_codes.is_empty(),
            postal_code_regex: Pattern::regex(rules.postal_codes),
            is_city_required: true,
            is_vat_id_supported: !rules.vat_ids.is_empty(),
            tax_id_format: tax_id.map(|it| it.format),
            tax_id_sample: tax_id.map(|it| it.sample),
            vat_id_regex: Pattern::regex(rules.vat_ids),
            phone_number_regex: rules.phone_regex(),
            is_tax_id_supported: tax_id.is_some(),
            // No account asks for one.
            is_tax_id_optional: true,
            country_calling_codes_list: rules.calling_codes.to_vec(),
            attributes: Attributes::of("CountryInformation"),
        }
    }
}

/// Tells how addresses are written in a country.
#[utoipa::path(
    get,
    path = "/v1/countryvalidationrules/{country}",
    tag = "Validation",
    responses((status = OK, description = "The rules.", body = CountryInformation))
)]
async fn rules(
    State(app): State<AppState>,
    reader: Reader<(CountryCode,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CustomersCreate).await?;
    let rules = rules_of(&reader.ids.0);
    let rules =
        rules.ok_or_else(|| ApiError::not_found("the rules of this country are not known here"))?;
    Ok(Answer::ok(view.position(), CountryInformation::of(rules)))
}

/// Tells whether an address is written as its country writes them.
///
/// Of a country without known rules it is when it has the parts that every address has.
#[utoipa::path(
    post,
    path = "/v1/validations/address",
    tag = "Validation",
    request_body = AddressToValidate,
    responses((status = OK, description = "It is; there is no body."))
)]
async fn validate(
    State(app): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> Result<Response, ApiError> {
    app.allow(caller.principal(), Permission::CustomersCreate).await?;
    let country: CountryCode = body.required("country")?;
    let of_lines = |error: ApiError| ApiError { code: ADDRESS_CODE, ..error };
    body.required::<AddressLine>("addressLine1").map_err(of_lines)?;
    body.optional::<AddressLine>("addressLine2").map_err(of_lines)?;
    for name in ["firstName", "lastName"] {
        body.optional::<PersonName>(name).map_err(of_lines)?;
    }
    let text = |name: &str| body.plain::<String>(name).map_err(of_lines);
    let (city, state) = (text("city")?, text("state")?);
    let (postal_code, phone_number) = (text("postalCode")?, text("phoneNumber")?);
    let address = AddressParts {
        city: city.as_deref(),
        state: state.as_deref(),
        postal_code: postal_code.as_deref(),
        phone_number: phone_number.as_deref(),
    };
    match rules_of(&country).and_then(|rules| rules.fault(&address)) {
        None => Ok(StatusCode::OK.into_response()),
        Some(fault) => Err(of_lines(ApiError::invalid(fault.field, fault.reason))),
    }
}
