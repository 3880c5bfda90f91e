//! Backups: taken while writers run, added to, refused where they would lie, restored to any point.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use events::{Position, Timestamp};
use store::{
    BackupError, EventStore, LogStore, OpenError, RestorePoint, Retention, backup, restore, verify,
};
use tempfile::TempDir;

use crate::support::{Directory, append, clock, commit, create, fill, flip, reopen, whole_log};

/// A directory for a backup, and one for what is restored from it.
struct Copies {
    home: TempDir,
    restored: Directory,
}

impl Copies {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), restored: Directory::new() }
    }

    fn backup(&self) -> PathBuf {
        self.home.path().join("backup")
    }

    /// Restores, verifies and opens.
    fn restored(&self, point: RestorePoint) -> LogStore {
        restore(&self.backup(), &self.restored.log(), point).unwrap();
        let report = verify(&self.restored.log()).unwrap();
        assert!(report.is_good(), "{report:?}");
        reopen(&self.restored, &clock())
    }

    fn files(&self) -> Vec<PathBuf> {
        let segments = fs::read_dir(self.backup().join("segments")).unwrap();
        let mut files: Vec<_> = segments.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

#[tokio::test]
async fn a_restored_log_is_the_log_and_goes_on() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let store = create(&directory, &clock());
    for round in 0..8 {
        fill(&store, round * 60, (round + 1) * 60).await;
        append(&store, commit(2, round * 5, 5, 9_000)).await;
    }
    assert!(directory.segments().len() > 3);
    let report = store.backup(&copies.backup()).await.unwrap();
    assert_eq!((report.position, report.previous), (store.head(), Position::START));
    let restored = copies.restored(RestorePoint::End);
    assert_eq!(whole_log(&restored).await, whole_log(&store).await);
    let first = whole_log(&store).await[0].header().commit_id;
    assert_eq!(restored.find_commit(first).await, store.find_commit(first).await);
    fill(&restored, 480, 900).await;
    restored.close().await.unwrap();
    assert!(verify(&copies.restored.log()).unwrap().is_good());
}

#[tokio::test]
async fn the_next_run_adds_only_what_is_new() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let clock = clock();
    let store = create(&directory, &clock);
    let (mut bytes, mut previous) = (0, Position::START);
    for round in 0..6 {
        fill(&store, round * 100, (round + 1) * 100).await;
        let report = backup(&directory.log(), &copies.backup()).unwrap();
        assert_eq!((report.previous, report.position), (previous, store.head()));
        assert_eq!(report.bytes, bytes + report.new_bytes);
        assert!(report.new_bytes < 40_000, "{report:?}");
        (bytes, previous) = (report.bytes, report.position);
    }
    let idle = backup(&directory.log(), &copies.backup()).unwrap();
    assert_eq!((idle.new_bytes, idle.position), (0, store.head()));
    let all = whole_log(&store).await;
    store.close().await.unwrap();
    let store = reopen(&directory, &clock);
    fill(&store, 600, 610).await;
    backup(&directory.log(), &copies.backup()).unwrap();
    let restored = whole_log(&copies.restored(RestorePoint::End)).await;
    assert!(restored.starts_with(&all) && restored.len() == 610);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_beside_writers_holds_whole_commits_up_to_one_position() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let store = Arc::new(create(&directory, &clock()));
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4_u128)
        .map(|number| {
            let (store, stop) = (Arc::clone(&store), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut version = 0;
                while !stop.load(Ordering::Relaxed) {
                    append(&store, commit(number, version, 3, 200)).await;
                    version += 3;
                }
            })
        })
        .collect();
    let mut ends = Vec::new();
    while store.head() < Position::new(3_000) {
        let before = store.head();
        let report = store.backup(&copies.backup()).await.unwrap();
        assert!(report.position >= before && report.position <= store.head());
        ends.push(report.position);
    }
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    let end = *ends.last().unwrap();
    let restored = whole_log(&copies.restored(RestorePoint::End)).await;
    assert_eq!(restored.len() as u64, end.get());
    assert!(whole_log(&store).await.starts_with(&restored));
    assert!(restored.last().unwrap().header().ends_commit());
}

