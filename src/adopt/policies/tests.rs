use super::*;

fn taken(files: &[(&str, &str)]) -> Taking {
    let texts = files
        .iter()
        .map(|(path, text)| Text { path: (*path).to_owned(), text: (*text).to_owned() })
        .collect();
    adopt(&Foreign { texts, ..Foreign::default() }, "security-lead")
}

fn file(taking: &Taking, path: &str) -> String {
    let found = taking.adopted.files.iter().find(|file| file.path == path);
    let all = || taking.adopted.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>();
    String::from_utf8(found.unwrap_or_else(|| panic!("{path} is not among {:?}", all())).bytes.clone())
        .unwrap()
}

fn told(taking: &Taking, fate: Fate) -> Vec<String> {
    let remarks = taking.adopted.remarks.iter().filter(|remark| remark.fate == fate);
    remarks.map(|remark| format!("{}: {}", remark.from.shown(), remark.text)).collect()
}

#[test]
fn markdown_keeps_its_text_and_gets_a_head() {
    let taking = taken(&[
        ("HR/Access Policy.md", "# Access rules\n\nUse `${{ secrets.A }}` never.\n"),
        ("c.md", "name: Cee\nacronym: C\n---\nSee [access](HR/Access%20Policy.md).\n"),
        ("b.md", "---\ntitle: Backups\nversion: 2.1\napprovals: [x]\n---\n# One\n# Two\n"),
    ]);
    assert_eq!(
        file(&taking, "policies/HR/access-policy.md"),
        "---\n# from files: HR/Access Policy.md\nid: access-policy\ntitle: \"Access rules\"\nowner: security-lead\n---\n\
         # Access rules\n\nUse `${{ \"{{\" }} secrets.A }}` never.\n"
    );
    assert_eq!(
        file(&taking, "policies/b.md"),
        "---\n# from files: b.md\n# version there: 2.1\nid: b\ntitle: \"Backups\"\nowner: security-lead\n---\n## One\n## Two\n"
    );
    assert_eq!(
        file(&taking, "policies/c.md"),
        "---\n# from files: c.md\n# acronym there: C\nid: c\ntitle: \"Cee\"\nowner: security-lead\n---\n\
         See [access](HR/access-policy.md).\n"
    );
    assert!(taking.faults.is_empty());
    assert!(told(&taking, Fate::Left).iter().any(|told| told.starts_with("b.md:4: `approvals` is left")));
    assert!(
        told(&taking, Fate::Changed).iter().any(|told| told.starts_with("HR/Access Policy.md:3: braces"))
    );
}

#[test]
fn a_page_becomes_markdown() {
    let taking = taken(&[(
        "Acceptable use.html",
        "<title>x</title><h1>Acceptable Use</h1><p>Be <b>kind</b> {{you}}.",
    )]);
    assert_eq!(
        file(&taking, "policies/acceptable-use.md"),
        "---\n# from files: Acceptable use.html\nid: acceptable-use\ntitle: \"Acceptable Use\"\nowner: security-lead\n---\n\
         # Acceptable Use\n\nBe **kind** {{ \"{{\" }}you}}.\n"
    );
}

#[test]
fn what_cannot_be_read_is_a_fault_with_its_line() {
    let taking = taken(&[("a.md", "---\ntitle: [x\n---\n"), ("c d.md", "x"), ("c-d.md", "y")]);
    let faults: Vec<String> = taking.faults.iter().map(|fault| fault.from.shown()).collect();
    assert_eq!(faults, ["a.md:2", "c-d.md"]);
    assert_eq!(taking.adopted.files.len(), 1);
    assert_eq!(taken(&[]).faults.len(), 1);
}
