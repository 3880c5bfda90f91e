//! Which customers does a list want? What begins with a text is found by the list's order; the rest
//! of a filter is asked of each customer.

use events::PartnerId;
use projections::{CustomerFilter, CustomerRow};

use super::{
    filter::{Comparison, Filter, Operator, Sort},
    query::Query,
};
use crate::http::{ApiError, ValueFault};

const COMPANY: &str = "CompanyName";
const DOMAIN: &str = "Domain";
/// The other partner of an indirect sale, by the names it has on either side.
const PARTNERS: [&str; 2] = ["IndirectReseller", "IndirectCloudSolutionProvider"];
const FIELDS: [(&str, Sort); 4] = [
    (COMPANY, Sort::Text),
    (DOMAIN, Sort::Text),
    (PARTNERS[0], Sort::Text),
    (PARTNERS[1], Sort::Text),
];

/// The customers that are wanted.
#[derive(Default, Debug)]
pub(super) struct WantedCustomers {
    /// What the lists of the read model know.
    pub(super) filter: CustomerFilter,
    /// What else must hold.
    pub(super) rest: Vec<Filter>,
    /// Whether they are narrowed by the partner they are sold through.
    pub(super) by_partner: bool,
}

impl WantedCustomers {
    /// Reads the filter of a list.
    ///
    /// # Errors
    /// When it is not acceptable.
    pub(super) fn of(query: &Query) -> Result<Self, ApiError> {
        let Some(filter) = Filter::of_fields(query, &FIELDS)? else { return Ok(Self::default()) };
        let by_partner = PARTNERS.iter().any(|field| filter.mentions(field));
        let mut wanted = Self { by_partner, ..Self::default() };
        for filter in filter.all_of() {
            wanted.add(filter)?;
        }
        Ok(wanted)
    }

    /// Leaves to the read model what it finds by itself, once each.
    fn add(&mut self, filter: Filter) -> Result<(), ApiError> {
        let known = &mut self.filter;
        match filter {
            Filter::One(one)
                if known.company_prefix.is_none() && one.is(COMPANY, Operator::StartsWith) =>
            {
                known.company_prefix = Some(one.value);
            }
            Filter::One(one)
                if known.domain_prefix.is_none() && one.is(DOMAIN, Operator::StartsWith) =>
            {
                known.domain_prefix = Some(one.value);
            }
            Filter::One(one) if known.indirect_partner.is_none() && is_sold_through(&one) => {
                let partner = one.value.parse::<PartnerId>();
                let wrong = |error: &dyn ValueFault| ApiError::invalid("filter", error.predicate());
                known.indirect_partner = Some(partner.map_err(|error| wrong(&error))?);
            }
            other @ (Filter::One(_) | Filter::And(_) | Filter::Or(_)) => self.rest.push(other),
        }
        Ok(())
    }

    /// Whether what the read model does not find by itself holds for a customer that `viewer` sees.
    pub(super) fn admits(&self, viewer: PartnerId, row: &CustomerRow) -> bool {
        let holds = |one: &Comparison| {
            if one.is_of(COMPANY) {
                one.holds_for(row.company_name.as_str())
            } else if one.is_of(DOMAIN) {
                one.holds_for(row.domain.as_str())
            } else {
                one.holds_for_any(row.seen_with(viewer).map(|partner| partner.to_string()))
            }
        };
        self.rest.iter().all(|filter| filter.admits(&holds))
    }
}

/// Whether this asks for one partner: the contract says so by `starts_with`.
fn is_sold_through(one: &Comparison) -> bool {
    PARTNERS
        .iter()
        .any(|field| one.is(field, Operator::StartsWith) || one.is(field, Operator::Equals))
}
