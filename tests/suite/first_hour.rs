//! `docs/first-hour.md`, followed to the letter: its commands in one shell, with the stand-ins for `gh` and `aws`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Folder, root};

/// The commands of a page, one block after the other.
fn commands(page: &str) -> String {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.collect()
}

#[test]
fn the_first_hour_ends_with_evidence() {
    let folder = Folder::new();
    let program = Path::new(env!("CARGO_BIN_EXE_soc2")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-eu", "-c", &commands("docs/first-hour.md")])
        .current_dir(folder.path())
        .env_clear()
        .envs([("PATH", path.as_str()), ("TZ", "UTC"), ("HOME", "/nonexistent")])
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .env("SOC2", root())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    let list = folder.run("evidence list -C compliance").stdout;
    for (control, reviewed) in
        [("iam-access-review/", "raj-rao accepted"), ("chg-peer-review/", ""), ("iam-password-config/", "")]
    {
        let line = list.lines().find(|line| line.starts_with(control));
        assert!(line.is_some_and(|line| line.contains(reviewed)), "{control}: {list}{said}");
    }
    let check = folder.run("check -C compliance");
    assert!(check.stdout.contains("no faults"), "{}", check.stdout);
}
