//! How addresses are written in a country, and whether one is written so.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use commands::Permission;
use events::{AddressLine, CountryCode, PersonName};
use serde::Serialize;
use serde_json::{Value, json};

use super::{reading::Reader, wire::Answer};
use crate::{
    countries::{AddressParts, CountryRules, Pattern, rules_of},
    http::{ApiError, AppState, Caller, JsonBody},
};

/// The contract's code for an address that does not hold.
const ADDRESS_CODE: u32 = 2007;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/countryvalidationrules/{country}", get(rules))
        .route("/v1/validations/address", post(validate))
}

/// The rules of a country as the contract shapes them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CountryInformation {
    iso2_code: &'static str,
    default_culture: &'static str,
    is_state_required: bool,
    supported_states_list: &'static [&'static str],
    supported_languages_list: Vec<&'static str>,
    supported_cultures_list: &'static [&'static str],
    is_postal_code_required: bool,
    postal_code_regex: Option<String>,
    is_city_required: bool,
    is_vat_id_supported: bool,
    tax_id_format: Option<&'static str>,
    tax_id_sample: Option<&'static str>,
    vat_id_regex: Option<String>,
    phone_number_regex: String,
    is_tax_id_supported: bool,
    is_tax_id_optional: bool,
    country_calling_codes_list: &'static [&'static str],
    attributes: Value,
}

impl CountryInformation {
    fn of(rules: &'static CountryRules) -> Self {
        let tax_id = rules.tax_id;
        Self {
            iso2_code: rules.iso2,
            default_culture: rules.default_culture(),
            is_state_required: !rules.states.is_empty(),
            supported_states_list: rules.states,
            supported_languages_list: rules.languages(),
            supported_cultures_list: rules.cultures,
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
            country_calling_codes_list: rules.calling_codes,
            attributes: json!({ "objectType": "CountryInformation" }),
        }
    }
}

async fn rules(
    State(app): State<AppState>,
    reader: Reader<(CountryCode,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CustomersCreate).await?;
    let rules = rules_of(&reader.ids.0);
    let rules =
        rules.ok_or_else(|| ApiError::not_found("the rules of this country are not known here"))?;
    let body = serde_json::to_value(CountryInformation::of(rules));
    Ok(Answer::ok(view.position(), body.map_err(|_| ApiError::internal())?))
}

/// 200 without a body where the address holds. Of a country without known rules it does when it has
/// the parts that every address has.
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
