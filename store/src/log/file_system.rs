//! Whether the file system below a log keeps what is synced: not all of them do.

use std::path::Path;

use super::disk::{self, DiskError};

/// Where Linux lists what is mounted.
const MOUNTS: &str = "/proc/self/mountinfo";
/// File systems in memory.
const VOLATILE: [&str; 2] = ["tmpfs", "ramfs"];
/// File systems whose syncs are as good as whatever is behind them, which cannot be seen from here.
const UNKNOWN: [&str; 8] = ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse", "fuseblk", "virtiofs"];

/// Why a sync in this directory may not mean that data is on stable storage; none when it does, or
/// when nothing is known.
pub(crate) fn durability_warning(directory: &Path) -> Result<Option<String>, DiskError> {
    let Ok(directory) = directory.canonicalize() else { return Ok(None) };
    let mounts = disk::read_file(Path::new(MOUNTS))?.unwrap_or_default();
    let mounts = String::from_utf8_lossy(&mounts);
    let Some(kind) = file_system_of(&mounts, &directory) else { return Ok(None) };
    let place = directory.display();
    Ok(if VOLATILE.contains(&kind) {
        Some(format!("{place} is on {kind}: everything is gone with the machine's memory"))
    } else if UNKNOWN.contains(&kind) || kind.starts_with("fuse.") {
        Some(format!("{place} is on {kind}: it is not known whether a sync reaches a disk"))
    } else {
        None
    })
}

/// The kind of the file system that holds a directory: that of the longest mount point above it,
/// the last one mounted there.
fn file_system_of<'a>(mounts: &'a str, directory: &Path) -> Option<&'a str> {
    let mounted = mounts.lines().filter_map(|line| {
        // id, parent, device, root, mount point, options, optional fields, "-", kind, ...
        let (before, after) = line.split_once(" - ")?;
        let point = before.split(' ').nth(4)?.replace("\\040", " ");
        directory.starts_with(&point).then_some((point.len(), after.split(' ').next()?))
    });
    mounted.max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: &str = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
24 22 0:22 / /dev rw,nosuid shared:2 - devtmpfs devtmpfs rw
25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw
30 22 0:40 / /mnt/my\\040share rw shared:9 - fuse.sshfs host:/ rw
";

    #[test]
    fn the_innermost_mount_decides() {
        let kind = |path: &str| file_system_of(LISTED, Path::new(path)).unwrap();
        assert_eq!(kind("/srv/log"), "ext4");
        assert_eq!(kind("/dev/shm/log"), "tmpfs");
        assert_eq!(kind("/dev/shmem"), "devtmpfs");
        assert_eq!(kind("/mnt/my share/log"), "fuse.sshfs");
    }
}
