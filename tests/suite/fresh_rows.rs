//! `soc2 new`: a row at the end of a register, whatever the register looks like.

use std::fs;

use crate::support::{Folder, Ran};

fn good(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn every_other_byte_of_a_register_stays() {
    const ROW: &str = "- id: mail\n  service: mail\n  owner: ann\n  tier: low\n";
    let folder = Folder::new();
    folder
        .write("soc2.toml", "[organization]\nname = \"A\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n")
        .write("registers/people.yaml", "- { id: ann, name: Ann, kind: employee, employed: [{ from: 2024-01-01 }] }\n");
    let other = "- id: a   # ours\n  service: \"x\"\n  owner: ann\n  tier: low\n";
    let windows = |text: &str| text.replace('\n', "\r\n");
    let yaml = [
        (Some(String::new()), ROW.to_owned(), 1),
        (Some("# notes\n".to_owned()), format!("# notes\n{ROW}"), 2),
        (Some("[]\n".to_owned()), format!("\n{ROW}"), 2),
        (Some(other.to_owned()), format!("{other}{ROW}"), 5),
        (Some(other.trim_end().to_owned()), format!("{other}{ROW}"), 5),
        (
            Some(format!("\u{feff}{}", windows(other))),
            format!("\u{feff}{}{}", windows(other), windows(ROW)),
            5,
        ),
        (Some(format!("{other}# end\n")), format!("{other}# end\n{ROW}"), 6),
        (None, format!("# Each row is a vendor: soc2 explain vendor\n{ROW}"), 2),
    ];
    for (before, after, line) in yaml {
        let path = "registers/vendors.yaml";
        match &before {
            Some(text) => drop(folder.write(path, text)),
            None => fs::remove_file(folder.path().join(path)).unwrap(),
        }
        let ran = folder.run("new vendor mail --service mail --owner ann --tier low -q");
        good(&ran);
        assert_eq!(folder.read(path), after, "{before:?}");
        assert!(ran.stdout.contains(&format!("{path}:{line}:")), "{before:?}: {}", ran.stdout);
    }
    fs::remove_file(folder.path().join("registers/vendors.yaml")).unwrap();
    for (before, after) in [
        (
            "id,service,owner,tier,notes\r\na,x,ann,low,\r\n",
            "id,service,owner,tier,notes\r\na,x,ann,low,\r\nmail,\"a, b\",ann,low,\r\n",
        ),
        ("id,tier,owner,service", "id,tier,owner,service\nmail,low,ann,\"a, b\"\n"),
    ] {
        folder.write("registers/vendors.csv", before);
        good(&folder.run_args(&[
            "new",
            "vendor",
            "mail",
            "--service",
            "a, b",
            "--owner",
            "ann",
            "--tier",
            "low",
        ]));
        assert_eq!(folder.read("registers/vendors.csv"), after);
    }
    for (broken, why) in [("id,owner,tier\n", "no column `service`"), ("id;owner;tier\n", "soc2 check")] {
        folder.write("registers/vendors.csv", broken);
        let ran = folder.run("new vendor mail --service mail --owner ann --tier low");
        assert!(ran.code == 2 && ran.stderr.contains(why), "{}", ran.stderr);
        assert_eq!(folder.read("registers/vendors.csv"), broken);
    }
    for broken in
        ["- id: a\n  service: [\n", "a: 1\n", "- { id: a, service: x, owner: ann, tier: low }\n...\n"]
    {
        let _ = fs::remove_file(folder.path().join("registers/vendors.csv"));
        folder.write("registers/vendors.yaml", broken);
        let ran = folder.run("new vendor mail --service mail --owner ann --tier low");
        assert_eq!(ran.code, 2, "{broken}: {}", ran.stdout);
        assert_eq!(folder.read("registers/vendors.yaml"), broken);
    }
}
