//! Disks that misbehave, for tests: what can go wrong below the log, made to happen on purpose.
//!
//! Faults are armed for one directory and obeyed by every file operation of the log below it, so
//! that no code needs a parameter and none can forget it. A program that arms none pays one relaxed
//! load when a file is opened, renamed or its directory synced, and a test of a null pointer before
//! a read, write or sync: nothing beside the system call that follows.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// What a disk keeps or loses as a whole, in bytes.
const SECTOR_BYTES: usize = 512;
/// The file of the storage engine, which writes past this layer.
const ENGINE_FILE: &str = "db";

static ARMED: AtomicUsize = AtomicUsize::new(0);
static REGISTRY: RwLock<Vec<Arc<Injected>>> = RwLock::new(Vec::new());

/// Something that goes wrong once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A write stores only so many of its bytes, never all of them, and fails.
    ShortWrite {
        /// How many bytes are stored at most.
        bytes: usize,
    },
    /// A sync fails.
    FailedSync,
    /// A rename says that it is done and is not.
    LostRename,
    /// A read gets its first byte wrong.
    FlippedRead,
}

/// Faults armed for the files below one directory, until it is dropped.
#[derive(Debug)]
pub struct Faults {
    injected: Arc<Injected>,
}

/// The faults of one directory, as file operations see them.
#[derive(Debug)]
pub(crate) struct Injected {
    root: PathBuf,
    plan: Mutex<Plan>,
}

#[derive(Debug, Default)]
struct Plan {
    once: Vec<(String, Fault)>,
    space_bytes: Option<u64>,
    read_only: bool,
    power: Option<Power>,
}

/// What is needed to take un-synced changes back.
#[derive(Debug, Default)]
struct Power {
    operations_left: u64,
    out: bool,
    writes: BTreeMap<PathBuf, Vec<Overwritten>>,
    names: Vec<Renamed>,
    synced_engine: Option<(PathBuf, Vec<u8>)>,
}

#[derive(Debug)]
struct Overwritten {
    offset: u64,
    bytes: Vec<u8>,
    file_bytes: u64,
}

#[derive(Debug)]
enum Renamed {
    Created(PathBuf),
    Moved { from: PathBuf, to: PathBuf, replaced: Option<Vec<u8>> },
}

impl Faults {
    /// Arms faults for every file below `directory`; files that are open already do not notice.
    #[must_use]
    pub fn under(directory: &Path) -> Self {
        let plan = Mutex::new(Plan::default());
        let injected = Arc::new(Injected { root: directory.to_owned(), plan });
        registry(|registry| registry.push(Arc::clone(&injected)));
        ARMED.fetch_add(1, Ordering::SeqCst);
        Self { injected }
    }

    /// Makes the next operation of this kind on a path that contains `file` go wrong.
    pub fn inject(&self, file: &str, fault: Fault) {
        self.injected.plan().once.push((file.to_owned(), fault));
    }

    /// True when every injected fault has happened.
    #[must_use]
    pub fn have_happened(&self) -> bool {
        self.injected.plan().once.is_empty()
    }

    /// From now on files can grow by so many bytes together; `None` frees the disk again.
    pub fn limit_space(&self, bytes: Option<u64>) {
        self.injected.plan().space_bytes = bytes;
    }

    /// From now on nothing can be written, created, renamed or removed, as on a file system that is
    /// mounted to be read only.
    pub fn forbid_changes(&self, forbid: bool) {
        self.injected.plan().read_only = forbid;
    }

    /// Has the power fail at the operation after `operations` others; every change from now on is
    /// lost with it unless it is synced before. Nothing works afterwards.
    pub fn cut_power_after(&self, operations: u64) {
        let power = Power { operations_left: operations, ..Power::default() };
        self.injected.plan().power = Some(power);
    }

    /// True once the power has failed.
    #[must_use]
    pub fn power_is_out(&self) -> bool {
        self.injected.plan().power.as_ref().is_some_and(|power| power.out)
    }

