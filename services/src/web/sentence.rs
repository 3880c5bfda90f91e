//! What happened, as a sentence about it: who did what to whom, in the words of the domain.

mod customer;
mod customer_user;
mod installation;
mod lead;
mod partner;
mod partnership;
mod sales;
mod service_request;

use commands::Catalogue;
use events::{
    Actor, ApplicationId, CustomerId, CustomerUserId, Event, MpnId, NameClaimEvent, PartnerId,
    PartnerUserId, Process, RecordedEvent, SkuId, SubscriptionId, Timestamp,
};
use maud::{Markup, html};
use projections::ReadModel;

use self::{
    customer::to_customer, installation::to_installation, lead::to_lead, partner::to_partner,
    partnership::to_partnership, service_request::to_request,
};
use super::{names::Names, widgets};

/// Everything sentences need to know to speak of people and things by name.
pub(super) struct Cast<'a> {
    pub(super) model: &'a ReadModel,
    pub(super) catalogue: &'a Catalogue,
    pub(super) names: Names,
    /// The partner that reads: its own people are named, those of other partners are not.
    pub(super) own: PartnerId,
    /// Whether the reader may see customers.
    pub(super) sees_customers: bool,
}

impl Cast<'_> {
    /// Who did it.
    pub(super) fn actor(&self, actor: &Actor) -> String {
        match actor {
            Actor::PartnerUser { partner, user } if *partner == self.own => {
                self.names.partner_user(*user).to_owned()
            }
            Actor::PartnerUser { partner, .. } => format!("A user of {}", self.partner(*partner)),
            Actor::CustomerUser { .. } => "A user of the customer".to_owned(),
            Actor::Application { partner, application } if *partner == self.own => {
                let row = self.model.applications().get(*partner, *application);
                let name = row.map_or("that is not known", |row| row.name.as_str());
                format!("The application {name}")
            }
            Actor::Application { partner, .. } => {
                format!("An application of {}", self.partner(*partner))
            }
            Actor::Operator => "The operator".to_owned(),
            Actor::SupportOperator { .. } => "A support operator".to_owned(),
            Actor::Auditor { .. } => "An auditor".to_owned(),
            Actor::Visitor => "Somebody who had not signed in".to_owned(),
            Actor::System(process) => match process {
                Process::Purge => "The purge timer",
                Process::Watch => "partnerlog",
                Process::Mail => "The mail process",
                Process::Expiry => "The expiry timer",
                Process::SupportContacts => "The support contact process",
                Process::Webhooks => "The webhook process",
                Process::Terms => "The timer of terms",
            }
            .to_owned(),
        }
    }

    fn partner(&self, id: PartnerId) -> &str {
        self.model.partners().get(id).map_or("another partner", |partner| partner.name.as_str())
    }

    fn reseller(&self, mpn_id: &MpnId) -> String {
        let partner = self.model.partners().by_mpn_id(mpn_id);
        partner.map_or_else(|| format!("MPN {mpn_id}"), |partner| partner.name.to_string())
    }

    fn application(&self, id: ApplicationId) -> Markup {
        let row = self.model.applications().get(self.own, id);
        html! { strong { (row.map_or("an application", |row| row.name.as_str())) } }
    }

    fn customer(&self, id: CustomerId) -> Markup {
        let row = self.model.customers().get(id).filter(|_| self.sees_customers);
        match row {
            Some(row) if row.is_seen_by(self.own) => {
                html! { a href={ "/customers/" (id) } { (row.company_name) } }
            }
            Some(row) => html! { (row.company_name) },
            None => html! { "a customer" },
        }
    }

    fn user(&self, user: CustomerUserId) -> Markup {
        html! { strong { (self.names.customer_user(user)) } }
    }

    fn colleague(&self, user: PartnerUserId) -> Markup {
        html! { strong { (self.names.partner_user(user)) } }
    }

    fn product(&self, sku: SkuId) -> String {
        let listed = self.catalogue.sku(sku).map(|offer| &offer.sku_name);
        let name = listed.or_else(|| self.model.sold_offers().product(sku));
        name.map_or_else(|| "a product".to_owned(), ToString::to_string)
    }

    fn subscription(&self, customer: CustomerId, id: SubscriptionId) -> String {
        let row = self.model.subscriptions().get(customer, id);
        row.map_or_else(|| "a subscription".to_owned(), |row| row.friendly_name.to_string())
    }
}

/// What was done, as it follows who did it: *deleted user Bo Chen of Contoso*.
pub(super) fn deed(cast: &Cast<'_>, recorded: &RecordedEvent) -> Markup {
    match &recorded.event {
        Event::Partner(event) => to_partner(cast, event),
        Event::Partnership(event) => to_partnership(cast, event),
        Event::Customer(event) => {
            let customer = CustomerId::from_uuid(recorded.stream.id());
            to_customer(cast, customer, event)
        }
        Event::Lead(event) => to_lead(cast, event),
        Event::ServiceRequest(event) => to_request(cast, recorded, event),
        Event::NameClaim(NameClaimEvent::NameClaimed(_)) => html! { "claimed a unique name" },
        Event::NameClaim(NameClaimEvent::NameReleased(_)) => html! { "released a unique name" },
        Event::Installation(event) => to_installation(cast, event),
    }
}

