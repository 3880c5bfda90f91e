//! Service requests: a partner asks, operators answer; elevation takes their verification.

use commands::{ChangeServiceRequest, LogServiceRequest, ServiceRequestCommand};
use events::{
    CustomerId, PartnerId, PartnerKind, PartnerUserId, ProductFamily, PublicProfile,
    RequestSeverity, RequestStatus, RequestTopic, Role, RoleCategory, ServiceRequestId,
    ServiceRequestKind, SubscriptionId,
};
use projections::ReadModel;
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons, reach, reach::Way, staff::account, who_may::Deed};

/// A service request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) partner: PartnerId,
    logged_by: PartnerUserId,
    pub(crate) kind: ServiceRequestKind,
    severity: RequestSeverity,
    pub(crate) status: RequestStatus,
    notes: usize,
    verified: bool,
}

impl Request {
    fn is_question(&self) -> bool {
        matches!(
            self.kind,
            ServiceRequestKind::PartnerSupport | ServiceRequestKind::CustomerSupport { .. }
        )
    }

    /// Whether one side may take the request a step.
    fn may_go(&self, is_support: bool, new: RequestStatus) -> bool {
        use RequestStatus::{AttentionNeeded, Closed, InProgress, Open, Resolved};
        let is_question = self.is_question();
        match (self.status, new) {
            // What an operator decides is resolved by carrying it out, and stays over.
            (Open | InProgress | AttentionNeeded, Resolved) => is_support && is_question,
            (Resolved | Closed, Open) => is_question,
            (Resolved, Closed) | (AttentionNeeded, InProgress) => true,
            (Open | InProgress | AttentionNeeded, Closed) => !is_support,
            (Open, InProgress | AttentionNeeded) | (InProgress, AttentionNeeded) => is_support,
            _ => false,
        }
    }
}

/// What speaks against commands.
impl Plain {
    pub(super) fn on_request(
        &self,
        no: &mut Reasons,
        by: Principal,
        (id, command): (ServiceRequestId, &ServiceRequestCommand),
    ) {
        if let ServiceRequestCommand::Log(command) = command {
            return self.log(no, by, command);
        }
        let Some(request) = self.requests.get(&id) else {
            // Nobody learns more of what is not there.
            return no.bar(&["service_request_not_found"]);
        };
        let is_support = self.answers(no, by, request);
        match command {
            ServiceRequestCommand::Log(_) => {}
            ServiceRequestCommand::Change(command) => change(no, request, command, is_support),
            ServiceRequestCommand::Decline(_) => {
                no.bar_if(!is_support, "actor_not_allowed");
                no.no_if(!request.status.is_open(), "request_over");
            }
            ServiceRequestCommand::Verify(_) => {
                no.bar_if(!is_support, "actor_not_allowed");
                let is_one = matches!(request.kind, ServiceRequestKind::Elevation { .. });
                no.no_if(!is_one, "request_of_another_kind");
                no.no_if(!request.status.is_open(), "request_over");
                no.no_if(request.verified, "elevation_already_verified");
            }
            ServiceRequestCommand::CarryOut(_) => {
                no.bar_if(!is_support, "actor_not_allowed");
                self.carry_out(no, request);
            }
        }
    }

    fn carry_out(&self, no: &mut Reasons, request: &Request) {
        no.no_if(request.is_question(), "request_of_another_kind");
        no.no_if(!request.status.is_open(), "request_over");
        if let ServiceRequestKind::Elevation { user_id } = request.kind {
            no.no_if(!request.verified, "elevation_not_verified");
            self.may_be_elevated(no, request.partner, user_id);
        }
    }

    fn may_be_elevated(&self, no: &mut Reasons, partner: PartnerId, user: PartnerUserId) {
        self.is_there(no, partner, user);
        let employee = self.employee_at(partner, user);
        let is_admin = employee.is_some_and(|it| it.status.is_active() && it.is_global_admin());
        no.no_if(is_admin, "already_global_admin");
    }