    /// The power comes back: whatever was not synced is there or not, sector by sector, as `seed`
    /// has it. Nothing may have the files open.
    ///
    /// # Errors
    /// When the files cannot be changed.
    pub fn restore_power(&self, seed: u64) -> io::Result<()> {
        let Some(power) = self.injected.plan().power.take() else { return Ok(()) };
        power.lose(&mut Chance(seed))
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        registry(|registry| registry.retain(|armed| !Arc::ptr_eq(armed, &self.injected)));
        ARMED.fetch_sub(1, Ordering::SeqCst);
    }
}

fn registry(change: impl FnOnce(&mut Vec<Arc<Injected>>)) {
    change(&mut REGISTRY.write().unwrap_or_else(PoisonError::into_inner));
}

/// The faults armed for a path, if any.
pub(crate) fn armed_for(path: &Path) -> Option<Arc<Injected>> {
    if ARMED.load(Ordering::Relaxed) == 0 {
        return None;
    }
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    registry.iter().find(|armed| path.starts_with(&armed.root)).map(Arc::clone)
}

impl Injected {
    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says whether anything may be changed.
    pub(crate) fn change(&self) -> io::Result<()> {
        self.plan().may_change()
    }

    /// Writes as the faults allow.
    pub(crate) fn write(&self, path: &Path, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        let mut plan = self.plan();
        plan.may_change()?;
        let failing = plan.power_fails()?;
        let short = plan.take(path, |fault| matches!(fault, Fault::ShortWrite { .. }));
        let file_bytes = file.metadata()?.len();
        let mut stored = bytes.len();
        if let Some(Fault::ShortWrite { bytes }) = short {
            stored = stored.saturating_sub(1).min(bytes);
        }
        if let Some(space) = &mut plan.space_bytes {
            let growth = (at + stored as u64).saturating_sub(file_bytes.max(at));
            let fits = growth.min(*space);
            *space -= fits;
            stored -= usize::try_from(growth - fits).unwrap_or(stored);
        }
        if let Some(power) = &mut plan.power {
            let kept = usize::try_from(file_bytes.saturating_sub(at)).unwrap_or(usize::MAX);
            let mut old = vec![0; stored.min(kept)];
            file.read_exact_at(&mut old, at)?;
            let overwritten = Overwritten { offset: at, bytes: old, file_bytes };
            power.writes.entry(path.to_owned()).or_default().push(overwritten);
        }
        file.write_all_at(&bytes[..stored], at)?;
        if failing {
            return Err(power_is_out());
        }
        if stored < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    /// Says whether a sync happens, before it does.
    pub(crate) fn sync(&self, path: &Path) -> io::Result<()> {
        let mut plan = self.plan();
        if plan.power_fails()? {
            return Err(power_is_out());
        }
        if plan.take(path, |fault| *fault == Fault::FailedSync).is_some() {
            return Err(io::Error::other("the sync failed"));
        }
        if let Some(power) = &mut plan.power {
            power.writes.remove(path);
            if path.file_name().is_some_and(|name| name == ENGINE_FILE) {
                power.synced_engine = Some((path.to_owned(), fs::read(path)?));
            }
        }
        Ok(())
    }

    /// Says whether a directory is synced, before it is.
    pub(crate) fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        let mut plan = self.plan();
        if plan.power_fails()? {
            return Err(power_is_out());
        }
        if let Some(power) = &mut plan.power {
            power.names.retain(|name| name.path().parent() != Some(directory));
        }
        Ok(())
    }

    /// Notes a file that is about to be created, or emptied.
    pub(crate) fn create(&self, path: &Path) -> io::Result<()> {
        let mut plan = self.plan();
        plan.may_change()?;
        if plan.power_fails()? {
            return Err(power_is_out());
        }
        if let Some(power) = &mut plan.power
            && !path.exists()
        {
            power.names.push(Renamed::Created(path.to_owned()));
        }
        Ok(())
    }

