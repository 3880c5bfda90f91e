//! Which application asks, for which partner, and for whom the token is to be.

use axum::http::{HeaderMap, header};
use data_encoding::BASE64;
use events::{ApplicationId, MpnId, PartnerId};
use secrecy::SecretString;

use super::{
    error::Fault,
    form::{Form, decoded},
};
use crate::{
    application::Application,
    auth::{AccessRules, Endpoint},
};

/// What a client shows of itself. An id that is none is kept as such: the answer is the same as for
/// one that nobody has.
pub(super) struct Client {
    pub(super) id: Option<ApplicationId>,
    pub(super) secret: SecretString,
}

impl Client {
    /// Finds out who asks: from the form, or from the header where the form has no id.
    ///
    /// # Errors
    /// When neither says so.
    pub(super) fn of(headers: &HeaderMap, form: &Form) -> Result<Self, Fault> {
        if form.text("client_id").is_none()
            && let Some((id, secret)) = basic(headers)?
        {
            return Ok(Self { id: id.trim().parse().ok(), secret: secret.into() });
        }
        let id = form.required("client_id")?.parse().ok();
        Ok(Self { id, secret: form.secret("client_secret")? })
    }
}

/// Id and secret in the header, each encoded as in a form.
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, Fault> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let encoded = value
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .map(|(_, encoded)| encoded.trim());
    let Some(encoded) = encoded else { return Ok(None) };
    let bytes = BASE64.decode(encoded.as_bytes()).map_err(|_| Fault::Client)?;
    let text = String::from_utf8(bytes).map_err(|_| Fault::Client)?;
    let (id, secret) = text.split_once(':').ok_or(Fault::Client)?;
    Ok(Some((decoded(id)?, decoded(secret)?)))
}

/// The partner that a path names, by its id or its MPN id.
///
/// # Errors
/// When there is none.
pub(super) fn tenant(app: &Application, text: &str) -> Result<PartnerId, Fault> {
    let model = app.models().current();
    let by_id = text.parse::<PartnerId>().ok().and_then(|id| model.partners().get(id));
    let by_mpn_id = || model.partners().by_mpn_id(&MpnId::new(text).ok()?);
    by_id.or_else(by_mpn_id).map(|row| row.id).ok_or(Fault::Tenant)
}

/// For whom the token is to be: a resource at the first endpoint, a scope at the second. Some clients
/// name a scope at the first.
///
/// # Errors
/// When tokens are given for nobody such.
pub(super) fn audience<'a>(
    rules: &'a AccessRules,
    endpoint: Endpoint,
    form: &Form,
    is_renewal: bool,
) -> Result<&'a str, Fault> {
    let usual = rules.audiences.first().map(String::as_str).ok_or(Fault::Failed)?;
    match endpoint {
        Endpoint::V1 => match (form.text("resource"), in_scope(rules, form)) {
            (Some(resource), _) => rules.audience(resource).ok_or(Fault::Resource),
            (None, Some(audience)) => Ok(audience),
            (None, None) if is_renewal => Ok(usual),
            (None, None) => Err(Fault::Missing("resource")),
        },
        Endpoint::V2 => match (form.text("scope"), in_scope(rules, form)) {
            (Some(_), audience) => audience.ok_or_else(|| Fault::Scope(usual.to_owned())),
            (None, _) if is_renewal => Ok(usual),
            (None, _) => Err(Fault::Missing("scope")),
        },
    }
}

/// The first resource for which tokens are given among the scopes that are asked for.
fn in_scope<'a>(rules: &'a AccessRules, form: &Form) -> Option<&'a str> {
    let resource = |scope: &str| Some(scope.rsplit_once('/')?.0.to_owned());
    let mut named = form.text("scope")?.split_ascii_whitespace().filter_map(resource);
    named.find_map(|it| rules.audience(&it))
}

#[cfg(test)]
mod tests {
    use axum::{body::Bytes, http::HeaderValue};

    use super::*;

    fn form(body: &str) -> Form {
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, kind);
        Form::read(&headers, &Bytes::from(body.to_owned())).ok().unwrap()
    }

    fn rules() -> AccessRules {
        let audiences = vec!["https://api.example".to_owned(), "api://second".to_owned()];
        AccessRules { issuer: "https://us.example".to_owned(), audiences, takes_passwords: false }
    }

    fn meant(endpoint: Endpoint, body: &str, is_renewal: bool) -> Result<String, Fault> {
        audience(&rules(), endpoint, &form(body), is_renewal).map(str::to_owned)
    }

    #[test]
    fn a_resource_is_meant_with_and_without_a_slash_at_its_end() {
        for body in ["resource=https://api.example", "resource=https%3A%2F%2Fapi.example%2F"] {
            assert_eq!(meant(Endpoint::V1, body, false).unwrap(), "https://api.example");
        }
        let other = meant(Endpoint::V1, "resource=https://other.example", false);
        assert!(matches!(other, Err(Fault::Resource)));
        assert!(matches!(meant(Endpoint::V1, "", false), Err(Fault::Missing("resource"))));
        assert_eq!(meant(Endpoint::V1, "", true).unwrap(), "https://api.example");
    }

    #[test]
    fn a_scope_is_taken_for_a_resource_where_none_is_named() {
        let scoped = "scope=https://api.example/.default";
        assert_eq!(meant(Endpoint::V1, scoped, false).unwrap(), "https://api.example");
        let both = format!("{scoped}&resource=api://second");
        assert_eq!(meant(Endpoint::V1, &both, false).unwrap(), "api://second");
        let other = meant(Endpoint::V1, "scope=https://other.example/.default", false);
        assert!(matches!(other, Err(Fault::Missing("resource"))));
    }

    #[test]
    fn a_scope_names_its_resource_among_others() {
        for (scope, audience) in [
            ("https://api.example/.default", "https://api.example"),
            ("openid+offline_access+api://second/user_impersonation", "api://second"),
            ("https://api.example//.default", "https://api.example"),
        ] {
            let body = format!("scope={scope}");
            assert_eq!(meant(Endpoint::V2, &body, false).unwrap(), audience);
        }
        for scope in ["openid", "https://other.example/.default", ".default"] {
            let outcome = meant(Endpoint::V2, &format!("scope={scope}"), false);
            assert!(matches!(outcome, Err(Fault::Scope(_))), "{scope}");
        }
    }

    #[test]
    fn a_client_shows_itself_in_the_form_or_in_the_header() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let mut headers = HeaderMap::new();
        let basic = format!("Basic {}", BASE64.encode(format!("{id}:se%3Acret").as_bytes()));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&basic).unwrap());
        let client = Client::of(&headers, &form("")).ok().unwrap();
        assert_eq!(client.id.unwrap().to_string(), id);
        assert_eq!(secrecy::ExposeSecret::expose_secret(&client.secret), "se:cret");
        let body = form("client_id=me&client_secret=x");
        assert!(Client::of(&headers, &body).ok().unwrap().id.is_none());
        let missing = Client::of(&HeaderMap::new(), &form("client_id=me"));
        assert!(matches!(missing, Err(Fault::Missing("client_secret"))));
    }
}
