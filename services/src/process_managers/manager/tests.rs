//! Of processes that act when something is due, once, and never because somebody looked.

use std::path::PathBuf;

use commands::{
    CART_LIFE_MINUTES, ChangeRenewal, CreateCustomerUsers, DeleteCustomerUsers, NewCustomerUser,
    OpenCart, RequestPartnership, RequestRelationship, SendInvitation, SendRelationshipLetter,
    SubmitOrder, WithdrawPartnership, WithdrawRelationshipRequest,
};
use events::{
    Actor, BillingCycle, CartId, CartLine, CustomerId, CustomerUserId, CustomerUserProfile, Event,
    InvitationDraft, InvitationId, MailRoute, OrderId, OrderLine, PartnershipEvent, PartnershipId,
    Position, Quantity, RecordedEvent, RelationshipDraft, SubscriptionId, UserName,
};
use projections::{CartStage, Due, LetterState, PartnershipState, rebuild};
use uuid::Uuid;

use super::*;
use crate::{
    application::{AsOf, OnCustomer, OnPartnership},
    auth::new_temporary_password,
    imports::testing::{CUSTOMER, Installation, PARTNER},
    mail::MailSettings,
    process_managers::{
        is_guarded,
        mail::{Composed, InvitationMail, Mail as _},
    },
};

const BOND: PartnershipId = PartnershipId::from_uuid(Uuid::from_u128(0xb0));
const INVITATION: InvitationId = InvitationId::from_uuid(Uuid::from_u128(0xb1));
const ASKED: CustomerId = CustomerId::from_uuid(Uuid::from_u128(0xb2));
const LINK_HOURS: i64 = 48;

/// An installation whose letters go into a directory.
struct World {
    installation: Installation,
    letters: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        Self { installation: Installation::new().await, letters: tempfile::tempdir().unwrap() }
    }

    fn app(&self) -> &Arc<Application> {
        self.installation.app()
    }

    fn outbox(&self) -> PathBuf {
        self.letters.path().join("outbox")
    }

    fn manager(&self, process: Process) -> Manager {
        let own_address = "http://127.0.0.1:8420";
        let post = MailSettings::default().post(self.letters.path(), own_address).unwrap();
        Manager::new(Arc::clone(self.app()), Arc::new(post), process, None)
    }

    /// Has the process look at its queue once.
    async fn pass(&self, process: Process) -> Pass {
        self.manager(process).pass(&CancellationToken::new()).await
    }

    async fn request(&self) {
        let command = RequestPartnership {
            partnership_id: BOND,
            provider: PARTNER,
            invitation_id: INVITATION,
            expires_at: self.app().now().plus_hours(LINK_HOURS),
            draft: InvitationDraft {
                recipient: "office@reseller.example".parse().unwrap(),
                subject: "Sell with us".parse().unwrap(),
                text: "Open {link}".parse().unwrap(),
            },
        };
        self.installation.as_admin(&OnPartnership::new(BOND, command)).await;
    }

    /// Asks any company for a relationship; the request has a stream of its own.
    async fn request_relationship(&self) {
        let command = RequestRelationship {
            invitation_id: INVITATION,
            partner_id: PARTNER,
            addressed_to: None,
            delegated_admin: false,
            expires_at: self.app().now().plus_hours(LINK_HOURS),
            draft: RelationshipDraft {
                recipient: Some("office@company.example".parse().unwrap()),
                subject: "May we serve you?".parse().unwrap(),
                text: "Open {link}".parse().unwrap(),
            },
        };
        self.installation.as_admin(&OnCustomer::new(ASKED, command)).await;
    }

    async fn ask_to_send_to_company(&self) {
        let (invitation_id, partner_id) = (INVITATION, PARTNER);
        let has_recipient = true;
        let command = SendRelationshipLetter { invitation_id, partner_id, has_recipient };
        self.installation.as_admin(&OnCustomer::new(ASKED, command)).await;
    }

    async fn ask_to_send(&self) {
        let command = SendInvitation { provider: PARTNER };
        self.installation.as_admin(&OnPartnership::new(BOND, command)).await;
    }

    /// Creates a user of the customer and deletes it.
    async fn delete_user(&self) {
        let user_id = CustomerUserId::from_uuid(Uuid::from_u128(0xd1));
        let user_name: UserName = "bo@contoso.example".parse().unwrap();
        let password = new_temporary_password(self.app().now()).unwrap();
        let user = NewCustomerUser {
            user_id,
            user_name: self.app().keys().user_name_hash(&user_name),
            credential_id: password.id,
            profile: CustomerUserProfile {
                user_name,
                first_name: None,
                last_name: None,
                display_name: "Bo Chen".parse().unwrap(),
                usage_location: None,
                phone_number: None,
            },
            licenses: Vec::new(),
            directory_roles: Vec::new(),
        };
        let create = CreateCustomerUsers { users: vec![user] };
        self.installation.as_admin(&OnCustomer::new(CUSTOMER, create)).await;
        let delete = DeleteCustomerUsers { user_ids: vec![user_id] };
        self.installation.as_admin(&OnCustomer::new(CUSTOMER, delete)).await;
    }

    async fn events(&self) -> Vec<RecordedEvent> {
        let records = self.app().store().read_log(Position::START, usize::MAX).await.unwrap();
        records.iter().map(|record| record.decode().unwrap()).collect()
    }

    fn letters(&self) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(self.outbox()) else { return Vec::new() };
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
    }
}

