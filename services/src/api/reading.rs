//! Requests that read: who asks, for which list or thing, as of when, and what it may see of it.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use commands::{CustomerAccess, Permission, Rejection};
use events::{CustomerId, Opened, PartnerId, PersonalData, Position, Timestamp};
use projections::{CustomerRow, PartnerRow, PersonalHandle, ReadModel};
use store::ReadError;

use super::{
    paging::{ListName, Seek},
    path_ids::{Ids, PathIds},
    query::Query,
};
use crate::{
    application::{Application, AsOf},
    http::{ApiError, AppState, Asking, Caller},
};

/// The log position that an answer must at least show.
const AT_LEAST_POSITION: &str = "X-At-Least-Position";
/// How long an answer waits for that position; then it shows how far it has come.
const WAIT_MILLISECONDS_MAX: u64 = 1_000;

/// Which moment an answer shows: that asked for, or now, at a position at least.
struct Moment {
    as_of: Option<AsOf>,
    at_least: Option<Position>,
}

impl Moment {
    /// Reads what a request says of it; a list that is gone on with says it in its token.
    ///
    /// # Errors
    /// When a moment or position is none.
    fn of(query: &Query, headers: &HeaderMap) -> Result<Self, ApiError> {
        let as_of = query.text("asOf").map(str::parse::<AsOf>).transpose();
        let as_of = as_of.map_err(|error| ApiError::invalid("asOf", error.to_string()))?;
        let at_least = headers.get(AT_LEAST_POSITION).map(|value| {
            let number = value.to_str().ok().and_then(|text| text.trim().parse().ok());
            number.map(Position::new).ok_or_else(|| {
                ApiError::invalid(AT_LEAST_POSITION, "must be a position of the log")
            })
        });
        Ok(Self { as_of, at_least: at_least.transpose()? })
    }

    /// Everything at that moment, and the moment itself. Who asks must be allowed to, now.
    ///
    /// # Errors
    /// When the moment cannot be shown.
    async fn open(&self, app: &AppState) -> Result<(Arc<ReadModel>, Timestamp), ApiError> {
        if let Some(position) = self.at_least {
            let wait = Duration::from_millis(WAIT_MILLISECONDS_MAX);
            drop(app.models().wait_for(position, wait).await);
        }
        Ok(app.model(self.as_of).await?)
    }
}

/// A request that reads, by default of somebody on the side of a partner.
pub(super) struct Reader<I = (), C = Caller> {
    /// Who asks.
    pub(super) caller: C,
    /// The identifiers in the path.
    pub(super) ids: I,
    /// The list that is read, with its parameters.
    pub(super) seek: Seek,
    moment: Moment,
}

impl<I: PathIds, C: Asking> FromRequestParts<AppState> for Reader<I, C> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let caller = C::from_request_parts(parts, app).await?;
        let Ids(ids) = Ids::from_request_parts(parts, app).await?;
        let name = ListName { path: parts.uri.path().to_owned(), reader: caller.company() };
        let seek = Seek::of(app, name, Query::of(&parts.uri)?, &parts.headers)?;
        let moment = Moment::of(&seek.query, &parts.headers)?;
        Ok(Self { caller, ids, seek, moment })
    }
}

impl<I, C> Reader<I, C> {
    /// The parameters.
    pub(super) const fn query(&self) -> &Query {
        &self.seek.query
    }

    /// Everything at the moment asked for, and that moment. Who asks must be allowed to, now.
    ///
    /// # Errors
    /// When the moment cannot be shown.
    pub(super) async fn model(
        &self,
        app: &AppState,
    ) -> Result<(Arc<ReadModel>, Timestamp), ApiError> {
        self.moment.open(app).await
    }
}

impl<I> Reader<I> {
    /// What a caller with this permission sees.
    ///
    /// # Errors
    /// When the caller does not have it, or the moment asked for cannot be shown.
    pub(super) async fn view(
        &self,
        app: &AppState,
        permission: Permission,
    ) -> Result<View, ApiError> {
        app.allow(self.caller.principal(), permission).await?;
        self.open(app).await
    }

    /// What a caller with this permission sees of one customer.
    ///
    /// # Errors
    /// When the caller does not have it, does not reach the customer, or there was no such customer
    /// at the moment asked for.
    pub(super) async fn customer_view(
        &self,
        app: &AppState,
        customer: CustomerId,
        permission: Permission,
    ) -> Result<CustomerView, ApiError> {
        let access = app.allow_customer(self.caller.principal(), customer, permission).await?;
        let view = self.open(app).await?;
        if view.model.customers().get(customer).is_none() {
            return Err(ApiError::not_found("there was no such customer at that moment"));
        }
        Ok(CustomerView { view, customer, access })
    }

    async fn open(&self, app: &AppState) -> Result<View, ApiError> {
        let (model, at) = self.model(app).await?;
        Ok(View { model, at, partner: self.caller.partner })
    }
}

/// One consistent moment, as one partner sees it.
pub(super) struct View {
    /// Everything at that moment.
    pub(super) model: Arc<ReadModel>,
    /// The moment, for what depends on the time.
    pub(super) at: Timestamp,
    /// The caller's partner.
    pub(super) partner: PartnerId,
}

impl View {
    /// Everything at that moment, and when that was.
    pub(super) fn moment(&self) -> (&ReadModel, Timestamp) {
        (&self.model, self.at)
    }

    /// The account of the caller's partner.
    ///
    /// # Errors
    /// When there was none yet at that moment.
    pub(super) fn own(&self) -> Result<&PartnerRow, ApiError> {
        self.model.partners().get(self.partner).ok_or_else(|| {
            let description = "there was no such partner yet at that moment".to_owned();
            ApiError { description, ..(&Rejection::PartnerNotFound).into() }
        })
    }

    /// Where in the log the moment lies.
    pub(super) fn position(&self) -> Position {
        self.model.position()
    }
}

/// One customer at one consistent moment.
pub(super) struct CustomerView {
    /// The moment.
    pub(super) view: View,
    /// The customer.
    pub(super) customer: CustomerId,
    /// In which capacity the caller's partner reaches it now.
    pub(super) access: CustomerAccess,
}

impl CustomerView {
    /// The customer's account.
    ///
    /// # Errors
    /// When there was none at that moment.
    pub(super) fn row(&self) -> Result<&CustomerRow, ApiError> {
        let row = self.view.model.customers().get(self.customer);
        row.ok_or_else(|| ApiError::not_found("there was no such customer at that moment"))
    }

    /// Whether the caller sees what this partner sold to the customer.
    pub(super) fn sees_sales_of(&self, app: &AppState, seller: PartnerId) -> bool {
        app.sees_sales(self.view.partner, self.customer, seller)
    }
}

/// Opens personal data that a view points at.
///
/// # Errors
/// When the log cannot be read.
pub(super) async fn open<T: PersonalData>(
    app: &Application,
    handle: &PersonalHandle,
) -> Result<Opened<T>, ReadError> {
    app.vault().open(handle).await
}

/// Says that personal data is not shown because it cannot be: it was erased, or its key is missing.
pub(super) const fn personal_state<T>(opened: &Opened<T>) -> Option<&'static str> {
    match opened {
        Opened::Readable(_) => None,
        Opened::Erased(_) => Some("erased"),
        Opened::KeyUnavailable => Some("unavailable"),
    }
}

/// The data, where it can be shown.
pub(super) const fn readable<T>(opened: &Opened<T>) -> Option<&T> {
    match opened {
        Opened::Readable(data) => Some(data),
        Opened::Erased(_) | Opened::KeyUnavailable => None,
    }
}
