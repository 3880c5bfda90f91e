//! The customer's own side as its people go through it on pages.

mod answering;
mod buying;
mod serving;

use serde_json::json;
use tests::{
    Answer, Api, Credentials, Installation, NewCustomer, PageSession, Registered, RunningServer,
};

use crate::{
    begin,
    sign_in::{CHOSEN, settle},
};

/// The provider with a customer whose admin is signed in, and a second partner which sells directly.
struct Companies {
    installation: Installation,
    /// An indirect reseller, which has no partnership with anybody.
    wingtip: Registered,
    server: RunningServer,
    provider: Api,
    tailspin: Api,
    customer: NewCustomer,
    company: Api,
    pages: PageSession,
}

impl Companies {
    fn new() -> Self {
        let installation = begin();
        let (kind, admin) = ("direct-partner", "tina@tailspin.example");
        let tailspin = installation.register("Tailspin", kind, admin, "7000009");
        let (kind, admin) = ("indirect-reseller", "wanda@wingtip.example");
        let wingtip = installation.register("Wingtip", kind, admin, "7000002");
        let server = installation.serve();
        let provider = server.api(&installation.provider.token);
        let customer = provider.create_customer("Relecloud", "relecloud.example");
        let (company, pages) = settled(&server, &customer.admin);
        let tailspin = server.api(&tailspin.token);
        Self { installation, wingtip, server, provider, tailspin, customer, company, pages }
    }

    /// Asks the customer for a relationship in the name of the second partner; the id of the request
    /// and the path of its link.
    fn asked(&self, privileges: bool) -> (String, String) {
        self.asked_of(Some(&self.customer.id), privileges)
    }

    fn asked_of(&self, customer: Option<&str>, privileges: bool) -> (String, String) {
        let body = json!({ "customerId": customer, "allowDelegatedAccess": privileges });
        let asked = self.tailspin.post("/v1/relationshiprequests", &body).expect(201);
        let link = asked.text_at("/link");
        let (_, token) = link.split_once("/relationships/").unwrap();
        (asked.text_at("/id"), format!("/relationships/{token}"))
    }

    /// A user of the customer with these directory roles, by name, signed in.
    fn colleague(&self, name: &str, roles: &[&str]) -> PageSession {
        let user = self.provider.create_user(&self.customer, name);
        let all = self.provider.items(&format!("{}/directoryroles", self.customer.path));
        for role in roles {
            let role = all.iter().find(|it| it["name"] == *role).unwrap();
            let path = format!(
                "{}/directoryroles/{}/usermembers",
                self.customer.path,
                role["id"].as_str().unwrap()
            );
            self.provider.post(&path, &json!({ "id": user.id })).expect_success();
        }
        settled(&self.server, &user.credentials).1
    }
}

/// Chooses another password for new credentials; the session of the API and that of the pages.
fn settled(server: &RunningServer, credentials: &Credentials) -> (Api, PageSession) {
    let api = settle(server, credentials);
    (api, PageSession::by_password(server, &credentials.user_name, CHOSEN))
}

/// A form is refused with this status and text, and nothing is written.
#[track_caller]
fn refused(server: &RunningServer, status: u16, why: &str, send: impl FnOnce() -> Answer) {
    let before = server.position();
    let answer = send();
    assert_eq!(answer.status, status, "{answer}");
    assert!(answer.text.contains(why), "{why}: {answer}");
    assert_eq!(server.position(), before, "nothing is written");
}
