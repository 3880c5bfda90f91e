//! A provider and a reseller: asked by e-mail, answered by who may, working together, parted.

mod after_acceptance;
mod answers;
mod letters;
mod mail_server;

use serde_json::{Value, json};
use tests::{Answer, Api, Installation, Registered, RunningServer};

use crate::begin;

/// A provider, a reseller and a direct partner, not served yet.
struct Companies {
    installation: Installation,
    reseller: Registered,
    direct: Registered,
}

impl Companies {
    fn new() -> Self {
        let installation = begin();
        let register = |name: &str, kind: &str, admin: &str, mpn_id: &str| {
            installation.register(name, kind, admin, mpn_id)
        };
        let reseller =
            register("Wingtip Reseller", "indirect-reseller", "wanda@wingtip.example", "7000002");
        let direct = register("Dent Direct", "direct-partner", "dana@dent.example", "7000003");
        Self { installation, reseller, direct }
    }

    fn provider(&self, server: &RunningServer) -> Api {
        server.api(&self.installation.provider.token)
    }

    fn wingtip(&self, server: &RunningServer) -> Api {
        server.api(&self.reseller.token)
    }
}

/// A request for a partnership, as the provider sees it.
fn ask(provider: &Api) -> Answer {
    let body = json!({
        "recipient": "wanda@wingtip.example", "subject": "Sell with us",
        "text": "Dear Wanda, please follow {link} to become our reseller.",
    });
    provider.post("/v1/partnerships", &body).expect(201)
}

fn path_of(request: &Answer) -> String {
    format!("/v1/partnerships/{}", request.text_at("/id"))
}

fn accept(reseller: &Api, link: &str) -> Answer {
    reseller.post("/v1/invitations/accept", &json!({ "token": link }))
}

fn decline(reseller: &Api, link: &str) -> Answer {
    reseller.post("/v1/invitations/decline", &json!({ "token": link }))
}

/// How far the sending of a request's letter has come, once it has come so far.
fn sending(provider: &Api, path: &str, status: &str) -> Value {
    tests::until(&format!("letter that is {status}"), || {
        let answer = provider.get(path).expect(200);
        (answer.text_at("/sending/status") == status).then(|| answer.json()["sending"].clone())
    })
}

/// What `/health/ready` tells of a process.
fn process(server: &RunningServer, name: &str) -> Value {
    let ready = server.anonymous().get("/health/ready").expect(200);
    let processes = ready.json()["processes"].as_array().unwrap().clone();
    processes.into_iter().find(|process| process["process"] == name).unwrap()
}
