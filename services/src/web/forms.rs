//! What a form or an address carries, and how it becomes values: every fault is found in one go and
//! named with its field.

use std::{borrow::Cow, fmt, str::FromStr};

use commands::{Catalogue, Rejection, SaleRejection};

use crate::application::CommandError;

/// The most fields a form may carry: a bulk of users or the offers of a long catalogue, and the rest.
const FIELDS_MAX: usize = 5_000;
/// The longest value of a field, in bytes.
const VALUE_BYTES_MAX: usize = 40_000;

/// Names and values in the order in which they came; a name may repeat.
#[derive(Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Takes what was sent, if it is within the limits.
    pub(super) fn checked(pairs: Vec<(String, String)>) -> Option<Self> {
        let fits = |(_, value): &(String, String)| value.len() <= VALUE_BYTES_MAX;
        (pairs.len() <= FIELDS_MAX && pairs.iter().all(fits)).then_some(Self(pairs))
    }

    /// The first value of a field, without blanks around it; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default().trim()
    }

    /// Every value of a field.
    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box with this value is ticked.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|given| given == value)
    }

    /// Sets a field, for forms that begin filled in.
    pub(super) fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// Everything that was sent but these fields.
    pub(super) fn except<'a>(
        &'a self,
        names: &'a [&str],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fields = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        fields.filter(|(name, _)| !names.contains(name))
    }

    /// The value of a field that must be filled in.
    pub(super) fn required<T>(&self, faults: &mut Faults, name: &'static str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        if self.text(name).is_empty() {
            faults.add(name, "must not be empty");
            return None;
        }
        self.optional(faults, name).flatten()
    }

    /// The value of a field that may be left empty; the outer `None` stands for a fault.
    #[expect(clippy::option_option, reason = "left empty and faulty are told apart")]
    pub(super) fn optional<T>(&self, faults: &mut Faults, name: &'static str) -> Option<Option<T>>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let text = self.text(name);
        if text.is_empty() {
            return Some(None);
        }
        match text.parse() {
            Ok(value) => Some(Some(value)),
            Err(error) => {
                let error: T::Err = error;
                faults.add(name, error.to_string());
                None
            }
        }
    }

    /// The values of all ticked boxes of a name.
    pub(super) fn chosen<T>(&self, faults: &mut Faults, name: &'static str) -> Option<Vec<T>>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let chosen: Result<Vec<T>, T::Err> = self.all(name).map(str::parse).collect();
        chosen.map_err(|error| faults.add(name, error.to_string())).ok()
    }
}

/// What is wrong with what was sent, field by field.
#[derive(Default, Debug)]
pub(super) struct Faults(Vec<Fault>);

/// One of them.
#[derive(Debug)]
pub(super) struct Fault {
    /// The field, where it is one.
    pub(super) field: Option<Cow<'static, str>>,
    /// What the form calls the field, where its name does not tell.
    pub(super) label: Option<String>,
    /// What is wrong with it.
    pub(super) reason: String,
}

impl Faults {
    /// Notes what is wrong with a field.
    pub(super) fn add(&mut self, field: &'static str, reason: impl Into<String>) {
        self.0.push(Fault { field: Some(field.into()), label: None, reason: reason.into() });
    }

    /// Notes what is wrong with one of many fields of a kind, which the form calls by `label`.
    pub(super) fn add_to(&mut self, field: String, label: &str, reason: impl Into<String>) {
        let (field, label) = (Some(field.into()), Some(label.to_owned()));
        self.0.push(Fault { field, label, reason: reason.into() });
    }

    /// What is wrong with the whole.
    pub(super) fn general(reason: impl Into<String>) -> Self {
        Self(vec![Fault { field: None, label: None, reason: reason.into() }])
    }

    /// The refusal of a command, in words for people.
    pub(super) fn refusal(rejection: &Rejection, catalogue: &Catalogue) -> Self {
        let (field, reason) = (rejection.field().map(Cow::from), explain(rejection, catalogue));
        Self(vec![Fault { field, label: None, reason }])
    }

