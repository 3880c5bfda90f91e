//! What can be asked of a customer, concept by concept.

use super::{
    account::CustomerAccountCommand, agreements::AgreementCommand, carts::CartCommand,
    devices::DeviceCommand, directory_roles::DirectoryRoleCommand, licenses::LicenseCommand,
    orders::OrderCommand, relationship::RelationshipCommand, requests::RelationshipRequestCommand,
    sign_in::CustomerSignInCommand, subscriptions::SubscriptionCommand,
    support_contacts::SupportContactCommand, users::CustomerUserCommand,
};
use crate::command::command_concepts;

command_concepts! {
    /// What can be asked of a customer.
    CustomerCommand {
        /// About the account itself.
        Account(CustomerAccountCommand),
        /// About the bond with a partner.
        Relationship(RelationshipCommand),
        /// About a request for such a bond.
        Request(RelationshipRequestCommand),
        /// About an order in the making.
        Cart(CartCommand),
        /// About an order.
        Order(OrderCommand),
        /// About a subscription.
        Subscription(SubscriptionCommand),
        /// About the support contact of a subscription.
        SupportContact(SupportContactCommand),
        /// About user accounts.
        User(CustomerUserCommand),
        /// About seats.
        License(LicenseCommand),
        /// About the roles of a user inside its company.
        DirectoryRole(DirectoryRoleCommand),
        /// About what users sign in with.
        SignIn(CustomerSignInCommand),
        /// About devices and their profiles.
        Device(DeviceCommand),
        /// About an agreement.
        Agreement(AgreementCommand),
    }
}
