//! From a move to the command it stands for.

use commands::{
    AcceptPartnership, AddPartnerUser, AssignRole, AssociateReseller, ChangeSubscription,
    CreateCustomer, CreateCustomerUsers, CustomerCommand, DeclinePartnership, DeleteCustomerUsers,
    DeletePartnerUser, EditCustomerUser, EndPartnership, EndRelationship, GrantDirectoryRole,
    LINK_PLACEHOLDER, NewCustomerAdmin, NewCustomerUser, NewPartnerUser, PartnerCommand,
    PartnershipCommand, PurgeCustomerUser, PurgePartnerUser, RegisterPartner, RemoveReseller,
    RenamedCustomerUser, RequestPartnership, ResetCustomerUserPassword, ResetPartnerUserPassword,
    RestoreCustomerUser, RestorePartnerUser, RevokeDirectoryRole, RevokeRole, SubmitOrder,
    SubscriptionStatus, UpdateLicenses,
};
use events::{
    AddressLine, BillingCycle, CompanyName, ContactDetails, CountryCode, CredentialId, CustomerId,
    CustomerUserId, CustomerUserProfile, DirectoryRole, DomainName, EmailAddress, InvitationDraft,
    InvitationId, LetterText, Locale, MpnId, NameHash, OrderId, OrderLine, PartnerKind,
    PartnerUserId, PartnerUserProfile, PartnershipId, PersonName, PostalAddress, Quantity, Role,
    SkuId, SubjectLine, SubscriptionId,
};
use services::{application::Principal, fresh};

use crate::{
    moves::{Move, What},
    plain::Plain,
    world::{Task, World},
};

/// For how long an invitation works, in hours.
const INVITATION_HOURS: i64 = 400;

impl World {
    /// The partner of this number opens its account.
    pub(crate) fn register(&self, number: usize) -> Task {
        let kinds = [
            PartnerKind::IndirectProvider,
            PartnerKind::IndirectReseller,
            PartnerKind::DirectPartner,
        ];
        let command = RegisterPartner {
            partner_id: self.partners[number],
            kind: kinds[number],
            name: CompanyName::new(&format!("Partner {number}")).unwrap(),
            country: CountryCode::new("US").unwrap(),
            mpn_id: MpnId::new(&format!("100{number}")).unwrap(),
            admin: self.employee(&format!("admin@partner{number}.example")),
        };
        Task::Partner(self.partners[number], command.into())
    }

    /// A partner adds an employee with these roles; of two roles of a category the rules have the say.
    pub(crate) fn add_employee(&self, partner: usize, local_part: &str, roles: Vec<Role>) -> Task {
        let user = self.employee(&format!("{local_part}@partner{partner}.example"));
        let command = AddPartnerUser { user, withhold_default_access: false, roles };
        Task::Partner(self.partners[partner], command.into())
    }

    fn employee(&self, email: &str) -> NewPartnerUser {
        let email = EmailAddress::new(email).unwrap();
        let now = self.app.now();
        NewPartnerUser {
            user_id: fresh(now, PartnerUserId::from_uuid),
            sign_in_name: self.app.keys().sign_in_name_hash(&email),
            credential_id: fresh(now, CredentialId::from_uuid),
            password_expires_at: now.plus_hours(1),
            profile: PartnerUserProfile { full_name: PersonName::new("Ana Lima").unwrap(), email },
        }
    }

