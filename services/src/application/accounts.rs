//! Accounts with a temporary password: made, and made again, in one step for every way in.

use commands::{
    AddPartnerUser, CreateCustomer, CreateCustomerUsers, NewCustomerAdmin, NewCustomerUser,
    NewPartnerUser, ResetCustomerUserPassword, ResetPartnerUserPassword,
};
use events::{
    CompanyName, ContactDetails, CountryCode, CustomerEvent, CustomerId, CustomerUserId,
    CustomerUserProfile, DirectoryRole, DomainName, Event, Locale, PartnerEvent, PartnerId,
    PartnerUserId, PartnerUserProfile, Role, SkuId,
};

use super::{Application, Call, CommandError, OnCustomer, OnPartner, Outcome};
use crate::{
    auth::{TemporaryPassword, new_temporary_password},
    ids,
};

/// An account with its temporary password, which is shown once.
pub struct Issued<Id> {
    /// The account.
    pub id: Id,
    /// The password; `None` for a repeated request: it was shown before.
    pub password: Option<TemporaryPassword>,
    /// What was recorded.
    pub outcome: Outcome,
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
    /// The indirect reseller to associate with it.
    pub reseller: Option<PartnerId>,
    /// Its first user, who becomes global admin of the company.
    pub admin: CustomerUserProfile,
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
        let password = new_temporary_password(self.now())?;
        let customer = ids::fresh(self.now(), CustomerId::from_uuid);
        let command = CreateCustomer {
            customer_id: customer,
            partner_id: partner,
            company_name: wanted.company_name,
            domain: wanted.domain,
            country: wanted.country,
            culture: wanted.culture,
            language: wanted.language,
            contact: wanted.contact,
            delegated_admin: true,
            reseller: wanted.reseller,
            admin: NewCustomerAdmin {
                user_id: ids::fresh(self.now(), CustomerUserId::from_uuid),
                user_name: self.keys.user_name_hash(&wanted.admin.user_name),
                credential_id: password.id,
                profile: wanted.admin,
            },
        };
        let use_case = OnCustomer::with_passwords(customer, command, [&password])?;
        let outcome = self.execute(call, &use_case).await?;
        let created = outcome.find(|event| match event {
            Event::Customer(CustomerEvent::CustomerCreated(event)) => Some(event.customer_id),
            _ => None,
        });
        Ok(issued(created.unwrap_or(customer), password, outcome))
    }

    /// Creates one user of a customer.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn create_customer_user(
        &self,
        call: &Call,
        customer: CustomerId,
        profile: CustomerUserProfile,
        licenses: Vec<SkuId>,
        directory_roles: Vec<DirectoryRole>,
    ) -> Result<Issued<CustomerUserId>, CommandError> {
        let password = new_temporary_password(self.now())?;
        let user_id = ids::fresh(self.now(), CustomerUserId::from_uuid);
        let user_name = self.keys.user_name_hash(&profile.user_name);
        let credential_id = password.id;
        let user = NewCustomerUser {
            user_id,
            user_name,
            credential_id,
            profile,
            licenses,
            directory_roles,
        };
        let command = CreateCustomerUsers { users: vec![user] };
        let use_case = OnCustomer::with_passwords(customer, command, [&password])?;
        let outcome = self.execute(call, &use_case).await?;
        let created = outcome.find(|event| match event {
            Event::Customer(CustomerEvent::CustomerUserCreated(event)) => Some(event.user_id),
            _ => None,
        });
        Ok(issued(created.unwrap_or(user_id), password, outcome))
    }

    /// Gives a customer user a new temporary password.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn reset_customer_user_password(
        &self,
        call: &Call,
        customer: CustomerId,
        user_id: CustomerUserId,
    ) -> Result<Issued<CustomerUserId>, CommandError> {
        let password = new_temporary_password(self.now())?;
        let command = ResetCustomerUserPassword { user_id, credential_id: password.id };
        let use_case = OnCustomer::with_passwords(customer, command, [&password])?;
        let outcome = self.execute(call, &use_case).await?;
        Ok(issued(user_id, password, outcome))
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
        let added = outcome.find(|event| match event {
            Event::Partner(PartnerEvent::PartnerUserAdded(event)) => Some(event.user_id),
            _ => None,
        });
        Ok(issued(added.unwrap_or(user_id), password, outcome))
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
        let command = ResetPartnerUserPassword {
            user_id,
            credential_id: password.id,
            password_expires_at: password.expires_at,
        };
        let use_case = OnPartner::with_password(partner, command, &password)?;
        let outcome = self.execute(call, &use_case).await?;
        Ok(issued(user_id, password, outcome))
    }
}

fn issued<Id>(id: Id, password: TemporaryPassword, outcome: Outcome) -> Issued<Id> {
    let password = (!outcome.replayed).then_some(password);
    Issued { id, password, outcome }
}
