//! Service requests of partners and for a customer: answered, closed, declined, carried out, open.

use commands::{
    CarryOutServiceRequest, ChangeServiceRequest, DeclineServiceRequest, LogServiceRequest,
    Permission, VerifyElevation,
};
use events::{
    GlobalAdminAbsence, InvalidValue, LetterText, ProfileLocation, PublicProfile, RequestSeverity,
    RequestStatus, RequestTopic, ServiceRequestId, ServiceRequestKind, ServiceRequestText,
    SubjectLine, WebAddress,
};

use super::{
    super::{step::Step, world::Side},
    Clients,
    people::SUPPORT,
    script::Script,
};
use crate::application::{Principal, request_number};

pub(super) fn scene(mut script: Script<'_>, clients: &Clients) -> Result<Vec<Step>, InvalidValue> {
    answered(&mut script)?;
    public_profile(&mut script)?;
    elevations(&mut script)?;
    for_a_customer(&mut script, clients)?;
    Ok(script.steps())
}

/// A question of the provider: asked back, answered, resolved, closed.
fn answered(script: &mut Script<'_>) -> Result<(), InvalidValue> {
    script.at(90);
    let by = script.provider(Permission::PartnerRequestsManage);
    let kind = ServiceRequestKind::PartnerSupport;
    let text = words("Our tax number is wrong", "It lacks the last digit.")?;
    let id = log(by, Side::Provider, kind, RequestTopic::Account, text, script)?;
    script.after_minutes(45);
    let waits = RequestStatus::AttentionNeeded;
    script.on_request(SUPPORT, id, noted("Please tell us the right one.", Some(waits))?);
    script.after_days(1);
    script.on_request(by, id, noted("It is 4711 0815 7.", None)?);
    script.after_minutes(30);
    let resolved = RequestStatus::Resolved;
    script.on_request(SUPPORT, id, noted("Corrected.", Some(resolved))?);
    script.after_days(1);
    script.on_request(by, id, noted("Thank you!", Some(RequestStatus::Closed))?);
    Ok(())
}

/// The provider's public profile is changed by request.
fn public_profile(script: &mut Script<'_>) -> Result<(), InvalidValue> {
    script.at(140);
    let company = &script.world.provider;
    let target = WebAddress::new(&format!("https://www.{}/", company.domain))?;
    let locations = vec![ProfileLocation { country: company.country.clone(), target }];
    let logo = Some(WebAddress::new(&format!("https://www.{}/logo.svg", company.domain))?);
    let profile = PublicProfile { name: company.name.clone(), logo, locations };
    let kind = ServiceRequestKind::PublicProfileChange { profile };
    let by = script.provider(Permission::PartnerRequestsManage);
    let text = words("Our new web site", "Please show it from now on.")?;
    let id = log(by, Side::Provider, kind, RequestTopic::Account, text, script)?;
    script.after_days(1);
    script.on_request(SUPPORT, id, CarryOutServiceRequest { request_id: id });
    Ok(())
}

/// The direct partner's global admin has left: one of its people asks in vain, one is elevated.
fn elevations(script: &mut Script<'_>) -> Result<(), InvalidValue> {
    let direct = &script.world.direct;
    let [_, agent, seller, ..] = direct.cast.as_slice() else { return Ok(()) };
    script.at(540);
    let absence = GlobalAdminAbsence::Left;
    for (employee, is_believed) in [(seller, false), (agent, true)] {
        let by = direct.principal(employee.id);
        let kind = ServiceRequestKind::Elevation { user_id: employee.id };
        let text = ServiceRequestText {
            identity: Some(LetterText::new("Passport number and photograph by post")?),
            organization: Some(LetterText::new("Entry in the register of companies, page 12")?),
            ..words("We have no global admin", "Ours has left the company.")?
        };
        let id = log(by, Side::Direct, kind, RequestTopic::Users, text, script)?;
        script.after_days(1);
        if is_believed {
            let evidence = LetterText::new("Spoke to the managing director by telephone.")?;
            script.on_request(SUPPORT, id, VerifyElevation { absence, evidence });
            script.on_request(SUPPORT, id, CarryOutServiceRequest { request_id: id });
        } else {
            let reason = LetterText::new("The photograph shows somebody else.")?;
            script.on_request(SUPPORT, id, DeclineServiceRequest { reason });
        }
        script.after_days(4);
    }
    Ok(())
}

/// Support for a customer, taken up and still open.
fn for_a_customer(script: &mut Script<'_>, clients: &Clients) -> Result<(), InvalidValue> {
    script.at(975);
    let by = script.provider(Permission::Office365RequestsManage);
    let kind = ServiceRequestKind::CustomerSupport {
        customer_id: clients.buyer.id,
        subscription_id: None,
        office365: false,
    };
    let text = words("Mail arrives hours late", "Since yesterday, for all users.")?;
    let id = log(by, Side::Provider, kind, RequestTopic::Technical, text, script)?;
    let severity = Some(RequestSeverity::Critical);
    script.on_request(by, id, ChangeServiceRequest { severity, ..Default::default() });
    script.after_minutes(50);
    let taken_up = RequestStatus::InProgress;
    script.on_request(SUPPORT, id, noted("We are looking into it.", Some(taken_up))?);
    Ok(())
}

fn log(
    by: Principal,
    side: Side,
    kind: ServiceRequestKind,
    topic: RequestTopic,
    text: ServiceRequestText,
    script: &mut Script<'_>,
) -> Result<ServiceRequestId, InvalidValue> {
    let request_id = request_number(script.now(), script.dice.next())?;
    let partner_id = script.world.company(side).id;
    let severity = RequestSeverity::Moderate;
    let command = LogServiceRequest { request_id, partner_id, kind, topic, severity, text };
    script.on_request(by, request_id, command);
    Ok(request_id)
}

fn words(title: &str, description: &str) -> Result<ServiceRequestText, InvalidValue> {
    Ok(ServiceRequestText {
        title: SubjectLine::new(title)?,
        description: LetterText::new(description)?,
        identity: None,
        organization: None,
    })
}

fn noted(text: &str, status: Option<RequestStatus>) -> Result<ChangeServiceRequest, InvalidValue> {
    Ok(ChangeServiceRequest { note: Some(LetterText::new(text)?), status, severity: None })
}