    /// Bars who may neither speak for the partner about it nor answer for the installation; whether
    /// it is the latter.
    fn answers(&self, no: &mut Reasons, by: Principal, request: &Request) -> bool {
        match by {
            Principal::Operator => true,
            Principal::SupportOperator { .. } => {
                let is_known = account(by).is_some_and(|it| self.staff.contains_key(&it));
                no.bar_if(!is_known, "actor_not_active");
                true
            }
            Principal::PartnerUser { partner, user } => {
                if partner != request.partner {
                    no.bar(&["service_request_not_found"]);
                    return false;
                }
                let logged_it = user == request.logged_by;
                match &request.kind {
                    ServiceRequestKind::Elevation { user_id } if *user_id == user && logged_it => {
                        self.employee(no, by, Deed::OwnAccount);
                    }
                    ServiceRequestKind::CustomerSupport { customer_id, office365, .. } => {
                        let deed = support(*office365);
                        self.on_customer(no, by, *customer_id, (deed, Way::Any));
                    }
                    _ => self.employee(no, by, Deed::PartnerRequests),
                }
                false
            }
            _ => {
                reach::stranger(no, by);
                no.bar(&["user_required"]);
                false
            }
        }
    }

    fn log(&self, no: &mut Reasons, by: Principal, command: &LogServiceRequest) {
        let partner = command.partner_id;
        no.no_if(self.requests.contains_key(&command.request_id), "already_exists");
        if by.partner().is_some_and(|own| own != partner) {
            // What it asks for is looked up as the named partner's first.
            no.bar(&["not_your_partner", "subscription_not_found", "forbidden"]);
        }
        if by.partner().is_none() {
            // Requests are logged by people of the partner; how the others learn it differs.
            return no.bar(&[
                "actor_not_allowed",
                "auditor_changes_nothing",
                "forbidden",
                "actor_not_active",
                "not_your_customer",
                "subscription_not_found",
            ]);
        }
        match &command.kind {
            ServiceRequestKind::PartnerSupport => self.employee(no, by, Deed::PartnerRequests),
            ServiceRequestKind::CustomerSupport { customer_id, subscription_id, .. } => {
                let topics = [RequestTopic::Billing, RequestTopic::Subscription];
                let names_none = subscription_id.is_none() && topics.contains(&command.topic);
                no.no_if(names_none, "subscription_missing");
                self.support_for(no, by, *customer_id, *subscription_id);
            }
            ServiceRequestKind::Elevation { user_id } => {
                let is_own = by == Principal::PartnerUser { partner, user: *user_id };
                let deed = if is_own { Deed::OwnAccount } else { Deed::PartnerRequests };
                self.employee(no, by, deed);
                no.no_if(command.text.identity.is_none(), "identity_missing");
                no.no_if(command.text.organization.is_none(), "organization_missing");
                self.may_be_elevated(no, partner, *user_id);
            }
            ServiceRequestKind::PublicProfileChange { profile } => {
                self.employee(no, by, Deed::PartnerRequests);
                let kind = self.partners.get(&partner).map(|it| it.kind);
                let is_provider = kind == Some(PartnerKind::IndirectProvider);
                no.no_if(!is_provider, "not_indirect_provider");
                showable(no, profile);
            }
        }
    }

    /// About Office 365 only an admin agent may ask.
    fn support_for(
        &self,
        no: &mut Reasons,
        by: Principal,
        customer: CustomerId,
        subscription: Option<SubscriptionId>,
    ) {
        self.on_customer(no, by, customer, (support(false), Way::Any));
        let Some(id) = subscription else { return };
        let partner = by.partner().expect("only people of a partner log requests");
        let held = self.subscription(customer, id).filter(|held| {
            held.seller == partner && self.holds(customer, partner)
                || self.providers(customer, partner).contains(&held.seller)
        });
        let Some(held) = held else { return no.bar(&["subscription_not_found", "forbidden"]) };
        let family = self.offer(held.offer).map(|offer| offer.family);
        if family.is_none_or(|family| family == ProductFamily::Office365) {
            self.on_customer(no, by, customer, (support(true), Way::Any));
        }
    }

    /// Whether a request to be logged is about Office 365.
    fn is_office365(&self, kind: &ServiceRequestKind) -> bool {
        let ServiceRequestKind::CustomerSupport { customer_id, subscription_id, .. } = kind else {
            return false;
        };
        let held = subscription_id.and_then(|id| self.subscription(*customer_id, id));
        let offer = held.map(|held| self.offer(held.offer));
        offer.is_some_and(|offer| offer.is_none_or(|it| it.family == ProductFamily::Office365))
    }
}

fn support(office365: bool) -> Deed {
    if office365 { Deed::Office365Requests } else { Deed::CustomerRequests }
}

