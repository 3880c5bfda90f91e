//! The plan is the same every time, and holds what a reseller's life holds.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use commands::{
    CustomerAccountCommand, CustomerCommand, CustomerUserCommand, PartnerCommand,
    PartnerUserCommand, RoleCommand,
};
use events::{CustomerUserId, EmailAddress, NameHash, Timestamp, UserName};
use sha2::{Digest, Sha256};

use super::{Names, Plan, Scale, Spec, Step, scenes::Clients, step::Task, world::World};

/// Hashes without a key.
struct Plain;

impl Names for Plain {
    fn user_name(&self, name: &UserName) -> NameHash {
        hash(name.as_str())
    }

    fn sign_in_name(&self, email: &EmailAddress) -> NameHash {
        hash(email.as_str())
    }
}

fn hash(name: &str) -> NameHash {
    let digest = Sha256::digest(name);
    NameHash::new(digest.as_slice()[..16].try_into().unwrap())
}

fn spec(seed: u64, scale: Scale) -> Spec {
    Spec { seed, scale, end: Timestamp::EPOCH.plus_hours(24 * 365 * 56) }
}

fn steps(spec: Spec) -> Vec<Step> {
    Plan::new(spec, Arc::new(Plain)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn equal_specifications_give_equal_steps_and_another_seed_gives_others() {
    let first = steps(spec(1, Scale::SMALL));
    assert!(first == steps(spec(1, Scale::SMALL)));
    assert!(first != steps(spec(2, Scale::SMALL)));
}

#[test]
fn steps_come_in_the_order_of_time_and_end_shortly_before_the_end() {
    let spec = spec(1, Scale::SMALL);
    let steps = steps(spec);
    assert!(steps.is_sorted_by_key(|step| step.at));
    assert!(steps.first().unwrap().at >= spec.start());
    let last = steps.last().unwrap().at;
    assert!(last < spec.end && last > spec.end.plus_hours(-7 * 24), "{last}");
}

#[test]
fn a_small_history_holds_every_customer_of_chance_and_every_one_of_the_scenes() {
    let spec = spec(1, Scale::SMALL);
    let mut created = 0;
    for step in steps(spec) {
        created += match step.task {
            Task::Customer(_, CustomerCommand::Account(CustomerAccountCommand::Create(_)))
            | Task::SignUp(_)
            | Task::Convert(..) => 1,
            Task::Import(_, customers) => customers.len(),
            _ => 0,
        };
    }
    let world = World::new(spec, Arc::new(Plain)).unwrap();
    let of_scenes = Clients::new(&world).unwrap().count();
    assert_eq!(created, Scale::SMALL.customers + of_scenes);
}

#[test]
fn at_the_end_some_deleted_users_are_back_some_purged_and_some_restorable() {
    let (mut deleted, mut restored, mut purged) = (BTreeSet::new(), 0, 0);
    for step in steps(spec(1, Scale::SMALL)) {
        let Task::Customer(_, CustomerCommand::User(command)) = step.task else { continue };
        match command {
            CustomerUserCommand::Delete(command) => deleted.extend(command.user_ids),
            CustomerUserCommand::Restore(command) => {
                restored += 1;
                assert!(deleted.remove(&command.user_id));
            }
            CustomerUserCommand::Purge(command) => {
                purged += 1;
                assert!(deleted.remove(&command.user_id));
            }
            _ => {}
        }
    }
    let restorable: BTreeSet<CustomerUserId> = deleted;
    assert!(restored > 20 && purged > 20, "{restored} restored, {purged} purged");
    assert!(restorable.len() > 5, "{} restorable", restorable.len());
}

#[test]
fn every_role_has_a_user_of_the_provider_who_is_never_changed() {
    let spec = spec(1, Scale::SMALL);
    let plan = Plan::new(spec, Arc::new(Plain)).unwrap();
    let users: BTreeMap<_, _> = plan.provider_users().collect();
    assert_eq!(users.len(), events::Role::ALL.len());
    let changed = plan.filter_map(|step| match step.unwrap().task {
        Task::Partner(_, PartnerCommand::Role(RoleCommand::Assign(command))) => {
            Some(command.user_id)
        }
        Task::Partner(_, PartnerCommand::Role(RoleCommand::Revoke(command))) => {
            Some(command.user_id)
        }
        Task::Partner(_, PartnerCommand::User(PartnerUserCommand::Delete(command))) => {
            Some(command.user_id)
        }
        _ => None,
    });
    let changed: BTreeSet<_> = changed.collect();
    assert!(users.values().all(|user| !changed.contains(user)));
}
