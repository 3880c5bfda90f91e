//! The users of customers, their licences and directory roles.

use commands::{
    CreateCustomerUsers, CustomerCommand, DeleteCustomerUsers, EditCustomerUser,
    GrantDirectoryRole, NewCustomerUser, PurgeCustomerUser, RenamedCustomerUser,
    ResetCustomerUserPassword, RestoreCustomerUser, RevokeDirectoryRole, UpdateLicenses,
};
use events::{CredentialId, CustomerId, CustomerUserId, DirectoryRole, Process, SkuId};

use crate::{
    model::Status,
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let customer = scene.customer()?;
    let employee = By::Employee(scene.partner_of(customer));
    let (by, command): (By, CustomerCommand) = match scene.dice.below(34) {
        0..=5 => (employee, create(scene, customer).into()),
        6 => (employee, edit(scene, customer).into()),
        7..=11 => {
            let user_ids = some(scene, customer);
            (employee, DeleteCustomerUsers { user_ids }.into())
        }
        12..=18 => (employee, restore(scene, customer).into()),
        19..=20 => {
            let user_id = scene.user(customer, |status| !status.is_active());
            (By::Process(Process::Purge), PurgeCustomerUser { user_id }.into())
        }
        21..=27 => (employee, licenses(scene, customer).into()),
        28..=29 => {
            let user_id = scene.user(customer, Status::is_active);
            let credential_id = scene.world.id(CredentialId::from_uuid);
            (employee, ResetCustomerUserPassword { user_id, credential_id }.into())
        }
        30..=31 => {
            let user_id = scene.user(customer, Status::is_active);
            let role = role(scene);
            (employee, GrantDirectoryRole { user_id, role }.into())
        }
        _ => (employee, withdraw(scene, customer).into()),
    };
    Some((by, Task::Customer(customer, command)))
}

fn local_part(scene: &mut Scene<'_>) -> String {
    format!("u{}", scene.dice.below(12))
}

fn role(scene: &mut Scene<'_>) -> DirectoryRole {
    scene.dice.pick(&DirectoryRole::ALL).unwrap_or(DirectoryRole::GlobalAdmin)
}

/// Products the customer has, and now and then another.
fn skus(scene: &mut Scene<'_>, customer: CustomerId, at_most: usize) -> Vec<SkuId> {
    let held = scene.plain.customers.get(&customer).into_iter().flat_map(|it| &it.subscriptions);
    let mut skus: Vec<_> = held.map(|(_, it)| it.sku).collect();
    if scene.dice.one_in(12) {
        skus.extend(scene.world.app.catalogue().offers().iter().map(|it| it.sku_id));
    }
    scene.dice.some(&skus, at_most)
}

fn some(scene: &mut Scene<'_>, customer: CustomerId) -> Vec<CustomerUserId> {
    if scene.dice.one_in(100) {
        return vec![scene.user(customer, Status::is_active); 251];
    }
    let count = 1 + scene.dice.below(3);
    (0..count).map(|_| scene.user(customer, Status::is_active)).collect()
}

/// A user to be created.
pub(crate) fn new_user(scene: &mut Scene<'_>, customer: CustomerId, name: &str) -> NewCustomerUser {
    let (user_name, profile) = scene.user_name(customer, name);
    NewCustomerUser {
        user_id: scene.world.id(CustomerUserId::from_uuid),
        user_name,
        credential_id: scene.world.id(CredentialId::from_uuid),
        profile,
        licenses: Vec::new(),
        directory_roles: Vec::new(),
    }
}

fn create(scene: &mut Scene<'_>, customer: CustomerId) -> CreateCustomerUsers {
    let count = 1 + scene.dice.below(3);
    let mut users = Vec::new();
    for _ in 0..count {
        let name = local_part(scene);
        let mut user = new_user(scene, customer, &name);
        user.licenses = skus(scene, customer, 2);
        user.directory_roles = scene.dice.some(&DirectoryRole::ALL, 1);
        users.push(user);
    }
    CreateCustomerUsers { users }
}

fn edit(scene: &mut Scene<'_>, customer: CustomerId) -> EditCustomerUser {
    let user_id = scene.user(customer, Status::is_active);
    let name = local_part(scene);
    let (user_name, profile) = scene.user_name(customer, &name);
    EditCustomerUser { user_id, user_name, profile }
}

fn restore(scene: &mut Scene<'_>, customer: CustomerId) -> RestoreCustomerUser {
    let user_id = scene.user(customer, |status| matches!(status, Status::Deleted { .. }));
    let renamed = scene.dice.one_in(4).then(|| {
        let name = local_part(scene);
        let (user_name, profile) = scene.user_name(customer, &name);
        RenamedCustomerUser { user_name, profile }
    });
    RestoreCustomerUser { user_id, renamed }
}

fn licenses(scene: &mut Scene<'_>, customer: CustomerId) -> UpdateLicenses {
    let user_ids = some(scene, customer);
    let assign = skus(scene, customer, 2);
    let users = scene.plain.customers.get(&customer).map(|it| &it.users);
    let held = user_ids.iter().filter_map(|id| users.and_then(|it| it.get(id)));
    let held: Vec<_> = held.flat_map(|user| user.licenses.iter().copied()).collect();
    let any = skus(scene, customer, 2);
    let remove = match scene.dice.below(6) {
        0 | 1 => Vec::new(),
        2..=4 => scene.dice.some(&held, 2),
        _ => any,
    };
    UpdateLicenses { user_ids, assign, remove }
}

fn withdraw(scene: &mut Scene<'_>, customer: CustomerId) -> RevokeDirectoryRole {
    let user_id = scene.user(customer, Status::is_active);
    let users = scene.plain.customers.get(&customer).map(|it| &it.users);
    let held = users.and_then(|it| it.get(&user_id)).map(|it| it.roles.iter().copied());
    let held: Vec<_> = held.into_iter().flatten().collect();
    let any = role(scene);
    let role = if scene.dice.one_in(6) { any } else { scene.dice.pick(&held).unwrap_or(any) };
    RevokeDirectoryRole { user_id, role }
}
