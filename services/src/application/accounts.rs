//! Accounts with a temporary password: made, and made again, in one step for every way in.

use commands::{
    AddPartnerUser, CheckOutCart, CreateCustomer, CreateCustomerUsers, NewCustomerAdmin,
    NewCustomerUser, NewPartnerUser, OpenCart, Permission, ResetCustomerUserPassword,
    ResetPartnerUserPassword,
};
use events::{
    CartId, CartLine, CompanyName, ContactDetails, CountryCode, CustomerAccountEvent,
    CustomerEvent, CustomerId, CustomerUserEvent, CustomerUserId, CustomerUserProfile,
    DirectoryRole, DomainName, Event, InvalidValue, Locale, OrderId, PartnerEvent, PartnerId,
    PartnerUserEvent, PartnerUserId, PartnerUserProfile, PersonName, Role, SkuId,
};
use secrecy::SecretString;

use super::{Application, Call, CommandError, OnCustomer, OnPartner, Outcome, UseCase};
use crate::{
    auth::{TemporaryPassword, chosen_password, new_temporary_password},
    ids,
    keys::KeyError,
};

/// The local part of the name of a customer's first user.
pub const FIRST_USER_NAME: &str = "admin";

/// An account with its temporary password, which is shown once.
pub struct Issued<Id> {
    /// The account.
    pub id: Id,
    /// The password; `None` for a repeated request: it was shown before.
    pub password: Option<TemporaryPassword>,
    /// What was recorded.
    pub outcome: Outcome,
}

impl<Id> Issued<Id> {
    /// Of a repeat, `fresh` was thrown away with the ids made for it: `pick` finds the first one.
    fn new(
        fresh: Id,
        password: TemporaryPassword,
        outcome: Outcome,
        pick: impl FnMut(&Event) -> Option<Id>,
    ) -> Self {
        let id = outcome.find(pick).unwrap_or(fresh);
        let password = (!outcome.replayed).then_some(password);
        Self { id, password, outcome }
    }
}

/// A customer to be created, with its first user.
#[derive(Clone, Debug)]
pub struct CustomerToCreate {
    /// The company's name.
    pub company_name: CompanyName,
    /// Its domain.
    pub domain: DomainName,
    /// Where it is.
    pub country: CountryCode,
    /// Its culture.
    pub culture: Locale,
    /// Its language.
    pub language: Locale,
    /// Whom to reach.
    pub contact: ContactDetails,
    /// Whether the partner may administer on its behalf.
    pub delegated_admin: bool,
    /// The indirect reseller to associate with it.
    pub reseller: Option<PartnerId>,
    /// Its first user, who becomes global admin of the company.
    pub first_user: CustomerUserProfile,
}

impl CustomerToCreate {
    /// The command that creates it.
    pub(crate) fn command(
        self,
        customer_id: CustomerId,
        partner_id: PartnerId,
        admin: NewCustomerAdmin,
    ) -> CreateCustomer {
        CreateCustomer {
            customer_id,
            partner_id,
            company_name: self.company_name,
            domain: self.domain,
            country: self.country,
            culture: self.culture,
            language: self.language,
            contact: self.contact,
            delegated_admin: self.delegated_admin,
            reseller: self.reseller,
            admin,
        }
    }
}

/// The first user of a customer: its contact, under a name of its own.
///
/// # Errors
/// When the domain is too long for a user name in it.
pub fn first_user(
    domain: &DomainName,
    country: &CountryCode,
    contact: &ContactDetails,
) -> Result<CustomerUserProfile, InvalidValue> {
    let names = format!("{} {}", contact.first_name, contact.last_name);
    Ok(CustomerUserProfile {
        user_name: domain.user(FIRST_USER_NAME)?,
        display_name: PersonName::new(&names).unwrap_or_else(|_| contact.last_name.clone()),
        first_name: Some(contact.first_name.clone()),
        last_name: Some(contact.last_name.clone()),
        usage_location: Some(country.clone()),
        phone_number: None,
    })
}

/// A customer user to be created. Not for `Debug`: it can hold a password.
pub struct UserToCreate {
    /// Who it is.
    pub profile: CustomerUserProfile,
    /// The products it gets a seat of.
    pub licenses: Vec<SkuId>,
    /// Its roles in the company.
    pub directory_roles: Vec<DirectoryRole>,
    /// A password that somebody chose; generated where nobody did.
    pub password: Option<SecretString>,
}

