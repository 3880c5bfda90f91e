//! The newest frames in memory: followers and fresh aggregates are served without the disk.

use std::collections::VecDeque;

use events::Position;

use super::{frame::Frame, journal::checked};
use crate::{error::ReadError, record::Record};

/// Frames without a gap up to the head, as many as the budget allows.
#[derive(Debug)]
pub(crate) struct RecentFrames {
    frames: VecDeque<Frame>,
    bytes: usize,
    bytes_max: usize,
}

impl RecentFrames {
    /// No frames yet, and at most `bytes_max` bytes of them, though always the newest.
    pub(crate) const fn new(bytes_max: usize) -> Self {
        Self { frames: VecDeque::new(), bytes: 0, bytes_max }
    }

    /// Adds the frame that follows.
    pub(crate) fn push(&mut self, frame: Frame) {
        self.bytes += frame.bytes().len();
        self.frames.push_back(frame);
        while self.bytes > self.bytes_max && self.frames.len() > 1 {
            self.bytes -= self.frames.pop_front().map_or(0, |oldest| oldest.bytes().len());
        }
    }

    /// The first position held; none while nothing is.
    pub(crate) fn first(&self) -> Option<Position> {
        self.frames.front().map(Frame::first)
    }

    /// The record at a position, if it is held.
    pub(crate) fn record(&self, position: Position) -> Option<Result<Record, ReadError>> {
        let after = self.frames.partition_point(|frame| frame.first() <= position);
        let frame = self.frames.get(after.checked_sub(1)?)?;
        let index = usize::try_from(position.get() - frame.first().get()).ok()?;
        (index < frame.len()).then(|| checked(frame.record(index), position))
    }

    /// Adds the records from `from` to before `until` to `records`, if `from` is held.
    pub(crate) fn records(
        &self,
        from: Position,
        until: Position,
        records: &mut Vec<Record>,
    ) -> Result<(), ReadError> {
        let start = self.frames.partition_point(|frame| frame.next() <= from);
        let mut position = from;
        for frame in self.frames.range(start..).take_while(|frame| frame.first() < until) {
            let skip = usize::try_from(position.get() - frame.first().get()).unwrap_or(usize::MAX);
            for index in skip..frame.len() {
                if position < until {
                    records.push(checked(frame.record(index), position)?);
                    position = position.next();
                }
            }
        }
        Ok(())
    }
}
