//! A form that was sent: accepted only from our own page, within the session it was drawn for.

use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Request},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use commands::Catalogue;
use events::{Client, PartnerUserId, Reason, Ticket};
use maud::Markup;
use subtle::ConstantTimeEq;

use super::{
    error::PageError,
    forms::{Faults, Fields, mendable},
    layout, multipart,
    screen::Screen,
    security,
    signed_in::Somebody,
};
use crate::{
    application::{Call, CommandError, Idempotency, Outcome, UseCase},
    auth::Session,
    http::{AppState, RawBody},
};

/// The hidden field that proves that the form came from a page of the session.
pub(super) const FORM_KEY: &str = "form_key";
/// The hidden field that tells a form sent twice from two forms.
pub(super) const SUBMISSION: &str = "submission";

/// A form with its screen, which shows now.
pub(super) struct Submitted {
    pub(super) screen: Screen,
    pub(super) fields: Fields,
    /// The file that came with the form; empty where none was chosen.
    pub(super) file: Vec<u8>,
}

impl FromRequest<AppState> for Submitted {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        if !security::is_from_here(&parts.headers) {
            return Err(PageError::forbidden("the form came from a page of another site"));
        }
        let screen = Screen::from_request_parts(&mut parts, app).await?;
        let session = &screen.visitor.session;
        let (fields, file) = own_fields(Request::from_parts(parts, body), app, session).await?;
        Ok(Self { screen, fields, file })
    }
}

/// A form of anybody who is signed in, on whichever side.
pub(super) struct OwnForm {
    pub(super) somebody: Somebody,
    pub(super) fields: Fields,
    path: String,
}

impl FromRequest<AppState> for OwnForm {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        if !security::is_from_here(&parts.headers) {
            return Err(PageError::forbidden("the form came from a page of another site"));
        }
        let somebody = Somebody::from_request_parts(&mut parts, app).await?;
        let path = parts.uri.path().to_owned();
        let request = Request::from_parts(parts, body);
        let (fields, _) = own_fields(request, app, &somebody.session).await?;
        Ok(Self { somebody, fields, path })
    }
}

impl OwnForm {
    /// The call the form makes. Sent twice it counts once, where it was drawn to be told apart.
    pub(super) fn call(&self) -> Call {
        let Somebody { app, session, authenticated, context, .. } = &self.somebody;
        let mut call = Call::new(authenticated.principal, Client::Page, context.correlation_id);
        call.origin.clone_from(&context.origin);
        let submission = Submission { session, path: &self.path, fields: &self.fields, file: b"" };
        call.idempotency = submission.idempotency(app, b"");
        call
    }
}

/// What tells a form that was sent twice from two forms.
struct Submission<'a> {
    session: &'a Session,
    path: &'a str,
    fields: &'a Fields,
    file: &'a [u8],
}

impl Submission<'_> {
    fn idempotency(&self, app: &AppState, part: &[u8]) -> Option<Idempotency> {
        let submission = self.fields.text(SUBMISSION);
        if submission.is_empty() {
            return None;
        }
        let mut content = Vec::new();
        for (name, value) in self.fields.except(&[FORM_KEY, SUBMISSION]) {
            content.extend_from_slice(name.as_bytes());
            content.push(0);
            content.extend_from_slice(value.as_bytes());
            content.push(0);
        }
        content.extend_from_slice(self.file);
        let scope = [
            b"page".as_slice(),
            self.session.form_key.as_bytes(),
            self.path.as_bytes(),
            submission.as_bytes(),
            part,
        ];
        let (commit_id, digest) =
            (app.keys().commit_id(&scope), app.keys().request_digest(&content));
        Some(Idempotency { commit_id, digest })
    }
}

/// The fields of a form and its file, if it was drawn for this session.
async fn own_fields(
    request: Request,
    app: &AppState,
    session: &Session,
) -> Result<(Fields, Vec<u8>), PageError> {
    let content = content(request, app).await;
    let content = content.and_then(|(pairs, file)| Some((Fields::checked(pairs)?, file)));
    let (fields, file) =
        content.ok_or_else(|| PageError::malformed("the form is too long or malformed"))?;
    let expected = session.form_key.as_bytes();
    if bool::from(fields.text(FORM_KEY).as_bytes().ct_eq(expected)) {
        Ok((fields, file))
    } else {
        Err(PageError::forbidden(
            "the form does not belong to your session; go back, reload the page and try again",
        ))
    }
}

/// The fields of a form and its file; `None` when it is too long or malformed.
async fn content(request: Request, app: &AppState) -> Option<(Vec<(String, String)>, Vec<u8>)> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let Some(boundary) = kind.and_then(multipart::boundary).map(str::to_owned) else {
        let Form(pairs) = Form::from_request(request, app).await.ok()?;
        return Some((pairs, Vec::new()));
    };
    let RawBody(body) = RawBody::from_request(request, app).await.ok()?;
    let (mut pairs, mut file) = (Vec::new(), Vec::new());
    for part in multipart::parts(&body, &boundary)? {
        if part.is_file {
            file = part.content.to_vec();
        } else {
            let text = std::str::from_utf8(part.content).ok()?;
            pairs.push((part.name.to_owned(), text.to_owned()));
        }
    }
    Some((pairs, file))
}

impl Submitted {
    /// The call the form makes. Sent twice it counts once; `part` tells the commands of one form
    /// apart.
    pub(super) fn call(&self, part: &[u8]) -> Call {
        let visitor = &self.screen.visitor;
        let mut call = Call::new(visitor.principal(), Client::Page, visitor.context.correlation_id);
        call.origin.clone_from(&visitor.context.origin);
        let Screen { app, path, .. } = &self.screen;
        let (session, fields, file) = (&visitor.session, &self.fields, self.file.as_slice());
        call.idempotency = Submission { session, path, fields, file }.idempotency(app, part);
        call
    }

    /// Adds why, under which ticket, and who approved it.
    pub(super) fn justify(&self, call: &mut Call, faults: &mut Faults) {
        call.reason = self.fields.optional::<Reason>(faults, "reason").flatten();
        call.ticket = self.fields.optional::<Ticket>(faults, "ticket").flatten();
        call.approved_by = self.fields.optional::<PartnerUserId>(faults, "approved_by").flatten();
    }

    /// Carries a command out; a refusal that can be mended on the form comes back as faults.
    pub(super) async fn execute<U: UseCase>(
        &self,
        call: &Call,
        use_case: &U,
    ) -> Result<Result<Outcome, Faults>, CommandError> {
        mendable(self.screen.app.execute(call, use_case).await, self.catalogue())
    }

    /// What can be bought.
    pub(super) fn catalogue(&self) -> &Catalogue {
        self.screen.app.catalogue()
    }

    /// Goes on to a page that says what was done.
    pub(super) fn done(&self, path: &str, note: Markup) -> Response {
        self.screen.app.sessions().leave_note(&self.screen.visitor.key, note.into_string());
        Redirect::to(path).into_response()
    }

    /// Goes back to a page that says why nothing was done.
    pub(super) fn refused(&self, path: &str, faults: &Faults) -> Response {
        self.done(path, layout::faults(faults))
    }
}
