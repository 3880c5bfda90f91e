//! Histories in which the laws once found a rule broken, as short as they are told.

use commands::{ChangeResellerOfRecord, ChangeSubscription, RemoveReseller, RequestRelationship};
use events::{InvitationId, Quantity, RelationshipDraft};
use services::application::Principal;

use crate::{
    model::Answer,
    moves::values::{subject, text},
    play::Play,
    task::Task,
    world::World,
};

#[tokio::test]
async fn a_reseller_on_record_manages_its_subscription_also_where_it_serves_the_customer_itself() {
    let mut play = Play::new(World::open().await);
    play.open().await.unwrap();
    let [provider, reseller, ..] = play.world.partners;
    let (customer, state) = play.plain.customers.first_key_value().unwrap();
    let (customer, subscription_id) = (*customer, *state.subscriptions.keys().next().unwrap());
    let admin = *state.users.keys().next().unwrap();
    let mpn_id = Some(play.plain.partners[&reseller].mpn_id.clone());
    let agents = play.plain.partners[&reseller].users.iter();
    let agent = agents.filter(|(_, it)| it.is_global_admin()).map(|(id, _)| *id).next().unwrap();

    let invitation_id = play.world.id(InvitationId::from_uuid);
    let request = RequestRelationship {
        invitation_id,
        partner_id: reseller,
        addressed_to: Some(customer),
        delegated_admin: false,
        expires_at: play.world.app.now().plus_hours(1),
        draft: RelationshipDraft { recipient: None, subject: subject(), text: text("{link}") },
    };
    let answer = Answer { invitation: invitation_id, stream: customer, customer, accepts: true };
    let quantity = Some(Quantity::new(2).unwrap());
    let change =
        ChangeSubscription { subscription_id, quantity, status: None, friendly_name: None };
    let on_customer = |command| Task::Customer(customer, command);
    let steps = [
        (Principal::Operator, on_customer(request.into())),
        (Principal::CustomerUser { customer, user: admin }, Task::Answer(answer)),
        (Principal::Operator, on_customer(RemoveReseller { provider, reseller }.into())),
        (
            Principal::Operator,
            on_customer(ChangeResellerOfRecord { subscription_id, mpn_id }.into()),
        ),
        (Principal::PartnerUser { partner: reseller, user: agent }, on_customer(change.into())),
    ];
    for (by, task) in steps {
        play.set_up(by, task).await.unwrap();
    }
    let held = &play.plain.customers[&customer].subscriptions[&subscription_id];
    assert_eq!(held.quantity, 2);
}
