//! What can be asked about carts.

use events::{Actor, CartId, CartLine, OrderId, PartnerId};

use crate::{
    command::{Requires, command_enum},
    customer::CustomerCommand,
    permissions::Permission,
};

/// Draft an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenCart {
    /// The new cart.
    pub cart_id: CartId,
    /// The partner that is going to sell.
    pub partner_id: PartnerId,
    /// What is to be bought; the numbers run from 0, in any order.
    pub lines: Vec<CartLine>,
}

/// Change a draft.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeCart {
    /// The cart.
    pub cart_id: CartId,
    /// What is to be bought from now on.
    pub lines: Vec<CartLine>,
}

/// Find a draft good as it stands, at the prices of now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReviewCart {
    /// The cart.
    pub cart_id: CartId,
}

/// Order what is in a cart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CheckOutCart {
    /// The cart.
    pub cart_id: CartId,
    /// A new order for each of [`BillingCycle::ALL`](events::BillingCycle::ALL), as far as the cart
    /// has lines of it.
    pub order_ids: [OrderId; 3],
    /// Which revision of the cart the buyer saw: no other is ordered. Without one, whatever is in it.
    pub seen: Option<u32>,
}

/// Give a draft up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CancelCart {
    /// The cart.
    pub cart_id: CartId,
}

/// Close a draft that was forgotten.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpireCart {
    /// The cart.
    pub cart_id: CartId,
}

command_enum! {
    /// What can be asked about carts.
    CartCommand in CustomerCommand {
        /// Draft an order.
        Open(OpenCart),
        /// Change a draft.
        Change(ChangeCart),
        /// Find a draft good.
        Review(ReviewCart),
        /// Order what is in a cart.
        CheckOut(CheckOutCart),
        /// Give a draft up.
        Cancel(CancelCart),
        /// Close a draft that was forgotten.
        Expire(ExpireCart),
    }
}

impl Requires for CartCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Open(_)
            | Self::Change(_)
            | Self::Review(_)
            | Self::CheckOut(_)
            | Self::Cancel(_) => Some(Permission::SubscriptionsManage),
            // A timer does it.
            Self::Expire(_) => None,
        }
    }
}
