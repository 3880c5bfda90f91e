//! The customer's own side: its partners, their requests, and what it buys for itself [our own
//! style]. The caller is a signed-in user of the customer.

use axum::{
    Router,
    extract::State,
    routing::{delete, get, post},
};
use commands::{CompanyPermission, EndDelegatedAdmin, Rejection, SubmitOrder};
use events::{BillingCycle, CustomerId, InvitationId, OrderId, PartnerId, PartnerProfile};
use projections::{CustomerRow, ReadModel, RelationshipRequestRow, SubscriptionRow};
use serde_json::{Value, json};

use super::{
    billing::{CYCLES, cycle_word},
    orders::{read_lines, shown as shown_order, submitted},
    partners::shown_partner,
    path_ids::Ids,
    reading::{personal_state, readable},
    subscription_shape::status_word,
    wire::{Answer, attributes, collection, extended},
};
use crate::{
    application::{
        AnswerRelationship, Call, OnCustomer, Principal, RequestAnswer, SupportDetails, UseCase,
    },
    http::{ApiError, AppState, JsonBody, SignedIn},
    ids::fresh,
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/company", get(company))
        .route("/v1/company/relationshiprequests", get(requests))
        .route("/v1/company/relationshiprequests/accept", post(accept))
        .route("/v1/company/relationshiprequests/decline", post(decline))
        .route("/v1/company/partners/{partner}/delegatedadmin", delete(end_privileges))
        .route("/v1/company/orders", post(buy))
        .route("/v1/company/subscriptions", get(subscriptions))
}

/// The company of a signed-in user who may do this there.
pub(super) async fn own(
    app: &AppState,
    caller: &SignedIn,
    permission: CompanyPermission,
) -> Result<CustomerId, ApiError> {
    if caller.authenticated.must_change_password {
        return Err(ApiError::password_must_change());
    }
    let Principal::CustomerUser { customer, .. } = caller.principal() else {
        return Err((&Rejection::ActorNotAllowed).into());
    };
    app.allow_in_company(caller.principal(), customer, permission).await?;
    Ok(customer)
}

fn row(model: &ReadModel, customer: CustomerId) -> Result<&CustomerRow, ApiError> {
    let row = model.customers().get(customer);
    row.ok_or_else(|| ApiError::not_found("the company is not there yet"))
}

async fn company(State(app): State<AppState>, caller: SignedIn) -> Result<Answer, ApiError> {
    let customer = own(&app, &caller, CompanyPermission::CompanyView).await?;
    let model = app.models().current();
    let row = row(&model, customer)?;
    let partners = row.relationships.iter().filter(|bond| bond.active).map(|bond| {
        json!({
            "partner": shown_partner(&model, bond.partner),
            "allowDelegatedAccess": bond.delegated_admin,
            "ownPurchases": row.own_purchases_from(bond.partner).is_some(),
            "since": bond.since,
        })
    });
    let body = json!({
        "id": customer,
        "companyName": row.company_name,
        "domain": row.domain,
        "partners": partners.collect::<Vec<_>>(),
        "attributes": attributes("Company"),
    });
    Ok(Answer::ok(model.position(), body))
}

/// What the company bought, and whom it turns to about it.
async fn subscriptions(State(app): State<AppState>, caller: SignedIn) -> Result<Answer, ApiError> {
    let customer = own(&app, &caller, CompanyPermission::CompanyView).await?;
    let model = app.models().current();
    let mut items = Vec::new();
    for row in model.subscriptions().of(customer) {
        let contact = app.support_details(&model, row).await?;
        items.push(shown_subscription(&model, row, contact.as_ref()));
    }
    Ok(Answer::ok(model.position(), collection(items, "/company/subscriptions")))
}

fn shown_subscription(
    model: &ReadModel,
    row: &SubscriptionRow,
    contact: Option<&SupportDetails<'_>>,
) -> Value {
    json!({
        "id": row.id,
        "offerId": row.offer,
        "friendlyName": row.friendly_name,
        "quantity": row.quantity,
        "billingCycle": cycle_word(row.billing_cycle),
        "status": status_word(row.state),
        "partner": shown_partner(model, row.partner),
        "supportContact": contact.map(shown_contact),
        "creationDate": row.created_at,
        "attributes": attributes("CompanySubscription"),
    })
}

