//! What can be asked of a customer.

use events::{
    Actor, CompanyName, ContactDetails, CountryCode, CredentialId, CustomerId, CustomerUserId,
    CustomerUserProfile, DirectoryRole, DomainName, Locale, NameHash, PartnerId, Qualification,
    SkuId,
};

mod sales;

pub use self::sales::{
    CancelCart, ChangeCart, ChangeOrder, ChangeRenewal, ChangeResellerOfRecord, ChangeSubscription,
    ChangeSupportContact, CheckOutCart, ConvertTrial, EndSubscription, ExpireCart,
    FallBackSupportContacts, OpenCart, ReviewCart, SubmitOrder, UpgradeSubscription,
};
use super::sign_in::{
    ChangeCustomerUserPassword, IssueCustomerUserToken, RevokeCustomerUserToken,
    SignInCustomerUser, SignOutCustomerUser,
};
use super::{
    requests::{
        AcceptRelationshipRequest, DeclineRelationshipRequest, EditRelationshipDraft,
        EndDelegatedAdmin, EnterRelationship, ExpireRelationshipRequest, ForbidOwnPurchases,
        PermitOwnPurchases, RecordRelationshipSending, RequestRelationship, SendRelationshipLetter,
        SignUp, WithdrawRelationshipRequest,
    },
    {agreements::ConfirmAgreement, devices::DeviceCommand},
};
use crate::{
    command::{Requires, command_enum},
    company_permissions::CompanyPermission,
    permissions::Permission,
};

/// Open a customer's account, with its relationship and its first user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreateCustomer {
    /// The new customer.
    pub customer_id: CustomerId,
    /// The partner that holds the relationship.
    pub partner_id: PartnerId,
    /// The company's name.
    pub company_name: CompanyName,
    /// Its domain; its uniqueness in the installation is a name claim in the same commit.
    pub domain: DomainName,
    /// Where it is.
    pub country: CountryCode,
    /// Its culture.
    pub culture: Locale,
    /// Its language.
    pub language: Locale,
    /// Whom to reach.
    pub contact: ContactDetails,
    /// Whether the partner may administer on the customer's behalf.
    pub delegated_admin: bool,
    /// The indirect reseller to associate with it.
    pub reseller: Option<PartnerId>,
    /// Its first user, who becomes global admin of the company.
    pub admin: NewCustomerAdmin,
}

/// The first user of a customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewCustomerAdmin {
    /// The new user.
    pub user_id: CustomerUserId,
    /// The keyed hash of the user name.
    pub user_name: NameHash,
    /// Where the hash of the temporary password is kept.
    pub credential_id: CredentialId,
    /// Who the user is.
    pub profile: CustomerUserProfile,
}

/// Change a customer's name, place or contact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditCustomerDetails {
    /// The company's name from now on.
    pub company_name: CompanyName,
    /// Where it is.
    pub country: CountryCode,
    /// Its culture.
    pub culture: Locale,
    /// Its language.
    pub language: Locale,
    /// Whom to reach from now on.
    pub contact: ContactDetails,
}

/// Give a customer one more domain, in which its user names may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddCustomerDomain {
    /// The domain; its uniqueness in the installation is a name claim in the same commit.
    pub domain: DomainName,
}

/// Declare what kind of organisation a customer is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QualifyCustomer {
    /// The kind.
    pub qualification: Qualification,
}

/// End the relationship of a partner with the customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EndRelationship {
    /// The partner.
    pub partner_id: PartnerId,
}

/// Let an indirect reseller see and administer the customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AssociateReseller {
    /// The provider that holds the relationship.
    pub provider: PartnerId,
    /// The reseller.
    pub reseller: PartnerId,
}

/// Take an indirect reseller from the customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RemoveReseller {
    /// The provider that holds the relationship.
    pub provider: PartnerId,
    /// The reseller.
    pub reseller: PartnerId,
}

/// Create users, all of them or none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreateCustomerUsers {
    /// The users, at most [`BULK_USERS_MAX`](crate::BULK_USERS_MAX).
    pub users: Vec<NewCustomerUser>,
}