#[tokio::test]
async fn a_log_is_restored_to_every_position_less_the_commit_it_would_cut() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let store = Arc::new(create(&directory, &clock()));
    // Appended at once, so that commits share frames.
    let commits = [3_u128, 4, 5].map(|number| commit(number, 0, 3, 50));
    futures::future::join_all(commits.map(|commit| append(&store, commit))).await;
    store.backup(&copies.backup()).await.unwrap();
    let all = whole_log(&store).await;
    for asked in 0..=9 {
        let point = RestorePoint::Position(Position::new(asked));
        let target = Directory::new();
        let restored = restore(&copies.backup(), &target.log(), point).unwrap();
        let border = asked / 3 * 3;
        assert_eq!(restored.position, Position::new(border));
        assert_eq!(restored.recorded_at.is_some(), border > 0);
        let log = reopen(&target, &clock());
        assert_eq!(whole_log(&log).await, all[..usize::try_from(border).unwrap()]);
        append(&log, commit(9, 0, 1, 10)).await;
        log.close().await.unwrap();
        assert!(verify(&target.log()).unwrap().is_good());
    }
    let beyond = RestorePoint::Position(Position::new(10));
    let refused = restore(&copies.backup(), &copies.restored.log(), beyond);
    assert!(matches!(refused, Err(BackupError::BeyondEnd { .. })), "{refused:?}");
    assert!(!copies.restored.log().exists());
}

#[tokio::test]
async fn a_log_is_restored_to_a_moment() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let clock = clock();
    let store = create(&directory, &clock);
    let start = Timestamp::EPOCH.plus_hours(24);
    for minute in 0..10 {
        clock.set(start.plus_seconds(60 * minute));
        append(&store, commit(u128::try_from(minute).unwrap(), 0, 2, 10)).await;
    }
    store.backup(&copies.backup()).await.unwrap();
    for (seconds, events) in [(-1, 0), (0, 2), (59, 2), (60, 4), (539, 18), (540, 20), (9_999, 20)]
    {
        let target = Directory::new();
        let point = RestorePoint::Time(start.plus_seconds(seconds));
        let restored = restore(&copies.backup(), &target.log(), point).unwrap();
        assert_eq!(restored.position, Position::new(events), "after {seconds} s");
        assert_eq!(reopen(&target, &clock).head(), Position::new(events));
    }
}

#[tokio::test]
async fn what_is_not_acknowledged_is_not_backed_up() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let store = create(&directory, &clock());
    fill(&store, 0, 5).await;
    // A whole frame that nobody acknowledged: the mark is that of a moment before.
    let mark = fs::read(directory.file("acknowledged")).unwrap();
    fill(&store, 5, 6).await;
    drop(store);
    fs::write(directory.file("acknowledged"), mark).unwrap();
    let report = backup(&directory.log(), &copies.backup()).unwrap();
    assert_eq!(report.position, Position::new(5));
    drop(reopen(&directory, &clock()));
    let report = backup(&directory.log(), &copies.backup()).unwrap();
    assert_eq!(report.position, Position::new(6));
}

#[tokio::test]
async fn any_damage_of_a_backup_is_noticed_and_nothing_is_restored_from_it() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let store = create(&directory, &clock());
    fill(&store, 0, 700).await;
    store.backup(&copies.backup()).await.unwrap();
    let mut files = copies.files();
    assert!(files.len() > 1);
    files.push(copies.backup().join("backup.manifest"));
    for file in files {
        let whole = fs::read(&file).unwrap();
        for offset in [0, 13, 70, whole.len() / 2, whole.len() - 1] {
            flip(&file, offset.min(whole.len() - 1));
            assert_damaged(&copies);
        }
        fs::write(&file, &whole[..whole.len() - 1]).unwrap();
        assert_damaged(&copies);
        fs::remove_file(&file).unwrap();
        assert_damaged(&copies);
        fs::write(&file, &whole).unwrap();
    }
    copies.restored(RestorePoint::End);
}

fn assert_damaged(copies: &Copies) {
    let refused = restore(&copies.backup(), &copies.restored.log(), RestorePoint::End);
    let named = matches!(
        refused,
        Err(BackupError::Damaged { .. }
            | BackupError::NotFound { .. }
            | BackupError::NewerFormat { .. })
    );
    assert!(named, "{refused:?}");
    assert!(!copies.restored.log().exists());
}

