//! What the first import of a file led to, told again: without passwords, which were shown then.

use std::collections::BTreeMap;

use events::{CustomerEvent, CustomerUserEvent, CustomerUserId, Event, LicenseEvent, SkuId};

use super::{
    super::{RowFault, RowProblem, UserFile},
    ImportedUser, UsersImported, faults_by_line, product_name, profile,
};
use crate::application::{Application, Outcome};

/// The users that an import created, found by the rows of its file.
pub(super) fn repeated(app: &Application, file: &UserFile, first: &Outcome) -> UsersImported {
    let mut created = BTreeMap::new();
    let mut licenses = BTreeMap::<CustomerUserId, Vec<SkuId>>::new();
    for event in &first.events {
        match event {
            Event::Customer(CustomerEvent::User(CustomerUserEvent::CustomerUserCreated(event))) => {
                created.insert(event.user_name, event.user_id);
            }
            Event::Customer(CustomerEvent::License(LicenseEvent::LicenseAssigned(event))) => {
                licenses.entry(event.user_id).or_default().push(event.sku_id);
            }
            _ => {}
        }
    }
    let mut users = Vec::with_capacity(created.len());
    let mut skipped = file.faults.clone();
    for row in &file.rows {
        let line = row.line;
        let Some(id) = created.get(&app.keys().user_name_hash(&row.user_name)).copied() else {
            skipped.push(RowFault { line, problem: RowProblem::SkippedBefore });
            continue;
        };
        let products = licenses.remove(&id).unwrap_or_default();
        users.push(ImportedUser {
            line,
            id,
            profile: profile(row.clone(), None),
            products: products.iter().map(|sku| product_name(app.catalogue(), *sku)).collect(),
            password: None,
        });
    }
    faults_by_line(&mut skipped);
    UsersImported { users, skipped, seats: Vec::new(), position: first.position }
}