/// A user to be created.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewCustomerUser {
    /// The new user.
    pub user_id: CustomerUserId,
    /// The keyed hash of the user name.
    pub user_name: NameHash,
    /// Where the hash of the password is kept.
    pub credential_id: CredentialId,
    /// Who the user is.
    pub profile: CustomerUserProfile,
    /// The products it gets a seat of.
    pub licenses: Vec<SkuId>,
    /// The roles it gets inside its company.
    pub directory_roles: Vec<DirectoryRole>,
}

/// Change a user's profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditCustomerUser {
    /// The user.
    pub user_id: CustomerUserId,
    /// The keyed hash of the user name from now on.
    pub user_name: NameHash,
    /// Who the user is from now on.
    pub profile: CustomerUserProfile,
}

/// Give a user a new password.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ResetCustomerUserPassword {
    /// The user.
    pub user_id: CustomerUserId,
    /// Where the hash of the password is kept.
    pub credential_id: CredentialId,
}

/// Delete users, all of them or none; they can be restored for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeleteCustomerUsers {
    /// The users, at most [`BULK_USERS_MAX`](crate::BULK_USERS_MAX).
    pub user_ids: Vec<CustomerUserId>,
}

/// Bring a deleted user back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RestoreCustomerUser {
    /// The user.
    pub user_id: CustomerUserId,
    /// Another user name and profile, the way out when the old name was taken meanwhile.
    pub renamed: Option<RenamedCustomerUser>,
}

/// Another user name for a user who is restored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenamedCustomerUser {
    /// The keyed hash of the user name from now on.
    pub user_name: NameHash,
    /// Who the user is from now on.
    pub profile: CustomerUserProfile,
}

/// Close the restore window of a deleted user for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PurgeCustomerUser {
    /// The user.
    pub user_id: CustomerUserId,
}

/// Assign licences to users and remove licences from them, all or nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UpdateLicenses {
    /// The users, at most [`BULK_USERS_MAX`](crate::BULK_USERS_MAX).
    pub user_ids: Vec<CustomerUserId>,
    /// The products each of them gets a seat of.
    pub assign: Vec<SkuId>,
    /// The products each of them loses the seat of.
    pub remove: Vec<SkuId>,
}

/// Give a user a role inside its company.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GrantDirectoryRole {
    /// The user.
    pub user_id: CustomerUserId,
    /// The role.
    pub role: DirectoryRole,
}

/// Take a role inside its company from a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RevokeDirectoryRole {
    /// The user.
    pub user_id: CustomerUserId,
    /// The role.
    pub role: DirectoryRole,
}

