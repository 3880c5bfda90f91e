//! Texts of limited length without control characters.

use super::{clear_text, personal_text, text_value};

/// Trims, then demands 1 to `max` characters and no control characters.
fn one_line(text: &str, max: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if text.chars().count() > max {
        return Err(format!("must have at most {max} characters"));
    }
    if text.chars().any(char::is_control) {
        return Err("must not contain control characters".to_owned());
    }
    Ok(text.to_owned())
}

text_value! {
    /// The name of a company, at most 200 characters.
    CompanyName = "company name", |text| one_line(text, 200)
}

text_value! {
    /// A name somebody gave to a subscription, at most 200 characters. Shown to several companies,
    /// so it must not name a person.
    FriendlyName = "friendly name", |text| one_line(text, 200)
}

text_value! {
    /// The name of an application, at most 120 characters. It must not name a person.
    ApplicationName = "application name", |text| one_line(text, 120)
}

text_value! {
    /// A first, last, full or display name of a person, at most 100 characters.
    PersonName = "name", |text| one_line(text, 100)
}

text_value! {
    /// A telephone number as people write it: digits, blanks and `+ - ( ) . / x`, at most 40
    /// characters.
    PhoneNumber = "phone number", |text| {
        let text = one_line(text, 40)?;
        if !text.chars().any(|c| c.is_ascii_digit()) {
            return Err("must contain digits".to_owned());
        }
        if text.chars().all(|c| c.is_ascii_digit() || " +-().,/x".contains(c)) {
            Ok(text)
        } else {
            Err("may contain only digits, blanks and + - ( ) . , / x".to_owned())
        }
    }
}

text_value! {
    /// One line of a postal address, at most 200 characters.
    AddressLine = "address line", |text| one_line(text, 200)
}

text_value! {
    /// A postal code, at most 20 characters.
    PostalCode = "postal code", |text| one_line(text, 20)
}

text_value! {
    /// What a company goes by in somebody's books: the number of a purchase order, a tax number. At
    /// most 50 characters.
    BillingNumber = "number", |text| one_line(text, 50)
}

text_value! {
    /// The ticket under which a change was asked for: `[A-Za-z0-9#/_.-]{1,64}`. The narrow alphabet
    /// keeps names and addresses out, so that it may stand clear in the log.
    Ticket = "ticket", |text| {
        let text = one_line(text, 64)?;
        if text.chars().all(|c| c.is_ascii_alphanumeric() || "#/_.-".contains(c)) {
            Ok(text)
        } else {
            Err("may contain only letters, digits and # / _ . -".to_owned())
        }
    }
}

text_value! {
    /// What the program found in its own files, at most 500 characters.
    Finding = "finding", |text| one_line(text, 500)
}

text_value! {
    /// What is known about an incident, at most 500 characters. Shown to every partner that may see
    /// it, so it must not name a person.
    IncidentNote = "note", |text| one_line(text, 500)
}

text_value! {
    /// Something a person can do, at most 100 characters.
    SkillName = "skill", |text| one_line(text, 100)
}

text_value! {
    /// A name that programs go by, such as the code of a refusal or a permission:
    /// `[A-Za-z0-9_.:-]{1,64}`.
    StableCode = "code", |text| {
        let text = one_line(text, 64)?;
        if text.chars().all(|c| c.is_ascii_alphanumeric() || "_.:-".contains(c)) {
            Ok(text)
        } else {
            Err("may contain only letters, digits and _ . : -".to_owned())
        }
    }
}

text_value! {
    /// Why a change was made, at most 500 characters. Free text may name people: it is sealed.
    Reason = "reason", |text| one_line(text, 500)
}

text_value! {
    /// The subject line of a letter, at most 200 characters.
    SubjectLine = "subject", |text| one_line(text, 200)
}

text_value! {
    /// A text of several lines, at most 8,000 characters; line ends are `\n`.
    LetterText = "text", |text| {
        let text = text.replace("\r\n", "\n");
        if text.trim().is_empty() {
            return Err("must not be empty".to_owned());
        }
        if text.chars().count() > 8_000 {
            return Err("must have at most 8000 characters".to_owned());
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err("must not contain control characters".to_owned());
        }
        Ok(text)
    }
}

text_value! {
    /// What a provider knows about a lead, in several lines, at most 2,000 characters.
    LeadNote = "note", |text| {
        let text = text.replace("\r\n", "\n");
        if text.trim().is_empty() {
            return Err("must not be empty".to_owned());
        }
        if text.chars().count() > 2_000 {
            return Err("must have at most 2000 characters".to_owned());
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err("must not contain control characters".to_owned());
        }
        Ok(text)
    }
}

/// Letters, digits and hyphens: no alphabet for names of people.
fn printed_code(text: &str) -> Result<String, String> {
    let text = one_line(text, 64)?;
    if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        Ok(text)
    } else {
        Err("may contain only letters, digits and hyphens".to_owned())
    }
}

text_value! {
    /// The serial number printed on a device: `[A-Za-z0-9-]{1,64}`.
    SerialNumber = "serial number", printed_code
}

text_value! {
    /// The id of the product installed on a device, `[A-Za-z0-9-]{1,64}`: no key that licenses it.
    ProductKey = "product key", printed_code
}

clear_text!(
    ApplicationName,
    SerialNumber,
    ProductKey,
    CompanyName,
    Finding,
    FriendlyName,
    IncidentNote,
    StableCode,
    Ticket
);
personal_text!(
    BillingNumber,
    PersonName,
    PhoneNumber,
    AddressLine,
    PostalCode,
    Reason,
    SubjectLine,
    LetterText,
    LeadNote,
    SkillName
);
