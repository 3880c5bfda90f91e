//! Requests for a relationship, as a second partner makes them: accepted, declined, withdrawn,
//! expired, open; a relationship that ends and is taken up again.

use commands::{
    AssociateReseller, EditRelationshipDraft, EndRelationship, ExpireRelationshipRequest,
    Permission, RecordRelationshipSending, RequestRelationship, SendOutcome,
    SendRelationshipLetter, SignUp, WithdrawRelationshipRequest,
};
use events::{InvalidValue, InvitationId, MailFailure, MailRoute, Process, RelationshipDraft};

use super::{
    super::{
        step::{Step, Task},
        world::Company,
    },
    Clients,
    client::Client,
    script::Script,
};
use crate::application::{
    AnswerRelationship, Principal, RequestAnswer, relationship_subject, relationship_text,
};

/// For how long such a request can be answered, in days.
const REQUEST_DAYS: i64 = 14;

pub(super) fn scene(mut script: Script<'_>, clients: &Clients) -> Result<Vec<Step>, InvalidValue> {
    imported(&mut script, clients)?;
    newcomer(&mut script, clients)?;
    courted(&mut script, clients)?;
    second_partner(&mut script, clients)?;
    Ok(script.steps())
}

/// The direct partner brings the customers that it had before.
fn imported(script: &mut Script<'_>, clients: &Clients) -> Result<(), InvalidValue> {
    script.at(80);
    let partner = script.world.direct.id;
    let commands = clients.imported.iter();
    let commands = commands.map(|client| client.creation(partner, None, script));
    let commands = commands.collect::<Result<_, _>>()?;
    let by = script.direct(Permission::CustomersCreate);
    script.play(by, Task::Import(partner, commands));
    Ok(())
}

/// A company opens its account through the link of a request; the relationship ends, and is taken
/// up again.
fn newcomer(script: &mut Script<'_>, clients: &Clients) -> Result<(), InvalidValue> {
    let (newcomer, partner_id) = (&clients.newcomer, script.world.direct.id);
    script.at(120);
    let by = script.direct(Permission::RelationshipsRequest);
    let asked = request(&script.world.direct, newcomer, false, script)?;
    let invitation_id = asked.invitation_id;
    script.on_customer(by, newcomer.id, RequestRelationship { addressed_to: None, ..asked });
    script.after_days(5);
    let account = newcomer.creation(partner_id, None, script)?;
    let sign_up = Task::SignUp(Box::new(SignUp { invitation_id, account }));
    script.play(newcomer.principal(), sign_up);
    script.at(480);
    let by = script.world.direct.global_admin();
    script.on_customer(by, newcomer.id, EndRelationship { partner_id });
    script.after_days(20);
    let invitation_id = ask(by, &script.world.direct, newcomer, false, script)?;
    script.after_days(1);
    answer(newcomer, invitation_id, RequestAnswer::Accept, script);
    Ok(())
}

/// A customer of the provider whom the direct partner asks again and again.
fn courted(script: &mut Script<'_>, clients: &Clients) -> Result<(), InvalidValue> {
    let (courted, partner_id) = (&clients.courted, script.world.direct.id);
    script.at(180);
    let provider = script.world.provider.id;
    let creation = courted.creation(provider, None, script)?;
    let by = script.provider(Permission::CustomersCreate);
    script.on_customer(by, courted.id, creation);
    if let Some((_, reseller)) = script.reseller() {
        let command = AssociateReseller { provider, reseller: reseller.company.id };
        let by = script.provider(Permission::ResellersAssociate);
        script.on_customer(by, courted.id, command);
    }
    script.at(300);
    let by = script.direct(Permission::RelationshipsRequest);
    let invitation = ask(by, &script.world.direct, courted, false, script)?;
    script.after_days(2);
    answer(courted, invitation, RequestAnswer::Decline, script);
    script.at(420);
    let invitation_id = ask(by, &script.world.direct, courted, false, script)?;
    let withdraw = WithdrawRelationshipRequest { invitation_id, partner_id };
    script.on_customer(by, courted.id, withdraw);
    script.at(600);
    let invitation_id = ask(by, &script.world.direct, courted, false, script)?;
    script.at_moment(script.now().plus_hours(REQUEST_DAYS * 24));
    let expiry = Principal::System(Process::Expiry);
    script.on_customer(expiry, courted.id, ExpireRelationshipRequest { invitation_id });
    script.at(985);
    ask(by, &script.world.direct, courted, false, script)?;
    Ok(())
}

/// The customer that bought most gets a second partner.
fn second_partner(script: &mut Script<'_>, clients: &Clients) -> Result<(), InvalidValue> {
    let (buyer, partner_id) = (&clients.buyer, script.world.direct.id);
    script.at(340);
    let by = script.direct(Permission::RelationshipsRequest);
    let invitation_id = ask(by, &script.world.direct, buyer, false, script)?;
    let draft = RelationshipDraft {
        recipient: Some(buyer.contact(&mut script.dice)?.email),
        ..draft(&script.world.direct, false)?
    };
    script.on_customer(by, buyer.id, EditRelationshipDraft { invitation_id, partner_id, draft });
    let send = SendRelationshipLetter { invitation_id, partner_id, has_recipient: true };
    script.on_customer(by, buyer.id, send);
    let mail = Principal::System(Process::Mail);
    for outcome in [SendOutcome::Failed(MailFailure::Deferred), SendOutcome::Sent(MailRoute::Smtp)]
    {
        let attempt = RecordRelationshipSending { invitation_id, outcome };
        script.on_customer(mail, buyer.id, attempt);
    }
    script.after_days(2);
    answer(buyer, invitation_id, RequestAnswer::Accept, script);
    Ok(())
}

/// Somebody of a partner asks a customer for a relationship.
pub(super) fn ask(
    by: Principal,
    partner: &Company,
    client: &Client,
    delegated_admin: bool,
    script: &mut Script<'_>,
) -> Result<InvitationId, InvalidValue> {
    let asked = request(partner, client, delegated_admin, script)?;
    let invitation_id = asked.invitation_id;
    script.on_customer(by, client.id, asked);
    Ok(invitation_id)
}

/// The global admin of a customer answers a request that addresses it.
pub(super) fn answer(
    client: &Client,
    invitation: InvitationId,
    answer: RequestAnswer,
    script: &mut Script<'_>,
) {
    let (stream, customer) = (client.id, client.id);
    let answer = AnswerRelationship { invitation, stream, customer, answer };
    script.play(client.principal(), Task::Answer(answer));
}

fn request(
    partner: &Company,
    client: &Client,
    delegated_admin: bool,
    script: &mut Script<'_>,
) -> Result<RequestRelationship, InvalidValue> {
    Ok(RequestRelationship {
        invitation_id: script.id(InvitationId::from_uuid),
        partner_id: partner.id,
        addressed_to: Some(client.id),
        delegated_admin,
        expires_at: script.now().plus_hours(REQUEST_DAYS * 24),
        draft: draft(partner, delegated_admin)?,
    })
}

fn draft(partner: &Company, delegated_admin: bool) -> Result<RelationshipDraft, InvalidValue> {
    let name = partner.name.as_str();
    Ok(RelationshipDraft {
        recipient: None,
        subject: relationship_subject(name)?,
        text: relationship_text(name, delegated_admin, REQUEST_DAYS)?,
    })
}
