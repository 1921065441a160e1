//! The page of `soc2 status --html`: whole, harmless, the same each time, and silent. What a browser makes of it is
//! looked at by `.ci/browser`.

use std::collections::BTreeMap;

use crate::support::Folder;

/// The page of a folder as of the middle of the example's year.
fn page(folder: &Folder) -> String {
    let ran = folder.run("status --as-of 2026-06-30 --html page.html");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
    folder.read("page.html")
}

/// The text between two others.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let rest = text.split(from).nth(1).unwrap_or_else(|| panic!("no {from}"));
    rest.split(to).next().unwrap()
}

/// The example with a control and evidence that a stranger wrote.
fn hostile() -> Folder {
    let folder = Folder::from_example("acme");
    folder.write(
        "controls/hostile.yaml",
        "id: hostile\ntitle: \"<img src=x onerror=alert(1)>\"\n\
         description: |\n  </script><script>alert(1)</script>\n  \"'><svg onload=alert(1)>\n\
         owner: \"<b>&slot=missed\"\nstatus: implemented\neffective_from: 2026-01-01\ncadence: quarterly\n\
         criteria: [CC6.2]\naliases: [\"a\\u202eb\\u0007c\\u2066d\"]\n",
    );
    folder.write(
        "evidence/hostile/one/manifest.yaml",
        "title: \"<script>alert(1)</script>\"\ncontrols: [hostile]\nkind: ticket\n\
         performed: { on: 2026-03-20, by: \"<i>eve\" }\n\
         artifacts: [{ url: \"javascript:alert(1)\", sha256: \"",
    );
    let manifest = folder.read("evidence/hostile/one/manifest.yaml") + &"0".repeat(64) + "\" }]\n";
    folder.write("evidence/hostile/one/manifest.yaml", manifest);
    folder
}

#[test]
fn every_control_is_there_with_its_state() {
    let folder = Folder::from_example("acme");
    let html = page(&folder);
    let program = soc2::program::Program::load(soc2::source::Sources::read(folder.path()).unwrap());
    let day = "2026-06-30".parse::<jiff::civil::Date>().unwrap();
    let judgement = soc2::timeline::Judgement::new(&program, day, Some("2026-type2"));
    assert!(judgement.audits[0].controls.len() > 20);
    let mut slots: BTreeMap<&str, usize> = BTreeMap::new();
    for standing in &judgement.audits[0].controls {
        let id = judgement.control_name(standing.control);
        let shown = between(&html, &format!("id=\"c-{id}\">"), "</details>");
        let state = standing.operation.name();
        assert!(shown.contains(&format!("<strong>Why {state}:</strong>")), "{id} is not {state}:\n{shown}");
        for slot in &standing.slots {
            *slots.entry(slot.state.name()).or_default() += 1;
            if let Some(filler) = slot.filled_by {
                let name = judgement.evidence_name(filler.evidence);
                assert!(shown.contains(&format!("aria-label=\"Evidence {name}\"")), "{id} lacks {name}");
            }
        }
    }
    for (state, n) in slots {
        assert!(html.contains(&format!("data-filter=\"slot={state}\">{n} {state}</a>")), "{n} {state}");
    }
    for folder in &program.evidence {
        for artifact in &folder.manifest.artifacts {
            let hash = artifact.sha256.as_ref().unwrap();
            let hash = soc2::source::hex(&hash.value.0);
            assert!(html.contains(&hash), "{} lacks {hash}", program.evidence_id(folder));
        }
    }
}