    /// Says whether a rename happens.
    pub(crate) fn rename(&self, from: &Path, to: &Path) -> io::Result<bool> {
        let mut plan = self.plan();
        plan.may_change()?;
        if plan.power_fails()? {
            return Err(power_is_out());
        }
        if plan.take(to, |fault| *fault == Fault::LostRename).is_some() {
            return Ok(false);
        }
        if let Some(power) = &mut plan.power {
            let replaced = if to.is_file() { Some(fs::read(to)?) } else { None };
            power.names.push(Renamed::Moved { from: from.into(), to: to.into(), replaced });
        }
        Ok(true)
    }

    /// Spoils what was read, if it is to be spoilt.
    pub(crate) fn read(&self, path: &Path, buffer: &mut [u8]) {
        let flipped = self.plan().take(path, |fault| *fault == Fault::FlippedRead);
        if let (Some(_), Some(first)) = (flipped, buffer.first_mut()) {
            *first ^= 1;
        }
    }
}

impl Plan {
    fn may_change(&self) -> io::Result<()> {
        if self.read_only { Err(io::ErrorKind::ReadOnlyFilesystem.into()) } else { Ok(()) }
    }

    fn take(&mut self, path: &Path, kind: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let text = path.to_string_lossy();
        let matches = |(file, fault): &(String, Fault)| text.contains(file.as_str()) && kind(fault);
        let index = self.once.iter().position(matches)?;
        Some(self.once.remove(index).1)
    }

    /// True when the power fails during this operation.
    fn power_fails(&mut self) -> io::Result<bool> {
        let Some(power) = &mut self.power else { return Ok(false) };
        if power.out {
            return Err(power_is_out());
        }
        power.out = power.operations_left == 0;
        power.operations_left = power.operations_left.saturating_sub(1);
        Ok(power.out)
    }
}

impl Power {
    fn lose(self, chance: &mut Chance) -> io::Result<()> {
        for (path, writes) in self.writes {
            let Ok(file) = OpenOptions::new().read(true).write(true).open(&path) else { continue };
            for write in writes.iter().rev() {
                write.undo(&file, chance)?;
            }
        }
        for name in self.names.iter().rev().filter(|_| chance.falls()) {
            name.undo()?;
        }
        let Some((path, synced)) = self.synced_engine else { return Ok(()) };
        if let Ok(file) = OpenOptions::new().write(true).open(&path) {
            for (index, block) in synced.chunks(SECTOR_BYTES * 8).enumerate() {
                if chance.falls() {
                    file.write_all_at(block, (index * SECTOR_BYTES * 8) as u64)?;
                }
            }
        }
        Ok(())
    }
}

impl Overwritten {
    fn undo(&self, file: &File, chance: &mut Chance) -> io::Result<()> {
        let grown = file.metadata()?.len() > self.file_bytes;
        if grown && chance.falls() {
            file.set_len(self.file_bytes)?;
        }
        for (index, sector) in self.bytes.chunks(SECTOR_BYTES).enumerate() {
            if chance.falls() {
                file.write_all_at(sector, self.offset + (index * SECTOR_BYTES) as u64)?;
            }
        }
        Ok(())
    }
}

impl Renamed {
    fn path(&self) -> &Path {
        match self {
            Self::Created(path) | Self::Moved { to: path, .. } => path,
        }
    }

    fn undo(&self) -> io::Result<()> {
        match self {
            Self::Created(path) if path.exists() => fs::remove_file(path),
            Self::Moved { from, to, replaced } if to.exists() => {
                fs::rename(to, from)?;
                replaced.as_ref().map_or(Ok(()), |bytes| fs::write(to, bytes))
            }
            Self::Created(_) | Self::Moved { .. } => Ok(()),
        }
    }
}

/// Throws of a coin that are the same for the same seed.
struct Chance(u64);

impl Chance {
    fn falls(&mut self) -> bool {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 63 == 1
    }
}

fn power_is_out() -> io::Error {
    io::Error::other("the power is out")
}
