//! One event of every type, and one set of metadata.

use events::{
    Actor, ApplicationId, AuditorId, Client, CorrelationId, CustomerId, CustomerUserId, Event,
    EventId, KeyId, Metadata, OperatorId, Origin, PartnerId, PartnerUserId, Personal, Process,
    RequestDigest, RuleCode, Sealed, SealedAlgorithm, Sealer, SubjectId, Tenant,
};

use crate::{
    application_samples::{of_applications, of_webhooks},
    draw::Draw,
    service_requests,
    sign_in_samples::sign_ins,
};

macro_rules! id {
    ($draw:expr, $id:ident) => {
        $id::from_uuid($draw.uuid())
    };
}

mod customer;
mod customer_users;
mod devices;
mod installation;
mod leads;
mod network;
mod partner;
mod partnership;
mod sales;

/// Seals by copying: the golden files so hold the layout of the personal data too.
pub(crate) struct CopyingSealer;

impl Sealer for CopyingSealer {
    type Error = events::EncodeError;

    fn seal(&mut self, _subject: SubjectId, plaintext: &[u8]) -> Result<Sealed, Self::Error> {
        Ok(Sealed {
            algorithm: SealedAlgorithm::XChaCha20Poly1305Committed,
            key_id: KeyId(7),
            nonce: [0xaa; 24],
            commitment: [0xbb; 32],
            ciphertext: plaintext.to_vec(),
        })
    }
}

/// One event of every type, personal fields open.
pub(crate) fn events(draw: &mut Draw) -> Vec<Event> {
    let mut events = Vec::new();
    events.extend(partner::partner(draw).into_iter().map(Event::from));
    events.extend(partnership::partnership(draw).into_iter().map(Event::from));
    events.extend(customer::account(draw).into_iter().map(Event::from));
    events.extend(sales::sold(draw).into_iter().map(Event::from));
    events.extend(customer_users::users(draw).into_iter().map(Event::from));
    events.extend(installation::names(draw).into_iter().map(Event::from));
    events.extend(sales::events(&mut draw.apart()).into_iter().map(Event::from));
    events.extend(installation::installation(draw).into_iter().map(Event::from));
    events.extend(partnership::invitations(&mut draw.apart()).into_iter().map(Event::from));
    events.extend(customer::requests(&mut draw.apart()).into_iter().map(Event::from));
    events.extend(leads::leads(&mut draw.group(7)).into_iter().map(Event::from));
    events.extend(service_requests::of_partner(&mut draw.apart()).into_iter().map(Event::from));
    events.extend(service_requests::events(&mut draw.apart()).into_iter().map(Event::from));
    events.extend(devices::devices(&mut draw.group(8)).into_iter().map(Event::from));
    events.extend(sign_ins(&mut draw.apart()));
    events.extend(of_applications(&mut draw.apart()).into_iter().map(Event::from));
    events.extend(network::events(&mut draw.group(21)));
    events.extend(customer::standing(&mut draw.group(31)).into_iter().map(Event::from));
    events.extend(of_webhooks(&mut draw.group(22)).into_iter().map(Event::from));
    events
}

/// One event of every type, personal fields sealed.
pub(crate) fn sealed_events(draw: &mut Draw) -> Vec<Event> {
    let mut events = events(draw);
    for event in &mut events {
        event.seal(&mut CopyingSealer).unwrap();
    }
    events
}

/// Metadata with everything in it, personal fields open.
pub(crate) fn metadata(draw: &mut Draw) -> Metadata {
    let (partner, user) = (id!(draw, PartnerId), id!(draw, PartnerUserId));
    let customer = id!(draw, CustomerId);
    let customer_user = Actor::CustomerUser { customer, user: id!(draw, CustomerUserId) };
    let process = Actor::System(Process::Purge);
    let partner_user = Actor::PartnerUser { partner, user };
    let operator = Actor::SupportOperator { operator: OperatorId::from_uuid(user.as_uuid()) };
    let auditor = Actor::Auditor { auditor: AuditorId::from_uuid(user.as_uuid()) };
    let application_id = ApplicationId::from_uuid(user.as_uuid());
    let application = Actor::Application { partner, application: application_id };
    let actors = [
        Actor::Operator,
        Actor::Visitor,
        operator,
        auditor,
        process,
        application,
        customer_user,
        partner_user,
    ];
    let subject = SubjectId::from(user);
    let clients = [
        Client::Page,
        Client::CommandLine,
        Client::Internal,
        Client::Sample,
        Client::Application(application_id),
        Client::Api,
    ];
    Metadata {
        occurred_at: draw.moment(),
        actor: draw.pick(&actors),
        on_behalf_of: draw
            .option(|draw| draw.pick(&[Tenant::Partner(partner), Tenant::Customer(customer)])),
        client: draw.pick(&clients),
        origin: draw.option(|draw| {
            let user_agent = draw.option(|_| "curl/8".to_owned());
            Personal::open(subject, Origin { address: "203.0.113.7".to_owned(), user_agent })
        }),
        correlation_id: id!(draw, CorrelationId),
        causation_id: draw.option(|draw| id!(draw, EventId)),
        rule: RuleCode::new("global_admin:customers.create"),
        reason: draw.option(|draw| Personal::open(subject, draw.text("She asked for it"))),
        ticket: draw.option(|draw| draw.text("INC-4711")),
        approved_by: draw.option(|draw| id!(draw, PartnerUserId)),
        request_digest: draw.option(|draw| RequestDigest(draw.bytes())),
    }
}