    /// A customer comes: the first through the reseller, the other to the direct partner.
    pub(crate) fn create_customer(&self, number: usize) -> Task {
        let (partner, reseller) = [(0, Some(1)), (2, None)][number];
        let (user_name, profile) = self.profile(number, "admin");
        let line = |text| AddressLine::new(text).unwrap();
        let command = CreateCustomer {
            customer_id: self.customers[number],
            partner_id: self.partners[partner],
            company_name: CompanyName::new(&format!("Customer {number}")).unwrap(),
            domain: domain(number),
            country: CountryCode::new("US").unwrap(),
            culture: Locale::new("en-US").unwrap(),
            language: Locale::new("en").unwrap(),
            contact: ContactDetails {
                email: EmailAddress::new("bo@customer.example").unwrap(),
                first_name: PersonName::new("Bo").unwrap(),
                last_name: PersonName::new("Berg").unwrap(),
                phone_number: None,
                address: PostalAddress {
                    line1: line("One Way"),
                    line2: None,
                    city: line("Bellevue"),
                    state: None,
                    postal_code: None,
                },
            },
            delegated_admin: true,
            reseller: reseller.map(|reseller: usize| self.partners[reseller]),
            admin: NewCustomerAdmin {
                user_id: fresh(self.app.now(), CustomerUserId::from_uuid),
                user_name,
                credential_id: fresh(self.app.now(), CredentialId::from_uuid),
                profile,
            },
        };
        Task::Customer(self.customers[number], command.into())
    }

    fn profile(&self, customer: usize, local_part: &str) -> (NameHash, CustomerUserProfile) {
        let user_name = domain(customer).user(local_part).unwrap();
        let profile = CustomerUserProfile {
            user_name: user_name.clone(),
            first_name: None,
            last_name: None,
            display_name: PersonName::new("Bo Berg").unwrap(),
            usage_location: Some(CountryCode::new("US").unwrap()),
            phone_number: None,
        };
        (self.app.keys().user_name_hash(&user_name), profile)
    }

    /// The provider asks for a partnership.
    pub(crate) fn request_partnership(&self) -> Task {
        let now = self.app.now();
        let partnership_id = fresh(now, PartnershipId::from_uuid);
        let command = RequestPartnership {
            partnership_id,
            provider: self.partners[0],
            invitation_id: fresh(now, InvitationId::from_uuid),
            expires_at: now.plus_hours(INVITATION_HOURS),
            draft: InvitationDraft {
                recipient: EmailAddress::new("owner@reseller.example").unwrap(),
                subject: SubjectLine::new("Work with us").unwrap(),
                text: LetterText::new(&format!("Open {LINK_PLACEHOLDER}")).unwrap(),
            },
        };
        Task::Partnership(partnership_id, command.into())
    }

    /// The reseller accepts what it was asked last.
    pub(crate) fn accept_partnership(&self) -> Option<Task> {
        let (partnership, invitation_id) = self.partnerships.last().copied()?;
        let command = AcceptPartnership { invitation_id, reseller: self.partners[1] };
        Some(Task::Partnership(partnership, command.into()))
    }

    /// The command a move stands for; `None` for jumps of the clock and where nothing is meant.
    pub(crate) fn task(&self, a_move: &Move, by: Principal, plain: &Plain) -> Option<Task> {
        let own = by.partner().and_then(|own| self.partners.iter().position(|id| *id == own));
        let partner = if a_move.elsewhere { 2 } else { own.unwrap_or(0) };
        let customer = usize::from((own == Some(2)) != a_move.elsewhere);
        self.on_partner(&a_move.what, partner, plain)
            .map(|command| Task::Partner(self.partners[partner], command))
            .or_else(|| self.on_partnership(&a_move.what, partner))
            .or_else(|| {
                let command = self.on_customer(&a_move.what, customer, plain)?;
                Some(Task::Customer(self.customers[customer], command))
            })
    }

