//! What has to happen at least once in every history, whatever chance brings: scenes, each about one
//! concept of the domain, played by companies and people of their own.
//!
//! A scene is written down before the history begins, as the steps of a few named people at given
//! moments. Lives of chance never touch what scenes are about, so that no step of either is refused.

mod accounts;
mod applications;
mod client;
mod equipment;
mod health;
mod leads;
mod letters;
mod network;
mod people;
mod profiles;
mod relations;
mod sales;
mod script;
mod sign_ins;
mod support;

use events::{CustomerId, CustomerUserId, InvalidValue};

pub(super) use self::people::{AUDITOR, OPERATOR};
use self::{client::Client, script::Script};
use super::{dice::Dice, step::Step, world::World};

/// The strands of chance of the scenes, one each.
const STRANDS_FROM: u64 = 500;

/// The customers whom the scenes are about.
pub(super) struct Clients {
    /// Bought a lot, from several partners, and may buy for itself.
    pub(super) buyer: Client,
    /// Is asked again and again by the direct partner.
    pub(super) courted: Client,
    /// Came through the link of a request.
    pub(super) newcomer: Client,
    /// Was a lead once.
    pub(super) referred: Client,
    /// Were customers of the direct partner before it used this installation.
    pub(super) imported: [Client; 3],
}

impl Clients {
    /// The companies, as settled before the history begins.
    pub(super) fn new(world: &World) -> Result<Self, InvalidValue> {
        let mut dice = Dice::new(world.spec.seed, STRANDS_FROM);
        let mut next = 0;
        let mut client = || {
            next += 1;
            Client::new(next - 1, world, &mut dice)
        };
        Ok(Self {
            buyer: client()?,
            courted: client()?,
            newcomer: client()?,
            referred: client()?,
            imported: [client()?, client()?, client()?],
        })
    }

    /// The global admin of the customer that has seen most.
    pub(super) const fn admin(&self) -> (CustomerId, CustomerUserId) {
        (self.buyer.id, self.buyer.admin)
    }

    /// How many customers the scenes bring.
    #[cfg(test)]
    pub(super) const fn count(&self) -> usize {
        4 + self.imported.len()
    }
}

/// Every step of every scene, scene by scene. `opening` is how the partners' accounts were opened.
pub(super) fn scenes(world: &World, opening: &[Step]) -> Result<Vec<Step>, InvalidValue> {
    let clients = Clients::new(world)?;
    let script = |number| Script::new(world, STRANDS_FROM + 1 + number);
    let mut steps = Vec::new();
    steps.extend(people::scene(script(0))?);
    steps.extend(letters::scene(script(1))?);
    steps.extend(profiles::scene(script(2))?);
    steps.extend(sales::scene(script(3), &clients)?);
    steps.extend(equipment::scene(script(4), &clients)?);
    steps.extend(relations::scene(script(5), &clients)?);
    steps.extend(leads::scene(script(6), &clients)?);
    steps.extend(support::scene(script(7), &clients)?);
    steps.extend(sign_ins::scene(script(8), &clients, opening));
    steps.extend(applications::scene(script(9))?);
    steps.extend(network::scene(script(10))?);
    steps.extend(health::scene(script(11))?);
    Ok(steps)
}
