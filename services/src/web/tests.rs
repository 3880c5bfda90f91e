//! The pages from outside: who gets in, what a form must bring, what an answer carries.

mod sales;
mod users;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use commands::{
    DeleteCustomerUsers, DeletePartnerUser, NewPartnerUser, RegisterPartner, RevokeToken,
};
use events::{
    Client, CorrelationId, InstallationId, PartnerId, PartnerKind, PartnerUserId,
    PartnerUserProfile, Timestamp, TokenId,
};
use projections::{ProjectionRunner, RunnerOptions};
use secrecy::ExposeSecret;
use store::{EventStore, ManualClock, MemoryStore};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::{
    application::{Application, Call, OnCustomer, OnPartner, Principal, UserToCreate},
    auth::{new_temporary_password, new_token},
    ids,
    keys::KeyDirectory,
    sample::sample_catalogue,
};

/// An installation in memory with one provider, its global admin and a token of the admin.
struct Pages {
    app: Arc<Application>,
    clock: Arc<ManualClock>,
    router: Router,
    partner: PartnerId,
    admin: PartnerUserId,
    token: TokenId,
    token_text: String,
    _keys: tempfile::TempDir,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The value of a hidden field of the page.
    fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&start).unwrap_or_else(|| panic!("no {name}"));
        rest.split_once('"').unwrap().0.to_owned()
    }
}

