//! What `soc2 evidence capture` says of a recipe that is for something else, and of evidence that fills no slot.

use crate::capture::{MEMBERS, audited, company};
use crate::evidence::good;
use crate::standin::with_stand_ins;

#[test]
fn a_recipe_or_system_of_something_else_is_told() {
    let folder = company();
    let ran = with_stand_ins(&folder, &format!("{MEMBERS} --dry-run"));
    assert!(!ran.stderr.contains("   note  "), "{}", ran.stderr);
    folder.write(
        "registers/systems.yaml",
        "- { id: github, in_scope: true, owner: alice }\n- { id: aws, in_scope: true, owner: alice }\n",
    );
    let other = "evidence capture --control iam-mfa --recipe github-members --set org=acme --system aws --by alice --dry-run";
    let ran = with_stand_ins(&folder, other);
    good(&ran);
    for line in [
        "   note  the recipe is for ",
        ": whether it shows something of `iam-mfa` is yours to say\n",
        "   note  `gh` shows the system `github`, and it is filed for `aws`\n",
    ] {
        assert!(ran.stderr.contains(line), "`{line}` is not in\n{}", ran.stderr);
    }
}

#[test]
fn why_no_slot_is_filled_is_said() {
    const PLACE: &str = "implemented\n  effective_from: 2024-06-01\n  cadence: continuous";
    const DRAFT: &str = "draft\n  cadence: continuous";
    const EVENT: &str = "implemented\n  effective_from: 2024-06-01\n  cadence: event";
    let capture = "evidence capture --control iam-mfa --recipe github-members-without-2fa --set org=acme --by alice --yes --anyway";
    let event = "Fills no slot yet: `iam-mfa` is performed on events, and is judged once the window ends on 2099-12-31";
    let draft = "Fills no slot: `iam-mfa` has none in an audit that is judged today";
    let none = "Fills no slot: soc2.toml names no audit";
    for (folder, to, why) in [(company(), DRAFT, none), (audited(), DRAFT, draft), (audited(), EVENT, event)]
    {
        folder.edit("controls/all.yaml", PLACE, to);
        let ran = with_stand_ins(&folder, capture);
        good(&ran);
        assert!(ran.stdout.contains(why), "{}", ran.stdout);
    }
}
