//! What stands in the segments: every frame checked, in order, and whatever ends them judged.
//!
//! Only one frame is ever in flight, so a frame that is bad, lies at or above the acknowledged
//! mark and has no frame after it was torn by a crash and acknowledged to nobody. Every other bad
//! frame is damage.

use bytes::Bytes;
use events::Position;

use super::{
    directory::JournalDirectory,
    segment::{SEGMENT_HEAD_BYTES, Segment},
};
use crate::log::{
    disk::{DiskError, DiskFile},
    error::OpenError,
    frame::{
        FRAME_ALIGNMENT_BYTES, FRAME_HEAD_BYTES, FRAME_MAGIC, Frame, FrameError, FrameHead, LogTag,
    },
};

/// How much of a segment is held in memory at once.
const WINDOW_BYTES: usize = 1 << 20;

/// What a scan found.
#[derive(Debug)]
pub(crate) struct Scanned {
    /// Where the frames are.
    pub(crate) directory: JournalDirectory,
    /// The position after the last whole frame.
    pub(crate) next: Position,
    /// The index of the segment in which the next frame belongs, and its offset there.
    pub(crate) end: (usize, u64),
    /// What a crash left unfinished, beyond all acknowledged commits.
    pub(crate) torn: Vec<TornTail>,
}

/// Bytes that are not zero after the last whole frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TornTail {
    /// The index of the segment.
    pub(crate) segment: usize,
    /// Where its whole frames end.
    pub(crate) offset: u64,
}

/// Where a scan begins.
#[derive(Debug)]
pub(crate) struct ScanStart {
    /// The position of the next record.
    pub(crate) next: Position,
    /// The index of the segment and the offset there.
    pub(crate) place: (usize, u64),
    /// The frames before it.
    pub(crate) directory: JournalDirectory,
}

impl ScanStart {
    /// The beginning of the first segment, which should hold the record at `next` first.
    pub(crate) fn first_segment(next: Position) -> Self {
        Self { next, place: (0, SEGMENT_HEAD_BYTES), directory: JournalDirectory::default() }
    }
}

/// Reads all segments from the start on, handing every frame to `visit`, which judges whether its
/// records follow.
pub(crate) fn scan(
    segments: &[Segment],
    tag: LogTag,
    start: ScanStart,
    acknowledged: Position,
    mut visit: impl FnMut(&Frame) -> Result<(), OpenError>,
) -> Result<Scanned, OpenError> {
    let ScanStart { mut next, place: (first, first_offset), mut directory } = start;
    let mut ends = vec![SEGMENT_HEAD_BYTES; first.min(segments.len())];
    for (index, segment) in segments.iter().enumerate().skip(first) {
        let mut window = Window::new(&segment.file, segment.bytes);
        let mut offset = if index == first { first_offset } else { SEGMENT_HEAD_BYTES };
        while let Ok(frame) = window.frame(offset, tag)? {
            visit(&frame)?;
            directory.push(segment.sequence, &segment.file, offset, &frame);
            offset += frame.bytes().len() as u64;
            next = frame.next();
        }
        ends.push(offset);
    }
    let last = ends.iter().rposition(|&offset| offset > SEGMENT_HEAD_BYTES).unwrap_or(0);
    let torn = judge_ends(segments, tag, &ends, last, next)?;
    if next < acknowledged {
        let reason = format!("acknowledged up to {acknowledged}, and missing from the journal");
        return Err(OpenError::Damaged { position: next, reason });
    }
    let end = ends.get(last).copied().unwrap_or(SEGMENT_HEAD_BYTES);
    Ok(Scanned { directory, next, end: (last, end), torn })
}

/// Looks at what follows the whole frames, from the last segment that holds any.
fn judge_ends(
    segments: &[Segment],
    tag: LogTag,
    ends: &[u64],
    last: usize,
    next: Position,
) -> Result<Vec<TornTail>, OpenError> {
    let mut torn = Vec::new();
    for (index, (segment, &offset)) in segments.iter().zip(ends).enumerate().skip(last) {
        match Window::new(&segment.file, segment.bytes).beyond(offset, tag)? {
            Beyond::Zeros => {}
            Beyond::Remains => torn.push(TornTail { segment: index, offset }),
            Beyond::Frame(found) => {
                let file = segment.file.path().display();
                let reason = format!("damaged in {file} at byte {offset}, before frame {found}");
                return Err(OpenError::Damaged { position: next, reason });
            }
        }
    }
    Ok(torn)
}

/// The first position a segment states, without checking the whole frame.
pub(crate) fn first_position(
    segments: &[Segment],
    tag: LogTag,
) -> Result<Option<Position>, OpenError> {
    let Some(segment) = segments.first() else { return Ok(None) };
    let mut window = Window::new(&segment.file, segment.bytes);
    Ok(window.frame(SEGMENT_HEAD_BYTES, tag)?.ok().map(|frame| frame.first()))
}

/// Whole pages are compared at once: most of a young segment is zeros.
fn is_zero(bytes: &[u8]) -> bool {
    const ZEROS: [u8; 4_096] = [0; 4_096];
    bytes.chunks(ZEROS.len()).all(|chunk| chunk == &ZEROS[..chunk.len()])
}