command_enum! {
    /// What can be asked of a customer.
    CustomerCommand {
        /// Open the account.
        Create(Box<CreateCustomer>),
        /// Change name, place or contact.
        EditDetails(Box<EditCustomerDetails>),
        /// Give it one more domain.
        AddDomain(AddCustomerDomain),
        /// Declare what kind of organisation it is.
        Qualify(QualifyCustomer),
        /// End a relationship.
        EndRelationship(EndRelationship),
        /// Associate an indirect reseller.
        AssociateReseller(AssociateReseller),
        /// Take an indirect reseller away.
        RemoveReseller(RemoveReseller),
        /// Ask for a relationship.
        RequestRelationship(Box<RequestRelationship>),
        /// Write the e-mail of a request anew.
        EditRelationshipDraft(EditRelationshipDraft),
        /// Have the e-mail of a request sent.
        SendRequestLetter(SendRelationshipLetter),
        /// Record an attempt to send it.
        RecordRequestSending(RecordRelationshipSending),
        /// Take a request for a relationship back.
        WithdrawRequest(WithdrawRelationshipRequest),
        /// Accept a request for a relationship.
        AcceptRequest(AcceptRelationshipRequest),
        /// Decline a request for a relationship.
        DeclineRequest(DeclineRelationshipRequest),
        /// Note that nobody answered a request in time.
        ExpireRequest(ExpireRelationshipRequest),
        /// Enter the relationship that a request in another stream led to.
        EnterRelationship(EnterRelationship),
        /// Open an account through a request.
        SignUp(Box<SignUp>),
        /// End a partner's delegated admin privileges.
        EndDelegatedAdmin(EndDelegatedAdmin),
        /// Let the customer buy for itself.
        PermitOwnPurchases(PermitOwnPurchases),
        /// Let the customer not buy for itself any more.
        ForbidOwnPurchases(ForbidOwnPurchases),
        /// Buy offers.
        SubmitOrder(SubmitOrder),
        /// Change an order.
        ChangeOrder(ChangeOrder),
        /// Change a subscription.
        ChangeSubscription(ChangeSubscription),
        /// Have a subscription renewed, or not.
        ChangeRenewal(ChangeRenewal),
        /// End a subscription that is not renewed.
        EndSubscription(EndSubscription),
        /// Make a subscription one to another offer.
        UpgradeSubscription(UpgradeSubscription),
        /// Make a trial a subscription that is paid for.
        ConvertTrial(ConvertTrial),
        /// Draft an order.
        OpenCart(OpenCart),
        /// Change a draft.
        ChangeCart(ChangeCart),
        /// Find a draft good.
        ReviewCart(ReviewCart),
        /// Order what is in a cart.
        CheckOutCart(CheckOutCart),
        /// Give a draft up.
        CancelCart(CancelCart),
        /// Close a draft that was forgotten.
        ExpireCart(ExpireCart),
        /// Put another reseller on record.
        ChangeResellerOfRecord(ChangeResellerOfRecord),
        /// Designate a support contact.
        ChangeSupportContact(ChangeSupportContact),
        /// Put support contacts back after the end of a partnership.
        FallBackSupportContacts(FallBackSupportContacts),
        /// Create users.
        CreateUsers(CreateCustomerUsers),
        /// Change a user's profile.
        EditUser(EditCustomerUser),
        /// Give a user a new password.
        ResetPassword(ResetCustomerUserPassword),
        /// Delete users.
        DeleteUsers(DeleteCustomerUsers),
        /// Bring a deleted user back.
        RestoreUser(RestoreCustomerUser),
        /// Close the restore window of a deleted user.
        PurgeUser(PurgeCustomerUser),
        /// Assign and remove licences.
        UpdateLicenses(UpdateLicenses),
        /// Something about its devices.
        Devices(DeviceCommand),
        /// Confirm an agreement.
        ConfirmAgreement(ConfirmAgreement),
        /// Give a user a role inside its company.
        GrantDirectoryRole(GrantDirectoryRole),
        /// Take a role inside its company from a user.
        RevokeDirectoryRole(RevokeDirectoryRole),
        /// Sign a user in, or record that somebody could not.
        SignIn(SignInCustomerUser),
        /// End a session.
        SignOut(SignOutCustomerUser),
        /// Take another password for oneself.
        ChangePassword(ChangeCustomerUserPassword),
        /// Make a bearer token.
        IssueToken(IssueCustomerUserToken),
        /// Stop a bearer token from working.
        RevokeToken(RevokeCustomerUserToken),
    }
}

impl From<CreateCustomer> for CustomerCommand {
    fn from(command: CreateCustomer) -> Self {
        Self::Create(Box::new(command))
    }
}

impl From<RequestRelationship> for CustomerCommand {
    fn from(command: RequestRelationship) -> Self {
        Self::RequestRelationship(Box::new(command))
    }
}

impl From<SignUp> for CustomerCommand {
    fn from(command: SignUp) -> Self {
        Self::SignUp(Box::new(command))
    }
}

impl From<EditCustomerDetails> for CustomerCommand {
    fn from(command: EditCustomerDetails) -> Self {
        Self::EditDetails(Box::new(command))
    }
}

