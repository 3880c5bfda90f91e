//! Addresses on the web.

use super::{clear_text, text_value};

/// The longest address, in bytes.
const WEB_ADDRESS_BYTES_MAX: usize = 500;
/// The longest name of an event, in bytes.
const EVENT_NAME_BYTES_MAX: usize = 64;

text_value! {
    /// An address that a browser may be sent to: `https://`, a host with a dot in it, and what
    /// follows, at most 500 bytes of printable ASCII. Neither user names nor other schemes.
    WebAddress = "web address", |text| {
        let text = text.trim();
        if text.len() > WEB_ADDRESS_BYTES_MAX {
            return Err(format!("must have at most {WEB_ADDRESS_BYTES_MAX} characters"));
        }
        let rest = text.get(..8).filter(|scheme| scheme.eq_ignore_ascii_case("https://"));
        let Some(rest) = rest.and_then(|_| text.get(8..)) else {
            return Err("must begin with https://".to_owned());
        };
        let (name, is_good) = host(rest)?;
        if name.contains('.') && is_good {
            Ok(format!("https://{rest}"))
        } else {
            Err("must name a host such as www.contoso.com".to_owned())
        }
    }
}

text_value! {
    /// An address that this program sends to: `https://`, a host and what follows, at most 500 bytes
    /// of printable ASCII, without user names and fragments; with `http://` only a host that is this
    /// machine itself.
    WebhookAddress = "webhook address", |text| {
        let text = text.trim();
        if text.len() > WEB_ADDRESS_BYTES_MAX {
            return Err(format!("must have at most {WEB_ADDRESS_BYTES_MAX} characters"));
        }
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        let is_secure = scheme.eq_ignore_ascii_case("https");
        if !is_secure && !scheme.eq_ignore_ascii_case("http") {
            return Err("must begin with https://".to_owned());
        }
        let (name, is_good) = host(rest)?;
        if rest.contains('#') {
            return Err("must have no fragment".to_owned());
        }
        if !is_good {
            return Err("must name a host such as hooks.contoso.com".to_owned());
        }
        if !is_secure && !is_this_machine(name) {
            return Err("must begin with https://".to_owned());
        }
        Ok(format!("{}://{rest}", scheme.to_ascii_lowercase()))
    }
}

text_value! {
    /// What one can be told of: words of small letters joined by `-`, such as `subscription-updated`.
    WebhookEventName = "event name", |text| {
        let name = text.trim().to_ascii_lowercase();
        let word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if name.len() <= EVENT_NAME_BYTES_MAX && name.contains('-') && name.split('-').all(word) {
            Ok(name)
        } else {
            Err("must be the name of an event such as subscription-updated".to_owned())
        }
    }
}

clear_text!(WebAddress, WebhookAddress, WebhookEventName);

/// The host that an address without its scheme begins with, and whether it can be one.
fn host(rest: &str) -> Result<(&str, bool), String> {
    let printable = |byte: u8| byte.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&byte);
    if !rest.bytes().all(printable) {
        return Err("may contain only the characters of an encoded address".to_owned());
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let port = host.get(name.len()..).unwrap_or_default();
    let good_port = port.is_empty() || port[1..].parse::<u16>().is_ok_and(|port| port > 0);
    Ok((name, name.split('.').all(label) && good_port))
}

fn is_this_machine(name: &str) -> bool {
    let is_loopback = name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    is_loopback || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_https_address_is_taken_with_path_port_and_parameters() {
        for good in [
            "https://contoso.com",
            " HTTPS://www.contoso.com/partners?country=US#top ",
            "https://a-b.example:8443/logo.svg",
        ] {
            let address = WebAddress::new(good).unwrap();
            assert!(address.as_str().starts_with("https://"), "{address}");
        }
    }

    #[test]
    fn what_could_run_a_script_or_hide_its_host_is_refused() {
        for bad in [
            "",
            "https://",
            "http://contoso.com",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://localhost",
            "https://user@contoso.com",
            "https://contoso..com",
            "https://-a.example",
            "https://contoso.com:0",
            "https://contoso.com:x",
            "https://contoso.com/a b",
            "https://contoso.com/\"><script>",
            "https://contöso.com",
            &format!("https://contoso.com/{}", "a".repeat(500)),
        ] {
            assert!(WebAddress::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_webhook_goes_to_https_or_to_this_machine() {
        for good in [
            "https://hooks.contoso.com/partner?key=1",
            "HTTPS://hooks:8443/x",
            "https://192.0.2.7/x",
            "http://127.0.0.1:9000/hook",
            "http://localhost/hook",
        ] {
            let address = WebhookAddress::new(good).unwrap();
            assert!(address.as_str().starts_with("http"), "{address}");
        }
        for bad in [
            "",
            "hooks.contoso.com",
            "http://hooks.contoso.com",
            "http://127.0.0.1.contoso.com",
            "http://10.0.0.1/",
            "ftp://localhost/",
            "https://user@contoso.com/",
            "https://contoso.com/#top",
            "https:///x",
            "https://contoso.com:70000/",
            "https://contoso.com/a b",
        ] {
            assert!(WebhookAddress::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_name_of_an_event_is_words_joined_by_hyphens() {
        let name = WebhookEventName::new(" Subscription-Updated ").unwrap();
        assert_eq!(name.as_str(), "subscription-updated");
        let long = format!("a-{}", "b".repeat(70));
        for bad in ["", "subscription", "a--b", "-a", "a b-c", "a_b-c", &long] {
            assert!(WebhookEventName::new(bad).is_err(), "{bad}");
        }
    }
}
