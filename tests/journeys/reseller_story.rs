//! The story in docs/reseller-story.sh, told by the script itself: curl and jq, and nothing of ours.

use std::{
    io::{self, Write as _},
    path::Path,
    process::{Command, Stdio},
};

fn is_installed(program: &str) -> bool {
    let run = Command::new(program).arg("--version").stdout(Stdio::null()).status();
    run.is_ok_and(|status| status.success())
}

#[test]
fn a_resellers_whole_story_is_told_with_curl() {
    if !["bash", "curl", "jq"].into_iter().all(is_installed) {
        let note = "SKIPPED: without bash, curl and jq docs/reseller-story.sh was not run";
        drop(writeln!(io::stderr(), "{note}"));
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reseller-story.sh");
    let told = Command::new("bash").arg(script).arg(crate::PROGRAM).output().unwrap();
    let text = String::from_utf8_lossy(&told.stdout);
    let faults = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success() && text.ends_with("the story is told\n"), "{text}{faults}");
    for scene in ["create_order", "restore_customer_user", "O365_BUSINESS_PREMIUM", "\"inactive\""]
    {
        assert!(text.contains(scene), "{scene} is not in {text}");
    }
}
