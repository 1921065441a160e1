//! `soc2 due` lists an act once, for however many audits and slots it is due.

use crate::due::{ROOT, file, list, programme};

/// One act, one line: whichever audits wait for it, and however many slots.
#[test]
fn one_act_is_listed_once() {
    let folder = programme();
    let next = "[[audit]]\nid = \"y27\"\ntype = \"type2\"\nperiod = { from = 2027-01-01, to = 2027-12-31 }\n";
    folder.write("soc2.toml", format!("{ROOT}{next}"));
    file(
        &folder,
        "pentest/2025",
        "2025-12-01",
        "bob",
        "reviewed: { on: 2025-12-02, by: alice, result: accepted }\n",
    );
    let all = list(&folder, "--as-of 2026-11-10");
    let yearly: Vec<_> =
        all["items"].as_array().unwrap().iter().filter(|one| one["subject"] == "pentest").collect();
    assert_eq!(yearly.len(), 1, "{yearly:#?}");
    assert_eq!(yearly[0]["audits"], serde_json::json!(["y26", "y27"]));

    // Whatever is wrong with a log is mended once for each of its days.
    let folder = programme();
    file(&folder, "backup/2026-01", "2026-01-02", "bob", "");
    let days = "occurrences:\n  - { on: 2026-01-01, by: bob }\n  - { on: 2026-01-02, by: bob }\n  - { on: 2026-01-03, by: bob }\n";
    folder.edit("evidence/backup/2026-01/manifest.yaml", "performed: { on: 2026-01-02, by: bob }\n", days);
    folder.write("evidence/backup/2026-01/shown.txt", "changed");
    let all = list(&folder, "--as-of 2026-01-04");
    let items: Vec<_> =
        all["items"].as_array().unwrap().iter().filter(|one| one["subject"] == "backup").collect();
    assert_eq!(items.len(), 1, "{items:#?}");
    assert_eq!(items[0]["what"], "backup, 3 slots from 2026-01-01 to 2026-01-03");
    assert_eq!(items[0]["slots"], 3);
    assert_eq!(items[0]["command"], "edit evidence/backup/2026-01/manifest.yaml");

    // Two faults that one order mends.
    let review = "reviewed: { on: 2026-02-11, by: somebody, result: accepted }\n";
    file(&folder, "access-review/q1", "2026-02-10", "nobody-here", review);
    let all = list(&folder, "--as-of 2026-05-01");
    let mut items = all["items"].as_array().unwrap().iter();
    let item = items.find(|one| one["subject"] == "access-review").unwrap();
    assert_eq!(item["todo"].as_str().unwrap().matches("correct the name, or add").count(), 1, "{item}");
}