    /// What is read, unless anything is wrong.
    pub(super) fn unless_any<T>(self, read: impl FnOnce() -> Option<T>) -> Result<T, Self> {
        if !self.0.is_empty() {
            return Err(self);
        }
        read().ok_or_else(|| Self::general("something is missing"))
    }

    /// True when nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with a field.
    pub(super) fn about(&self, name: &str) -> Option<&str> {
        let fault = self.0.iter().find(|fault| fault.field.as_deref() == Some(name));
        fault.map(|fault| fault.reason.as_str())
    }

    /// Everything that is wrong.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

/// Splits the outcome of a command: what a person can mend on the form, and what not.
pub(super) fn mendable<T>(
    outcome: Result<T, CommandError>,
    catalogue: &Catalogue,
) -> Result<Result<T, Faults>, CommandError> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(CommandError::Rejected(rejection))
            if rejection.kind() != commands::RejectionKind::Forbidden
                || matches!(
                    rejection,
                    Rejection::SelfGrant { .. } | Rejection::GlobalAdminOnly
                ) =>
        {
            Ok(Err(Faults::refusal(&rejection, catalogue)))
        }
        Err(CommandError::IdempotencyKeyReused) => {
            Ok(Err(Faults::general("this form was sent before; check, then send it again")))
        }
        Err(error @ CommandError::UnknownApprover) => {
            let mut faults = Faults::default();
            faults.add("approved_by", error.to_string());
            Ok(Err(faults))
        }
        Err(CommandError::Contention) => {
            Ok(Err(Faults::general(CommandError::Contention.to_string())))
        }
        Err(error) => Err(error),
    }
}

/// A refusal in words for people: products by name, where the plain text names their ids.
pub(super) fn explain(rejection: &Rejection, catalogue: &Catalogue) -> String {
    let product = |sku| catalogue.sku(sku).map_or("this product", |offer| offer.sku_name.as_str());
    match rejection {
        Rejection::SeatsMissing { sku_id, missing } => {
            let noun = if *missing == 1 { "licence is" } else { "licences are" };
            format!("{missing} {noun} missing of {}", product(*sku_id))
        }
        Rejection::NoActiveSubscription { sku_id } => {
            format!("there is no active subscription to {}", product(*sku_id))
        }
        Rejection::LicenseAssignedAndRemoved { sku_id } => {
            format!("{} is to be both assigned and removed", product(*sku_id))
        }
        Rejection::UsageLocationMissing { .. } => {
            "licences can only be assigned where the usage location is known".to_owned()
        }
        Rejection::CustomerUserNotFound { .. } | Rejection::PartnerUserNotFound { .. } => {
            "the user does not exist (any more)".to_owned()
        }
        Rejection::RestoreWindowPassed { restorable_until } => {
            format!("could be restored until {}", super::widgets::minute(*restorable_until))
        }
        Rejection::InvitationExpired { expired_at } => {
            format!("the invitation expired on {}", super::widgets::minute(*expired_at))
        }
        Rejection::PartnerOnRecord { mpn_id } => {
            format!("there is no active partnership with a reseller of the MPN id {mpn_id}")
        }
        Rejection::Sale(sale) => explain_sale(sale, catalogue),
        other => other.to_string(),
    }
}

