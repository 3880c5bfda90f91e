//! The companies of the history: the provider, its resellers, and the employees who stay all the
//! time and act for them.

use std::sync::Arc;

use commands::{NewPartnerUser, Permission, allows};
use events::{
    CompanyName, CorrelationId, CountryCode, CredentialId, DomainName, EmailAddress, InvalidValue,
    InvitationId, MpnId, PartnerId, PartnerKind, PartnerUserId, PartnerUserProfile, PartnershipId,
    Role, Timestamp,
};

use super::{
    dice::Dice,
    regions::{Called, Region},
    scale::Spec,
    step::{Names, Step, Task, Why},
};
use crate::{application::Principal, auth::TEMPORARY_PASSWORD_HOURS};

/// The provider's employees who stay: every role, and more of those with much to do.
const PROVIDER_CAST: [Role; 21] = [
    Role::GlobalAdmin,
    Role::DefaultAccess,
    Role::BillingAdmin,
    Role::UserManagementAdmin,
    Role::MpnPartnerAdmin,
    Role::AdminAgent,
    Role::SalesAgent,
    Role::HelpdeskAgent,
    Role::IncentivesAdmin,
    Role::IncentivesUser,
    Role::BusinessProfileAdmin,
    Role::ReferralAdmin,
    Role::AccountAdmin,
    Role::ReferralUser,
    Role::ReportViewer,
    Role::ExecutiveReportViewer,
    Role::GlobalAdmin,
    Role::AdminAgent,
    Role::SalesAgent,
    Role::SalesAgent,
    Role::HelpdeskAgent,
];
/// A reseller's employees who stay.
const RESELLER_CAST: [Role; 5] = [
    Role::GlobalAdmin,
    Role::AdminAgent,
    Role::SalesAgent,
    Role::HelpdeskAgent,
    Role::UserManagementAdmin,
];
/// The direct partner's employees who stay.
const DIRECT_CAST: [Role; 5] = [
    Role::GlobalAdmin,
    Role::AdminAgent,
    Role::SalesAgent,
    Role::HelpdeskAgent,
    Role::BusinessProfileAdmin,
];
/// Companies of the installation take their numbers from here on, customers from 0.
const PARTNER_COMPANIES_FROM: usize = 1_000_000_000;
/// When the direct partner opens its account, in thousandths of the history.
pub(super) const DIRECT_PARTNER_PER_MILLE: i64 = 30;
/// The strand of chance from which the companies come.
const STRAND: u64 = 0;

/// Everything that is settled before the history begins.
pub(super) struct World {
    pub(super) spec: Spec,
    pub(super) names: Arc<dyn Names>,
    pub(super) provider: Company,
    pub(super) resellers: Vec<Reseller>,
    /// A direct partner, which serves some customers beside the provider.
    pub(super) direct: Company,
}

/// A partner.
pub(super) struct Company {
    pub(super) id: PartnerId,
    pub(super) kind: PartnerKind,
    pub(super) name: CompanyName,
    pub(super) domain: DomainName,
    pub(super) country: CountryCode,
    pub(super) mpn_id: MpnId,
    pub(super) region: &'static Region,
    /// Who stays, the first of them a global admin from the beginning.
    pub(super) cast: Vec<Employee>,
}

/// Somebody who stays.
#[derive(Clone, Copy)]
pub(super) struct Employee {
    pub(super) id: PartnerUserId,
    pub(super) role: Role,
}

/// An indirect reseller and what becomes of its partnership.
pub(super) struct Reseller {
    pub(super) company: Company,
    pub(super) partnership: PartnershipId,
    pub(super) invitation: InvitationId,
    pub(super) requested_at: Timestamp,
    pub(super) answer: Answer,
}

/// What becomes of a request.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// Accepted, and ended at some moment or never.
    Accepted { at: Timestamp, ended_at: Option<Timestamp> },
    /// Declined.
    Declined { at: Timestamp },
    /// Not answered yet.
    Pending,
}

/// One of the companies that act.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    /// The provider.
    Provider,
    /// The reseller of this number.
    Reseller(usize),
    /// The direct partner.
    Direct,
}

impl World {
    pub(super) fn new(spec: Spec, names: Arc<dyn Names>) -> Result<Self, InvalidValue> {
        let mut dice = Dice::new(spec.seed, STRAND);
        let start = spec.start();
        let kind = PartnerKind::IndirectProvider;
        let provider = Company::new(0, kind, &PROVIDER_CAST, start, &mut dice)?;
        let mut resellers = Vec::new();
        for number in 0..spec.scale.resellers {
            let slot = i64::try_from(number % 60).unwrap_or(0);
            let at = spec.moment(15 + slot * 4);
            let accepted = Answer::Accepted { at: spec.moment(20 + slot * 4), ended_at: None };
            resellers.push(Reseller::new(number, at, accepted, &mut dice)?);
        }
        let others = [
            (25, Answer::Accepted { at: spec.moment(35), ended_at: Some(spec.moment(620)) }),
            (300, Answer::Declined { at: spec.moment(308) }),
            (985, Answer::Pending),
        ];
        for (per_mille, answer) in others {
            let number = resellers.len();
            let requested_at = spec.moment(per_mille);
            resellers.push(Reseller::new(number, requested_at, answer, &mut dice)?);
        }
        let (number, at) = (resellers.len() + 1, spec.moment(DIRECT_PARTNER_PER_MILLE));
        let direct = Company::new(number, PartnerKind::DirectPartner, &DIRECT_CAST, at, &mut dice)?;
        Ok(Self { spec, names, provider, resellers, direct })
    }

