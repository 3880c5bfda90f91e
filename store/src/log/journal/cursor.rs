//! Reads the journal forwards beside its writer, from any process: no lock is taken and nothing is
//! judged that lies beyond what is known to be acknowledged.
//!
//! Frames below the acknowledged mark are on stable storage and never change, so each is read once,
//! whole, in order. Whatever stands behind them is in flight or torn and is not looked at.

use events::{InstallationId, Position};

use super::{
    scan::Window,
    segment::{SEGMENT_HEAD_BYTES, Segment},
};
use crate::log::{
    disk::{self, DiskError},
    error::OpenError,
    frame::{Frame, LogTag},
    identity::Identity,
    layout::{Layout, segment_sequence},
};

/// Where a reader of the journal stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct JournalPlace {
    /// The segment.
    pub(crate) sequence: u64,
    /// Where the next frame begins, if it is in this segment.
    pub(crate) offset: u64,
    /// The position of the next record.
    pub(crate) next: Position,
}

/// Reads the frames of one segment, one after the other, up to its length.
pub(crate) struct FrameReader<'a> {
    window: Window<'a>,
    offset: u64,
    tag: LogTag,
}

impl<'a> FrameReader<'a> {
    /// Begins with the first frame.
    pub(crate) fn new(segment: &'a Segment, tag: LogTag) -> Self {
        Self { window: Window::new(&segment.file, segment.bytes), offset: SEGMENT_HEAD_BYTES, tag }
    }

    /// The next whole frame; none where none begins.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, DiskError> {
        let frame = self.window.frame(self.offset, self.tag)?.ok();
        self.offset += frame.as_ref().map_or(0, |frame| frame.bytes().len() as u64);
        Ok(frame)
    }
}

/// A reader of the journal.
pub(crate) struct JournalCursor {
    layout: Layout,
    id: InstallationId,
    tag: LogTag,
    segment: Option<Segment>,
    offset: u64,
    next: Position,
}

impl JournalCursor {
    /// A reader that begins with the record at `next`, wherever that stands.
    pub(crate) fn new(layout: &Layout, identity: &Identity, next: Position) -> Self {
        Self {
            layout: layout.clone(),
            id: identity.installation,
            tag: LogTag::of(identity.installation),
            segment: None,
            offset: SEGMENT_HEAD_BYTES,
            next,
        }
    }

    /// Goes to a place where an earlier reader stood, if its segment still exists.
    pub(crate) fn resume(&mut self, place: JournalPlace) -> Result<(), OpenError> {
        self.segment = self.open_if_there(place.sequence)?;
        (self.next, self.offset) = (place.next, SEGMENT_HEAD_BYTES);
        if self.segment.is_some() {
            self.offset = place.offset;
        }
        Ok(())
    }

    /// The segment that was read last, and where reading goes on in it.
    pub(crate) fn end(&self) -> Option<(&Segment, u64)> {
        self.segment.as_ref().map(|segment| (segment, self.offset))
    }

    /// Goes to the first position the journal holds, which is told.
    pub(crate) fn begin_with_first_held(&mut self) -> Result<Position, OpenError> {
        self.next = self.first_held()?.unwrap_or(self.next);
        Ok(self.next)
    }

    /// True when something stands where the next frame would: in flight, torn, or whole and not
    /// acknowledged.
    pub(crate) fn is_followed_by_remains(&self) -> Result<bool, OpenError> {
        let Some(segment) = &self.segment else { return Ok(false) };
        let here = Window::new(&segment.file, segment.bytes).has_remains(self.offset, self.tag)?;
        // A frame that did not fit goes to the beginning of the next segment.
        let following = self.open_if_there(segment.sequence + 1)?.map_or(Ok(false), |segment| {
            Window::new(&segment.file, segment.bytes).has_remains(SEGMENT_HEAD_BYTES, self.tag)
        });
        Ok(here || following?)
    }

    /// The first position the journal holds; none while it holds nothing.
    pub(crate) fn first_held(&self) -> Result<Option<Position>, OpenError> {
        let Some(segment) = self.oldest()? else { return Ok(None) };
        super::first_position(&[segment], self.tag)
    }

    /// Hands every frame before `until` that was not read yet to `visit`, with its segment and its
    /// offset. The caller knows that the log is acknowledged up to `until`: what is missing is
    /// damage.
    pub(crate) fn read_to<E: From<OpenError>>(
        &mut self,
        until: Position,
        mut visit: impl FnMut(&Segment, u64, &Frame) -> Result<(), E>,
    ) -> Result<(), E> {
        while self.next < until {
            if self.segment.is_none() {
                self.segment = self.oldest()?;
            }
            let Some(segment) = &mut self.segment else { return Err(self.missing().into()) };
            segment.bytes = segment.file.bytes().map_err(OpenError::from)?;
            let mut window = Window::new(&segment.file, segment.bytes);
            while self.next < until {
                let found = window.frame(self.offset, self.tag).map_err(OpenError::from)?;
                let Some(frame) = found.ok().filter(|frame| frame.first() == self.next) else {
                    break;
                };
                if frame.next() > until {
                    return Ok(());
                }
                visit(segment, self.offset, &frame)?;
                self.offset += frame.bytes().len() as u64;
                self.next = frame.next();
            }
            if self.next < until {
                self.go_to_following()?;
            }
        }
        Ok(())
    }

    /// What follows the last frame of a segment stands in the next one.
    fn go_to_following(&mut self) -> Result<(), OpenError> {
        let next = self.segment.as_ref().map_or(1, |segment| segment.sequence + 1);
        match self.open_if_there(next)? {
            Some(segment) => {
                (self.segment, self.offset) = (Some(segment), SEGMENT_HEAD_BYTES);
                Ok(())
            }
            None => Err(self.missing()),
        }
    }

    fn missing(&self) -> OpenError {
        match self.first_held() {
            Ok(Some(first)) if first > self.next => OpenError::Pruned { first },
            Err(error) => error,
            Ok(_) => {
                let reason = "acknowledged, and missing from the journal".to_owned();
                OpenError::Damaged { position: self.next, reason }
            }
        }
    }

    fn oldest(&self) -> Result<Option<Segment>, OpenError> {
        let names = disk::names_in(&self.layout.journal())?;
        match names.iter().filter_map(|name| segment_sequence(name)).min() {
            Some(oldest) => self.open_if_there(oldest),
            None => Ok(None),
        }
    }

    fn open_if_there(&self, sequence: u64) -> Result<Option<Segment>, OpenError> {
        let path = self.layout.segment(sequence);
        if !path.exists() {
            return Ok(None);
        }
        Ok(Some(Segment::open(&path, self.id, sequence, false)?))
    }
}
