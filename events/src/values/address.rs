//! Domains, e-mail addresses and user names.

use super::{InvalidValue, clear_text, personal_text, text_value};

/// The longest e-mail address or user name, in characters (RFC 5321, 4.5.3.1.3, less the brackets).
const ADDRESS_CHARACTERS_MAX: usize = 254;

fn domain(text: &str) -> Result<String, String> {
    let text = text.trim().to_ascii_lowercase();
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if text.len() > 253 {
        return Err("must have at most 253 characters".to_owned());
    }
    let label_is_good = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if text.split('.').count() >= 2 && text.split('.').all(label_is_good) {
        Ok(text)
    } else {
        Err("must be a full domain name such as contoso.example".to_owned())
    }
}

/// Checks an address and lowers its case: sign-in ignores case, so must uniqueness.
fn address(text: &str) -> Result<String, String> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if text.chars().count() > ADDRESS_CHARACTERS_MAX {
        return Err(format!("must have at most {ADDRESS_CHARACTERS_MAX} characters"));
    }
    let options = email_address::Options::default()
        .with_required_tld()
        .without_domain_literal()
        .without_display_text();
    let wrong = || "must be an address such as name@contoso.example".to_owned();
    let parsed =
        email_address::EmailAddress::parse_with_options(&text, options).map_err(|_| wrong())?;
    if parsed.local_part().contains(['"', ' ', ',', ';', '<', '>']) {
        return Err(wrong());
    }
    domain(parsed.domain()).map_err(|_| wrong())?;
    Ok(text)
}

text_value! {
    /// A full domain name in lower case, at most 253 characters. Public: it stands clear.
    DomainName = "domain", domain
}

text_value! {
    /// An e-mail address in lower case.
    EmailAddress = "e-mail address", address
}

text_value! {
    /// The name a customer user signs in with, in the form of an e-mail address, in lower case.
    UserName = "user name", address
}

clear_text!(DomainName);
personal_text!(EmailAddress, UserName);

impl UserName {
    /// The domain part, which is not personal.
    #[must_use]
    pub fn domain(&self) -> DomainName {
        let domain = self.as_str().rsplit_once('@').map_or("", |(_, domain)| domain);
        DomainName(domain.into())
    }
}

impl EmailAddress {
    /// The same address as a user name.
    #[must_use]
    pub fn to_user_name(&self) -> UserName {
        UserName(self.as_str().into())
    }
}

impl DomainName {
    /// The address `local@domain`.
    ///
    /// # Errors
    /// When `local` cannot stand before the `@`.
    pub fn user(&self, local: &str) -> Result<UserName, InvalidValue> {
        UserName::new(&format!("{local}@{self}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_lowered_and_must_have_two_good_labels() {
        assert_eq!(DomainName::new(" Contoso.Example ").unwrap().as_str(), "contoso.example");
        for bad in ["", "contoso", "-a.example", "a-.example", "a..example", "a b.example"] {
            assert!(DomainName::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_address_is_lowered_and_knows_its_domain() {
        let name = UserName::new("Ana.Lima@Contoso.Example").unwrap();
        assert_eq!(name.as_str(), "ana.lima@contoso.example");
        assert_eq!(name.domain().as_str(), "contoso.example");
        for bad in ["", "ana", "@contoso.example", "ana@", "ana@local", "\"a b\"@contoso.example"] {
            assert!(UserName::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn debug_output_shows_no_address() {
        let address = EmailAddress::new("ana@contoso.example").unwrap();
        assert!(!format!("{address:?}").contains("ana"));
    }
}