    fn on_partner(&self, what: &What, partner: usize, plain: &Plain) -> Option<PartnerCommand> {
        let own = self.employees.iter().filter(|(at, _)| *at == self.partners[partner]);
        let own: Vec<_> = own.map(|(_, user)| *user).collect();
        let wants_active = !matches!(what, What::RestoreEmployee(_) | What::PurgeEmployee(_));
        let meant = |user: &&PartnerUserId| {
            let employee = plain.employees.get(&(self.partners[partner], **user));
            employee.is_some_and(|employee| employee.status.fits(wants_active))
        };
        let meant: Vec<_> = own.iter().filter(meant).copied().collect();
        let named = |number: usize| Self::name(&meant, &own, number, PartnerUserId::from_uuid);
        let role = |number: usize| Role::ALL[number % Role::ALL.len()];
        Some(match what {
            What::AddEmployee { roles } => {
                let local_part = format!("e{}", self.employees.len() % 7);
                let roles = roles.iter().map(|number| role(*number)).collect();
                let Task::Partner(_, command) = self.add_employee(partner, &local_part, roles)
                else {
                    return None;
                };
                command
            }
            What::DeleteEmployee(user) => DeletePartnerUser { user_id: named(*user) }.into(),
            What::RestoreEmployee(user) => {
                RestorePartnerUser { user_id: named(*user), renamed: None }.into()
            }
            What::PurgeEmployee(user) => PurgePartnerUser { user_id: named(*user) }.into(),
            What::Assign { employee, role: number } => {
                AssignRole { user_id: named(*employee), role: role(*number) }.into()
            }
            What::Revoke { employee, role: number } => {
                let user_id = named(*employee);
                let employee = plain.employees.get(&(self.partners[partner], user_id));
                let held = employee.and_then(|employee| employee.roles.values().nth(*number));
                RevokeRole { user_id, role: held.copied().unwrap_or_else(|| role(*number)) }.into()
            }
            What::ResetEmployee(user) => ResetPartnerUserPassword {
                user_id: named(*user),
                credential_id: fresh(self.app.now(), CredentialId::from_uuid),
                password_expires_at: self.app.now().plus_hours(1),
            }
            .into(),
            _ => return None,
        })
    }

    fn on_partnership(&self, what: &What, partner: usize) -> Option<Task> {
        let (partnership, invitation_id) = self.partnerships.last().copied()?;
        let on_last = |command: PartnershipCommand| Some(Task::Partnership(partnership, command));
        match what {
            What::RequestPartnership => Some(self.request_partnership()),
            What::AcceptPartnership => self.accept_partnership(),
            What::DeclinePartnership => {
                let reseller = self.partners[1];
                on_last(DeclinePartnership { invitation_id, reseller }.into())
            }
            What::EndPartnership => {
                on_last(EndPartnership { ended_by: self.partners[partner] }.into())
            }
            _ => None,
        }
    }

    fn on_customer(&self, what: &What, customer: usize, plain: &Plain) -> Option<CustomerCommand> {
        let own = &self.users[customer];
        let wants_active = !matches!(what, What::RestoreUser { .. } | What::PurgeUser(_));
        let meant = |user: &&CustomerUserId| {
            let status = plain.users.get(&(self.customers[customer], **user));
            status.is_some_and(|status| status.fits(wants_active))
        };
        let meant: Vec<_> = own.iter().filter(meant).copied().collect();
        let named = |number: &usize| Self::name(&meant, own, *number, CustomerUserId::from_uuid);
        let all = |numbers: &[usize]| numbers.iter().map(named).collect::<Vec<_>>();
        let role = |number: usize| DirectoryRole::ALL[number % DirectoryRole::ALL.len()];
        Some(match what {
            What::CreateUsers { names, offers } => {
                let user = |name: &usize| self.new_user(customer, *name, offers);
                CreateCustomerUsers { users: names.iter().map(user).collect() }.into()
            }
            What::EditUser { user, name } => {
                let (user_name, profile) = self.profile(customer, &format!("u{name}"));
                EditCustomerUser { user_id: named(user), user_name, profile }.into()
            }
            What::DeleteUsers(users) => DeleteCustomerUsers { user_ids: all(users) }.into(),
            What::RestoreUser { user, name } => {
                let renamed = name.map(|name| {
                    let (user_name, profile) = self.profile(customer, &format!("u{name}"));
                    RenamedCustomerUser { user_name, profile }
                });
                RestoreCustomerUser { user_id: named(user), renamed }.into()
            }
            What::PurgeUser(user) => PurgeCustomerUser { user_id: named(user) }.into(),
            What::License { users, assign, remove } => UpdateLicenses {
                user_ids: all(users),
                assign: self.skus(assign),
                remove: self.skus(remove),
            }
            .into(),
            What::Grant { user, role: number } => {
                GrantDirectoryRole { user_id: named(user), role: role(*number) }.into()
            }
            What::Withdraw { user, role: number } => {
                RevokeDirectoryRole { user_id: named(user), role: role(*number) }.into()
            }
            What::ResetUser(user) => ResetCustomerUserPassword {
                user_id: named(user),
                credential_id: fresh(self.app.now(), CredentialId::from_uuid),
            }
            .into(),
            _ => return self.buying(what, customer),
        })
    }

