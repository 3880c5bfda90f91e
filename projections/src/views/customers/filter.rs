//! Which part of a customer list is wanted.

use events::{CustomerId, PartnerId};

use super::row::CustomerRow;

/// Which customers of a partner are wanted. The default wants all.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct CustomerFilter {
    /// The company name begins with this, in any case.
    pub company_prefix: Option<String>,
    /// One of the domains begins with this, in any case.
    pub domain_prefix: Option<String>,
    /// For a provider: sold through this reseller; for a reseller: through this provider.
    pub indirect_partner: Option<PartnerId>,
    /// The company name or one of the domains contains this, in any case.
    pub text: Option<String>,
}

/// A place in a customer list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CustomerCursor {
    /// The company name in lower case.
    pub company: String,
    /// The customer.
    pub customer: CustomerId,
}

/// A filter in lower case.
pub(crate) struct Wanted {
    pub(crate) company_prefix: String,
    domain_prefix: String,
    text: String,
}

impl Wanted {
    pub(crate) fn new(filter: &CustomerFilter) -> Self {
        let lower = |text: &Option<String>| text.as_deref().unwrap_or_default().to_lowercase();
        Self {
            company_prefix: lower(&filter.company_prefix),
            domain_prefix: lower(&filter.domain_prefix),
            text: lower(&filter.text),
        }
    }

    pub(crate) fn is_everything(&self) -> bool {
        self.company_prefix.is_empty() && self.domain_prefix.is_empty() && self.text.is_empty()
    }

    pub(crate) fn admits(&self, row: &CustomerRow) -> bool {
        let any = |holds: fn(&str, &str) -> bool, text: &str| {
            row.domains().any(|domain| holds(domain.as_str(), text))
        };
        // Most lists ask for everything: then no text is touched.
        self.is_everything()
            || any(|domain, prefix| domain.starts_with(prefix), &self.domain_prefix)
                && (row.place.name.contains(&self.text)
                    || any(|domain, text| domain.contains(text), &self.text))
    }
}
