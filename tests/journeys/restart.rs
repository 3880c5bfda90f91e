//! Stopping, killing, starting again; and directories that are not to be opened.

use std::fs;

use crate::begin;

#[test]
fn a_second_process_on_the_same_directory_is_refused_while_the_first_one_serves() {
    let installation = begin();
    let server = installation.serve();
    let position = server.position();
    let second = installation.run(&["serve"], &["--listen", "127.0.0.1:0"]).exited(2);
    assert!(second.stderr.contains("another process"), "{}", second.stderr);
    let token = ["--user", installation.provider.email.as_str()];
    installation.run(&["token", "create"], &token).exited(2);
    assert_eq!(server.position(), position);
    server.stop();
    server_starts_again(&installation, position);
}

fn server_starts_again(installation: &tests::Installation, position: u64) {
    let server = installation.serve();
    assert_eq!(server.position(), position);
    server.stop();
}

#[test]
fn an_installation_is_not_begun_in_a_directory_that_holds_something() {
    let installation = begin();
    let foreign = installation.beside("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("letters.txt"), "not yours").unwrap();
    let foreign = foreign.to_str().unwrap();
    let init = ["init", "--data", foreign, "--partner", "X", "--kind", "indirect-provider"];
    let options = ["--country", "US", "--admin", "ana@fabrikam.example"];
    let refused = installation.program().run(init.iter().chain(&options)).exited(2);
    assert!(refused.stderr.contains(foreign), "{}", refused.stderr);
    let refused = installation.program().run(["serve", "--data", foreign]).exited(2);
    assert!(refused.stderr.contains(foreign), "{}", refused.stderr);
    let left: Vec<_> =
        fs::read_dir(foreign).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["letters.txt"]);
}

#[test]
fn an_installation_is_not_begun_twice() {
    let installation = begin();
    let options = [
        "--partner",
        "Again",
        "--kind",
        "indirect-provider",
        "--country",
        "US",
        "--admin",
        "eve@fabrikam.example",
    ];
    let refused = installation.run(&["init"], &options).exited(2);
    assert!(!refused.stderr.is_empty());
    let server = installation.serve();
    server.api(&installation.provider.token).get("/v1/customers").expect(200);
}

#[test]
fn a_directory_that_does_not_exist_is_named_and_not_made() {
    let installation = begin();
    let missing = installation.beside("nowhere");
    let refused = installation.program().run(["serve", "--data", missing.to_str().unwrap()]);
    let refused = refused.exited(2);
    assert!(refused.stderr.contains("nowhere"), "{}", refused.stderr);
    assert!(!missing.exists());
}

#[test]
fn wrong_usage_ends_with_two_and_a_word_about_it() {
    let installation = begin();
    let cases: [(&[&str], &str); 6] = [
        (&["serve", "--frobnicate"], "--frobnicate"),
        (&["frobnicate"], "frobnicate"),
        (&["serve"], "--data"),
        (&["serve", "--data", "x", "--listen", "nowhere"], "--listen"),
        (&["init", "--data", "x", "--partner", "P", "--kind", "wholesaler"], "--kind"),
        (&["token", "create", "--data", "x", "--user", "a@b.example", "--days", "0"], "--days"),
    ];
    for (arguments, named) in cases {
        let refused = installation.program().run(arguments).exited(2);
        assert!(refused.stderr.contains(named), "{arguments:?}: {}", refused.stderr);
    }
}

#[test]
fn after_stopping_and_after_killing_everything_is_as_it_was() {
    let installation = begin();
    let token = &installation.provider.token;
    let server = installation.serve();
    let api = server.api(token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let kept = api.create_user(&customer, "nora");
    let gone = api.create_user(&customer, "nils");
    api.delete_user(&gone);
    let paths = [
        "/v1/customers".to_owned(),
        customer.path.clone(),
        format!("{}/users", customer.path),
        format!("{}/users?{}", customer.path, tests::user_filter("Inactive")),
        kept.path.clone(),
    ];
    let answers = |server: &tests::RunningServer| -> Vec<String> {
        let api = server.api(token);
        paths.iter().map(|path| api.get(path).expect(200).text).collect()
    };
    let before = (server.position(), answers(&server));
    server.stop();
    let server = installation.serve();
    assert_eq!((server.position(), answers(&server)), before);
    server.kill();
    let server = installation.serve();
    assert_eq!((server.position(), answers(&server)), before);
}

#[test]
fn a_server_that_is_told_to_stop_as_soon_as_it_listens_stops_cleanly() {
    let installation = begin();
    for _ in 0..5 {
        installation.serve().stop();
    }
    installation.run(&["verify"], &[]).exited(0);
}
