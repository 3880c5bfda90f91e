//! What is settled from the start: accounts are opened, employees added, partnerships asked for and
//! answered, scenes played.

use commands::{
    AcceptPartnership, AddPartnerUser, DeclinePartnership, EndPartnership, LINK_PLACEHOLDER,
    Permission, RegisterPartner, RequestPartnership,
};
use events::{
    EmailAddress, InvalidValue, InvitationDraft, LetterText, PartnershipId, Role, SubjectLine,
    Timestamp,
};

use super::{
    dice::Dice,
    scenes::scenes,
    step::{Step, Task},
    world::{Answer, Company, DIRECT_PARTNER_PER_MILLE, Reseller, Side, World},
};
use crate::application::Principal;

/// For how long an invitation can be answered, in hours.
const INVITATION_HOURS: i64 = 30 * 24;
/// Between two employees who are added one after the other, in seconds.
const BETWEEN_ACCOUNTS_SECONDS: i64 = 420;
/// The strand of chance.
const STRAND: u64 = 1;

/// Every step of the opening, in the order of time.
pub(super) fn opening(world: &World) -> Result<Vec<Step>, InvalidValue> {
    let mut dice = Dice::new(world.spec.seed, STRAND);
    let mut steps = accounts(&world.provider, world.spec.start(), world, &mut dice)?;
    for (number, reseller) in world.resellers.iter().enumerate() {
        let registered_at = reseller.requested_at.plus_hours(-72).max(world.spec.start());
        steps.append(&mut accounts(&reseller.company, registered_at, world, &mut dice)?);
        steps.append(&mut partnership(reseller, number, world, &mut dice)?);
    }
    let at = world.spec.moment(DIRECT_PARTNER_PER_MILLE);
    steps.append(&mut accounts(&world.direct, at, world, &mut dice)?);
    let mut scenes = scenes(world, &steps)?;
    steps.append(&mut scenes);
    steps.retain(|step| step.at < world.spec.end);
    steps.sort_by_key(|step| step.at);
    Ok(steps)
}

/// The account of a partner, and of everybody who stays.
fn accounts(
    company: &Company,
    at: Timestamp,
    world: &World,
    dice: &mut Dice,
) -> Result<Vec<Step>, InvalidValue> {
    let mut steps = Vec::new();
    let mut at = at;
    for (number, employee) in company.cast.iter().enumerate() {
        let user = company.account(employee.id, number, at, &*world.names, dice)?;
        let (by, command) = if number == 0 {
            let command = RegisterPartner {
                partner_id: company.id,
                kind: company.kind,
                name: company.name.clone(),
                country: company.country.clone(),
                mpn_id: company.mpn_id.clone(),
                admin: user,
            };
            (Principal::Operator, command.into())
        } else {
            let role = (employee.role != Role::DefaultAccess).then_some(employee.role);
            let roles = role.into_iter().collect();
            let command = AddPartnerUser { user, withhold_default_access: false, roles };
            (company.global_admin(), command.into())
        };
        steps.push(World::step(at, by, Task::Partner(company.id, command), dice));
        at = at.plus_seconds(BETWEEN_ACCOUNTS_SECONDS);
    }
    Ok(steps)
}

/// What becomes of the partnership with one reseller.
fn partnership(
    reseller: &Reseller,
    number: usize,
    world: &World,
    dice: &mut Dice,
) -> Result<Vec<Step>, InvalidValue> {
    let Reseller { partnership, requested_at, answer, invitation: invitation_id, .. } = *reseller;
    let request = RequestPartnership {
        partnership_id: partnership,
        provider: world.provider.id,
        invitation_id,
        expires_at: requested_at.plus_hours(INVITATION_HOURS),
        draft: draft(reseller, world)?,
    };
    let asks = world.actor(Side::Provider, Permission::PartnershipsRequest, dice);
    let mut steps = vec![on(partnership, requested_at, asks, request, dice)];
    let answers = world.actor(Side::Reseller(number), Permission::PartnershipsAnswer, dice);
    let reseller = reseller.company.id;
    match answer {
        Answer::Accepted { at, ended_at } => {
            let accept = AcceptPartnership { invitation_id, reseller };
            steps.push(on(partnership, at, answers, accept, dice));
            if let Some(ended_at) = ended_at {
                let end = EndPartnership { ended_by: world.provider.id };
                let by = world.provider.global_admin();
                steps.push(on(partnership, ended_at, by, end, dice));
            }
        }
        Answer::Declined { at } => {
            let decline = DeclinePartnership { invitation_id, reseller };
            steps.push(on(partnership, at, answers, decline, dice));
        }
        Answer::Pending => {}
    }
    Ok(steps)
}

fn on(
    partnership: PartnershipId,
    at: Timestamp,
    by: Principal,
    command: impl Into<commands::PartnershipCommand>,
    dice: &mut Dice,
) -> Step {
    World::step(at, by, Task::Partnership(partnership, command.into()), dice)
}

fn draft(reseller: &Reseller, world: &World) -> Result<InvitationDraft, InvalidValue> {
    let (provider, company) = (&world.provider.name, &reseller.company);
    let text = format!(
        "Dear colleagues at {},\n\nwe would like to sell with you. Please open this link, signed in \
         as a global admin or admin agent, and accept the partnership:\n\n{LINK_PLACEHOLDER}\n\n\
         Kind regards\n{provider}",
        company.name
    );
    Ok(InvitationDraft {
        recipient: EmailAddress::new(&format!("partners@{}", company.domain))?,
        subject: SubjectLine::new(&format!("A partnership with {provider}"))?,
        text: LetterText::new(&text)?,
    })
}
