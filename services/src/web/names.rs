//! People by name: opens the profiles that a page shows, and tells honestly where none can be read.

use std::collections::BTreeMap;

use events::{
    CustomerId, CustomerUserId, CustomerUserProfile, Opened, PartnerId, PartnerUserId,
    PartnerUserProfile,
};
use maud::{Markup, html};
use projections::{CustomerRow, CustomerUserRow, PartnerUserRow, ReadModel};

use super::{
    error::PageError,
    widgets::{Tone, badge},
};
use crate::application::Application;

/// A personal text as a page shows it: readable, erased, or locked away by a fault of ours.
pub(super) fn shown<T>(opened: &Opened<T>, text: impl FnOnce(&T) -> String) -> Markup {
    shown_as(opened, |value| html! { (text(value)) })
}

/// Personal data as a page shows it in its own way, where it can be read.
pub(super) fn shown_as<T>(opened: &Opened<T>, drawn: impl FnOnce(&T) -> Markup) -> Markup {
    match opened {
        Opened::Readable(value) => drawn(value),
        Opened::Erased(_) => badge(Tone::Warning, "erased"),
        Opened::KeyUnavailable => badge(Tone::Bad, "key unavailable"),
    }
}

/// How the user names of a customer end: `@contoso.example or @school.example`.
pub(super) fn endings(customer: &CustomerRow) -> String {
    let all: Vec<String> = customer.domains().map(|domain| format!("@{domain}")).collect();
    all.join(" or ")
}

/// A personal text in a sentence.
pub(super) fn plain<T>(opened: &Opened<T>, text: impl FnOnce(&T) -> String) -> String {
    match opened {
        Opened::Readable(value) => text(value),
        Opened::Erased(_) => "[erased]".to_owned(),
        Opened::KeyUnavailable => "[key unavailable]".to_owned(),
    }
}

/// Customer users with their opened profiles.
pub(super) async fn open_customer_users<'a>(
    app: &Application,
    rows: impl IntoIterator<Item = &'a CustomerUserRow>,
) -> Result<Vec<(&'a CustomerUserRow, Opened<CustomerUserProfile>)>, PageError> {
    let mut opened = Vec::new();
    for row in rows {
        opened.push((row, app.vault().open(&row.profile).await?));
    }
    Ok(opened)
}

/// Partner users with their opened profiles.
pub(super) async fn open_partner_users<'a>(
    app: &Application,
    rows: impl IntoIterator<Item = &'a PartnerUserRow>,
) -> Result<Vec<(&'a PartnerUserRow, Opened<PartnerUserProfile>)>, PageError> {
    let mut opened = Vec::new();
    for row in rows {
        opened.push((row, app.vault().open(&row.profile).await?));
    }
    Ok(opened)
}

/// The names of people that a page speaks of.
#[derive(Default)]
pub(super) struct Names {
    customer_users: BTreeMap<CustomerUserId, String>,
    partner_users: BTreeMap<PartnerUserId, String>,
}

impl Names {
    /// The name of a customer user, or what stands for it.
    pub(super) fn customer_user(&self, user: CustomerUserId) -> &str {
        self.customer_users.get(&user).map_or("a user", String::as_str)
    }

    /// The name of a partner user, or what stands for it.
    pub(super) fn partner_user(&self, user: PartnerUserId) -> &str {
        self.partner_users.get(&user).map_or("a user", String::as_str)
    }

    /// Learns the name of a customer user.
    pub(super) async fn learn_customer_user(
        &mut self,
        app: &Application,
        model: &ReadModel,
        customer: CustomerId,
        user: CustomerUserId,
    ) -> Result<(), PageError> {
        if self.customer_users.contains_key(&user) {
            return Ok(());
        }
        let name = match model.customer_users().get(customer, user) {
            Some(row) => {
                let opened = app.vault().open::<CustomerUserProfile>(&row.profile).await?;
                plain(&opened, |profile| profile.display_name.to_string())
            }
            None => "a purged user".to_owned(),
        };
        self.customer_users.insert(user, name);
        Ok(())
    }

    /// Learns the name of a partner user.
    pub(super) async fn learn_partner_user(
        &mut self,
        app: &Application,
        model: &ReadModel,
        partner: PartnerId,
        user: PartnerUserId,
    ) -> Result<(), PageError> {
        if self.partner_users.contains_key(&user) {
            return Ok(());
        }
        let name = match model.partner_users().get(partner, user) {
            Some(row) => {
                let opened = app.vault().open::<PartnerUserProfile>(&row.profile).await?;
                plain(&opened, |profile| profile.full_name.to_string())
            }
            None => "a purged user".to_owned(),
        };
        self.partner_users.insert(user, name);
        Ok(())
    }

    /// Gives names directly.
    #[cfg(test)]
    pub(super) fn given(
        customer_users: &[(CustomerUserId, &str)],
        partner_users: &[(PartnerUserId, &str)],
    ) -> Self {
        Self {
            customer_users: customer_users.iter().map(|(id, name)| (*id, (*name).into())).collect(),
            partner_users: partner_users.iter().map(|(id, name)| (*id, (*name).into())).collect(),
        }
    }
}
