//! Addresses on the web.

use super::{clear_text, text_value};

/// The longest address, in bytes.
const WEB_ADDRESS_BYTES_MAX: usize = 500;

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
        if name.contains('.') && name.split('.').all(label) && good_port {
            Ok(format!("https://{rest}"))
        } else {
            Err("must name a host such as www.contoso.com".to_owned())
        }
    }
}

clear_text!(WebAddress);

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
}