fn of_partnership(events: &[RecordedEvent]) -> Vec<&'static str> {
    let names = events.iter().filter(|event| matches!(event.event, Event::Partnership(_)));
    names.map(|event| event.event.name()).collect()
}

#[tokio::test]
async fn a_letter_that_was_asked_for_is_sent_once_and_that_is_recorded() {
    let world = World::new().await;
    world.request().await;
    assert_eq!(world.pass(Process::Mail).await, Pass::CaughtUp);
    assert!(world.letters().is_empty(), "nobody has asked for it");
    world.ask_to_send().await;
    for _ in 0..3 {
        assert_eq!(world.pass(Process::Mail).await, Pass::CaughtUp);
    }
    let events = world.events().await;
    let expected = ["PartnershipRequested", "InvitationSendRequested", "InvitationSent"];
    assert_eq!(of_partnership(&events), expected);
    let sent = events.last().unwrap();
    assert_eq!(sent.metadata.actor, Actor::System(Process::Mail));
    assert_eq!(sent.metadata.rule.as_str(), "system:mail");
    let model = world.app().models().current();
    let row = model.resellers().get(BOND).unwrap();
    assert!(matches!(row.letter, LetterState::Sent { route: MailRoute::File, .. }));

    let [letter] = &world.letters()[..] else { panic!("one letter") };
    let link = world.app().invitation_link(row, "http://127.0.0.1:8420");
    let letter = letter.replace("=\r\n", "").replace("=3D", "=");
    assert!(letter.contains(&link) && letter.contains("To: office@reseller.example"), "{letter}");
}

#[tokio::test]
async fn a_letter_whose_outcome_a_crash_kept_from_the_log_goes_out_again_under_the_same_id() {
    let world = World::new().await;
    world.request().await;
    world.ask_to_send().await;
    // The letter leaves, and the process ends before it is recorded.
    let manager = world.manager(Process::Mail);
    let mail = InvitationMail(BOND);
    let composed = mail.compose(world.app(), "http://a").await.unwrap();
    let Composed::Letter(letter) = composed else { panic!("a letter") };
    manager.post.send(&letter).await.unwrap();
    let first = world.letters();
    assert_eq!(world.pass(Process::Mail).await, Pass::CaughtUp);
    let second = world.letters();
    assert_eq!((first.len(), second.len()), (1, 1), "the file of the same letter");
    let id = format!("Message-ID: <{}@", INVITATION.as_uuid());
    assert!(first[0].contains(&id) && second[0].contains(&id));
    assert_eq!(of_partnership(&world.events().await).last(), Some(&"InvitationSent"));
}

