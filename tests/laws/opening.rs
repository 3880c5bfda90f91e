//! With what a history begins: four partners, a partnership, employees of every kind, operators, two
//! customers with subscriptions and users.

use commands::{
    AcceptPartnership, AddPartnerUser, CreateCustomerUsers, RequestPartnership, SubmitOrder,
};
use events::{
    BillingCycle, CustomerId, DirectoryRole, InvitationDraft, InvitationId, OrderId, PartnershipId,
    Role,
};
use proptest::test_runner::TestCaseError;
use services::application::Principal;

use crate::{
    dice::Dice,
    moves::{
        partners, sales, staff, users,
        values::{email, subject, text},
    },
    play::Play,
    scene::Scene,
    task::Task,
};

impl Play {
    /// Begins the history.
    pub(crate) async fn open(&mut self) -> Result<(), TestCaseError> {
        let [provider, reseller, direct, _] = self.world.partners;
        for number in 0..4 {
            let task = self.scene(|scene| {
                let id = scene.world.partners[number];
                partners::registration(scene, id, (number, number))
            });
            self.set_up(Principal::Operator, task).await?;
        }
        for role in Role::ALL {
            self.employ(provider, role).await?;
        }
        for role in [Role::AdminAgent, Role::SalesAgent] {
            self.employ(reseller, role).await?;
            self.employ(direct, role).await?;
        }
        let task = self.scene(|scene| Task::Installation(staff::operator(scene).into()));
        self.set_up(Principal::Operator, task).await?;
        self.partner_up().await?;
        for (partner, reseller) in [(provider, Some(reseller)), (direct, None)] {
            let task = self.scene(|scene| {
                let id = scene.world.id(CustomerId::from_uuid);
                let mut new = scene.new_customer(id, partner, reseller);
                new.delegated_admin = true;
                Task::Customer(id, new.into())
            });
            let Task::Customer(id, _) = &task else { continue };
            let id = *id;
            self.set_up(Principal::Operator, task).await?;
            self.equip(id, partner).await?;
        }
        Ok(())
    }

    fn scene<T>(&self, of: impl FnOnce(&mut Scene<'_>) -> T) -> T {
        let now = self.world.app.now();
        let dice = Dice::new(Vec::new());
        of(&mut Scene { world: &self.world, plain: &self.plain, dice, now })
    }

    async fn employ(
        &mut self,
        partner: events::PartnerId,
        role: Role,
    ) -> Result<(), TestCaseError> {
        let task = self.scene(|scene| {
            let user = scene.new_employee(role.name(), partner);
            let command =
                AddPartnerUser { user, withhold_default_access: false, roles: vec![role] };
            Task::Partner(partner, command.into())
        });
        self.set_up(Principal::Operator, task).await
    }

    /// The provider and the first reseller become partners.
    async fn partner_up(&mut self) -> Result<(), TestCaseError> {
        let [provider, reseller, ..] = self.world.partners;
        let partnership_id = self.world.id(PartnershipId::from_uuid);
        let invitation_id = self.world.id(InvitationId::from_uuid);
        let request = RequestPartnership {
            partnership_id,
            provider,
            invitation_id,
            expires_at: self.world.app.now().plus_hours(1),
            draft: InvitationDraft {
                recipient: email("owner@reseller.example"),
                subject: subject(),
                text: text("Open {link}"),
            },
        };
        let task = Task::Partnership(partnership_id, request.into());
        self.set_up(Principal::Operator, task).await?;
        let task =
            Task::Partnership(partnership_id, AcceptPartnership { invitation_id, reseller }.into());
        self.set_up(Principal::Operator, task).await
    }

    /// A subscription, and users: a second global admin, and two with nothing yet.
    async fn equip(
        &mut self,
        customer: CustomerId,
        partner_id: events::PartnerId,
    ) -> Result<(), TestCaseError> {
        let order = self.scene(|scene| {
            let mut line = sales::line(scene, customer, 0, &[]);
            line.quantity = events::Quantity::new(3).unwrap();
            let (order_id, billing_cycle) =
                (scene.world.id(OrderId::from_uuid), BillingCycle::Monthly);
            let command = SubmitOrder { order_id, partner_id, billing_cycle, lines: vec![line] };
            Task::Customer(customer, command.into())
        });
        self.set_up(Principal::Operator, order).await?;
        let task = self.scene(|scene| {
            let names = ["first", "second", "third"];
            let mut new = names.map(|name| users::new_user(scene, customer, name)).to_vec();
            new[0].directory_roles.push(DirectoryRole::GlobalAdmin);
            Task::Customer(customer, CreateCustomerUsers { users: new }.into())
        });
        self.set_up(Principal::Operator, task).await
    }
}
