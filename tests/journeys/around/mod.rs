//! What the role table names around customers and subscriptions.

mod agreements;
mod devices;
mod invoices;
mod later_roles;
mod leads;
mod network;
mod prices;
mod service_health;
pub(crate) mod visit;

use serde_json::{Value, json};
use tests::{Api, Installation, Registered, RunningServer};

use self::visit::Visit;
use crate::begin;

/// A provider and a reseller that work together, and a rival of both.
struct Market {
    _installation: Installation,
    reseller: Registered,
    server: RunningServer,
    provider: Api,
    wingtip: Api,
    rival: Api,
    partnership: String,
}

impl Market {
    fn open() -> Self {
        Self::open_in(begin())
    }

    /// A market, and the token of a support operator of its installation.
    fn open_with_operator() -> (Self, String) {
        let installation = begin();
        installation.run(&["operator", "add"], &["--email", "ola@cloud.example"]).exited(0);
        let created = installation.run(&["token", "create"], &["--user", "ola@cloud.example"]);
        let token = created.exited(0).labelled("token  ");
        (Self::open_in(installation), token)
    }

    fn open_in(installation: Installation) -> Self {
        let kind = "indirect-provider";
        let rival = installation.register("Rival", kind, "rita@rival.example", "7000001");
        let kind = "indirect-reseller";
        let reseller = installation.register("Wingtip", kind, "wanda@wingtip.example", "7000002");
        let server = installation.serve();
        let [provider, wingtip, rival] =
            [&installation.provider.token, &reseller.token, &rival.token].map(|it| server.api(it));
        let asked = json!({ "recipient": "wanda@wingtip.example" });
        let asked = provider.post("/v1/partnerships", &asked).expect(201);
        let token = json!({ "token": asked.text_at("/link") });
        wingtip.post("/v1/invitations/accept", &token).expect_success();
        let partnership = asked.text_at("/id");
        Self {
            _installation: installation,
            reseller,
            server,
            provider,
            wingtip,
            rival,
            partnership,
        }
    }

    /// A user of the admin's partner with one role: a client that acts as it, and its token.
    fn hire(&self, admin: &Api, role: &str) -> (Api, String) {
        let user = admin.add_partner_user(role, &format!("{role}@staff.example"), &[role]);
        let token = admin.issue_token(&user.id);
        (self.server.api(&token), token)
    }
}

/// What is wrong with a body, the member, and a value that is not acceptable there.
type Wrong = (&'static str, Value, u64);

/// A body without each of its members in turn, and with each of these values instead.
fn refuses_each(api: &Api, server: &RunningServer, path: &str, body: &Value, wrong: &[Wrong]) {
    let position = server.position();
    for (member, value, code) in wrong {
        let mut faulty = body.clone();
        *faulty.pointer_mut(member).unwrap_or_else(|| panic!("no {member}")) = value.clone();
        let refused = api.post(path, &faulty).refused(400, *code);
        let name = member.rsplit('/').next().unwrap_or_default();
        assert!(
            refused.json()["data"][1].as_str().is_some_and(|it| it.ends_with(name)),
            "{refused}"
        );
        assert_eq!(refused.reason(), "invalid_field", "{refused}");
    }
    assert_eq!(server.position(), position, "nothing was changed");
}