enum Beyond {
    Zeros,
    Remains,
    Frame(Position),
}

/// Reads a file in large pieces.
pub(crate) struct Window<'a> {
    file: &'a DiskFile,
    file_bytes: u64,
    start: u64,
    bytes: Bytes,
}

impl<'a> Window<'a> {
    /// The whole of a file.
    pub(crate) const fn new(file: &'a DiskFile, file_bytes: u64) -> Self {
        Self { file, file_bytes, start: 0, bytes: Bytes::new() }
    }

    /// At least `wanted` bytes from `offset`, fewer only where the file ends.
    fn at(&mut self, offset: u64, wanted: usize) -> Result<Bytes, DiskError> {
        let inside =
            offset >= self.start && offset + wanted as u64 <= self.start + self.bytes.len() as u64;
        if !inside {
            let left =
                usize::try_from(self.file_bytes.saturating_sub(offset)).unwrap_or(usize::MAX);
            let mut bytes = vec![0; wanted.max(WINDOW_BYTES).min(left)];
            self.file.read_at(&mut bytes, offset)?;
            (self.start, self.bytes) = (offset, Bytes::from(bytes));
        }
        let skip = usize::try_from(offset - self.start).unwrap_or(usize::MAX);
        Ok(self.bytes.slice(skip.min(self.bytes.len())..))
    }

    pub(super) fn frame(
        &mut self,
        offset: u64,
        tag: LogTag,
    ) -> Result<Result<Frame, FrameError>, DiskError> {
        let bytes = self.at(offset, FRAME_HEAD_BYTES)?;
        let head = match FrameHead::parse(&bytes, tag) {
            Ok(head) => head,
            Err(error) => return Ok(Err(error)),
        };
        Ok(Frame::parse(&self.at(offset, head.frame_bytes())?, tag))
    }

    /// The first whole frame at or after `offset`, and where it stands.
    pub(crate) fn next_frame(
        &mut self,
        offset: u64,
        tag: LogTag,
    ) -> Result<Option<(u64, Frame)>, DiskError> {
        let mut at = offset;
        while at < self.file_bytes {
            let piece = self.at(at, FRAME_ALIGNMENT_BYTES)?;
            let places = (0..piece.len()).step_by(FRAME_ALIGNMENT_BYTES);
            for candidate in places.filter(|&skip| piece[skip..].starts_with(&FRAME_MAGIC)) {
                let candidate = at + candidate as u64;
                if let Ok(frame) = self.frame(candidate, tag)? {
                    return Ok(Some((candidate, frame)));
                }
            }
            at += (piece.len() as u64).next_multiple_of(FRAME_ALIGNMENT_BYTES as u64);
        }
        Ok(None)
    }

    /// True when there are only zeros from `offset` to the end of the file.
    pub(crate) fn is_zero_from(&mut self, offset: u64) -> Result<bool, DiskError> {
        let mut at = offset;
        while at < self.file_bytes {
            let piece = self.at(at, 1)?;
            if !is_zero(&piece) {
                return Ok(false);
            }
            at += piece.len() as u64;
        }
        Ok(true)
    }

    /// True when anything but zeros stands from `offset` on.
    pub(super) fn has_remains(&mut self, offset: u64, tag: LogTag) -> Result<bool, DiskError> {
        Ok(!matches!(self.beyond(offset, tag)?, Beyond::Zeros))
    }

    /// What stands from `offset` to the end of the file. A frame counts when its head is intact:
    /// it was written after whatever is bad before it.
    fn beyond(&mut self, offset: u64, tag: LogTag) -> Result<Beyond, DiskError> {
        let (mut at, mut zeros) = (offset, true);
        while at < self.file_bytes {
            let piece = self.at(at, FRAME_ALIGNMENT_BYTES)?;
            if zeros && is_zero(&piece) {
                at += piece.len() as u64;
                continue;
            }
            zeros = false;
            for skip in (0..piece.len()).step_by(FRAME_ALIGNMENT_BYTES) {
                let candidate = at + skip as u64;
                if piece[skip..].starts_with(&FRAME_MAGIC)
                    && candidate > offset
                    && let Some(found) = self.intact_head(candidate, tag)?
                {
                    return Ok(Beyond::Frame(found));
                }
            }
            at += piece.len() as u64;
        }
        Ok(if zeros { Beyond::Zeros } else { Beyond::Remains })
    }

    fn intact_head(&self, offset: u64, tag: LogTag) -> Result<Option<Position>, DiskError> {
        let mut window = Window::new(self.file, self.file_bytes);
        let bytes = window.at(offset, FRAME_HEAD_BYTES)?;
        let Ok(head) = FrameHead::parse(&bytes, tag) else { return Ok(None) };
        let bytes = window.at(offset, head.frame_bytes())?;
        let table = bytes.get(head.table_at()..head.frame_bytes());
        Ok(table.filter(|table| head.check(&bytes, table).is_ok()).map(|_| head.first))
    }
}