impl Pages {
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH.plus_hours(500_000)));
        let store: Arc<dyn EventStore> =
            Arc::new(MemoryStore::new(Arc::<ManualClock>::clone(&clock)));
        let directory = tempfile::tempdir().unwrap();
        let keys = Arc::new(KeyDirectory::create(&directory.path().join("keys")).unwrap());
        let (runner, models) = ProjectionRunner::new(Arc::clone(&store), RunnerOptions::default());
        tokio::spawn(runner.run(CancellationToken::new()));
        let now = store::Clock::now(&*clock);
        let installation = ids::fresh(now, InstallationId::from_uuid);
        let clocks = Arc::<ManualClock>::clone(&clock);
        let app = Application::new(store, keys, clocks, models, sample_catalogue(), installation);
        let app = Arc::new(app);
        let (partner, admin) = register(&app).await;
        let (token, token_text) = issue(&app, partner, admin).await;
        let router = super::router().with_state(Arc::clone(&app));
        Self { app, clock, router, partner, admin, token, token_text, _keys: directory }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Answer {
        self.post_from(path, cookie, form, "http://log.example").await
    }

    async fn post_from(
        &self,
        path: &str,
        cookie: &str,
        form: &[(&str, &str)],
        origin: &str,
    ) -> Answer {
        let pairs: Vec<_> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", super::paths::encode(value)))
            .collect();
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::HOST, "log.example")
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(pairs.join("&"))).unwrap()).await
    }

    /// Fills in the form for a customer and sends it.
    async fn create_customer(&self, cookie: &str) {
        let key = self.get("/customers/new", cookie).await.hidden("form_key");
        let mut form = CUSTOMER.to_vec();
        form.push(("form_key", &key));
        assert_eq!(self.post("/customers", cookie, &form).await.status, StatusCode::OK);
    }

    /// Signs in; gives the cookie.
    async fn sign_in(&self) -> String {
        let answer = self.post("/sign-in", "", &[("token", &self.token_text)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.header(header::SET_COOKIE).split(';').next().unwrap().to_owned()
    }
}

fn operator(app: &Application) -> Call {
    let correlation = ids::fresh(app.now(), CorrelationId::from_uuid);
    Call::new(Principal::Operator, Client::CommandLine, correlation)
}

async fn register(app: &Application) -> (PartnerId, PartnerUserId) {
    let password = new_temporary_password(app.now()).unwrap();
    let partner = ids::fresh(app.now(), PartnerId::from_uuid);
    let admin = ids::fresh(app.now(), PartnerUserId::from_uuid);
    let profile = PartnerUserProfile {
        full_name: "Ana Lima".parse().unwrap(),
        email: "ana@fabrikam.example".parse().unwrap(),
    };
    let command = RegisterPartner {
        partner_id: partner,
        kind: PartnerKind::IndirectProvider,
        name: "Fabrikam".parse().unwrap(),
        country: "US".parse().unwrap(),
        mpn_id: "4200001".parse().unwrap(),
        admin: NewPartnerUser {
            user_id: admin,
            sign_in_name: app.keys().sign_in_name_hash(&profile.email),
            credential_id: password.id,
            password_expires_at: password.expires_at,
            profile,
        },
    };
    let use_case = OnPartner::with_password(partner, command, &password).unwrap();
    app.execute(&operator(app), &use_case).await.unwrap();
    (partner, admin)
}

async fn issue(app: &Application, partner: PartnerId, user: PartnerUserId) -> (TokenId, String) {
    let token_id = ids::fresh(app.now(), TokenId::from_uuid);
    let (text, credential) = new_token(token_id).unwrap();
    let expires_at = app.now().plus_hours(1_000);
    let command = commands::IssueToken { token_id, user_id: user, expires_at };
    let use_case = OnPartner::with_credential(partner, command, credential);
    app.execute(&operator(app), &use_case).await.unwrap();
    (token_id, text.expose_secret().to_owned())
}

const CUSTOMER: [(&str, &str); 10] = [
    ("company_name", "Contoso"),
    ("domain", "contoso.example"),
    ("country", "US"),
    ("culture", "en-US"),
    ("language", "en"),
    ("first_name", "Cleo"),
    ("last_name", "Adams"),
    ("email", "cleo@contoso.example"),
    ("line1", "1 Main St"),
    ("city", "Redmond"),
];

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_the_sign_in_and_back() {
    let pages = Pages::new().await;
    let answer = pages.get("/customers?q=a", "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header(header::LOCATION), "/sign-in?next=%2Fcustomers%3Fq%3Da");
    let form = [("token", pages.token_text.as_str()), ("next", "/customers?q=a")];
    let answer = pages.post("/sign-in", "", &form).await;
    assert_eq!(answer.header(header::LOCATION), "/customers?q=a");
    let form = [("token", pages.token_text.as_str()), ("next", "//evil.example")];
    let answer = pages.post("/sign-in", "", &form).await;
    assert_eq!(answer.header(header::LOCATION), "/");
}

#[tokio::test]
async fn a_bearer_token_opens_no_page() {
    let pages = Pages::new().await;
    let request = Request::get("/customers")
        .header(header::AUTHORIZATION, format!("Bearer {}", pages.token_text));
    let answer = pages.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn every_answer_forbids_foreign_content_frames_and_caches() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    for path in ["/sign-in?next=/customers", "/customers", "/customers/nobody"] {
        let answer = pages.get(path, &cookie).await;
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_form_is_taken_only_from_a_page_of_its_own_session() {
    let pages = Pages::new().await;
    let (cookie, other) = (pages.sign_in().await, pages.sign_in().await);
    let foreign_key = pages.get("/customers/new", &other).await.hidden("form_key");
    let own_key = pages.get("/customers/new", &cookie).await.hidden("form_key");
    let with_key = |key| {
        let mut form = CUSTOMER.to_vec();
        form.push(("form_key", key));
        form
    };
    for form in [CUSTOMER.to_vec(), with_key(&foreign_key)] {
        let answer = pages.post("/customers", &cookie, &form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let own = with_key(&own_key);
    let answer = pages.post_from("/customers", &cookie, &own, "https://evil.example").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(pages.app.models().current().customers().len(), 0);
    assert_eq!(pages.post("/customers", &cookie, &own).await.status, StatusCode::OK);
    assert_eq!(pages.app.models().current().customers().len(), 1);
}

#[tokio::test]
async fn a_form_sent_twice_counts_once_and_shows_its_password_once() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    let page = pages.get("/customers/new", &cookie).await;
    let (key, submission) = (page.hidden("form_key"), page.hidden("submission"));
    let mut form = CUSTOMER.to_vec();
    form.extend([("form_key", key.as_str()), ("submission", submission.as_str())]);
    let first = pages.post("/customers", &cookie, &form).await;
    assert!(first.body.contains("id=\"credential-password\""));
    let second = pages.post("/customers", &cookie, &form).await;
    assert_eq!(second.status, StatusCode::OK);
    assert!(second.body.contains("shown before"));
    assert!(!second.body.contains("id=\"credential-password\""));
    assert_eq!(pages.app.models().current().customers().len(), 1);
}

#[tokio::test]
async fn a_faulty_form_comes_back_with_what_was_typed_and_changes_nothing() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    let key = pages.get("/customers/new", &cookie).await.hidden("form_key");
    let mut form = CUSTOMER.to_vec();
    form.push(("form_key", &key));
    form[1] = ("domain", "no dots");
    let answer = pages.post("/customers", &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("value=\"no dots\"") && answer.body.contains("value=\"Contoso\""));
    assert!(answer.body.contains("must be a full domain name"));
    assert_eq!(pages.app.models().current().customers().len(), 0);
}

#[tokio::test]
async fn a_revoked_token_ends_its_sessions_at_once() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    assert_eq!(pages.get("/customers", &cookie).await.status, StatusCode::OK);
    let command = RevokeToken { token_id: pages.token, user_id: pages.admin };
    let use_case = OnPartner::new(pages.partner, command);
    pages.app.execute(&operator(&pages.app), &use_case).await.unwrap();
    assert_eq!(pages.get("/customers", &cookie).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_past_offers_no_form_that_changes_anything() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    pages.create_customer(&cookie).await;
    let model = pages.app.models().current();
    let customer = model.customers().iter().next().unwrap().id;
    let head = model.position();
    for page in ["", "/deleted", "/subscriptions", "/contacts", "/account"] {
        let path = format!("/customers/{customer}{page}?as_of={head}");
        let answer = pages.get(&path, &cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.body.contains("Back to now"), "{path}");
        // The one form that is left signs out.
        assert_eq!(answer.body.matches("method=\"post\"").count(), 1, "{path}");
    }
    let answer = pages.get("/customers?as_of=1", &cookie).await;
    assert!(!answer.body.contains("Contoso"));
}

#[tokio::test]
async fn a_deleted_user_has_no_page_once_the_window_has_passed_purged_or_not() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    pages.create_customer(&cookie).await;
    let (app, call) = (&pages.app, operator(&pages.app));
    let customer = app.models().current().customers().iter().next().unwrap().id;
    let profile = events::CustomerUserProfile {
        user_name: "nora@contoso.example".parse().unwrap(),
        first_name: None,
        last_name: None,
        display_name: "Nora".parse().unwrap(),
        usage_location: None,
        phone_number: None,
    };
    let (licenses, directory_roles) = (Vec::new(), Vec::new());
    let wanted = UserToCreate { profile, licenses, directory_roles, password: None };
    let user = app.create_customer_user(&call, customer, wanted).await.unwrap().id;
    let delete = DeleteCustomerUsers { user_ids: vec![user] };
    app.execute(&call, &OnCustomer::new(customer, delete)).await.unwrap();
    let profile = PartnerUserProfile {
        full_name: "Bo Berg".parse().unwrap(),
        email: "bo@fabrikam.example".parse().unwrap(),
    };
    let colleague = app.add_partner_user(&call, pages.partner, profile, Vec::new(), false).await;
    let colleague = colleague.unwrap().id;
    let delete = DeletePartnerUser { user_id: colleague };
    app.execute(&call, &OnPartner::new(pages.partner, delete)).await.unwrap();
    let paths = [
        format!("/customers/{customer}/users/{user}"),
        format!("/customers/{customer}/deleted/{user}"),
        format!("/users/{colleague}"),
        format!("/users/deleted/{colleague}"),
        format!("/roles/users/{colleague}"),
    ];
    for path in &paths {
        assert_eq!(pages.get(path, &cookie).await.status, StatusCode::OK, "{path}");
    }
    pages.clock.advance_seconds(30 * 24 * 3_600);
    let cookie = pages.sign_in().await;
    for path in &paths {
        let gone = pages.get(path, &cookie).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!gone.body.contains("Nora") && !gone.body.contains("Bo Berg"), "{path}");
    }
}

#[tokio::test]
async fn nothing_is_done_to_more_users_at_once_than_a_command_takes() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    let key = pages.get("/customers/new", &cookie).await.hidden("form_key");
    let users: Vec<String> = (0..=commands::BULK_USERS_MAX)
        .map(|_| ids::fresh(pages.app.now(), |uuid| uuid.to_string()))
        .collect();
    let mut form: Vec<_> = users.iter().map(|user| ("user", user.as_str())).collect();
    form.push(("form_key", &key));
    let answer = pages.post("/users/deleted/restore", &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let shown = pages.get("/users/deleted", &cookie).await;
    assert!(shown.body.contains("at most 250"), "{}", shown.body);
}

#[tokio::test]
async fn the_credentials_of_a_series_are_shown_together_at_its_end_and_once() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    pages.create_customer(&cookie).await;
    let customer = pages.app.models().current().customers().iter().next().unwrap().id;
    let path = format!("/customers/{customer}/users");
    let key = pages.get(&format!("{path}/new"), &cookie).await.hidden("form_key");
    for name in ["ana", "bo"] {
        let user_name = format!("{name}@contoso.example");
        let form = [
            ("form_key", key.as_str()),
            ("user_name", &user_name),
            ("display_name", name),
            ("then", "another"),
        ];
        let answer = pages.post(&path, &cookie, &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }
    let waiting = pages.get(&format!("{path}/new"), &cookie).await;
    assert!(waiting.body.contains("The credentials of 2 new users were not shown yet"));
    let last =
        [("form_key", key.as_str()), ("user_name", "cy@contoso.example"), ("display_name", "cy")];
    let shown = pages.post(&path, &cookie, &last).await;
    for name in ["ana@contoso.example", "bo@contoso.example", "cy@contoso.example"] {
        assert!(shown.body.contains(name), "{name}: {}", shown.body);
    }
    assert!(shown.body.contains("id=\"save-credentials\"") && shown.body.contains("data-print"));
    let page = pages.get(&format!("/customers/{customer}"), &cookie).await;
    assert!(!page.body.contains("id=\"series\""));
    let again = pages.post(&format!("{path}/series"), &cookie, &[("form_key", &key)]).await;
    assert!(!again.body.contains("id=\"save-credentials\"") && !again.body.contains("ana@"));
}

#[tokio::test]
async fn a_file_is_imported_on_the_page_and_its_faulty_rows_are_shown() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    pages.create_customer(&cookie).await;
    let customer = pages.app.models().current().customers().iter().next().unwrap().id;
    let path = format!("/customers/{customer}/users/import");
    let key = pages.get(&path, &cookie).await.hidden("form_key");
    let send = async |file: &str, skip: bool| {
        let field = |name: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let mut body = field("form_key", &key);
        if skip {
            body += &field("skip_faulty", "true");
        }
        body += &field("file\"; filename=\"staff.csv", file);
        body += "--x--\r\n";
        let request = Request::post(&path)
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        pages.send(request.body(Body::from(body)).unwrap()).await
    };
    let file = "Display name;Email\r\n\"A; B\";ana@contoso.example\r\n=1;eve@contoso.example\r\n";
    let refused = send(file, false).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("1 of 2 rows are faulty"), "{}", refused.body);
    assert!(refused.body.contains("Display name must not begin with"), "{}", refused.body);
    let users = || pages.app.models().current().customer_users().counts(customer).active;
    assert_eq!(users(), 1);
    let empty = send("", false).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let imported = send(file, true).await;
    assert_eq!(imported.status, StatusCode::OK, "{}", imported.body);
    assert!(imported.body.contains("1 user was created. 1 faulty row was skipped."));
    assert!(imported.body.contains("A; B") && imported.body.contains("id=\"save-credentials\""));
    assert_eq!(users(), 2);
}