    pub(super) fn company(&self, side: Side) -> &Company {
        match side {
            Side::Provider => &self.provider,
            Side::Direct => &self.direct,
            Side::Reseller(number) => {
                self.resellers.get(number).map_or(&self.provider, |reseller| &reseller.company)
            }
        }
    }

    /// Somebody of a company who may do something.
    pub(super) fn actor(&self, side: Side, permission: Permission, dice: &mut Dice) -> Principal {
        let company = self.company(side);
        let may = |employee: &&Employee| allows(employee.role, permission);
        let able: Vec<_> = company.cast.iter().filter(may).collect();
        // Global admins may do everything and leave the daily work to others.
        let others: Vec<_> =
            able.iter().copied().filter(|employee| employee.role != Role::GlobalAdmin).collect();
        let chosen = if dice.chance(85) { dice.pick(&others) } else { dice.pick(&able) };
        chosen.map_or_else(|| company.global_admin(), |employee| company.principal(employee.id))
    }

    /// A step of somebody.
    pub(super) fn step(at: Timestamp, by: Principal, task: Task, dice: &mut Dice) -> Step {
        let correlation_id = dice.id(at, CorrelationId::from_uuid);
        Step { at, principal: by, correlation_id, why: Why::default(), task }
    }
}

impl Reseller {
    fn new(
        number: usize,
        requested_at: Timestamp,
        answer: Answer,
        dice: &mut Dice,
    ) -> Result<Self, InvalidValue> {
        let kind = PartnerKind::IndirectReseller;
        // It opened its account some days before it was asked.
        let registered_at = requested_at.plus_hours(-72);
        Ok(Self {
            company: Company::new(number + 1, kind, &RESELLER_CAST, registered_at, dice)?,
            partnership: dice.id(requested_at, PartnershipId::from_uuid),
            invitation: dice.id(requested_at, InvitationId::from_uuid),
            requested_at,
            answer,
        })
    }

    /// Whether its partnership goes on to the end.
    pub(super) const fn lasts(&self) -> bool {
        matches!(self.answer, Answer::Accepted { ended_at: None, .. })
    }

    /// When its partnership was ended, if it was.
    pub(super) const fn ended_at(&self) -> Option<Timestamp> {
        match self.answer {
            Answer::Accepted { ended_at, .. } => ended_at,
            Answer::Declined { .. } | Answer::Pending => None,
        }
    }

    /// Whether its partnership is active at a moment.
    pub(super) fn is_active(&self, at: Timestamp) -> bool {
        match self.answer {
            Answer::Accepted { at: accepted, ended_at } => {
                accepted < at && ended_at.is_none_or(|ended| at < ended)
            }
            Answer::Declined { .. } | Answer::Pending => false,
        }
    }
}

impl Company {
    fn new(
        number: usize,
        kind: PartnerKind,
        roles: &[Role],
        at: Timestamp,
        dice: &mut Dice,
    ) -> Result<Self, InvalidValue> {
        let region = Region::numbered(number);
        let styled = region.partner(number)?;
        let cast =
            |role: &Role| Employee { id: dice.id(at, PartnerUserId::from_uuid), role: *role };
        let cast = roles.iter().map(cast).collect();
        Ok(Self {
            id: dice.id(at, PartnerId::from_uuid),
            kind,
            name: styled.name,
            domain: styled.domain,
            country: region.country()?,
            mpn_id: MpnId::new(&(PARTNER_COMPANIES_FROM + number).to_string())?,
            region,
            cast,
        })
    }

    /// Its employee of this number as a principal.
    pub(super) const fn principal(&self, user: PartnerUserId) -> Principal {
        Principal::PartnerUser { partner: self.id, user }
    }

    /// The global admin who was there first.
    pub(super) fn global_admin(&self) -> Principal {
        self.cast.first().map_or(Principal::Operator, |admin| self.principal(admin.id))
    }

    /// Who approves what others ask for: the last of its global admins.
    pub(super) fn approver(&self) -> Option<PartnerUserId> {
        let mut admins = self.cast.iter().filter(|employee| employee.role == Role::GlobalAdmin);
        admins.next_back().map(|admin| admin.id)
    }

    /// What an employee of this number is called; who stays has the first numbers.
    pub(super) fn profile(&self, number: usize) -> Result<PartnerUserProfile, InvalidValue> {
        let called = self.region.person(number)?;
        let email = self.email(&called)?;
        Ok(PartnerUserProfile { full_name: called.full, email })
    }

    fn email(&self, called: &Called) -> Result<EmailAddress, InvalidValue> {
        EmailAddress::new(&format!("{}@{}", called.local_part, self.domain))
    }

    /// An account for the employee of this number.
    pub(super) fn account(
        &self,
        id: PartnerUserId,
        number: usize,
        at: Timestamp,
        names: &dyn Names,
        dice: &mut Dice,
    ) -> Result<NewPartnerUser, InvalidValue> {
        let profile = self.profile(number)?;
        Ok(NewPartnerUser {
            user_id: id,
            sign_in_name: names.sign_in_name(&profile.email),
            credential_id: dice.id(at, CredentialId::from_uuid),
            password_expires_at: at.plus_hours(TEMPORARY_PASSWORD_HOURS),
            profile,
        })
    }
}
