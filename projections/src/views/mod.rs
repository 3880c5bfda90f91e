//! The views, one file each: rows, the fold that keeps them, and the questions they answer.

pub(crate) mod audit_timeline;
pub(crate) mod customer_filter;
pub(crate) mod customer_lists;
pub(crate) mod customer_row;
pub(crate) mod customer_user_row;
pub(crate) mod customer_users;
pub(crate) mod customers;
pub(crate) mod deleted_users;
pub(crate) mod due;
pub(crate) mod held_roles;
pub(crate) mod leads;
pub(crate) mod letter_state;
pub(crate) mod licenses;
pub(crate) mod orders;
pub(crate) mod partner_users;
pub(crate) mod partners;
pub(crate) mod relationship_requests;
pub(crate) mod resellers;
pub(crate) mod restore_windows;
pub(crate) mod role_history;
pub(crate) mod role_matrix;
pub(crate) mod subject_keys;
pub(crate) mod subscriptions;
pub(crate) mod tokens;
pub(crate) mod user_state;