#[tokio::test]
async fn several_get_new_passwords_on_the_page_shown_together() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    pages.create_customer(&cookie).await;
    let model = pages.app.models().current();
    let customer = model.customers().iter().next().unwrap().id;
    let admin = model.customer_users().active(customer).next().unwrap().id.to_string();
    let nobody = ids::fresh(pages.app.now(), |uuid| uuid.to_string());
    let key = pages.get("/customers/new", &cookie).await.hidden("form_key");
    let path = format!("/customers/{customer}/users/passwords");
    let form = [("form_key", key.as_str()), ("user", &admin), ("user", &nobody)];
    let shown = pages.post(&path, &cookie, &form).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert!(shown.body.contains("1 password is new."), "{}", shown.body);
    assert!(shown.body.contains("id=\"save-credentials\""));
    assert!(shown.body.contains("does not exist"), "{}", shown.body);
    let none = pages.post(&path, &cookie, &[("form_key", &key)]).await;
    assert!(none.body.contains("tick at least one"));
    let deleted = pages.get(&format!("/customers/{customer}?status=deleted"), &cookie).await;
    assert_eq!(deleted.header(header::LOCATION), format!("/customers/{customer}/deleted"));
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    let key = pages.get("/customers", &cookie).await.hidden("form_key");
    let answer = pages.post("/sign-out", &cookie, &[("form_key", &key)]).await;
    assert!(answer.header(header::SET_COOKIE).contains("Max-Age=0"));
    assert_eq!(pages.get("/customers", &cookie).await.status, StatusCode::SEE_OTHER);
}