/// Why nothing is sold, with offers by name.
fn explain_sale(rejection: &SaleRejection, catalogue: &Catalogue) -> String {
    let name = |id| catalogue.offer(id).map_or("this offer", |offer| offer.name.as_str());
    let product = |sku| catalogue.sku(sku).map_or("this product", |offer| offer.sku_name.as_str());
    match rejection {
        SaleRejection::OfferNotSold { offer_id } => {
            format!("{} is not sold any more", name(*offer_id))
        }
        SaleRejection::BillingCycleNotOffered { offer_id } => {
            format!("{} is not billed in this cycle", name(*offer_id))
        }
        SaleRejection::OrderNotFound { .. } => "there is no such order".to_owned(),
        SaleRejection::OrderNotActive { .. } => "not everything in the order is active".to_owned(),
        SaleRejection::AddOnUnrelated { offer_id } => {
            format!("{} needs a subscription it belongs to", name(*offer_id))
        }
        SaleRejection::NotAnAddOn { offer_id } => format!("{} is no add-on", name(*offer_id)),
        SaleRejection::ParentNotActive { .. } => {
            "the subscription to which it is an add-on is not active".to_owned()
        }
        SaleRejection::NoUpgradePath { offer_id } => {
            format!("the subscription cannot be upgraded to {}", name(*offer_id))
        }
        SaleRejection::NotConvertible { offer_id } => {
            format!("the subscription is no trial that becomes {}", name(*offer_id))
        }
        SaleRejection::SeatsStillAssigned { sku_id, count } => {
            format!("{count} licences of {} must be removed from users first", product(*sku_id))
        }
        SaleRejection::CartNotFound { .. } => "there is no such order in the making".to_owned(),
        SaleRejection::CartIsExpired { expired_at } => {
            let until = super::widgets::minute(*expired_at);
            format!("the order could be submitted until {until}; begin it anew")
        }
        SaleRejection::CartIsOrdered => "the order was submitted already".to_owned(),
        SaleRejection::CartIsCancelled => "the order was cancelled".to_owned(),
        SaleRejection::ContactNotEligible { .. } => {
            "this partner cannot be the support contact: it needs an active partnership, and \
             delegated admin privileges for the customer"
                .to_owned()
        }
        SaleRejection::PaidOnce
        | SaleRejection::SubscriptionIsCancelled
        | SaleRejection::NoRenewal
        | SaleRejection::AddOnsInTheWay { .. }
        | SaleRejection::CartNotExpired { .. }
        | SaleRejection::CartChanged
        | SaleRejection::PricesChanged => rejection.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use events::{CompanyName, CountryCode, DomainName};

    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Fields::checked(pairs.iter().map(owned).collect()).unwrap()
    }

    #[test]
    fn every_faulty_field_is_named_in_one_go() {
        let form = fields(&[("company_name", " "), ("domain", "nodots"), ("country", "us")]);
        let mut faults = Faults::default();
        let name: Option<CompanyName> = form.required(&mut faults, "company_name");
        let domain: Option<DomainName> = form.required(&mut faults, "domain");
        let country: Option<CountryCode> = form.required(&mut faults, "country");
        assert!(name.is_none() && domain.is_none() && country.is_some());
        let named: Vec<_> = faults.iter().map(|fault| fault.field.as_deref()).collect();
        assert_eq!(named, [Some("company_name"), Some("domain")]);
        assert!(faults.about("domain").unwrap().contains("full domain name"));
    }

    #[test]
    fn an_empty_optional_field_is_no_fault_and_a_wrong_one_is() {
        let form = fields(&[("country", "  "), ("other", "USA")]);
        let mut faults = Faults::default();
        assert_eq!(form.optional::<CountryCode>(&mut faults, "country"), Some(None));
        assert!(faults.is_empty());
        assert_eq!(form.optional::<CountryCode>(&mut faults, "other"), None);
        assert!(!faults.is_empty());
    }

    #[test]
    fn a_form_beyond_the_limits_is_refused() {
        let long = "x".repeat(VALUE_BYTES_MAX + 1);
        assert!(Fields::checked(vec![("a".to_owned(), long)]).is_none());
        let many = vec![(String::new(), String::new()); FIELDS_MAX + 1];
        assert!(Fields::checked(many).is_none());
    }

    #[test]
    fn a_refusal_names_its_field() {
        let taken = Rejection::NameTaken { kind: commands::NameKind::Domain };
        let faults = Faults::refusal(&taken, &Catalogue::default());
        assert_eq!(faults.about("domain"), Some("the domain is taken"));
    }
}
