//! The customer's own side: a signed-in user of a customer, with what it may do there now.

use std::sync::Arc;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use commands::{CompanyPermission, Rejection};
use events::{CustomerId, CustomerUserId};
use maud::Markup;
use projections::{CustomerRow, ReadModel};

use super::{
    error::PageError,
    forms::{Faults, Fields, mendable},
    layout,
    own_frame::OwnFrame,
    signed_in::Somebody,
    submitted::OwnForm,
};
use crate::{
    application::{Call, CommandError, Outcome, Principal, UseCase},
    http::AppState,
};

/// Where the customer's own side starts, and what it is called.
pub(super) const HOME: &str = "/company";
pub(super) const HOME_TITLE: &str = "My company";

/// A signed-in user of a customer, and the read model of now.
pub(super) struct OwnCompany {
    pub(super) somebody: Somebody,
    pub(super) customer: CustomerId,
    pub(super) user: CustomerUserId,
    pub(super) model: Arc<ReadModel>,
    permissions: Vec<CompanyPermission>,
}

impl OwnCompany {
    /// The side of somebody who is a user of a customer.
    ///
    /// # Errors
    /// For everybody else, and who must choose another password first.
    pub(super) async fn of(somebody: Somebody) -> Result<Self, PageError> {
        let somebody = somebody.settled()?;
        let principal = somebody.authenticated.principal;
        let Principal::CustomerUser { customer, user } = principal else {
            return Err((&Rejection::ActorNotAllowed).into());
        };
        let app = &somebody.app;
        let mut permissions = Vec::new();
        for permission in CompanyPermission::ALL {
            if app.holds_in_company(principal, customer, *permission).await? {
                permissions.push(*permission);
            }
        }
        let model = app.models().current();
        Ok(Self { somebody, customer, user, model, permissions })
    }

    /// The application.
    pub(super) const fn app(&self) -> &AppState {
        &self.somebody.app
    }

    /// Whether the user's roles allow something: decides what is drawn. What is done is authorised
    /// again.
    pub(super) fn may(&self, permission: CompanyPermission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Demands a permission by the roles of now.
    pub(super) async fn allow(&self, permission: CompanyPermission) -> Result<(), PageError> {
        let principal = self.somebody.authenticated.principal;
        self.app().allow_in_company(principal, self.customer, permission).await?;
        Ok(())
    }

    /// The company.
    pub(super) fn row(&self) -> Result<&CustomerRow, PageError> {
        let row = self.model.customers().get(self.customer);
        row.ok_or_else(|| PageError::not_found("your company is not there yet"))
    }

    /// The frame of the company's start.
    pub(super) fn frame(&self) -> OwnFrame<'_> {
        OwnFrame::new(&self.somebody, HOME_TITLE, self.name())
    }

    /// The frame of a page below it.
    pub(super) fn inner_frame<'a>(&'a self, title: &'a str) -> OwnFrame<'a> {
        OwnFrame::new(&self.somebody, title, self.name()).under(HOME_TITLE, HOME)
    }

    fn name(&self) -> &str {
        let row = self.model.customers().get(self.customer);
        row.map_or("", |row| row.company_name.as_str())
    }
}

impl FromRequestParts<AppState> for OwnCompany {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, PageError> {
        Self::of(Somebody::from_request_parts(parts, app).await?).await
    }
}

/// A form of the customer's own side.
pub(super) struct CompanyForm {
    pub(super) company: OwnCompany,
    pub(super) fields: Fields,
    call: Call,
}

impl FromRequest<AppState> for CompanyForm {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, PageError> {
        let form = OwnForm::from_request(request, app).await?;
        let call = form.call();
        let OwnForm { somebody, fields, .. } = form;
        Ok(Self { company: OwnCompany::of(somebody).await?, fields, call })
    }
}

impl CompanyForm {
    /// The call the form makes. Sent twice it counts once.
    pub(super) const fn call(&self) -> &Call {
        &self.call
    }

    /// Carries a command out; a refusal that can be mended on the form comes back as faults.
    pub(super) async fn execute<U: UseCase>(
        &self,
        use_case: &U,
    ) -> Result<Result<Outcome, Faults>, CommandError> {
        let app = self.company.app();
        mendable(app.execute(&self.call, use_case).await, app.catalogue())
    }

    /// Goes back to the start of the side, which says what was done, or why nothing was.
    pub(super) fn home(&self, note: Markup) -> Response {
        let somebody = &self.company.somebody;
        somebody.app.sessions().leave_note(&somebody.key, note.into_string());
        Redirect::to(HOME).into_response()
    }

    /// Goes back to the start of the side, which says that something was done.
    pub(super) fn done(&self, note: &str) -> Response {
        self.home(layout::done(note))
    }
}
