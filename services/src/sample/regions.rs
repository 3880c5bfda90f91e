//! What are people, companies and streets called? Every name is made up; every domain ends in
//! `.example`.

mod tables;

use events::{
    AddressLine, CompanyName, CountryCode, DomainName, InvalidValue, Locale, PersonName,
    PhoneNumber, PostalAddress, PostalCode,
};

use self::tables::{HOUSES, PARTNER_HOUSES, REGIONS};
use super::{dice::Dice, scale::shuffled};

/// Every so many people of a company have a name from another region.
const FOREIGNER_EVERY: usize = 7;

/// How things are called in one region.
pub(super) struct Region {
    country: &'static str,
    culture: &'static str,
    language: &'static str,
    dialling_code: &'static str,
    legal_form: &'static str,
    street: &'static str,
    cities: &'static [&'static str],
    branches: [&'static str; 10],
    first_names: [&'static str; 12],
    last_names: [&'static str; 12],
}

/// A person as names go.
pub(super) struct Called {
    pub(super) first: PersonName,
    pub(super) last: PersonName,
    pub(super) full: PersonName,
    /// What stands before the `@`: unlike that of every other number of the same company.
    pub(super) local_part: String,
}

/// A company as names go.
pub(super) struct Styled {
    pub(super) name: CompanyName,
    pub(super) domain: DomainName,
}

impl Region {
    /// The region of this number, from 0 and round again.
    pub(super) fn numbered(number: usize) -> &'static Self {
        let [first, ..] = &REGIONS;
        REGIONS.get(number % REGIONS.len()).unwrap_or(first)
    }

    pub(super) fn country(&self) -> Result<CountryCode, InvalidValue> {
        CountryCode::new(self.country)
    }

    pub(super) fn culture(&self) -> Result<Locale, InvalidValue> {
        Locale::new(self.culture)
    }

    pub(super) fn language(&self) -> Result<Locale, InvalidValue> {
        Locale::new(self.language)
    }

    /// The company of this number, from 0: no two have the same name or domain.
    pub(super) fn company(&self, number: usize) -> Result<Styled, InvalidValue> {
        let all = HOUSES.len() * self.branches.len();
        let (round, number) = (number / all, shuffled(number % all, all));
        let house = word(&HOUSES, number);
        let branch = word(&self.branches, number / HOUSES.len());
        let slug = latin(branch);
        let (numeral, suffix) = match round {
            0 => (String::new(), String::new()),
            round => (format!(" {}", round + 1), format!("-{}", round + 1)),
        };
        let legal_form = self.legal_form;
        Ok(Styled {
            name: CompanyName::new(&format!("{house} {branch}{numeral} {legal_form}"))?,
            domain: DomainName::new(&format!("{house}-{slug}{suffix}.example"))?,
        })
    }

    /// The partner of this number, from 0: the first is the provider. None has the name or domain
    /// of a customer.
    pub(super) fn partner(&self, number: usize) -> Result<Styled, InvalidValue> {
        let house = word(&PARTNER_HOUSES, number);
        let (numeral, suffix) = match number / PARTNER_HOUSES.len() {
            0 => (String::new(), String::new()),
            round => (format!(" {}", round + 1), format!("-{}", round + 1)),
        };
        let legal_form = self.legal_form;
        Ok(Styled {
            name: CompanyName::new(&format!("{house} Cloud{numeral} {legal_form}"))?,
            domain: DomainName::new(&format!("{house}-cloud{suffix}.example"))?,
        })
    }

    /// The person of this number, from 0, in a company of this region.
    pub(super) fn person(&self, number: usize) -> Result<Called, InvalidValue> {
        let foreigners = (number + FOREIGNER_EVERY / 2) / FOREIGNER_EVERY;
        if number % FOREIGNER_EVERY == FOREIGNER_EVERY / 2 {
            let others: Vec<_> =
                REGIONS.iter().filter(|region| region.country != self.country).collect();
            let from = others.get(foreigners % others.len().max(1)).copied().unwrap_or(self);
            from.native(foreigners / others.len().max(1))
        } else {
            self.native(number - foreigners)
        }
    }

    fn native(&self, number: usize) -> Result<Called, InvalidValue> {
        let all = self.first_names.len() * self.last_names.len();
        let (round, number) = (number / all, shuffled(number % all, all));
        let first = word(&self.first_names, number);
        let last = word(&self.last_names, number / self.first_names.len());
        let numeral = if round == 0 { String::new() } else { (round + 1).to_string() };
        Ok(Called {
            first: PersonName::new(first)?,
            last: PersonName::new(last)?,
            full: PersonName::new(&format!("{first} {last}"))?,
            local_part: format!("{}.{}{numeral}", latin(first), latin(last)),
        })
    }

    /// A last name of the region.
    pub(super) fn last_name(&self, dice: &mut Dice) -> Result<PersonName, InvalidValue> {
        PersonName::new(word(&self.last_names, dice.below(self.last_names.len())))
    }

    pub(super) fn phone(&self, dice: &mut Dice) -> Result<PhoneNumber, InvalidValue> {
        PhoneNumber::new(&format!("{} 555 01{:02}", self.dialling_code, dice.below(100)))
    }

    pub(super) fn address(&self, dice: &mut Dice) -> Result<PostalAddress, InvalidValue> {
        let city = dice.pick(self.cities).copied().unwrap_or(self.country);
        Ok(PostalAddress {
            line1: AddressLine::new(&format!("{} {}", self.street, dice.between(1, 180)))?,
            line2: None,
            city: AddressLine::new(city)?,
            state: None,
            postal_code: Some(PostalCode::new(&dice.between(10_000, 99_999).to_string())?),
        })
    }
}

fn word(words: &[&'static str], number: usize) -> &'static str {
    words.get(number % words.len().max(1)).copied().unwrap_or_default()
}

/// A word as it stands in an address: small Latin letters without marks.
fn latin(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for letter in word.chars().flat_map(char::to_lowercase) {
        match letter {
            'ä' | 'å' | 'á' | 'à' | 'â' | 'ã' | 'ą' => plain.push('a'),
            'ç' | 'ć' => plain.push('c'),
            'é' | 'è' | 'ê' | 'ë' | 'ę' => plain.push('e'),
            'ğ' => plain.push('g'),
            'í' | 'î' | 'ï' | 'ı' => plain.push('i'),
            'ł' => plain.push('l'),
            'ñ' | 'ń' => plain.push('n'),
            'ö' | 'ó' | 'ô' | 'õ' => plain.push('o'),
            'ş' | 'ś' => plain.push('s'),
            'ß' => plain.push_str("ss"),
            'ü' | 'ú' | 'û' => plain.push('u'),
            'ź' | 'ż' => plain.push('z'),
            ' ' => plain.push('-'),
            letter if letter.is_ascii_alphanumeric() => plain.push(letter),
            // Apostrophes, and the dot that a lowered capital İ leaves behind.
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_people_of_a_company_have_the_same_address() {
        for number in 0..REGIONS.len() {
            let region = Region::numbered(number);
            let names = (0..2_000).map(|number| region.person(number).unwrap().local_part);
            assert_eq!(names.collect::<BTreeSet<_>>().len(), 2_000, "{}", region.country);
        }
    }

    #[test]
    fn no_two_companies_have_the_same_domain_or_name_whatever_their_regions() {
        let styled = (0..2_000).map(|number| Region::numbered(number * 3).company(number).unwrap());
        let (names, domains): (BTreeSet<_>, BTreeSet<_>) =
            styled.map(|styled| (styled.name, styled.domain)).unzip();
        assert_eq!((names.len(), domains.len()), (2_000, 2_000));
    }

    #[test]
    fn every_address_and_every_number_of_a_region_is_good() {
        let mut dice = Dice::new(3, 3);
        for number in 0..REGIONS.len() {
            let region = Region::numbered(number);
            let address = region.person(number).unwrap().local_part;
            assert!(address.is_ascii(), "{address}");
            region.phone(&mut dice).unwrap();
            region.address(&mut dice).unwrap();
            region.last_name(&mut dice).unwrap();
            region.culture().unwrap();
            region.language().unwrap();
        }
    }
}
