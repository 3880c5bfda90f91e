//! Deliveries that come twice, overlap, or end with an error.

use std::{collections::VecDeque, sync::Arc};

use futures::stream;
use tokio_stream::StreamExt;

use super::{AWAY, DeliveryFault, Shared};
use crate::{
    error::ReadError,
    event_store::{Delivery, Subscription},
    record::Record,
};

type Item = Result<Delivery, ReadError>;

struct Disturbed {
    inner: Subscription,
    shared: Arc<Shared>,
    /// The records of the last delivery.
    last: Vec<Record>,
    waiting: VecDeque<Item>,
    over: bool,
}

/// Follows a subscription and does to its deliveries what the plan says.
pub(super) fn disturbed(inner: Subscription, shared: Arc<Shared>) -> Subscription {
    let (last, waiting) = (Vec::new(), VecDeque::new());
    let following = Disturbed { inner, shared, last, waiting, over: false };
    Box::pin(stream::unfold(following, |mut following| async move {
        let item = following.next().await?;
        Some((item, following))
    }))
}

impl Disturbed {
    async fn next(&mut self) -> Option<Item> {
        if let Some(item) = self.waiting.pop_front() {
            return Some(item);
        }
        if self.over {
            return None;
        }
        if self.shared.is_away() {
            return Some(self.broken());
        }
        match self.inner.next().await? {
            Ok(Delivery::Records(records)) => Some(self.deliver(records)),
            other => Some(other),
        }
    }

    fn deliver(&mut self, records: Vec<Record>) -> Item {
        if self.shared.is_away() {
            return self.broken();
        }
        let fault = self.shared.script().delivery_fault(&self.shared.plan);
        match fault {
            Some(DeliveryFault::Break) => return self.broken(),
            Some(DeliveryFault::Repeat) => {
                self.waiting.push_back(Ok(Delivery::Records(records.clone())));
            }
            Some(DeliveryFault::Overlap) => {
                let both = self.last.iter().chain(&records).cloned().collect();
                self.last = records;
                return Ok(Delivery::Records(both));
            }
            None => {}
        }
        self.last.clone_from(&records);
        Ok(Delivery::Records(records))
    }

    fn broken(&mut self) -> Item {
        self.over = true;
        Err(ReadError::Unavailable { reason: AWAY.to_owned() })
    }
}