#[tokio::test]
async fn a_letter_that_does_not_go_out_is_tried_again_later_and_given_up_in_the_end() {
    let world = World::new().await;
    world.request().await;
    world.ask_to_send().await;
    std::fs::write(world.outbox(), b"in the way").unwrap();
    assert_eq!(world.pass(Process::Mail).await, Pass::Troubled);
    assert_eq!(world.pass(Process::Mail).await, Pass::CaughtUp, "it is not due again yet");
    let send = Due::SendInvitation { partnership: BOND };
    for attempt in 2..=commands::SEND_ATTEMPTS_MAX {
        let retry_at = world.app().models().current().deadlines().at(send).unwrap();
        assert!(retry_at > world.app().now());
        world.installation.clock.set(retry_at);
        assert_eq!(world.pass(Process::Mail).await, Pass::Troubled, "attempt {attempt}");
    }
    let model = world.app().models().current();
    assert_eq!(model.deadlines().at(send), None);
    let row = model.resellers().get(BOND).unwrap();
    assert!(matches!(row.letter, LetterState::GivenUp { attempts: 5, .. }), "{:?}", row.letter);
    // What was in the way is gone: whoever asks once more is served.
    std::fs::remove_file(world.outbox()).unwrap();
    world.ask_to_send().await;
    assert_eq!(world.pass(Process::Mail).await, Pass::CaughtUp);
    assert_eq!(world.letters().len(), 1);
}

#[tokio::test]
async fn the_letter_of_a_request_that_was_withdrawn_does_not_go_out() {
    let world = World::new().await;
    world.request().await;
    world.ask_to_send().await;
    let command = WithdrawPartnership { provider: PARTNER };
    world.installation.as_admin(&OnPartnership::new(BOND, command)).await;
    assert_eq!(world.pass(Process::Mail).await, Pass::CaughtUp);
    assert!(world.letters().is_empty());
}

#[tokio::test]
async fn an_unanswered_request_expires_as_a_fact_at_the_moment_its_link_stops_working() {
    let world = World::new().await;
    world.request().await;
    let expires_at = world.app().now().plus_hours(LINK_HOURS);
    world.installation.clock.set(expires_at.plus_seconds(-1));
    world.pass(Process::Expiry).await;
    assert_eq!(of_partnership(&world.events().await), ["PartnershipRequested"]);
    world.installation.clock.set(expires_at);
    for _ in 0..2 {
        assert_eq!(world.pass(Process::Expiry).await, Pass::CaughtUp);
    }
    assert_eq!(
        of_partnership(&world.events().await),
        ["PartnershipRequested", "InvitationExpired"]
    );
    let model = world.app().models().current();
    let state = model.resellers().get(BOND).unwrap().state;
    assert_eq!(state, PartnershipState::Expired { at: expires_at });
}

/// What happened in the stream of the request for a relationship.
fn of_request(events: &[RecordedEvent]) -> Vec<&'static str> {
    let own = events.iter().filter(|event| event.stream == ASKED.into());
    own.map(|event| event.event.name()).collect()
}

#[tokio::test]
async fn the_letter_of_a_request_for_a_relationship_is_sent_once_and_that_is_recorded() {
    let world = World::new().await;
    world.request_relationship().await;
    world.ask_to_send_to_company().await;
    for _ in 0..3 {
        assert_eq!(world.pass(Process::Mail).await, Pass::CaughtUp);
    }
    let events = world.events().await;
    let expected =
        ["RelationshipRequested", "RelationshipLetterSendRequested", "RelationshipLetterSent"];
    assert_eq!(of_request(&events), expected);
    let sent = events.last().unwrap();
    assert_eq!(sent.metadata.actor, Actor::System(Process::Mail));
    let model = world.app().models().current();
    let row = model.relationship_requests().get(INVITATION).unwrap();
    assert!(matches!(row.letter, LetterState::Sent { route: MailRoute::File, .. }));
    let [letter] = &world.letters()[..] else { panic!("one letter") };
    let link = world.app().relationship_link(row, "http://127.0.0.1:8420");
    let letter = letter.replace("=\r\n", "").replace("=3D", "=");
    assert!(letter.contains(&link) && letter.contains("To: office@company.example"), "{letter}");
}

#[tokio::test]
async fn the_letter_of_a_request_for_a_relationship_waits_for_its_retry_and_for_nothing_once_over()
{
    let world = World::new().await;
    world.request_relationship().await;
    world.ask_to_send_to_company().await;
    std::fs::write(world.outbox(), b"in the way").unwrap();
    assert_eq!(world.pass(Process::Mail).await, Pass::Troubled);
    assert_eq!(world.pass(Process::Mail).await, Pass::CaughtUp, "it is not due again yet");
    let send = Due::SendRelationshipLetter { stream: ASKED, invitation: INVITATION };
    let retry_at = world.app().models().current().deadlines().at(send).unwrap();
    assert!(retry_at > world.app().now());
    let (invitation_id, partner_id) = (INVITATION, PARTNER);
    let withdraw = WithdrawRelationshipRequest { invitation_id, partner_id };
    world.installation.as_admin(&OnCustomer::new(ASKED, withdraw)).await;
    world.installation.clock.set(retry_at);
    std::fs::remove_file(world.outbox()).unwrap();
    assert_eq!(world.pass(Process::Mail).await, Pass::CaughtUp);
    assert!(world.letters().is_empty(), "nobody is asked for what was withdrawn");
}