impl Requires for CustomerCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Create(_) | Self::ConfirmAgreement(_) => Some(Permission::CustomersCreate),
            Self::EditDetails(_) | Self::AddDomain(_) | Self::Qualify(_) => {
                Some(Permission::CustomersEdit)
            }
            Self::EndRelationship(_) => Some(Permission::RelationshipsEnd),
            Self::AssociateReseller(_) | Self::RemoveReseller(_) => {
                Some(Permission::ResellersAssociate)
            }
            Self::SubmitOrder(_)
            | Self::ChangeOrder(_)
            | Self::ChangeSubscription(_)
            | Self::ChangeRenewal(_)
            | Self::UpgradeSubscription(_)
            | Self::ConvertTrial(_)
            | Self::OpenCart(_)
            | Self::ChangeCart(_)
            | Self::ReviewCart(_)
            | Self::CheckOutCart(_)
            | Self::CancelCart(_) => Some(Permission::SubscriptionsManage),
            Self::ChangeResellerOfRecord(_) => Some(Permission::ResellersOfRecordManage),
            Self::ChangeSupportContact(_) => Some(Permission::SupportContactsManage),
            Self::CreateUsers(_)
            | Self::EditUser(_)
            | Self::ResetPassword(_)
            | Self::DeleteUsers(_)
            | Self::RestoreUser(_) => Some(Permission::CustomerUsersManage),
            Self::UpdateLicenses(_) => Some(Permission::LicensesManage),
            Self::GrantDirectoryRole(_) | Self::RevokeDirectoryRole(_) => {
                Some(Permission::DirectoryRolesManage)
            }
            Self::RequestRelationship(command) if command.delegated_admin => {
                Some(Permission::DelegatedAdminRequest)
            }
            Self::RequestRelationship(_)
            | Self::EditRelationshipDraft(_)
            | Self::SendRequestLetter(_)
            | Self::WithdrawRequest(_) => Some(Permission::RelationshipsRequest),
            Self::PermitOwnPurchases(_) | Self::ForbidOwnPurchases(_) => {
                Some(Permission::OwnPurchasesManage)
            }
            Self::Devices(command) => Some(command.permission()),
            // What the customer itself decides, and what timers do.
            Self::AcceptRequest(_)
            | Self::DeclineRequest(_)
            | Self::EnterRelationship(_)
            | Self::SignUp(_)
            | Self::EndDelegatedAdmin(_)
            | Self::ExpireRequest(_)
            | Self::RecordRequestSending(_)
            | Self::ExpireCart(_)
            | Self::EndSubscription(_)
            | Self::FallBackSupportContacts(_)
            | Self::PurgeUser(_)
            | Self::SignIn(_)
            | Self::SignOut(_)
            | Self::ChangePassword(_)
            | Self::IssueToken(_)
            | Self::RevokeToken(_) => None,
        }
    }

    fn company_permission(&self) -> Option<CompanyPermission> {
        match self {
            Self::AcceptRequest(_)
            | Self::DeclineRequest(_)
            | Self::EnterRelationship(_)
            | Self::EndDelegatedAdmin(_) => Some(CompanyPermission::RelationshipsAnswer),
            Self::SubmitOrder(_) => Some(CompanyPermission::Buy),
            Self::SignOut(_)
            | Self::ChangePassword(_)
            | Self::IssueToken(_)
            | Self::RevokeToken(_) => Some(CompanyPermission::OwnAccount),
            Self::Create(_)
            | Self::EditDetails(_)
            | Self::AddDomain(_)
            | Self::Qualify(_)
            | Self::EndRelationship(_)
            | Self::AssociateReseller(_)
            | Self::RemoveReseller(_)
            | Self::RequestRelationship(_)
            | Self::EditRelationshipDraft(_)
            | Self::SendRequestLetter(_)
            | Self::RecordRequestSending(_)
            | Self::WithdrawRequest(_)
            | Self::ExpireRequest(_)
            | Self::SignUp(_)
            | Self::PermitOwnPurchases(_)
            | Self::ForbidOwnPurchases(_)
            | Self::ChangeOrder(_)
            | Self::ChangeSubscription(_)
            | Self::ChangeRenewal(_)
            | Self::EndSubscription(_)
            | Self::UpgradeSubscription(_)
            | Self::ConvertTrial(_)
            | Self::OpenCart(_)
            | Self::ChangeCart(_)
            | Self::ReviewCart(_)
            | Self::CheckOutCart(_)
            | Self::CancelCart(_)
            | Self::ExpireCart(_)
            | Self::ChangeResellerOfRecord(_)
            | Self::ChangeSupportContact(_)
            | Self::FallBackSupportContacts(_)
            | Self::CreateUsers(_)
            | Self::EditUser(_)
            | Self::ResetPassword(_)
            | Self::DeleteUsers(_)
            | Self::RestoreUser(_)
            | Self::PurgeUser(_)
            | Self::UpdateLicenses(_)
            | Self::GrantDirectoryRole(_)
            | Self::RevokeDirectoryRole(_)
            | Self::Devices(_)
            | Self::ConfirmAgreement(_)
            | Self::SignIn(_) => None,
        }
    }
}