fn showable(no: &mut Reasons, profile: &PublicProfile) {
    let locations = &profile.locations;
    no.no_if(!(1..=50).contains(&locations.len()), "location_count");
    let same = |country| locations.iter().filter(|it| it.country == country).count() > 1;
    no.no_if(locations.iter().any(|it| same(it.country.clone())), "location_twice");
}

fn change(no: &mut Reasons, request: &Request, command: &ChangeServiceRequest, is_support: bool) {
    let old = request.status;
    let new = command.status.unwrap_or_else(|| answered(request, command, is_support));
    no.no_if(new != old && !request.may_go(is_support, new), "request_status_unreachable");
    if command.severity.is_some_and(|severity| severity != request.severity) {
        no.no_if(is_support, "actor_not_allowed");
        no.no_if(!new.is_open(), "request_over");
    }
    if command.note.is_some() {
        no.no_if(old == RequestStatus::Closed && !new.is_open(), "request_over");
        no.no_if(request.notes >= 200, "too_many_notes");
    }
}

/// Where a request stands after a change that does not say so: a note of the partner answers what
/// support waited for.
fn answered(request: &Request, command: &ChangeServiceRequest, is_support: bool) -> RequestStatus {
    let answers = !is_support && command.note.is_some();
    if answers && request.status == RequestStatus::AttentionNeeded {
        RequestStatus::InProgress
    } else {
        request.status
    }
}

/// What accepted commands lead to.
impl Plain {
    pub(super) fn request_did(
        &mut self,
        by: Principal,
        (id, command): (ServiceRequestId, &ServiceRequestCommand),
    ) {
        if let ServiceRequestCommand::Log(command) = command {
            return self.logged(by, command);
        }
        let is_support = by.partner().is_none();
        let request = self.requests.get_mut(&id).expect("it was logged");
        match command {
            ServiceRequestCommand::Log(_) => {}
            ServiceRequestCommand::Change(command) => {
                let new = command.status.unwrap_or_else(|| answered(request, command, is_support));
                request.status = new;
                request.severity = command.severity.unwrap_or(request.severity);
                request.notes += usize::from(command.note.is_some());
            }
            ServiceRequestCommand::Decline(_) => request.status = RequestStatus::Closed,
            ServiceRequestCommand::Verify(_) => {
                request.verified = true;
                request.status = RequestStatus::InProgress;
            }
            ServiceRequestCommand::CarryOut(_) => {
                request.status = RequestStatus::Resolved;
                let (partner, kind) = (request.partner, request.kind.clone());
                self.carried_out(partner, kind);
            }
        }
    }

    fn logged(&mut self, by: Principal, command: &LogServiceRequest) {
        let Principal::PartnerUser { user, .. } = by else { return };
        let mut kind = command.kind.clone();
        let found = self.is_office365(&kind);
        if let ServiceRequestKind::CustomerSupport { office365, .. } = &mut kind {
            *office365 = found;
        }
        let request = Request {
            partner: command.partner_id,
            logged_by: user,
            kind,
            severity: command.severity,
            status: RequestStatus::Open,
            notes: 0,
            verified: false,
        };
        self.requests.insert(command.request_id, request);
    }

    fn carried_out(&mut self, partner: PartnerId, kind: ServiceRequestKind) {
        match kind {
            ServiceRequestKind::Elevation { user_id } => {
                let roles = &mut self.employee_mut(partner, user_id).roles;
                roles.insert(RoleCategory::Admin, Role::GlobalAdmin);
            }
            ServiceRequestKind::PublicProfileChange { profile } => {
                self.company(partner).public_profile = Some(profile);
            }
            ServiceRequestKind::PartnerSupport | ServiceRequestKind::CustomerSupport { .. } => {}
        }
    }

    pub(super) fn service_requests_agree(&self, model: &ReadModel) -> Result<(), TestCaseError> {
        prop_assert_eq!(model.service_requests().iter().count(), self.requests.len());
        for (id, request) in &self.requests {
            let Some(row) = model.service_requests().get(*id) else {
                return Err(TestCaseError::fail(format!("{id} is not shown")));
            };
            prop_assert_eq!((row.partner, row.logged_by), (request.partner, request.logged_by));
            prop_assert_eq!(&row.kind, &request.kind);
            let expected = (request.status, request.severity, request.verified);
            prop_assert_eq!((row.status, row.severity, row.verified.is_some()), expected);
        }
        Ok(())
    }
}