#[tokio::test]
async fn an_unanswered_request_for_a_relationship_expires_by_itself() {
    let world = World::new().await;
    world.request_relationship().await;
    let expires_at = world.app().now().plus_hours(LINK_HOURS);
    world.installation.clock.set(expires_at.plus_seconds(-1));
    world.pass(Process::Expiry).await;
    assert_eq!(of_request(&world.events().await), ["RelationshipRequested"]);
    world.installation.clock.set(expires_at);
    for _ in 0..2 {
        assert_eq!(world.pass(Process::Expiry).await, Pass::CaughtUp);
    }
    let expected = ["RelationshipRequested", "RelationshipRequestExpired"];
    assert_eq!(of_request(&world.events().await), expected);
}

#[tokio::test]
async fn an_order_in_the_making_is_closed_when_its_time_is_over_and_only_then() {
    let world = World::new().await;
    let cart_id = CartId::from_uuid(Uuid::from_u128(0xe1));
    let line = CartLine {
        line_number: 0,
        offer_id: world.app().catalogue().offers()[0].id,
        subscription_id: SubscriptionId::from_uuid(Uuid::from_u128(0xe2)),
        quantity: Quantity::new(1).unwrap(),
        billing_cycle: BillingCycle::Monthly,
        friendly_name: None,
        partner_on_record: None,
        parent_subscription: None,
    };
    let open = OpenCart { cart_id, partner_id: PARTNER, lines: vec![line] };
    world.installation.as_admin(&OnCustomer::new(CUSTOMER, open)).await;
    let expires_at = world.app().now().plus_seconds(CART_LIFE_MINUTES * 60);
    let closed = async || {
        let events = world.events().await;
        let closed = events.into_iter().filter(|event| event.event.name() == "CartExpired");
        closed.map(|event| event.metadata.actor).collect::<Vec<_>>()
    };
    world.installation.clock.set(expires_at.plus_seconds(-1));
    world.pass(Process::Expiry).await;
    assert_eq!(closed().await, []);

    world.installation.clock.set(expires_at);
    for _ in 0..2 {
        assert_eq!(world.pass(Process::Expiry).await, Pass::CaughtUp);
    }
    assert_eq!(closed().await, [Actor::System(Process::Expiry)]);
    let model = world.app().models().current();
    assert_eq!(model.carts().get(CUSTOMER, cart_id).unwrap().stage, CartStage::Expired);
}

#[tokio::test]
async fn a_subscription_that_is_not_renewed_and_a_trial_end_with_their_terms() {
    let world = World::new().await;
    let offers = world.app().catalogue().offers();
    let (paid, trial) = (&offers[0], offers.iter().find(|offer| offer.is_trial()).unwrap());
    let line = |line_number: u32, offer: &commands::Offer| OrderLine {
        line_number,
        offer_id: offer.id,
        subscription_id: SubscriptionId::from_uuid(Uuid::from_u128(0xe2 + u128::from(line_number))),
        quantity: Quantity::new(1).unwrap(),
        friendly_name: None,
        partner_on_record: None,
        parent_subscription: None,
    };
    let lines = vec![line(0, paid), line(1, paid), line(2, trial)];
    let [stopped, renewed, tried] = [0, 1, 2].map(|index: usize| lines[index].subscription_id);
    let order_id = OrderId::from_uuid(Uuid::from_u128(0xe1));
    let billing_cycle = BillingCycle::Monthly;
    let order = SubmitOrder { order_id, partner_id: PARTNER, billing_cycle, lines };
    let sold_at = world.app().now();
    world.installation.as_admin(&OnCustomer::new(CUSTOMER, order)).await;
    let change = ChangeRenewal { subscription_id: stopped, renews: false, terms_since: sold_at };
    world.installation.as_admin(&OnCustomer::new(CUSTOMER, change)).await;
    let over = || {
        let model = world.app().models().current();
        [stopped, renewed, tried].map(|id| {
            let row = model.subscriptions().get(CUSTOMER, id).unwrap();
            row.state.is_cancelled()
        })
    };
    let end = sold_at.plus_months(1);
    world.installation.clock.set(end.plus_seconds(-1));
    world.pass(Process::Terms).await;
    assert_eq!(over(), [false; 3]);
    world.installation.clock.set(end);
    for _ in 0..2 {
        assert_eq!(world.pass(Process::Terms).await, Pass::CaughtUp);
    }
    assert_eq!(over(), [true, false, true]);
    let events = world.events().await;
    let ended = events.iter().filter(|event| event.event.name() == "SubscriptionCancelled");
    assert!(ended.map(|event| event.metadata.actor).eq([Actor::System(Process::Terms); 2]));
    let model = world.app().models().current();
    assert_eq!(model.deadlines().waiting(Process::Terms), 0, "nothing is left to do");
}