#[test]
fn every_link_leads_to_one_place() {
    for folder in [Folder::from_example("acme"), Folder::from_example("acme-broken"), hostile()] {
        let ran = folder.run("status --as-of 2026-06-30 --audit 2026-type2 --html page.html");
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let html = folder.read("page.html");
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for place in html.split(" id=\"").skip(1) {
            *places.entry(place.split('"').next().unwrap()).or_default() += 1;
        }
        let twice: Vec<_> = places.iter().filter(|(_, n)| **n > 1).collect();
        assert!(twice.is_empty(), "{twice:?}");
        let links = html.split(" href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let lost: Vec<&str> =
            links.filter(|to| !to.strip_prefix('#').is_some_and(|id| places.contains_key(id))).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}

#[test]
fn only_its_own_script_and_style_may_run() {
    let html = page(&Folder::from_example("acme"));
    let policy = between(&html, "Content-Security-Policy\" content=\"", "\"");
    for (kind, tag) in [("script-src", "script"), ("style-src", "style")] {
        let text = between(&html, &format!("<{tag}>"), &format!("</{tag}>"));
        assert!(text.len() > 1000);
        let hash = soc2::source::sha256(text.as_bytes());
        let coded = between(policy, &format!("{kind} 'sha256-"), "'");
        assert_eq!(decoded(coded), hash, "{kind}");
    }
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(html.matches("<script").count(), 1);
    assert_eq!(html.matches("<style").count(), 1);
}

fn decoded(base64: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let bits: Vec<u8> = base64
        .trim_end_matches('=')
        .bytes()
        .flat_map(|byte| (0..6).rev().map(move |nth| digit(byte) >> nth & 1))
        .collect();
    bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}

#[test]
fn text_of_strangers_stays_text() {
    let html = page(&hostile());
    assert!(html.contains("&lt;img src=x onerror=alert(1)&gt;"));
    assert!(html.contains("&lt;/script&gt;&lt;script&gt;alert(1)"));
    assert!(html.contains("a\\u{202e}b\\u{7}c\\u{2066}d"));
    assert!(html.contains("owner=%3Cb%3E%26slot%3Dmissed"), "the owner is one word of the filter");
    for tag in ["<img", "<svg onload", "<b>", "<i>eve", "<iframe", "href=\"javascript:"] {
        assert!(!html.contains(tag), "{tag}");
    }
    assert_eq!(html.matches("<script").count(), 1);
    let moving = html.chars().find(|c| *c != '\n' && soc2::text::is_hostile(*c));
    assert_eq!(moving, None);
}

#[test]
fn it_asks_nothing_of_a_network_and_says_whose_view_it_is() {
    let html = page(&Folder::from_example("acme"));
    let markup = html.split("<body>").nth(1).unwrap().split("<script>").next().unwrap();
    for part in [" src=", "<link", "<img", "<iframe", "href=\"http", "url(", "@import", " style=\""] {
        assert!(!markup.contains(part), "{part}");
    }
    let css = between(&html, "<style>", "</style>");
    assert!(!css.contains("url(") && !css.contains("@import"));
    assert!(html.contains("Management's own view, not an auditor's opinion"));
    assert!(html.contains("day 181 of 365"));
    assert!(html.contains("soc2 status --as-of 2026-06-30 --audit 2026-type2"));
    assert!(html.contains("work tree"));
}

#[test]
fn the_same_programme_gives_the_same_bytes() {
    let (one, other) = (Folder::from_example("acme"), Folder::from_example("acme"));
    assert!(page(&one) == page(&other), "another folder");
    assert!(page(&one) == page(&one), "a second time");
}

#[test]
fn a_waiver_shows_what_it_hides_and_changes_no_state() {
    let folder = Folder::from_example("acme");
    let before = page(&folder);
    let state = |html: &str| between(html, "id=\"c-iam-termination\">", "</details>").to_owned();
    let overview = |html: &str| between(html, "id=\"overview\"", "</section>").to_owned();
    folder.write(
        "registers/waivers.yaml",
        "- { id: later, rule: criterion-planned-only, subject: A1.3, reason: \"Second half of the year\", \
         requested: { by: alice, on: 2026-06-01 }, approved: { by: dana, on: 2026-06-02 }, expires: 2026-12-31 }\n",
    );
    let after = page(&folder);
    assert_eq!(overview(&before), overview(&after));
    assert_eq!(state(&before), state(&after));
    let shown = between(&after, "id=\"waivers\"", "</section>");
    for part in [
        "later",
        "2026-12-31",
        "Second half of the year",
        "asked for on 2026-06-01 by",
        "approved on 2026-06-02 by",
    ] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
}

#[test]
fn without_an_audit_or_a_control_there_is_still_a_page() {
    let folder = Folder::new();
    folder.write(
        "soc2.toml",
        "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n",
    );
    let html = page(&folder);
    assert!(html.contains("nothing due yet"));
    assert!(html.contains("0 of 33"));
    assert!(html.contains("<p id=\"count\" role=\"status\" tabindex=\"-1\">0 controls</p>"));
}

#[test]
fn what_could_not_be_read_is_said() {
    let folder = Folder::from_example("acme");
    assert!(!page(&folder).contains("class=\"alert\""));
    folder.write("controls/iam/iam-mfa.yaml", "id: [");
    let alert = page(&folder);
    let alert = between(&alert, "class=\"alert\"", "</header>");
    assert!(alert.contains("soc2 check") && alert.contains("controls/iam/iam-mfa.yaml"), "{alert}");
}

#[test]
fn an_audit_without_days_has_no_page() {
    let folder = Folder::new();
    folder.write("soc2.toml", "[[audit]]\nid = \"undated\"\ntype = \"type2\"\n");
    let ran = folder.run("status --as-of 2026-06-30 --audit undated --html page.html");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("no audit in it has days to judge"), "{}", ran.stderr);
    assert!(!folder.path().join("page.html").exists());
}

/// The page of a folder after the exceptions and waivers of the example's second half.
fn at_the_end(folder: &Folder) -> String {
    let ran = folder.run("status --as-of 2026-12-31 --html page.html");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    folder.read("page.html")
}

#[test]
fn an_item_has_its_own_outcome_and_the_manifest_one() {
    let html = at_the_end(&Folder::from_example("acme"));
    let card = between(&html, "id=\"c-chg-peer-review\">", "</details>");
    let shown = between(card, "aria-label=\"Evidence chg-peer-review/2026-q3\"", "</article>");
    assert_eq!(shown.matches("exceptions noted").count(), 1, "{shown}");
    assert!(shown.contains("exceptions noted (of all 72 performances together)"), "{shown}");
    let first = between(shown, "<dt>Performed</dt><dd>", "<br>");
    assert!(first.contains("item b71c04e") && first.ends_with("exception exc-2026-02 on record"), "{first}");
    assert!(shown.contains("and 60 more, none of them with an outcome of its own"), "{shown}");
    assert!(shown.contains("evidence/chg-peer-review/2026-q3/manifest.yaml"), "{shown}");
    let deviation = between(card, "aria-label=\"Exception exc-2026-02\"", "</article>");
    for part in [
        "registers/exceptions.yaml",
        "b71c04e",
        "on 2026-10-07 by",
        "on 2026-10-09 by",
        "Effect",
        "response",
        "Owner",
    ] {
        assert!(deviation.contains(part), "{part}:\n{deviation}");
    }
}

#[test]
fn evidence_says_why_it_counts_or_not() {
    let folder = Folder::from_example("acme");
    let html = at_the_end(&folder);
    assert!(html.contains("counts for 2026-Q1") && html.contains("counts for this slot"));
    assert!(html.contains(">outside the window<") || html.contains("not counted: outside the window"));
    assert!(!html.contains("outside the window, or"), "never an or");
    assert!(html.contains("no review needed"));
}

#[test]
fn a_card_says_what_its_verdict_rests_on() {
    let html = at_the_end(&Folder::from_example("acme"));
    let card = between(&html, "id=\"c-iam-access-review\">", "</details>");
    for part in [
        "<dt>Design</dt><dd>nothing against it",
        "<dt>Key control</dt>",
        "15 days (usual for quarterly)",
        "(in scope)",
        "<dt>Evidence asked for</dt>",
        "2026-01-01 to 2026-12-31",
    ] {
        assert!(card.contains(part), "{part}:\n{card}");
    }
}

#[test]
fn the_page_names_all_that_needs_a_look() {
    let folder = Folder::from_example("acme");
    let html = at_the_end(&folder);
    let shown = between(&html, "id=\"attention\"", "<section");
    for part in ["waivers in force", "waiver-2026-01", "policies: draft", "ai-use"] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
    let draft = folder.read("controls/iam/iam-mfa.yaml").replace("status: implemented", "status: draft");
    folder.write("controls/iam/iam-mfa.yaml", draft);
    let html = at_the_end(&folder);
    let shown = between(&html, "not implemented</span>", "</details>");
    assert!(shown.contains("href=\"#c-iam-mfa\""), "{shown}");
    assert!(html.contains("By control: ") && html.contains("Controls without anything missing"));
}

#[test]
fn a_policy_says_since_when_and_by_whom() {
    let html = at_the_end(&Folder::from_example("acme"));
    let policies = between(&html, "id=\"policies\"", "</section>");
    assert!(!policies.contains("never reviewed"));
    let row = |id: &str| between(policies, &format!("id=\"p-{id}\""), "</tr>");
    assert!(row("access-control").contains("as of 2026-12-31"), "{}", row("access-control"));
    assert!(row("access-control").contains("last approved on "), "{}", row("access-control"));
    assert!(row("ai-use").contains("not approved yet") && row("ai-use").contains("not reviewed yet"));
}
