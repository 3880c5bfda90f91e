//! The rules, one sentence a test: given what happened, when this is asked, then that follows.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may unwrap, as the tests do")]

mod access;
mod add_ons;
mod agreements;
mod applications;
mod cancelling;
mod carts;
mod company_access;
mod conversions;
mod customer_account;
mod customer_users;
mod devices;
mod directory_roles;
mod elevation;
mod installation;
mod invitations;
mod leads;
mod licenses;
mod names;
mod network;
mod order_changes;
mod orders;
mod partner_profiles;
mod partner_roles;
mod partner_tokens;
mod partner_users;
mod partnership;
mod people;
mod permissions;
mod privileges;
mod properties;
mod rejections;
mod relationship;
mod relationship_letters;
mod relationship_requests;
mod resellers_of_record;
mod restore;
mod samples;
mod service_health;
mod service_requests;
mod sign_in;
mod subscriptions;
mod support_contacts;
mod upgrades;
mod webhooks;
