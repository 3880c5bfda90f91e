//! A backup taken from a running server under load, restored, verified and served again.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use serde_json::Value;
use tests::{Installation, Program, RunningServer, until};

use crate::begin;

const CLIENTS: usize = 8;
const BACKUPS: usize = 3;

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn backup(installation: &Installation, to: &Path, options: &[&str]) -> tests::Finished {
    installation.run(&["backup"], &[&["--to", path(to)], options].concat()).exited(0)
}

fn restore(
    installation: &Installation,
    from: &Path,
    data: &Path,
    options: &[&str],
) -> tests::Finished {
    let words = ["restore", "--from", path(from), "--data", path(data)];
    installation.program().run([&words, options].concat())
}

/// The position in a line such as `position  17, before 4` or `position  17 of 40 in the backup`.
fn position(output: &tests::Finished) -> u64 {
    let line = output.labelled("position");
    line.split([',', ' ']).next().unwrap().parse().unwrap()
}

fn serve(program: &Program, data: &Path, keys: &Path) -> RunningServer {
    let mut command = program.command();
    command.args(["serve", "--data", path(data), "--keys", path(keys)]);
    command.args(["--listen", "127.0.0.1:0"]);
    RunningServer::spawn(command)
}

fn events(installation: &Installation, data: &Path, keys: &Path) -> Vec<Value> {
    let words = ["replay", "--format", "jsonl", "--data", path(data), "--keys", path(keys)];
    let replay = installation.program().run(words).exited(0);
    replay.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_backup_under_load_is_restored_verified_and_served() {
    let installation = begin();
    let (to, data) = (installation.beside("backup"), installation.beside("restored"));
    let keys = installation.data().join("keys");
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let (stop, created) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut last = 0;
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (api, customer) = (server.api(&installation.provider.token), &customer);
            let (stop, created) = (&stop, &created);
            scope.spawn(move || {
                for user in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    api.create_user(customer, &format!("u{client}-{user}"));
                    created.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for round in 1..=BACKUPS {
            until("more users", || {
                (created.load(Ordering::SeqCst) >= CLIENTS * round).then_some(())
            });
            let before = server.position();
            let made = backup(&installation, &to, &[]);
            assert!(position(&made) >= before, "everything acknowledged before is in it");
            assert!(made.labelled("keys").contains("not copied"), "{}", made.stdout);
            last = position(&made);
        }
        stop.store(true, Ordering::SeqCst);
    });
    server.stop();
    assert!(!to.join("keys").exists());

    let restored = restore(&installation, &to, &data, &["--keys", path(&keys)]).exited(0);
    assert_eq!(position(&restored), last);
    assert_eq!(restored.stdout.lines().last(), Some("good"), "{}", restored.stdout);
    assert!(restored.stdout.contains(" 0 unavailable"), "{}", restored.stdout);
    let all = events(&installation, &installation.data(), &keys);
    let kept = events(&installation, &data, &keys);
    assert_eq!(kept.len() as u64, last);
    assert_eq!(kept, all[..kept.len()]);

    let server = serve(installation.program(), &data, &keys);
    assert_eq!(server.position(), last);
    let api = server.api(&installation.provider.token);
    let user = api.create_user(&customer, "after-restore");
    api.delete_user(&user);
    server.stop();
    let words = ["verify", "--data", path(&data), "--keys", path(&keys)];
    installation.program().run(words).exited(0);
}

#[test]
fn a_log_is_restored_to_an_earlier_position_and_to_a_moment() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let before = server.position();
    api.create_user(&customer, "later");
    server.stop();
    let to = installation.beside("backup");
    backup(&installation, &to, &[]);
    let keys = installation.data().join("keys");
    let all = events(&installation, &installation.data(), &keys);
    let moment = all[usize::try_from(before).unwrap() - 1]["recordedAt"].as_str().unwrap();
    let (asked, with_keys) = (before.to_string(), ["--keys", path(&keys)]);
    for (name, point) in
        [("position", ["--to-position", asked.as_str()]), ("moment", ["--to-time", moment])]
    {
        let data = installation.beside(name);
        let options = [&point[..], &with_keys].concat();
        let restored = restore(&installation, &to, &data, &options).exited(0);
        assert_eq!(position(&restored), before, "{}", restored.stdout);
        let server = serve(installation.program(), &data, &keys);
        let api = server.api(&installation.provider.token);
        assert_eq!(api.user_ids(&customer, "Active").len(), 1, "the admin user alone");
        api.create_user(&customer, "other");
        server.stop();
        // It is another log now.
        let words = ["backup", "--data", path(&data), "--to", path(&to)];
        let refused = installation.program().run(words).exited(2);
        assert!(refused.stderr.contains("take a new directory"), "{}", refused.stderr);
    }
    let data = installation.beside("beyond");
    let refused = restore(&installation, &to, &data, &["--to-position", "9999999"]).exited(2);
    assert!(refused.stderr.contains("ends at position"), "{}", refused.stderr);
    assert!(!data.exists());
}

#[test]
fn keys_are_brought_along_or_copied_only_when_asked_for() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    api.create_customer("Relecloud", "relecloud.example");
    let (bare, full) = (installation.beside("bare"), installation.beside("full"));
    let (without, with) = (installation.beside("without"), installation.beside("with"));
    backup(&installation, &bare, &[]);
    let told = backup(&installation, &full, &["--with-keys"]);
    assert!(told.labelled("keys").starts_with("copied"), "{}", told.stdout);
    server.stop();
    let secret = fs::read(installation.data().join("keys/secrets.a")).unwrap();
    assert_eq!(fs::read(full.join("keys/secrets.a")).unwrap(), secret);

    let restored = restore(&installation, &bare, &without, &[]).exited(0);
    assert!(restored.labelled("keys").contains("bring the key directory"), "{}", restored.stdout);
    assert!(!without.join("keys").exists());
    let words = ["serve", "--data", path(&without), "--listen", "127.0.0.1:0"];
    let refused = installation.program().run(words).exited(2);
    assert!(refused.stderr.contains("keys"), "{}", refused.stderr);

    let restored = restore(&installation, &full, &with, &[]).exited(0);
    assert_eq!(restored.stdout.lines().last(), Some("good"), "{}", restored.stdout);
    let server = RunningServer::start(installation.program(), &with);
    assert!(!server.api(&installation.provider.token).items("/v1/customers").is_empty());
    server.stop();
}

#[test]
fn a_damaged_backup_is_named_and_nothing_is_overwritten() {
    let installation = begin();
    let (to, data) = (installation.beside("backup"), installation.beside("restored"));
    backup(&installation, &to, &[]);
    let segment = to.join("segments/0000000001.journal");
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let refused = restore(&installation, &to, &data, &[]).exited(1);
    assert!(refused.stderr.contains("0000000001.journal is damaged"), "{}", refused.stderr);
    assert!(!data.exists());
    let refused = restore(&installation, &to, &installation.data(), &[]);
    assert_ne!(refused.code, Some(0));
    installation.run(&["verify"], &[]).exited(0);
}
