//! Requests that change something: who asks, for what, why, and under which idempotency key.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header},
};
use commands::Permission;
use events::{CustomerId, PartnerId};

use super::{
    path_ids::{Ids, PathIds},
    query::Query,
    reading::View,
};
use crate::{
    application::{Call, Outcome, UseCase},
    http::{ApiError, AppState, Asking, Caller, JsonBody},
};

/// How much longer than the command itself an answer waits for the read model.
const WAIT_SECONDS_MAX: u64 = 5;

/// A request that changes something, by default of somebody on the side of a partner.
pub(super) struct Writer<I = (), C = Caller> {
    /// Who asks.
    pub(super) caller: C,
    /// The identifiers in the path.
    pub(super) ids: I,
    /// What is asked for; an empty object where the request has no body.
    pub(super) body: JsonBody,
    /// The parameters.
    pub(super) query: Query,
    /// The tag in the header, without quotes.
    if_match: Option<String>,
    raw_query: String,
}

impl<I: PathIds + Send, C: Asking> FromRequest<AppState> for Writer<I, C> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let caller = C::from_request_parts(&mut parts, app).await?;
        let Ids(ids) = Ids::from_request_parts(&mut parts, app).await?;
        let query = Query::of(&parts.uri)?;
        let raw_query = parts.uri.query().unwrap_or_default().to_owned();
        let if_match = known_version(&parts.headers)?;
        let body = JsonBody::from_request(Request::from_parts(parts, body), app).await?;
        Ok(Self { caller, ids, body, query, if_match, raw_query })
    }
}

impl<I, C: Asking> Writer<I, C> {
    /// The version of the resource that the caller knows: from the header, else from the body.
    ///
    /// # Errors
    /// When the tag in the body is no text.
    pub(super) fn known_tag(&self) -> Result<Option<String>, ApiError> {
        if let Some(tag) = &self.if_match {
            return Ok(Some(tag.clone()));
        }
        let Some(attributes) = self.body.object("attributes")? else { return Ok(None) };
        let tag: Option<String> = attributes.plain("etag")?;
        Ok(tag.map(|tag| unquoted(&tag).to_owned()).filter(|tag| !tag.is_empty()))
    }

    /// The call the request makes, with its idempotency key, why, ticket and approval.
    ///
    /// # Errors
    /// When why, ticket or approval are not acceptable.
    pub(super) fn call(&self, app: &AppState) -> Result<Call, ApiError> {
        self.call_part(app, "")
    }

    /// Carries out what the request asks for.
    ///
    /// # Errors
    /// When it is refused or cannot be done.
    pub(super) async fn execute(
        &self,
        app: &AppState,
        use_case: &impl UseCase,
    ) -> Result<Outcome, ApiError> {
        Ok(app.execute(&self.call(app)?, use_case).await?)
    }

    /// Carries out one of several things the request asks for; `part` tells them apart.
    ///
    /// # Errors
    /// When it is refused or cannot be done.
    pub(super) async fn execute_part(
        &self,
        app: &AppState,
        part: &str,
        use_case: &impl UseCase,
    ) -> Result<Outcome, ApiError> {
        Ok(app.execute(&self.call_part(app, part)?, use_case).await?)
    }

    /// One of several calls the request makes; `part` tells them apart.
    ///
    /// # Errors
    /// When why, ticket or approval are not acceptable.
    pub(super) fn call_part(&self, app: &AppState, part: &str) -> Result<Call, ApiError> {
        self.explained(self.caller.call_part(app, &self.digested(), part))
    }

    /// What tells a repeat from another request under the same idempotency key.
    fn digested(&self) -> Bytes {
        if self.raw_query.is_empty() {
            return self.body.bytes.clone();
        }
        [self.raw_query.as_bytes(), b"\n", &self.body.bytes].concat().into()
    }

    /// Adds why, under which ticket, and who approved it.
    fn explained(&self, call: Call) -> Result<Call, ApiError> {
        let reason = self.body.optional("reason")?;
        let ticket = self.body.optional("ticket")?;
        let approved_by = self.body.optional("approvedBy")?;
        Ok(Call {
            reason: reason.map_or_else(|| self.query.optional("reason"), |it| Ok(Some(it)))?,
            ticket: ticket.map_or_else(|| self.query.optional("ticket"), |it| Ok(Some(it)))?,
            approved_by: approved_by
                .map_or_else(|| self.query.optional("approvedBy"), |it| Ok(Some(it)))?,
            ..call
        })
    }
}

impl<I> Writer<I> {
    /// The caller's partner.
    pub(super) const fn partner(&self) -> PartnerId {
        self.caller.partner
    }

    /// What the caller sees once the outcome is visible. Should the read model not come that far in
    /// time, then what is visible by now: the command itself is done.
    ///
    /// A repeat is answered without deciding anew, so it demands the permission here: what the
    /// caller may not see any more it does not see by asking again.
    ///
    /// # Errors
    /// When a repeat comes from a caller without the permission.
    pub(super) async fn view_after(
        &self,
        app: &AppState,
        outcome: &Outcome,
        permission: Permission,
    ) -> Result<View, ApiError> {
        if outcome.replayed {
            app.allow(self.caller.principal(), permission).await?;
        }
        Ok(self.open_after(app, outcome).await)
    }

    /// What the caller sees of one customer once the outcome is visible, as [`Self::view_after`].
    ///
    /// # Errors
    /// When a repeat comes from a caller without the permission or the way to the customer.
    pub(super) async fn customer_view_after(
        &self,
        app: &AppState,
        customer: CustomerId,
        outcome: &Outcome,
        permission: Permission,
    ) -> Result<View, ApiError> {
        if outcome.replayed {
            app.allow_customer(self.caller.principal(), customer, permission).await?;
        }
        Ok(self.open_after(app, outcome).await)
    }

    async fn open_after(&self, app: &AppState, outcome: &Outcome) -> View {
        let wait = Duration::from_secs(WAIT_SECONDS_MAX);
        let model = app.models().wait_for(outcome.position, wait).await;
        let model = model.unwrap_or_else(|_| app.models().current());
        View { model, at: app.now(), partner: self.partner() }
    }
}

/// The version that the header names; none where it is content with any. One that is no text was
/// never given out here, and must not pass for none.
fn known_version(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let tag = value.to_str().map_err(|_| ApiError::invalid("If-Match", "must be a tag"))?;
    Ok(Some(unquoted(tag)).filter(|tag| *tag != "*").map(str::to_owned))
}

fn unquoted(tag: &str) -> &str {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_is_no_text_does_not_pass_for_none() {
        let known = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, header::HeaderValue::from_bytes(value).unwrap());
            known_version(&headers)
        };
        assert_eq!(known(b"*").unwrap(), None);
        assert_eq!(known(b"\"7\"").unwrap().as_deref(), Some("7"));
        assert_eq!(known(b"\xff").unwrap_err().data[1], "If-Match");
    }

    #[test]
    fn a_tag_is_taken_with_and_without_quotes() {
        assert_eq!(unquoted("\"abc\""), "abc");
        assert_eq!(unquoted(" abc "), "abc");
        assert_eq!(unquoted("W/\"abc\""), "abc");
    }
}
