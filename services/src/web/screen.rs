//! What a page is drawn from: who looks, at which moment, and the read model of that moment.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Query},
    http::{Method, request::Parts},
};
use commands::{CustomerAccess, Permission};
use events::{CustomerId, Timestamp};
use projections::{CustomerRow, ReadModel};

use super::{error::PageError, forms::Fields, paths, signed_in::Visitor};
use crate::{
    application::{AsOf, Disclosure},
    http::AppState,
};

/// The parameter that names a moment of the past.
pub(super) const AS_OF: &str = "as_of";

/// One consistent moment as one visitor sees it.
pub(super) struct Screen {
    pub(super) app: AppState,
    pub(super) visitor: Visitor,
    /// What the visitor may see of recorded events.
    pub(super) disclosure: Disclosure,
    pub(super) path: String,
    pub(super) query: Fields,
    pub(super) model: Arc<ReadModel>,
    /// The moment asked for; `None` is now.
    pub(super) as_of: Option<AsOf>,
    /// The moment by the clock: restore windows are open or closed at it.
    pub(super) at: Timestamp,
}

impl Screen {
    /// Whether it shows the past: then nothing can be changed.
    pub(super) const fn is_past(&self) -> bool {
        self.as_of.is_some()
    }

    /// Whether the visitor's roles let it see something.
    pub(super) fn sees(&self, permission: Permission) -> bool {
        self.visitor.may(permission)
    }

    /// Whether a form for something is offered: never in the past.
    pub(super) fn can(&self, permission: Permission) -> bool {
        !self.is_past() && self.visitor.may(permission)
    }

    /// Demands a permission by the rights of now.
    pub(super) async fn allow(&self, permission: Permission) -> Result<(), PageError> {
        self.app.allow(self.visitor.principal(), permission).await?;
        Ok(())
    }

    /// Demands a permission and the way to a customer by the rights of now.
    pub(super) async fn allow_customer(
        &self,
        customer: CustomerId,
        permission: Permission,
    ) -> Result<CustomerAccess, PageError> {
        let principal = self.visitor.principal();
        Ok(self.app.allow_customer(principal, customer, permission).await?)
    }

    /// The customer at the moment shown.
    pub(super) fn customer(&self, id: CustomerId) -> Result<&CustomerRow, PageError> {
        self.model.customers().get(id).ok_or_else(|| {
            PageError::not_found("there was no such customer at the moment you are looking at")
        })
    }

    /// A link to another page of the same moment.
    pub(super) fn link(&self, path: &str) -> String {
        self.link_with(path, &[])
    }

    /// A link with parameters to another page of the same moment.
    pub(super) fn link_with(&self, path: &str, parameters: &[(&str, &str)]) -> String {
        let moment = self.as_of.map(|moment| moment.to_string()).unwrap_or_default();
        let mut all = parameters.to_vec();
        all.push((AS_OF, &moment));
        paths::with_parameters(path, &all)
    }
}

impl FromRequestParts<AppState> for Screen {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, PageError> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).ok();
        let query = query.and_then(|Query(pairs)| Fields::checked(pairs));
        let query = query.ok_or_else(|| PageError::malformed("the address is malformed"))?;
        // What a form changes, it changes now.
        let asked = if parts.method == Method::POST { "" } else { query.text(AS_OF) };
        let as_of = Some(asked).filter(|text| !text.is_empty()).map(str::parse::<AsOf>);
        let as_of = as_of.transpose();
        let as_of = as_of.map_err(|error| PageError::malformed(format!("the moment {error}")))?;
        let (model, at) = app.model(as_of).await?;
        let disclosure = app.disclosure(visitor.partner, visitor.permissions.clone());
        let path = parts.uri.path().to_owned();
        Ok(Self { app: Arc::clone(app), visitor, disclosure, path, query, model, as_of, at })
    }
}