/// The support contact with its support profile, once it has entered one.
fn shown_contact(contact: &SupportDetails<'_>) -> Value {
    let SupportDetails { partner, profile } = contact;
    let details = match profile.as_ref().and_then(readable) {
        Some(PartnerProfile::Support { website, email, phone_number }) => {
            json!({ "website": website, "email": email, "telephone": phone_number })
        }
        Some(
            PartnerProfile::Business { .. }
            | PartnerProfile::LegalBusiness { .. }
            | PartnerProfile::Organization { .. }
            | PartnerProfile::Billing { .. },
        )
        | None => json!({ "website": null, "email": null, "telephone": null }),
    };
    let about = json!({
        "supportTenantId": partner.id,
        "supportMpnId": partner.mpn_id,
        "name": partner.name,
        "personalData": profile.as_ref().and_then(personal_state),
        "attributes": attributes("SupportContact"),
    });
    extended(about, details)
}

async fn requests(State(app): State<AppState>, caller: SignedIn) -> Result<Answer, ApiError> {
    let customer = own(&app, &caller, CompanyPermission::RelationshipsAnswer).await?;
    let model = app.models().current();
    let rows = model.relationship_requests().addressed_to(customer);
    let items = rows.map(|row| shown(&app, &model, row));
    Ok(Answer::ok(model.position(), collection(items, "/company/relationshiprequests")))
}

fn shown(app: &AppState, model: &ReadModel, row: &RelationshipRequestRow) -> Value {
    let now = app.now();
    json!({
        "id": row.invitation,
        "status": row.status(now),
        "statusSince": row.since(now),
        "partner": shown_partner(model, row.partner),
        "allowDelegatedAccess": row.delegated_admin,
        "requestedAt": row.requested_at,
        "expiresAt": row.expires_at,
        "attributes": attributes("RelationshipRequestDetails"),
    })
}

async fn accept(
    State(app): State<AppState>,
    caller: SignedIn,
    body: JsonBody,
) -> Result<Answer, ApiError> {
    answer(&app, &caller, &body, RequestAnswer::Accept).await
}

async fn decline(
    State(app): State<AppState>,
    caller: SignedIn,
    body: JsonBody,
) -> Result<Answer, ApiError> {
    answer(&app, &caller, &body, RequestAnswer::Decline).await
}

/// Answers the request that the body names: by the token of its link, or, where it addresses the
/// company, by its id.
async fn answer(
    app: &AppState,
    caller: &SignedIn,
    body: &JsonBody,
    answer: RequestAnswer,
) -> Result<Answer, ApiError> {
    let customer = own(app, caller, CompanyPermission::RelationshipsAnswer).await?;
    let model = app.models().current();
    let asked = if let Some(id) = body.optional::<InvitationId>("invitationId")? {
        let row = model.relationship_requests().get(id);
        row.filter(|row| row.addressed_to == Some(customer))
    } else {
        let token: String = body.required("token")?;
        let row = app.asked(&model, &token);
        row.map_err(|error| body.wrong("token", format!("is wrong: {error}")))?
    };
    let asked = asked.ok_or_else(|| ApiError::from(&Rejection::InvitationNotFound))?;
    let (id, use_case) = (asked.invitation, AnswerRelationship::to(asked, customer, answer));
    let position = carry_out(app, caller, body, &use_case).await?;
    let model = app.models().current();
    let row = model.relationship_requests().get(id).ok_or_else(ApiError::internal)?;
    Ok(Answer::ok(position, shown(app, &model, row)))
}

async fn carry_out(
    app: &AppState,
    caller: &SignedIn,
    body: &JsonBody,
    use_case: &impl UseCase,
) -> Result<events::Position, ApiError> {
    let call: Call = caller.call_part(app, &body.bytes, "");
    Ok(app.execute(&call, use_case).await?.position)
}

async fn end_privileges(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((partner_id,)): Ids<(PartnerId,)>,
) -> Result<Answer, ApiError> {
    let customer = own(&app, &caller, CompanyPermission::RelationshipsAnswer).await?;
    let use_case = OnCustomer::new(customer, EndDelegatedAdmin { partner_id });
    let position = carry_out(&app, &caller, &JsonBody::default(), &use_case).await?;
    Ok(Answer::done(position))
}

/// The company buys for itself, by the rules of every order.
async fn buy(
    State(app): State<AppState>,
    caller: SignedIn,
    body: JsonBody,
) -> Result<Answer, ApiError> {
    let customer = own(&app, &caller, CompanyPermission::Buy).await?;
    let order_id = fresh(app.now(), OrderId::from_uuid);
    let command = SubmitOrder {
        order_id,
        partner_id: body.required("partnerId")?,
        billing_cycle: CYCLES.read_member(&body)?.unwrap_or(BillingCycle::Monthly),
        lines: read_lines(&app, &body)?,
    };
    let call: Call = caller.call_part(&app, &body.bytes, "");
    let outcome = app.execute(&call, &OnCustomer::new(customer, command)).await?;
    let order = outcome.find(submitted).ok_or_else(ApiError::internal)?;
    let body = shown_order(&app, &app.models().current(), customer, order)?;
    Ok(Answer::created(outcome.position, body))
}