#[tokio::test]
async fn leftovers_of_a_run_that_broke_off_are_written_over() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let store = create(&directory, &clock());
    fill(&store, 0, 50).await;
    store.backup(&copies.backup()).await.unwrap();
    let segment = &copies.files()[0];
    let mut longer = fs::read(segment).unwrap();
    longer.extend([7; 5_000]);
    fs::write(segment, longer).unwrap();
    fs::write(copies.backup().join("backup.manifest.draft"), "partnerlog ba").unwrap();
    fill(&store, 50, 60).await;
    store.backup(&copies.backup()).await.unwrap();
    assert_eq!(copies.restored(RestorePoint::End).head(), Position::new(60));
}

#[tokio::test]
async fn a_log_that_does_not_continue_the_backup_is_refused() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let store = create(&directory, &clock());
    fill(&store, 0, 20).await;
    store.backup(&copies.backup()).await.unwrap();
    let earlier = RestorePoint::Position(Position::new(10));
    let restored = copies.restored(earlier);
    let diverged = |outcome| matches!(outcome, Err(BackupError::Diverged { .. }));
    assert!(diverged(restored.backup(&copies.backup()).await), "it ends before the backup");
    fill(&restored, 10, 40).await;
    assert!(diverged(restored.backup(&copies.backup()).await), "it went on otherwise");
    fill(&store, 20, 30).await;
    assert_eq!(store.backup(&copies.backup()).await.unwrap().position, Position::new(30));

    let other = Directory::new();
    let stranger = create(&other, &clock());
    let refused = stranger.backup(&copies.backup()).await;
    assert!(matches!(refused, Err(BackupError::OtherLog { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_backup_goes_into_a_directory_of_its_own() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let store = create(&directory, &clock());
    let inside = store.backup(&directory.file("backup")).await;
    assert!(matches!(inside, Err(BackupError::InsideTheLog { .. })), "{inside:?}");
    assert!(!directory.file("backup").exists());
    fs::create_dir(copies.backup()).unwrap();
    fs::write(copies.backup().join("thesis.txt"), "mine").unwrap();
    let foreign = store.backup(&copies.backup()).await;
    assert!(matches!(foreign, Err(BackupError::NotOurs { .. })), "{foreign:?}");
    assert_eq!(fs::read_dir(copies.backup()).unwrap().count(), 1);
}

#[tokio::test]
async fn only_an_empty_directory_becomes_a_log() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let store = create(&directory, &clock());
    fill(&store, 0, 3).await;
    store.backup(&copies.backup()).await.unwrap();
    let not_empty = |path: &Path| {
        let refused = restore(&copies.backup(), path, RestorePoint::End);
        matches!(refused, Err(BackupError::Log(OpenError::NotEmpty { .. })))
    };
    assert!(not_empty(&directory.log()));
    assert!(not_empty(copies.home.path()));
    let nothing = restore(&directory.log(), &copies.restored.log(), RestorePoint::End);
    assert!(matches!(nothing, Err(BackupError::NotFound { .. })), "{nothing:?}");
}

#[tokio::test]
async fn an_empty_log_is_backed_up_and_restored() {
    let (directory, copies) = (Directory::new(), Copies::new());
    let store = create(&directory, &clock());
    store.backup(&copies.backup()).await.unwrap();
    let restored = copies.restored(RestorePoint::End);
    assert_eq!(restored.installation(), store.installation());
    fill(&restored, 0, 3).await;
}

#[tokio::test]
async fn a_journal_whose_beginning_is_gone_is_backed_up_onto_a_copy_of_it_and_nowhere_else() {
    let (directory, whole, late, early) =
        (Directory::new(), Copies::new(), Copies::new(), Copies::new());
    let clock = clock();
    let store = create(&directory, &clock);
    fill(&store, 0, 100).await;
    store.backup(&early.backup()).await.unwrap();
    fill(&store, 100, 1_000).await;
    store.backup(&whole.backup()).await.unwrap();
    store.close().await.unwrap();
    let store = reopen(&directory, &clock);
    let first = store.trim(Retention::default()).await.unwrap().journal_first;
    fill(&store, 1_000, 1_010).await;
    store.backup(&whole.backup()).await.unwrap();
    assert_eq!(whole_log(&whole.restored(RestorePoint::End)).await, whole_log(&store).await);
    for copies in [late, early] {
        let refused = store.backup(&copies.backup()).await;
        let pruned = Err(BackupError::Log(OpenError::Pruned { first }));
        assert_eq!(refused, pruned);
    }
}
