//! The heading and the tabs that all pages of one customer share.

use commands::Permission;
use maud::html;
use projections::CustomerRow;

use super::{
    layout::{self, Frame, Section},
    screen::Screen,
    widgets::{Tone, badge},
};

/// The tab that is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Users,
    Deleted,
    Licenses,
    Subscriptions,
    Contacts,
    Devices,
    Agreements,
    Billing,
    Activity,
    Account,
}

/// The address of a customer's pages.
pub(super) fn path(customer: &CustomerRow) -> String {
    format!("/customers/{}", customer.id)
}

/// The frame of a customer's page under this tab.
pub(super) fn frame<'a>(screen: &'a Screen, customer: &CustomerRow, tab: Tab) -> Frame<'a> {
    let reseller = screen.visitor.partner;
    let bond = customer.relationship(reseller);
    let frame = Frame::new(screen, Section::Customers, customer.company_name.as_str())
        .subtitle(html! {
            p.subtitle {
                (customer.domain) " · " (customer.country) " "
                @match bond {
                    Some(bond) if bond.active => { (badge(Tone::Good, "active relationship")) }
                    Some(_) => { (badge(Tone::Bad, "relationship ended")) }
                    None => { (badge(Tone::Plain, "as reseller")) }
                }
            }
        })
        .tabs(tabs(screen, customer, tab))
        .readable();
    frame.under("Customers", "/customers")
}

/// The frame of a page below a customer's tab.
pub(super) fn inner_frame<'a>(
    screen: &'a Screen,
    customer: &CustomerRow,
    title: impl Into<String>,
) -> Frame<'a> {
    let frame = Frame::new(screen, Section::Customers, title).under("Customers", "/customers");
    frame.under(customer.company_name.as_str(), path(customer))
}

fn tabs(screen: &Screen, customer: &CustomerRow, tab: Tab) -> maud::Markup {
    let active = screen.model.customer_users().counts(customer.id).active;
    let deleted = screen.model.deleted_users().restorable_count(customer.id, screen.at);
    let all = [
        (Tab::Users, Permission::CustomerUsersView, "Users", Some(active), ""),
        (Tab::Deleted, Permission::CustomerUsersView, "Deleted users", Some(deleted), "/deleted"),
        (Tab::Licenses, Permission::LicensesManage, "Licences", None, "/licenses"),
        (
            Tab::Subscriptions,
            Permission::SubscriptionsView,
            "Subscriptions",
            None,
            "/subscriptions",
        ),
        (Tab::Contacts, Permission::SupportContactsManage, "Support contacts", None, "/contacts"),
        (Tab::Devices, Permission::DevicesView, "Devices", None, "/devices"),
        (Tab::Agreements, Permission::AgreementsView, "Agreements", None, "/agreements"),
        (Tab::Billing, Permission::BillingHelp, "Billing", None, "/billing"),
        (Tab::Activity, Permission::ActivityLogView, "Activity", None, "/activity"),
        (Tab::Account, Permission::CustomersView, "Account", None, "/account"),
    ];
    let base = path(customer);
    let seen = all.into_iter().filter(|(_, permission, ..)| screen.sees(*permission));
    let seen: Vec<_> = seen
        .map(|(this, _, label, count, suffix)| {
            (label, count, screen.link(&format!("{base}{suffix}")), this == tab)
        })
        .collect();
    layout::tabs("Customer", &seen)
}