#[tokio::test]
async fn users_are_purged_when_their_window_has_passed_and_only_then() {
    let world = World::new().await;
    world.delete_user().await;
    world.pass(Process::Purge).await;
    let purged = |events: &[RecordedEvent]| {
        events.iter().filter(|event| event.event.name() == "CustomerUserPurged").count()
    };
    assert_eq!(purged(&world.events().await), 0);
    let later = world.app().now().plus_hours(commands::RESTORE_WINDOW_HOURS);
    world.installation.clock.set(later);
    for _ in 0..2 {
        assert_eq!(world.pass(Process::Purge).await, Pass::CaughtUp);
    }
    assert_eq!(purged(&world.events().await), 1);
}

#[tokio::test]
async fn a_clock_that_is_not_trusted_holds_the_purge_and_says_so() {
    let world = World::new().await;
    world.delete_user().await;
    let mut manager = world.manager(Process::Purge);
    manager.guard = Some(ClockGuard::new(world.app().now(), None, false));
    world.installation.clock.set(world.app().now().plus_hours(1_000));
    let before = world.app().store().head();
    assert_eq!(manager.pass(&CancellationToken::new()).await, Pass::CaughtUp);
    assert_eq!(world.app().store().head(), before);
    let app = world.app();
    let shown = app.processes.shown(&app.models().current(), before, app.now());
    assert_eq!(shown[0]["process"], "purge");
    assert_eq!(shown[0]["held"], true);
    assert_eq!(shown[0]["ageSeconds"], (1_000 - 720) * 3_600);
    assert_eq!(shown[0]["waiting"], 1);
}

#[test]
fn what_does_not_come_back_waits_for_a_clock_that_is_trusted() {
    assert!(is_guarded(Process::Purge) && is_guarded(Process::Terms));
    assert!(!is_guarded(Process::Expiry) && !is_guarded(Process::Mail));
}

#[tokio::test]
async fn neither_a_rebuild_nor_a_replay_nor_a_look_at_the_past_does_anything() {
    let world = World::new().await;
    world.request().await;
    world.ask_to_send().await;
    world.installation.clock.set(world.app().now().plus_hours(10 * LINK_HOURS));
    let app = world.app();
    let head = app.store().head();
    rebuild(&**app.store(), None).await.unwrap();
    for position in 0..=head.get() {
        app.model(Some(AsOf::Position(Position::new(position)))).await.unwrap();
    }
    app.model(Some(AsOf::Time(app.now()))).await.unwrap();
    for event in world.events().await {
        assert!(!app.vault().show(&event).metadata.is_empty());
    }
    assert_eq!(app.store().head(), head);
    assert!(world.letters().is_empty());
}

#[tokio::test]
async fn who_runs_hears_of_news_at_once_and_stops_when_told() {
    let world = World::new().await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(world.manager(Process::Mail).run(stop.clone()));
    world.request().await;
    world.ask_to_send().await;
    let sent = |events: &[RecordedEvent]| {
        events.iter().any(|event| {
            matches!(event.event, Event::Partnership(PartnershipEvent::InvitationSent(_)))
        })
    };
    let mut updates = world.app().models().updates();
    while !sent(&world.events().await) {
        updates.changed().await.unwrap();
    }
    stop.cancel();
    running.await.unwrap();
    assert_eq!(world.letters().len(), 1);
}