impl Application {
    /// Creates a customer of the partner with its first user.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn create_customer(
        &self,
        call: &Call,
        partner: PartnerId,
        wanted: CustomerToCreate,
    ) -> Result<Issued<CustomerId>, CommandError> {
        self.open_account(call, partner, wanted, |_, creation| creation).await
    }

    /// Creates a customer of the partner that buys at once what these lines say: all or nothing.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn create_buying_customer(
        &self,
        call: &Call,
        partner: PartnerId,
        wanted: CustomerToCreate,
        lines: Vec<CartLine>,
    ) -> Result<Issued<CustomerId>, CommandError> {
        if lines.is_empty() {
            return self.create_customer(call, partner, wanted).await;
        }
        let cart_id = ids::fresh(self.now(), CartId::from_uuid);
        let order_ids = [(); 3].map(|()| ids::fresh(self.now(), OrderId::from_uuid));
        let opening = OpenCart { cart_id, partner_id: partner, lines };
        self.open_account(call, partner, wanted, |_, creation| {
            creation.and(opening).and(CheckOutCart { cart_id, order_ids, seen: None })
        })
        .await
    }

    /// Creates a customer of the partner, together with whatever `around` adds to the creation.
    pub(super) async fn open_account<U: UseCase>(
        &self,
        call: &Call,
        partner: PartnerId,
        wanted: CustomerToCreate,
        around: impl FnOnce(CustomerId, OnCustomer) -> U,
    ) -> Result<Issued<CustomerId>, CommandError> {
        let password = new_temporary_password(self.now())?;
        let customer = ids::fresh(self.now(), CustomerId::from_uuid);
        let admin = NewCustomerAdmin {
            user_id: ids::fresh(self.now(), CustomerUserId::from_uuid),
            user_name: self.keys.user_name_hash(&wanted.first_user.user_name),
            credential_id: password.id,
            profile: wanted.first_user.clone(),
        };
        let command = wanted.command(customer, partner, admin);
        let creation = OnCustomer::with_passwords(customer, command, [&password])?;
        let outcome = self.execute(call, &around(customer, creation)).await?;
        Ok(Issued::new(customer, password, outcome, |event| match event {
            Event::Customer(CustomerEvent::Account(CustomerAccountEvent::CustomerCreated(
                event,
            ))) => Some(event.customer_id),
            _ => None,
        }))
    }

    /// Creates one user of a customer.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn create_customer_user(
        &self,
        call: &Call,
        customer: CustomerId,
        wanted: UserToCreate,
    ) -> Result<Issued<CustomerUserId>, CommandError> {
        let password = self.customer_user_password(call, customer, wanted.password).await?;
        let user_id = ids::fresh(self.now(), CustomerUserId::from_uuid);
        let user = NewCustomerUser {
            user_id,
            user_name: self.keys.user_name_hash(&wanted.profile.user_name),
            credential_id: password.id,
            profile: wanted.profile,
            licenses: wanted.licenses,
            directory_roles: wanted.directory_roles,
        };
        let command = CreateCustomerUsers { users: vec![user] };
        let use_case = OnCustomer::with_passwords(customer, command, [&password])?;
        let outcome = self.execute(call, &use_case).await?;
        Ok(Issued::new(user_id, password, outcome, |event| match event {
            Event::Customer(CustomerEvent::User(CustomerUserEvent::CustomerUserCreated(event))) => {
                Some(event.user_id)
            }
            _ => None,
        }))
    }

    /// Gives a customer user a new temporary password, generated unless somebody chose one.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn reset_customer_user_password(
        &self,
        call: &Call,
        customer: CustomerId,
        user_id: CustomerUserId,
        chosen: Option<SecretString>,
    ) -> Result<Issued<CustomerUserId>, CommandError> {
        let password = self.customer_user_password(call, customer, chosen).await?;
        let use_case = OnCustomer::password_reset(customer, user_id, &password)?;
        let outcome = self.execute(call, &use_case).await?;
        Ok(Issued::new(user_id, password, outcome, |_| None))
    }

    /// The password that a customer user is given. To hash one that somebody chose takes a core for
    /// a while, so it is done only for who may give passwords to this customer's users.
    ///
    /// # Errors
    /// When the caller may not, or the password is not acceptable.
    pub(crate) async fn customer_user_password(
        &self,
        call: &Call,
        customer: CustomerId,
        chosen: Option<SecretString>,
    ) -> Result<TemporaryPassword, CommandError> {
        let Some(chosen) = chosen else { return Ok(new_temporary_password(self.now())?) };
        self.allow_customer(call.principal, customer, Permission::CustomerUsersManage).await?;
        Ok(chosen_password(chosen, self.now()).await?)
    }

    /// Adds a user to a partner.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn add_partner_user(
        &self,
        call: &Call,
        partner: PartnerId,
        profile: PartnerUserProfile,
        roles: Vec<Role>,
        withhold_default_access: bool,
    ) -> Result<Issued<PartnerUserId>, CommandError> {
        let password = new_temporary_password(self.now())?;
        let user_id = ids::fresh(self.now(), PartnerUserId::from_uuid);
        let user = NewPartnerUser {
            user_id,
            sign_in_name: self.keys.sign_in_name_hash(&profile.email),
            credential_id: password.id,
            password_expires_at: password.expires_at,
            profile,
        };
        let command = AddPartnerUser { user, withhold_default_access, roles };
        let use_case = OnPartner::with_password(partner, command, &password)?;
        let outcome = self.execute(call, &use_case).await?;
        Ok(Issued::new(user_id, password, outcome, |event| match event {
            Event::Partner(PartnerEvent::User(PartnerUserEvent::PartnerUserAdded(event))) => {
                Some(event.user_id)
            }
            _ => None,
        }))
    }

    /// Gives a partner user a new temporary password.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn reset_partner_user_password(
        &self,
        call: &Call,
        partner: PartnerId,
        user_id: PartnerUserId,
    ) -> Result<Issued<PartnerUserId>, CommandError> {
        let password = new_temporary_password(self.now())?;
        let use_case = OnPartner::password_reset(partner, user_id, &password)?;
        let outcome = self.execute(call, &use_case).await?;
        Ok(Issued::new(user_id, password, outcome, |_| None))
    }
}

impl OnCustomer {
    /// Gives a user another password.
    pub(crate) fn password_reset(
        customer: CustomerId,
        user_id: CustomerUserId,
        password: &TemporaryPassword,
    ) -> Result<Self, KeyError> {
        let command = ResetCustomerUserPassword { user_id, credential_id: password.id };
        Self::with_passwords(customer, command, [password])
    }
}

impl OnPartner {
    /// Gives a user another password.
    pub(crate) fn password_reset(
        partner: PartnerId,
        user_id: PartnerUserId,
        password: &TemporaryPassword,
    ) -> Result<Self, KeyError> {
        let command = ResetPartnerUserPassword {
            user_id,
            credential_id: password.id,
            password_expires_at: password.expires_at,
        };
        Self::with_password(partner, command, password)
    }
}
