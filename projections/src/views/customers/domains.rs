//! Whose is a domain, and is it free?

use events::{CustomerId, DomainName, InvalidValue};
use imbl::{OrdMap, OrdSet};

use crate::view::Contradiction;

/// The domains of all customers.
#[derive(Clone, Default, PartialEq, Debug)]
pub(super) struct CustomerDomains {
    holders: OrdMap<DomainName, CustomerId>,
    /// The first labels of all domains.
    first_labels: OrdSet<Box<str>>,
}

impl CustomerDomains {
    /// The customer with this domain.
    pub(super) fn holder(&self, domain: &DomainName) -> Option<CustomerId> {
        self.holders.get(domain).copied()
    }

    /// Whether a domain is free for a new customer: a full one when it is nobody's, a prefix (its
    /// first label) when no customer's domain begins with it.
    ///
    /// # Errors
    /// When the text is neither.
    pub(super) fn is_free(&self, text: &str) -> Result<bool, InvalidValue> {
        let text = text.trim();
        if text.contains('.') {
            let domain: DomainName = text.parse()?;
            return Ok(!self.holders.contains_key(&domain));
        }
        let domain: DomainName = format!("{text}.example").parse()?;
        Ok(!self.first_labels.contains(first_label(&domain)))
    }

    /// A customer gets a domain.
    pub(super) fn take(
        &mut self,
        domain: &DomainName,
        customer: CustomerId,
    ) -> Result<(), Contradiction> {
        self.first_labels.insert(first_label(domain).into());
        match self.holders.insert(domain.clone(), customer) {
            None => Ok(()),
            Some(holder) => Err(Contradiction::wrong_state(holder, "holds that domain already")),
        }
    }
}

fn first_label(domain: &DomainName) -> &str {
    domain.as_str().split('.').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::testing::{History, customer};

    #[test]
    fn a_domain_is_free_while_no_customer_has_it_or_its_prefix() {
        let mut history = History::new();
        history.customer(1, "Zeta", 1);
        let is_free = |text: &str| history.model.customers().is_domain_free(text);
        let domain = history.model.customers().get(customer(1)).unwrap().domain.to_string();
        let prefix = domain.split('.').next().unwrap();
        assert_eq!(is_free(&domain), Ok(false));
        assert_eq!(is_free(&prefix.to_uppercase()), Ok(false));
        assert_eq!(is_free(&format!("{prefix}.elsewhere.example")), Ok(true));
        assert_eq!(is_free("nobody"), Ok(true));
        for wrong in ["", "a b", "-x", "a..b", "ä"] {
            assert!(is_free(wrong).is_err(), "{wrong}");
        }
    }
}
