//! The commands around the server: replay, export, verify, rebuild; and what the README says of them.

use std::{collections::BTreeSet, fs};

use serde_json::Value;
use tests::{Installation, OFFER_PREMIUM, SKU_PREMIUM, until};

use crate::begin;

/// An installation with a deleted user, a restored one and several role changes.
fn with_history() -> (Installation, tests::NewCustomer) {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.order(&customer, OFFER_PREMIUM, 5);
    for name in ["nora", "nils"] {
        let user = api.create_user(&customer, name);
        api.assign(&user, &[SKU_PREMIUM]);
        api.delete_user(&user);
        if name == "nora" {
            api.restore(&user).expect(200);
        }
    }
    let colleague =
        api.add_partner_user("=Cmd, \"the\" colleague", "bo@fabrikam.example", &["sales_agent"]);
    api.assign_role(&colleague.id, "helpdesk_agent").expect_success();
    server.stop();
    (installation, customer)
}

fn json_lines(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn replay_shows_every_event_in_order_and_filters_by_type_stream_and_position() {
    let (installation, customer) = with_history();
    let all = json_lines(&installation.run(&["replay"], &["--format", "jsonl"]).exited(0).stdout);
    let positions: Vec<u64> = all.iter().map(|event| event["position"].as_u64().unwrap()).collect();
    assert!(positions.iter().copied().eq(0..all.len() as u64), "{positions:?}");
    let times: Vec<&str> = all.iter().map(|event| event["recordedAt"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "recorded times never go back");

    let replay = |options: &[&str]| {
        let options = [&["--format", "jsonl"], options].concat();
        json_lines(&installation.run(&["replay"], &options).exited(0).stdout)
    };
    let deleted = replay(&["--type", "CustomerUserDeleted"]);
    assert_eq!(deleted.len(), 2);
    let of_customer = replay(&["--stream", &format!("customer-{}", customer.id)]);
    assert_eq!(of_customer, replay(&["--customer", &customer.id]));
    let expected: Vec<&Value> =
        all.iter().filter(|event| event["stream"] == format!("customer-{}", customer.id)).collect();
    assert!(of_customer.iter().eq(expected.iter().copied()) && !of_customer.is_empty());
    assert_eq!(replay(&["--from", "3", "--to", "6"]), all[3..6]);
    let by_operator = replay(&["--actor", "operator"]);
    assert!(!by_operator.is_empty() && by_operator.len() < all.len());
    let by_admin = replay(&["--actor", &installation.provider.email]);
    assert_eq!(by_operator.len() + by_admin.len(), all.len());
    assert_eq!(replay(&["--since", "2100-01-01"]), [] as [Value; 0]);

    let text = installation.run(&["replay"], &[]).exited(0).stdout;
    assert_eq!(text.lines().count(), all.len(), "a line an event:\n{text}");
    let unknown = installation.run(&["replay"], &["--type", "RoleSwapped"]).exited(2);
    assert!(unknown.stderr.contains("RoleReplaced"), "the types are listed: {}", unknown.stderr);
}

#[test]
fn the_role_export_names_old_and_new_role_in_the_agreed_columns() {
    let (installation, _) = with_history();
    let export = installation.run(&["export", "role-changes"], &[]).exited(0);
    let mut lines = export.stdout.split("\r\n");
    let columns = "leaf_index,event_id,occurred_at,recorded_at,action,partner_id,target_id,target_name,category,\
                   role_before,role_after,actor_id,actor_name,actor_role,on_behalf_of,reason,ticket,approved_by,\
                   source,correlation_id,subject_erased_at,leaf_hash";
    assert_eq!(lines.next(), Some(columns));
    assert!(export.stdout.ends_with("\r\n") && !export.stdout.replace("\r\n", "").contains('\n'));
    let replaced: Vec<&str> = lines.filter(|line| line.contains(",replace,")).collect();
    assert_eq!(replaced.len(), 1, "{}", export.stdout);
    assert!(replaced[0].contains(",agent,sales_agent,helpdesk_agent,"), "{}", replaced[0]);
    // A spreadsheet would run the name as a formula; with the apostrophe it does not.
    assert!(replaced[0].contains(r#""'=Cmd, ""the"" colleague""#), "{}", replaced[0]);
    let manifest: Value = serde_json::from_str(export.stderr.lines().last().unwrap()).unwrap();
    assert_eq!(manifest["rows"], export.stdout.matches("\r\n").count() - 1,);
}

#[test]
fn damage_in_one_copy_is_named_by_those_who_read_and_healed_by_the_next_start() {
    let (installation, _) = with_history();
    let good = installation.run(&["verify"], &[]).exited(0);
    assert!(good.stdout.lines().last() == Some("good"), "{}", good.stdout);

    let before = installation.run(&["replay"], &[]).exited(0).stdout;
    let segment = first_segment(&installation);
    let damaged = flipped(&fs::read(&segment).unwrap());
    fs::write(&segment, &damaged).unwrap();
    for command in [&["verify"] as &[&str], &["replay"], &["rebuild"]] {
        let refused = installation.run(command, &[]).exited(1);
        assert!(refused.stderr.contains("position"), "{command:?}: {}", refused.stderr);
    }
    assert_eq!(fs::read(&segment).unwrap(), damaged, "nobody wrote to the damaged log");

    let printed = installation.serve().stop();
    assert!(printed.contains("healed"), "{printed}");
    let after = installation.run(&["replay"], &[]).exited(0).stdout;
    let rest = after.strip_prefix(&before).expect("what was recorded is what it was");
    assert!(rest.contains("DamageHealed") && rest.lines().count() == 1, "{rest}");
    installation.run(&["verify"], &[]).exited(0);
    let nowhere = installation.beside("nowhere");
    installation.program().run(["verify", "--data", nowhere.to_str().unwrap()]).exited(2);
}

#[test]
fn damage_in_both_copies_is_opened_by_no_command_and_salvaged_up_to_it() {
    let (installation, _) = with_history();
    let segment = first_segment(&installation);
    fs::write(&segment, flipped(&fs::read(&segment).unwrap())).unwrap();
    fs::remove_dir_all(installation.data().join("sealed")).unwrap();
    let refused = installation.run(&["serve"], &[]).exited(1);
    assert!(refused.stderr.contains("position"), "{}", refused.stderr);
    assert!(refused.stderr.contains("salvage"), "{}", refused.stderr);

    let rescued = installation.beside("rescued");
    installation.run(&["salvage"], &["--to", rescued.to_str().unwrap()]).exited(1);
    let replay = ["replay", "--data", rescued.to_str().unwrap()];
    let replayed = installation.program().run(replay).exited(0);
    assert!(replayed.stdout.lines().count() > 0, "what stood before the damage is there");
}

fn flipped(segment: &[u8]) -> Vec<u8> {
    let mut damaged = segment.to_vec();
    damaged[first_record_byte(segment)] ^= 0x40;
    damaged
}

fn first_segment(installation: &Installation) -> std::path::PathBuf {
    let journal = installation.data().join("journal");
    let segments = fs::read_dir(journal).unwrap().map(|entry| entry.unwrap().path());
    segments.filter(|path| path.extension().is_some_and(|end| end == "journal")).min().unwrap()
}

/// A byte in the middle of what was written: the rest of a segment is zeros.
fn first_record_byte(segment: &[u8]) -> usize {
    let written = segment.iter().rposition(|byte| *byte != 0).unwrap();
    (written / 2..written).find(|at| segment[*at] != 0).unwrap()
}

#[test]
fn rebuild_folds_the_log_to_the_same_model_and_the_same_digest_each_time() {
    let (installation, _) = with_history();
    let first = installation.run(&["rebuild"], &[]).exited(0);
    let second = installation.run(&["rebuild"], &[]).exited(0);
    assert_eq!(first.labelled("digest"), second.labelled("digest"));
    assert_eq!(first.labelled("second fold"), "equal");
}

#[test]
fn every_command_in_the_readme_exists_and_teaches() {
    let installation = begin();
    let help = installation.program().run(["--help"]).exited(0).stdout;
    let readme = include_str!("../../README.md");
    let mentioned: BTreeSet<&str> = readme
        .split("`partnerlog ")
        .skip(1)
        .filter_map(|rest| rest.split(['`', ' ']).next())
        .filter(|word| word.chars().all(char::is_lowercase))
        .collect();
    assert!(mentioned.len() >= 5, "{mentioned:?}");
    for command in mentioned {
        let listed = help.lines().any(|line| line.trim_start().starts_with(&format!("{command} ")));
        assert!(listed, "`partnerlog {command}` is in the README and not in\n{help}");
        let taught = installation.program().run([command, "--help"]).exited(0).stdout;
        assert!(taught.contains("Usage:"), "{taught}");
    }
}

#[test]
fn demo_leaves_tokens_for_every_role_that_work_across_restarts() {
    let directory = tempfile_in();
    let data = directory.join("data");
    let program = tests::Program::new(crate::PROGRAM);
    let demo = || {
        let mut command = program.command();
        command.arg("demo").arg("--data").arg(&data).args(["--listen", "127.0.0.1:0"]);
        tests::RunningServer::spawn(command)
    };
    let server = demo();
    let path = data.join("sample-tokens.json");
    let text = until("sample-tokens.json", || fs::read_to_string(&path).ok());
    let tokens: Value = serde_json::from_str(&text).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    for role in [
        "global_admin",
        "admin_agent",
        "sales_agent",
        "helpdesk_agent",
        "user_management_admin",
        "billing_admin",
    ] {
        let token = tokens[role].as_str().unwrap_or_else(|| panic!("no token of a {role}: {text}"));
        server.api(token).get("/v1/offers?country=US").expect(if role == "user_management_admin" {
            403
        } else {
            200
        });
    }
    let admin = tokens["global_admin"].as_str().unwrap();
    let customers = server.api(admin).items("/v1/customers");
    assert!(!customers.is_empty(), "the sample has customers");
    assert!(!server.printed().contains(admin), "the token itself is not printed");
    let position = server.position();
    server.stop();
    let server = demo();
    assert_eq!(server.position(), position, "the sample is made once");
    assert_eq!(server.api(admin).items("/v1/customers"), customers);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    server.stop();
    drop(fs::remove_dir_all(&directory));
}

fn tempfile_in() -> std::path::PathBuf {
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("demo-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    directory
}
