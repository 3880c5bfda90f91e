//! How are addresses written in a country, and how are numbers of companies and telephones?
//!
//! Facts about countries, published by their post offices and authorities. They answer questions
//! about an address; whether a customer may have it is not decided by them.

mod pattern;
mod states;
mod table;

use events::CountryCode;

pub(crate) use self::pattern::Pattern;

/// What is known about one country.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct CountryRules {
    /// The ISO 3166-1 alpha-2 code in capitals.
    pub(crate) iso2: &'static str,
    /// The cultures in use, the commonest first; never empty.
    pub(crate) cultures: &'static [&'static str],
    /// The states or provinces that are part of every address, by their codes; empty where none is.
    pub(crate) states: &'static [&'static str],
    /// How postal codes are written; empty where there are none.
    pub(crate) postal_codes: &'static [Pattern],
    /// How the numbers of companies for value added tax are written; empty where none are known.
    pub(crate) vat_ids: &'static [Pattern],
    /// The other number of companies for taxes, where there is one.
    pub(crate) tax_id: Option<TaxId>,
    /// The country's calling codes, without a plus sign.
    pub(crate) calling_codes: &'static [&'static str],
    /// The fewest and the most digits of a telephone number behind the calling code.
    pub(crate) phone_digits: (usize, usize),
}

/// The number of a company for taxes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TaxId {
    /// How it is written, with `9` for a digit.
    pub(crate) format: &'static str,
    /// An example.
    pub(crate) sample: &'static str,
}

/// The parts of an address that its country's rules are about; empty texts count as missing.
#[derive(Clone, Copy, Default)]
pub(crate) struct AddressParts<'a> {
    /// The city.
    pub(crate) city: Option<&'a str>,
    /// The state or province.
    pub(crate) state: Option<&'a str>,
    /// The postal code.
    pub(crate) postal_code: Option<&'a str>,
    /// The telephone number.
    pub(crate) phone_number: Option<&'a str>,
}

/// What is wrong with an address, as its field and the words that complete "*field* ...".
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct AddressFault {
    /// The field, as requests spell it.
    pub(crate) field: &'static str,
    /// The words.
    pub(crate) reason: String,
}

/// The rules of a country; `None` where none are known here.
pub(crate) fn rules_of(country: &CountryCode) -> Option<&'static CountryRules> {
    table::ALL.iter().find(|rules| rules.iso2 == country.as_str())
}

