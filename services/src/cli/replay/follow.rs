//! Replaying what is recorded while it is watched.

use std::io::Write;

use events::Position;
use store::{Delivery, Record};
use tokio_stream::StreamExt;

use super::{Filter, Replay, Writer};
use crate::{
    application::Reading,
    cli::{CliError, serve::told_to_stop},
};

impl Replay {
    /// Shows what is there, then what comes, until it is told to stop or the end asked for is
    /// reached. What is shown is written out at once.
    pub(super) async fn follow(
        &self,
        reading: &Reading,
        filter: &Filter,
        writer: &mut Writer<'_>,
    ) -> Result<(), CliError> {
        if self.to.is_some_and(|end| end <= self.from) {
            return Ok(());
        }
        let mut deliveries = reading.store().subscribe(Position::new(self.from));
        let stopped = told_to_stop();
        tokio::pin!(stopped);
        loop {
            let delivery = tokio::select! {
                biased;
                () = &mut stopped => return Ok(()),
                delivery = deliveries.next() => delivery,
            };
            let Some(delivery) = delivery else { return Ok(()) };
            let Delivery::Records(records) = delivery? else { continue };
            let over = self.show(&records, filter, writer).await?;
            writer.target.flush().map_err(CliError::Output)?;
            if over {
                return Ok(());
            }
        }
    }

    /// True once the end asked for is reached.
    async fn show(
        &self,
        records: &[Record],
        filter: &Filter,
        writer: &mut Writer<'_>,
    ) -> Result<bool, CliError> {
        let stream = self.wanted_stream();
        let is_end = |position: Position| self.to.is_some_and(|end| position.get() >= end);
        for record in records {
            if is_end(record.position()) || filter.is_over(record.header().recorded_at) {
                return Ok(true);
            }
            let event = record.decode()?;
            if stream.is_none_or(|stream| stream == event.stream) && filter.admits(&event) {
                writer.write(&event).await?;
            }
        }
        Ok(records.last().is_some_and(|last| is_end(last.position().next())))
    }
}
