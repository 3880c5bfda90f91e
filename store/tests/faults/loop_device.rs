//! Power lost below a real file system: ext4 on a loop device, shut down with its journal not written
//! while a process appends, then mounted again. Needs Linux, root, loop devices and a few tools; where
//! they are missing the reason is told.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use events::CommitId;
use store::Appended;

use super::{
    killing::start_writer,
    logs::{Dice, create, judge, open},
    table::{Outcome, Table},
};

const IMAGE_BYTES: u64 = 256 << 20;
/// `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`: nothing more reaches the device, not even
/// the journal of the file system. There is no tool for it that every machine has.
const SHUTDOWN: &str = "open(my $file, '<', $ARGV[0]) or die \"open: $!\"; \
                        my $flags = pack('L', 2); \
                        ioctl($file, 0x8004587d, $flags) or die \"ioctl: $!\";";
const UNMOUNT_ATTEMPTS: u32 = 100;
const UNMOUNT_PAUSE: Duration = Duration::from_millis(50);

/// Loses power, and loses it with the sled directory; tells why not where it cannot.
pub(crate) fn run(rounds: u64, table: &mut Table) {
    if !table.wants("ext4") {
        return;
    }
    if let Err(reason) = Disk::new().and_then(|disk| disk.shut_down()) {
        table.note(format!("power loss on ext4, a loop device: not run here: {reason}"));
        return;
    }
    for (fault, drop_sealed) in [
        ("power loss on ext4", false),
        ("power loss on ext4, then the sled directory is dropped", true),
    ] {
        for round in 0..rounds {
            table.case(fault, false, &format!("round {round}"), move || {
                lose_power(round, drop_sealed).unwrap_or_else(Outcome::Refused)
            });
        }
    }
    table.case("ext4 mounted read-only", false, "once", || {
        read_only().unwrap_or_else(Outcome::Refused)
    });
}

fn lose_power(seed: u64, drop_sealed: bool) -> Result<Outcome, String> {
    let disk = Disk::new()?;
    let log = disk.log();
    drop(create(&log));
    let mut acknowledged: HashMap<CommitId, Appended> = HashMap::new();
    // The second loss hits a log that has been through the first.
    for time in 0..2 {
        let (writer, _) = start_writer(&log);
        thread::sleep(Duration::from_millis(20 + Dice::new(2 * seed + time).below(400)));
        disk.shut_down()?;
        acknowledged.extend(writer.kill());
        disk.unmount()?;
        disk.mount("rw")?;
    }
    if drop_sealed {
        fs::remove_dir_all(log.join("sealed")).map_err(|error| error.to_string())?;
    }
    let outcome = judge(&log, &acknowledged);
    disk.unmount()?;
    Ok(outcome)
}

/// A log on a file system that is mounted read-only does not open, says so, and is unharmed.
fn read_only() -> Result<Outcome, String> {
    let disk = Disk::new()?;
    let log = disk.log();
    drop(create(&log));
    disk.unmount()?;
    disk.mount("ro")?;
    if open(&log).is_ok() {
        return Ok(Outcome::Wrong("it opened".to_owned()));
    }
    disk.unmount()?;
    disk.mount("rw")?;
    let outcome = judge(&log, &HashMap::new());
    disk.unmount()?;
    Ok(outcome)
}

/// A file system of its own, gone once dropped.
struct Disk {
    home: tempfile::TempDir,
}

impl Disk {
    fn new() -> Result<Self, String> {
        let home = tempfile::tempdir().map_err(|error| error.to_string())?;
        let disk = Self { home };
        let image = fs::File::create(disk.image()).and_then(|file| file.set_len(IMAGE_BYTES));
        image.and_then(|()| fs::create_dir(disk.place())).map_err(|error| error.to_string())?;
        run_tool(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(disk.image()))?;
        disk.mount("rw")?;
        Ok(disk)
    }

    fn image(&self) -> PathBuf {
        self.home.path().join("image")
    }

    fn place(&self) -> PathBuf {
        self.home.path().join("mounted")
    }

    fn log(&self) -> PathBuf {
        self.place().join("log")
    }

    fn mount(&self, how: &str) -> Result<(), String> {
        let options = format!("loop,{how}");
        run_tool(Command::new("mount").args(["-o", &options]).arg(self.image()).arg(self.place()))
    }

    fn shut_down(&self) -> Result<(), String> {
        run_tool(Command::new("perl").args(["-e", SHUTDOWN]).arg(self.place()))
    }

    /// The last file may be closed a moment after the process that had it open was seen to end.
    fn unmount(&self) -> Result<(), String> {
        let unmount = |place: &Path| run_tool(Command::new("umount").arg(place));
        let mut outcome = unmount(&self.place());
        for _ in 0..UNMOUNT_ATTEMPTS {
            if outcome.is_ok() {
                break;
            }
            thread::sleep(UNMOUNT_PAUSE);
            outcome = unmount(&self.place());
        }
        outcome
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It is unmounted already unless a case broke off.
        let _ = Command::new("umount").arg("-l").arg(self.place()).stderr(Stdio::null()).status();
    }
}

fn run_tool(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("{name}: {}", said.trim())) }
}
