//! Where webhooks may go to, as it is told at the start.

use std::sync::OnceLock;

use clap::Args;
use events::WebhookAddress;

use super::address::Target;

/// Where webhooks may go to.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct WebhookSettings {
    /// Send webhooks to this machine and to private networks too, and to this machine without TLS.
    /// By default only to public addresses: what is registered here could else make this program
    /// speak with what only it reaches.
    #[arg(long, env = "PARTNERLOG_WEBHOOKS_TO_PRIVATE_ADDRESSES")]
    webhooks_to_private_addresses: bool,
}

impl WebhookSettings {
    /// The rules that follow.
    pub(crate) const fn rules(self) -> WebhookRules {
        WebhookRules { to_private: self.webhooks_to_private_addresses }
    }
}

/// The rules, once a server has set them: without one nothing is sent.
#[derive(Default)]
pub(crate) struct WebhookPolicy(OnceLock<WebhookRules>);

impl WebhookPolicy {
    /// Sets the rules; what was set first stays.
    pub(crate) fn set(&self, rules: WebhookRules) {
        let _ = self.0.set(rules);
    }

    /// The rules, by default the strict ones.
    pub(crate) fn rules(&self) -> WebhookRules {
        self.0.get().copied().unwrap_or_default()
    }
}

/// Where webhooks may go to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WebhookRules {
    /// Whether this machine and private networks are reached.
    pub(super) to_private: bool,
}

impl WebhookRules {
    /// What speaks against an address as it is written; where its name leads to is looked at whenever
    /// something is sent there.
    pub(crate) fn fault(self, address: &WebhookAddress) -> Option<&'static str> {
        let target = Target::of(address)?;
        if self.to_private {
            None
        } else if !target.is_secure {
            Some("must begin with https://")
        } else if target.is_private_as_written() {
            Some("must not lead to a private address")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_taken_only_where_that_was_told() {
        let private = [
            "http://127.0.0.1:9000/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest",
        ];
        for address in private.map(|text| WebhookAddress::new(text).unwrap()) {
            assert!(WebhookRules { to_private: false }.fault(&address).is_some(), "{address}");
            assert_eq!(WebhookRules { to_private: true }.fault(&address), None);
        }
        let public = WebhookAddress::new("https://hooks.contoso.example:8443/x?y").unwrap();
        assert_eq!(WebhookRules { to_private: false }.fault(&public), None);
    }
}
