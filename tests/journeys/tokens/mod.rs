//! Tokens for programs: applications with their secrets, the token endpoints, and tokens that are not
//! to be believed.

mod applications;
mod forged;
mod outside;

use tests::{Answer, Api, Installation, RunningServer};

/// For whom the contract's tokens are.
const API: &str = "https://api.partnercenter.microsoft.com";
/// The issuer of these tests, the same after a restart at another port.
const ISSUER: [&str; 2] = ["--issuer", "https://login.fabrikam.example"];

/// An application of the provider, registered at the command line.
struct Program {
    partner: String,
    id: String,
    secret: String,
}

impl Program {
    fn register(installation: &Installation) -> Self {
        let partner = installation.provider.partner.clone();
        let options = ["--partner", &partner, "--name", "Nightly import"];
        let registered = installation.run(&["application", "register"], &options).exited(0);
        let [id, secret] = ["application ", "secret   "].map(|label| registered.labelled(label));
        Self { partner, id, secret }
    }

    /// Asks the first token endpoint.
    #[track_caller]
    fn ask(&self, server: &RunningServer, more: &[(&str, &str)]) -> Answer {
        let path = format!("/{}/oauth2/token", self.partner);
        let own = [("client_id", self.id.as_str()), ("client_secret", &self.secret)];
        post(server, &path, &[&own[..], more].concat())
    }

    /// A client that acts as the application by itself.
    #[track_caller]
    fn api(&self, server: &RunningServer) -> Api {
        server.api(&self.token(server, API))
    }

    #[track_caller]
    fn token(&self, server: &RunningServer, resource: &str) -> String {
        let asked = self
            .ask(server, &[("grant_type", "client_credentials"), ("resource", resource)])
            .expect(200);
        asked.text_at("/access_token")
    }
}

/// Posts a form.
#[track_caller]
fn post(server: &RunningServer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let encode = |text: &str| {
        let byte = |byte: u8| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    let pairs: Vec<_> =
        fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let form = server.anonymous().request("POST", path).raw(pairs.join("&"));
    form.header("Content-Type", "application/x-www-form-urlencoded").send()
}

/// The refusal of a token endpoint, which must have this status and number.
#[track_caller]
fn fault(answer: Answer, status: u16, code: u64) -> Answer {
    let answer = answer.expect(status);
    assert_eq!(answer.json()["error_codes"][0], code, "{answer}");
    for member in ["error", "error_description", "timestamp", "trace_id", "correlation_id"] {
        assert!(answer.json()[member].is_string(), "{member}: {answer}");
    }
    answer
}