/// What a failure to sign in led to.
fn locked(failures: u32, locked_until: Option<Timestamp>) -> Markup {
    html! {
        ", " (failures) " in a row"
        @if let Some(until) = locked_until { "; the account is locked until " (widgets::minute(until)) }
    }
}

/// The name of an event type in words: `CustomerUserDeleted` is *Customer user deleted*.
pub(super) fn type_in_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(character.to_lowercase());
        } else {
            words.push(character);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use commands::Catalogue;
    use events::{
        CustomerUserDeleted, CustomerUserRestored, LicenseFate, LicenseOutcome, Role, RoleCategory,
        RoleReplaced, Timestamp,
    };
    use uuid::Uuid;

    use super::*;
    use crate::sample::sample_catalogue;

    const BO: CustomerUserId = CustomerUserId::from_uuid(Uuid::from_u128(2));
    const ANA: PartnerUserId = PartnerUserId::from_uuid(Uuid::from_u128(3));
    const OWN: PartnerId = PartnerId::from_uuid(Uuid::from_u128(4));

    fn cast<'a>(model: &'a ReadModel, catalogue: &'a Catalogue) -> Cast<'a> {
        let names = Names::given(&[(BO, "Bo <Chen>")], &[(ANA, "Ana Lima")]);
        Cast { model, catalogue, names, own: OWN, sees_customers: true }
    }

    fn plain(markup: &Markup) -> String {
        let mut text = String::new();
        let mut in_tag = false;
        for character in markup.0.chars() {
            match character {
                '<' => in_tag = true,
                '>' => in_tag = false,
                other if !in_tag => text.push(other),
                _ => {}
            }
        }
        text
    }

    fn deed_of(event: &Event) -> String {
        let (model, catalogue) = (ReadModel::new(), sample_catalogue());
        let cast = cast(&model, &catalogue);
        let shown = match event {
            Event::Customer(event) => {
                to_customer(&cast, CustomerId::from_uuid(Uuid::from_u128(1)), event)
            }
            Event::Partner(event) => to_partner(&cast, event),
            Event::Partnership(event) => to_partnership(&cast, event),
            Event::Installation(event) => to_installation(&cast, event),
            Event::Lead(event) => to_lead(&cast, event),
            Event::NameClaim(_) | Event::ServiceRequest(_) => html! {},
        };
        plain(&shown)
    }

    #[test]
    fn a_deletion_names_the_user_and_what_went_back() {
        let sku = sample_catalogue().offers()[0].sku_id;
        let event = CustomerUserDeleted {
            user_id: BO,
            licenses_returned: vec![sku, sku],
            restorable_until: Timestamp::EPOCH,
        };
        let text = deed_of(&event.into());
        assert_eq!(text, "deleted user Bo &lt;Chen&gt; of a customer; 2 licences returned");
    }

    #[test]
    fn a_restore_names_the_fate_of_each_licence() {
        let sku_id = sample_catalogue().offers()[0].sku_id;
        let licenses = vec![LicenseOutcome { sku_id, fate: LicenseFate::NoSeat }];
        let text = deed_of(&CustomerUserRestored { user_id: BO, licenses }.into());
        assert!(text.ends_with("; Office 365 Business Premium not back, no seat free"), "{text}");
    }

    #[test]
    fn a_replaced_role_names_old_and_new() {
        let event = RoleReplaced {
            user_id: ANA,
            category: RoleCategory::Agent,
            old: Role::SalesAgent,
            new: Role::AdminAgent,
        };
        assert_eq!(
            deed_of(&event.into()),
            "replaced the role Sales agent of Ana Lima by Admin agent"
        );
    }

    #[test]
    fn a_refusal_names_who_was_refused_what_and_how_often() {
        let event = events::AccessRefused {
            caller: Actor::PartnerUser { partner: OWN, user: ANA },
            code: "forbidden".parse().unwrap(),
            permission: Some("customers.create".parse().unwrap()),
            request: "CreateCustomer".parse().unwrap(),
            target: None,
            refused_at: Timestamp::EPOCH,
            suppressed: 2,
        };
        let expected = "refused CreateCustomer to Ana Lima: forbidden, needs customers.create; \
                        2 more since the last one recorded";
        assert_eq!(deed_of(&event.into()), expected);
    }

    #[test]
    fn people_of_other_partners_are_not_named() {
        let (model, catalogue) = (ReadModel::new(), sample_catalogue());
        let cast = cast(&model, &catalogue);
        let other = PartnerId::from_uuid(Uuid::from_u128(9));
        let own = Actor::PartnerUser { partner: OWN, user: ANA };
        assert_eq!(cast.actor(&own), "Ana Lima");
        let foreign = Actor::PartnerUser { partner: other, user: ANA };
        assert_eq!(cast.actor(&foreign), "A user of another partner");
    }

    #[test]
    fn a_type_name_becomes_words() {
        assert_eq!(type_in_words("CustomerUserDeleted"), "Customer user deleted");
    }
}
