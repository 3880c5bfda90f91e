//! An append that a crash interrupted: gone without a trace when nobody was told of it.

use std::{fs, path::PathBuf};

use events::Position;
use store::{EventStore, OpenError, verify};

use crate::support::{Directory, append, clock, commit, create, fill, refusal, reopen, whole_log};

/// A log, and the frame that was written last.
struct Interrupted {
    before: Directory,
    segment: PathBuf,
    mark: Vec<u8>,
    offset: usize,
    frame: Vec<u8>,
}

impl Interrupted {
    async fn new() -> Self {
        let directory = Directory::new();
        let store = create(&directory, &clock());
        fill(&store, 0, 3).await;
        let before = directory.killed(&store).await;
        append(&store, commit(2, 0, 2, 5)).await;
        let old = fs::read(&before.segments()[0]).unwrap();
        let new = fs::read(&directory.segments()[0]).unwrap();
        let offset = old.iter().rposition(|&byte| byte != 0).unwrap() + 1;
        let offset = offset.next_multiple_of(8);
        let end = new.iter().rposition(|&byte| byte != 0).unwrap() + 1;
        let frame = new[offset..end.next_multiple_of(8)].to_vec();
        let segment = before.segments()[0].clone();
        let mark = fs::read(before.file("acknowledged")).unwrap();
        Self { before, segment, mark, offset, frame }
    }

    /// The log as it was before the last append, with this much of its frame.
    fn write(&self, bytes: &[u8]) {
        fs::write(self.before.file("acknowledged"), &self.mark).unwrap();
        let mut segment = fs::read(&self.segment).unwrap();
        segment[self.offset..].fill(0);
        segment[self.offset..self.offset + bytes.len()].copy_from_slice(bytes);
        fs::write(&self.segment, segment).unwrap();
    }

    /// Opens the log, which must have lost the last append, and uses it.
    async fn assert_cut(&self) {
        let store = reopen(&self.before, &clock());
        assert_eq!(store.head(), Position::new(3));
        fill(&store, 3, 4).await;
        assert_eq!(whole_log(&store).await.len(), 4);
    }
}

#[tokio::test]
async fn a_frame_cut_at_any_byte_is_cut_off_whole() {
    let interrupted = Interrupted::new().await;
    for kept in 0..interrupted.frame.len() {
        interrupted.write(&interrupted.frame[..kept]);
        if interrupted.frame[kept..].iter().any(|&byte| byte != 0) {
            interrupted.assert_cut().await;
        }
        if kept % 16 == 0 {
            assert_eq!(reopen(&interrupted.before, &clock()).head(), Position::new(4));
            let report = verify(&interrupted.before.log()).unwrap();
            assert!(report.is_good() && report.torn_appends.is_empty(), "{report:?}");
        }
    }
    interrupted.write(&interrupted.frame);
    let store = reopen(&interrupted.before, &clock());
    assert_eq!(store.head(), Position::new(5));
}

#[tokio::test]
async fn a_frame_whose_beginning_never_reached_the_disk_is_cut_off() {
    let interrupted = Interrupted::new().await;
    for lost in [1, 4, 8, 32, 100, interrupted.frame.len() - 1] {
        let mut frame = interrupted.frame.clone();
        frame[..lost].fill(0);
        interrupted.write(&frame);
        interrupted.assert_cut().await;
    }
}

#[tokio::test]
async fn an_acknowledged_frame_that_is_cut_is_damage() {
    let interrupted = Interrupted::new().await;
    interrupted.write(&interrupted.frame);
    // One more append moves the mark past the frame.
    let store = reopen(&interrupted.before, &clock());
    fill(&store, 3, 4).await;
    drop(store);
    let mark = fs::read(interrupted.before.file("acknowledged")).unwrap();
    for kept in [0, 10, interrupted.frame.len() / 2, interrupted.frame.len() - 1] {
        interrupted.write(&interrupted.frame[..kept]);
        fs::write(interrupted.before.file("acknowledged"), &mark).unwrap();
        let found = refusal(&interrupted.before);
        let at = Position::new(3);
        assert!(matches!(found, OpenError::Damaged { position, .. } if position == at), "{found}");
    }
}

#[tokio::test]
async fn a_frame_torn_at_the_start_of_a_new_segment_is_cut_off() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    for round in 0..7 {
        append(&store, commit(1, round, 1, 10_000)).await;
    }
    drop(store);
    let segments = directory.segments();
    assert!(segments.len() >= 2);
    let mut second = fs::read(&segments[1]).unwrap();
    let used = second.iter().rposition(|&byte| byte != 0).unwrap();
    second[used - 5..=used].fill(0);
    fs::write(&segments[1], second).unwrap();
    fs::remove_file(directory.file("acknowledged")).unwrap();
    let store = reopen(&directory, &clock());
    let head = store.head().get();
    assert_eq!(head, 6);
    append(&store, commit(1, head, 1, 10_000)).await;
    drop(store);
    assert_eq!(whole_log(&reopen(&directory, &clock())).await.len(), 7);
}