impl CountryRules {
    const fn new(
        iso2: &'static str,
        cultures: &'static [&'static str],
        calling_codes: &'static [&'static str],
        phone_digits: (usize, usize),
    ) -> Self {
        let (states, postal_codes, vat_ids, tax_id) = (&[], &[], &[], None);
        Self { iso2, cultures, states, postal_codes, vat_ids, tax_id, calling_codes, phone_digits }
    }

    const fn with_states(self, states: &'static [&'static str]) -> Self {
        Self { states, ..self }
    }

    const fn with_postal_codes(self, postal_codes: &'static [Pattern]) -> Self {
        Self { postal_codes, ..self }
    }

    const fn with_vat_ids(self, vat_ids: &'static [Pattern]) -> Self {
        Self { vat_ids, ..self }
    }

    const fn with_tax_id(self, tax_id: TaxId) -> Self {
        Self { tax_id: Some(tax_id), ..self }
    }

    /// The culture most in use.
    pub(crate) fn default_culture(&self) -> &'static str {
        self.cultures.first().copied().unwrap_or_default()
    }

    /// The languages of the cultures, each once.
    pub(crate) fn languages(&self) -> Vec<&'static str> {
        let mut languages = Vec::new();
        for culture in self.cultures {
            let language = culture.split('-').next().unwrap_or_default();
            if !languages.contains(&language) {
                languages.push(language);
            }
        }
        languages
    }

    /// The regular expression for telephone numbers, with or without the calling code.
    pub(crate) fn phone_regex(&self) -> String {
        let (fewest, most) = self.phone_digits;
        let codes = self.calling_codes.join("|");
        let (fewest, most) = (fewest.saturating_sub(1), most.saturating_sub(1));
        format!("^(\\+?({codes})[ ./-]*)?\\(?[0-9]([ ()./-]*[0-9]){{{fewest},{most}}}$")
    }

    /// What is wrong with an address in this country, if anything is.
    pub(crate) fn fault(&self, address: &AddressParts<'_>) -> Option<AddressFault> {
        let fault = |field, reason: String| Some(AddressFault { field, reason });
        if given(address.city).is_none() {
            return fault("city", "is required".to_owned());
        }
        match given(address.state) {
            None if !self.states.is_empty() => return fault("state", "is required".to_owned()),
            Some(state) if !self.has_state(state) => {
                return fault("state", format!("must be one of {}", self.states.join(", ")));
            }
            Some(_) | None => {}
        }
        match given(address.postal_code) {
            None if !self.postal_codes.is_empty() => {
                return fault("postalCode", "is required".to_owned());
            }
            Some(code) if !self.is_postal_code(code) => {
                return fault("postalCode", format!("must look like {}", self.postal_sample()));
            }
            Some(_) | None => {}
        }
        match given(address.phone_number) {
            Some(number) if !self.is_phone_number(number) => {
                let (fewest, most) = self.phone_digits;
                let reason = format!("must have {fewest} to {most} digits behind the calling code");
                fault("phoneNumber", reason)
            }
            Some(_) | None => None,
        }
    }

    /// Whether this is a state of the country; where no states are listed, any text passes.
    fn has_state(&self, state: &str) -> bool {
        self.states.is_empty() || self.states.iter().any(|known| known.eq_ignore_ascii_case(state))
    }

    /// Whether this is a postal code; where there are none, any text passes.
    fn is_postal_code(&self, code: &str) -> bool {
        self.postal_codes.is_empty() || self.postal_codes.iter().any(|it| it.matches(code))
    }

    fn postal_sample(&self) -> String {
        let samples: Vec<String> = self.postal_codes.iter().map(Pattern::sample).collect();
        samples.join(" or ")
    }

    fn is_phone_number(&self, number: &str) -> bool {
        let is_known = |c: char| c.is_ascii_digit() || " +()./-".contains(c);
        if !number.chars().all(is_known) || number.chars().skip(1).any(|c| c == '+') {
            return false;
        }
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let (fewest, most) = self.phone_digits;
        let has_length = |digits: &str| (fewest..=most).contains(&digits.len());
        let behind_code =
            self.calling_codes.iter().filter_map(|code| digits.strip_prefix(code)).any(has_length);
        behind_code || (!number.starts_with('+') && has_length(&digits))
    }
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(country: &str) -> &'static CountryRules {
        rules_of(&country.parse().unwrap()).unwrap()
    }

    fn us() -> AddressParts<'static> {
        AddressParts {
            city: Some("Redmond"),
            state: Some("wa"),
            postal_code: Some("98052-6399"),
            phone_number: Some("+1 (425) 555-0101"),
        }
    }

    #[test]
    fn an_address_that_follows_the_rules_has_no_fault() {
        assert_eq!(rules("US").fault(&us()), None);
        let berlin = AddressParts {
            city: Some("Berlin"),
            postal_code: Some("10117"),
            phone_number: Some("030/901820"),
            ..AddressParts::default()
        };
        assert_eq!(rules("DE").fault(&berlin), None);
        let ottawa = AddressParts { state: Some("ON"), postal_code: Some("k1a0b1"), ..us() };
        assert_eq!(rules("CA").fault(&ottawa), None);
    }

    #[test]
    fn each_part_of_an_address_is_held_to_the_rules_of_its_country() {
        let cases = [
            (AddressParts { city: Some(" "), ..us() }, "city"),
            (AddressParts { state: None, ..us() }, "state"),
            (AddressParts { state: Some("ON"), ..us() }, "state"),
            (AddressParts { postal_code: None, ..us() }, "postalCode"),
            (AddressParts { postal_code: Some("9805"), ..us() }, "postalCode"),
            (AddressParts { phone_number: Some("555-0101"), ..us() }, "phoneNumber"),
            (AddressParts { phone_number: Some("+44 20 7946 0000"), ..us() }, "phoneNumber"),
            (AddressParts { phone_number: Some("425 555+0101"), ..us() }, "phoneNumber"),
        ];
        for (address, field) in cases {
            assert_eq!(rules("US").fault(&address).map(|fault| fault.field), Some(field));
        }
    }

    #[test]
    fn each_country_stands_once_in_the_order_of_the_codes_with_a_culture_of_its_own() {
        let codes: Vec<&str> = table::ALL.iter().map(|rules| rules.iso2).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
        for rules in table::ALL {
            assert!(rules.iso2.parse::<CountryCode>().is_ok(), "{}", rules.iso2);
            assert!(rules.default_culture().ends_with(rules.iso2), "{}", rules.iso2);
            assert!(!rules.calling_codes.is_empty(), "{}", rules.iso2);
            assert!(rules.phone_digits.0 <= rules.phone_digits.1, "{}", rules.iso2);
        }
    }

    #[test]
    fn languages_are_those_of_the_cultures_each_once() {
        assert_eq!(rules("CH").languages(), ["de", "fr", "it"]);
        assert_eq!(rules("CA").default_culture(), "en-CA");
    }
}
