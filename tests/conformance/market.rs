//! A provider and a reseller that work together, a program that acts for the provider, and the
//! server that serves them.

use serde_json::{Value, json};
use tests::{Answer, Api, Installation, Registered, RunningServer};

use crate::PROGRAM;

/// The reseller's MPN id.
pub(crate) const RESELLER_MPN_ID: &str = "7000002";
/// For whom access tokens are.
const AUDIENCE: &str = "https://api.partnercenter.microsoft.com";

/// Companies that can trade with each other.
pub(crate) struct Market {
    pub(crate) server: RunningServer,
    pub(crate) installation: Installation,
    pub(crate) reseller: Registered,
    /// An access token of an application of the provider, by itself.
    pub(crate) program: String,
    /// A user of the provider without a role.
    pub(crate) colleague: String,
}

impl Market {
    /// Founds the companies and serves them.
    pub(crate) fn open() -> Self {
        let installation = Installation::begin(PROGRAM);
        let reseller = installation.register(
            "Wingtip Reseller",
            "indirect-reseller",
            "wanda@wingtip.example",
            RESELLER_MPN_ID,
        );
        let partner = installation.provider.partner.clone();
        let options = ["--partner", &partner, "--name", "Nightly import"];
        let registered = installation.run(&["application", "register"], &options).exited(0);
        let [id, secret] = ["application ", "secret   "].map(|label| registered.labelled(label));
        let server = installation.serve();
        let provider = server.api(&installation.provider.token);
        let colleague = provider.add_partner_user("Bo Berg", "bo@fabrikam.example", &[]).id;
        let market = Self { program: String::new(), server, installation, reseller, colleague };
        market.join();
        let token = market.ask_for_token(&id, &secret).expect(200).text_at("/access_token");
        Self { program: token, ..market }
    }

    /// A client of the provider's global admin.
    pub(crate) fn provider(&self) -> Api {
        self.server.api(&self.installation.provider.token)
    }

    /// The provider asks the reseller for a partnership, who accepts.
    fn join(&self) {
        let letter = json!({
            "recipient": "wanda@wingtip.example", "subject": "Sell with us",
            "text": "Dear Wanda, please follow {link} to become our reseller.",
        });
        let asked = self.provider().post("/v1/partnerships", &letter).expect(201);
        let token = json!({ "token": asked.text_at("/link") });
        let reseller = self.server.api(&self.reseller.token);
        reseller.post("/v1/invitations/accept", &token).expect_success();
    }

    /// Asks for an access token as clients of the contract do.
    fn ask_for_token(&self, id: &str, secret: &str) -> Answer {
        let path = format!("/{}/oauth2/token", self.installation.provider.partner);
        let form = format!(
            "grant_type=client_credentials&client_id={id}&client_secret={secret}&resource={AUDIENCE}"
        );
        let request = self.server.anonymous().request("POST", &path).raw(form);
        request.header("Content-Type", "application/x-www-form-urlencoded").send()
    }

    /// What a client has to know to begin.
    pub(crate) fn introduction(&self) -> Value {
        json!({
            "url": self.server.url(),
            "token": self.installation.provider.token,
            "program": self.program,
            "provider": self.installation.provider.partner,
            "admin": self.installation.provider.admin,
            "colleague": self.colleague,
            "reseller": self.reseller.partner,
            "reseller_mpn": RESELLER_MPN_ID,
        })
    }
}