    fn buying(&self, what: &What, customer: usize) -> Option<CustomerCommand> {
        let holder = self.partners[[0, 2][customer]];
        let change = |number: &usize| ChangeSubscription {
            subscription_id: Self::pick(
                &self.subscriptions[customer],
                *number,
                SubscriptionId::from_uuid,
            ),
            quantity: None,
            status: None,
            friendly_name: None,
        };
        let bond = (self.partners[0], self.partners[1]);
        Some(match what {
            What::Order { offer, quantity } => self.order(customer, *offer, *quantity)?,
            What::Quantity { subscription, quantity } => {
                let quantity = Some(Quantity::new(*quantity).ok()?);
                ChangeSubscription { quantity, ..change(subscription) }.into()
            }
            What::Suspend(number) => {
                let status = Some(SubscriptionStatus::Suspended);
                ChangeSubscription { status, ..change(number) }.into()
            }
            What::Reactivate(number) => {
                let status = Some(SubscriptionStatus::Active);
                ChangeSubscription { status, ..change(number) }.into()
            }
            What::Associate => AssociateReseller { provider: bond.0, reseller: bond.1 }.into(),
            What::RemoveReseller => RemoveReseller { provider: bond.0, reseller: bond.1 }.into(),
            What::EndRelationship => EndRelationship { partner_id: holder }.into(),
            _ => return None,
        })
    }

    /// The holder of a customer orders licences.
    pub(crate) fn order(
        &self,
        customer: usize,
        offer: usize,
        quantity: u32,
    ) -> Option<CustomerCommand> {
        let now = self.app.now();
        let line = OrderLine {
            line_number: 0,
            offer_id: self.app.catalogue().offers().get(offer)?.id,
            subscription_id: fresh(now, SubscriptionId::from_uuid),
            quantity: Quantity::new(quantity).ok()?,
            friendly_name: None,
            partner_on_record: None,
            parent_subscription: None,
        };
        let command = SubmitOrder {
            order_id: fresh(now, OrderId::from_uuid),
            partner_id: self.partners[[0, 2][customer]],
            billing_cycle: BillingCycle::Monthly,
            lines: vec![line],
        };
        Some(command.into())
    }

    /// The customer's first users: a second global admin, and two with a seat.
    pub(crate) fn first_users(&self, customer: usize) -> Task {
        let mut users = vec![self.new_user(customer, 0, &[])];
        users[0].directory_roles.push(DirectoryRole::GlobalAdmin);
        users.extend((1..3).map(|name| self.new_user(customer, name, &[0])));
        Task::Customer(self.customers[customer], CreateCustomerUsers { users }.into())
    }

    fn new_user(&self, customer: usize, name: usize, offers: &[usize]) -> NewCustomerUser {
        let (user_name, profile) = self.profile(customer, &format!("u{name}"));
        NewCustomerUser {
            user_id: fresh(self.app.now(), CustomerUserId::from_uuid),
            user_name,
            credential_id: fresh(self.app.now(), CredentialId::from_uuid),
            profile,
            licenses: self.skus(offers),
            directory_roles: Vec::new(),
        }
    }

    fn skus(&self, offers: &[usize]) -> Vec<SkuId> {
        let all = self.app.catalogue().offers();
        offers.iter().filter_map(|number| all.get(*number)).map(|offer| offer.sku_id).collect()
    }

    /// The number of a customer.
    pub(crate) fn number_of(&self, customer: CustomerId) -> usize {
        usize::from(self.customers[1] == customer)
    }
}

fn domain(customer: usize) -> DomainName {
    DomainName::new(&format!("customer{customer}.example")).unwrap()
}
