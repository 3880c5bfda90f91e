//! Where does an address lead to, and may anything be sent there?
//!
//! A name is looked up once for each delivery and the connection goes to the address that was looked
//! at: a name that leads elsewhere the next moment gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::Uri;
use events::{WebhookAddress, WebhookFailure};

use super::WebhookRules;

/// A receiver's address, taken apart.
pub(super) struct Target {
    /// Whether it is spoken with through TLS.
    pub(super) is_secure: bool,
    /// The name or address of its host.
    pub(super) host: String,
    /// Its port.
    port: u16,
    /// Host and port as the request names them.
    pub(super) authority: String,
    /// Path and parameters.
    pub(super) path: String,
}

impl Target {
    /// Takes an address apart.
    pub(super) fn of(address: &WebhookAddress) -> Option<Self> {
        let uri: Uri = address.as_str().parse().ok()?;
        let is_secure = uri.scheme_str() == Some("https");
        Some(Self {
            is_secure,
            host: uri.host()?.to_owned(),
            port: uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 }),
            authority: uri.authority()?.to_string(),
            path: uri.path_and_query().map_or("/", |it| it.as_str()).to_owned(),
        })
    }

    /// Whether the address names a private place itself, without a look at any name service.
    pub(super) fn is_private_as_written(&self) -> bool {
        let is_here = self.host.eq_ignore_ascii_case("localhost");
        is_here || self.host.parse().is_ok_and(|address| !is_public(address))
    }

    /// Looks the host up, and takes the first address that something may be sent to.
    ///
    /// # Errors
    /// When there is none.
    pub(super) async fn resolve(&self, rules: &WebhookRules) -> Result<SocketAddr, WebhookFailure> {
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await;
        let mut found = found.map_err(|_| WebhookFailure::Unreachable)?;
        let may_be_sent_to = |it: &SocketAddr| rules.to_private || is_public(it.ip());
        found.find(may_be_sent_to).ok_or(WebhookFailure::ForbiddenAddress)
    }
}

/// Whether an address is one of the public network.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = match (a, b, c) {
        // This network, shared by carriers, protocol assignments, benchmarks, reserved.
        (0 | 240..=255, _, _) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _) => true,
        _ => false,
    };
    !(is_special
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // An older address in the clothes of a newer one is what it is.
    if let Some(older) = embedded(address) {
        return is_public_v4(older);
    }
    // Of the public network is what lies in 2000::/3, without what is for documents and tunnels.
    (0x2000..0x4000).contains(&first)
        && !(first == 0x2001 && (second == 0x0db8 || second < 0x0200))
        && first != 0x3fff
}

/// The older address that a newer one holds: mapped, translated (`64:ff9b::/96`), or of 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let parts = address.segments();
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match parts {
        [0x0064, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(from(high, low)),
        _ => address.to_ipv4_mapped(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_network_is_public() {
        for public in
            ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.1.1",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.5",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:a00:1::",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_refused_unless_that_was_told() {
        let address = WebhookAddress::new("http://localhost:9/x?y=1").unwrap();
        let target = Target::of(&address).unwrap();
        assert_eq!((target.path.as_str(), target.authority.as_str()), ("/x?y=1", "localhost:9"));
        let refused = target.resolve(&WebhookRules { to_private: false }).await;
        assert_eq!(refused, Err(WebhookFailure::ForbiddenAddress));
        let found = target.resolve(&WebhookRules { to_private: true }).await.unwrap();
        assert!(found.ip().is_loopback() && found.port() == 9);
    }
}
