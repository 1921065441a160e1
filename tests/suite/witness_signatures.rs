//! Signatures of commits: the answer is the one of `git verify-commit`.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use soc2::history::Signature;

use crate::repository::{ALICE, Repo};
use crate::support::Folder;
use crate::witness::Look;

const AT: &str = "2026-03-31T12:00:00Z";

/// A repository, and beside it keys that nobody else has.
struct Signing {
    repo: Repo,
    keys: Folder,
}

impl Signing {
    fn new(arguments: &[&str]) -> Self {
        let signing = Self { repo: Repo::with(arguments), keys: Folder::new() };
        signing.repo.git(&["config", "gpg.format", "ssh"]);
        for (name, kind, bits) in
            [("alice", "ed25519", "256"), ("eve", "rsa", "2048"), ("early", "ecdsa", "384")]
        {
            let mut make = Command::new("ssh-keygen");
            make.args(["-q", "-N", "", "-t", kind, "-b", bits, "-C", name, "-f"]).arg(signing.key(name));
            assert!(make.status().unwrap().success());
        }
        signing
    }

    fn key(&self, name: &str) -> PathBuf {
        self.keys.path().join(name)
    }

    fn public(&self, name: &str) -> String {
        self.keys.read(&format!("{name}.pub"))
    }

    /// Commits something, signed with an SSH key.
    fn commit(&self, key: &str) -> String {
        self.repo.git(&["config", "user.signingkey", self.key(key).to_str().unwrap()]);
        self.sign(&[])
    }

    fn sign(&self, more: &[&str]) -> String {
        self.repo.git(&["add", "--all"]);
        let mut all = more.to_vec();
        all.extend(["commit", "--quiet", "--allow-empty", "--message", "Signed", "-S"]);
        self.repo.git_as(AT, ALICE, &all);
        self.repo.id("HEAD")
    }

    /// What git says: `G` for good, `U` for good by a key that it does not know, `B` for bad, `N` for none.
    fn git_says(&self, id: &str) -> String {
        let file =
            format!("gpg.ssh.allowedSignersFile={}", self.repo.path().join("allowed_signers").display());
        let mut command = self.repo.command();
        command.env("TZ", "UTC").env("GNUPGHOME", self.keys.path());
        command.args(["-c", &file, "log", "-1", "--format=%G?", id]);
        // ssh-keygen may end before git has handed it everything, when the signature is broken; git dies of that at times.
        for _ in 0..50 {
            let said = String::from_utf8(command.output().unwrap().stdout).unwrap().trim().to_owned();
            if !said.is_empty() {
                return said;
            }
        }
        panic!("git says nothing of {id}");
    }

    /// Puts a commit's text, changed by hand, on the branch.
    fn rewrite(&self, id: &str, change: impl Fn(String) -> String) -> String {
        let text = change(self.repo.git(&["cat-file", "commit", id]));
        let mut hash = self.repo.command();
        hash.args(["hash-object", "-t", "commit", "-w", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut hash = hash.spawn().unwrap();
        hash.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let id = String::from_utf8(hash.wait_with_output().unwrap().stdout).unwrap().trim().to_owned();
        self.repo.git(&["update-ref", "refs/heads/main", &id]);
        id
    }

    fn ours(&self, id: &str) -> Signature {
        let look = Look::at(self.repo.path(), id);
        look.history.commits.first().unwrap().signature.clone()
    }
}

/// git's letter for an answer of ours.
fn letter(signature: &Signature) -> &'static str {
    match signature {
        Signature::Unsigned => "N",
        // git does not ask when a key was listed.
        Signature::Allowed { .. } | Signature::Forge { .. } | Signature::NotYet { .. } => "G",
        Signature::UnknownKey { .. } => "U",
        Signature::Bad => "B",
        Signature::Unreadable { .. } => "?",
    }
}

#[test]
fn ssh_signatures_are_worth_what_git_says() {
    for arguments in [&[][..], &["--object-format=sha256"]] {
        let signing = Signing::new(arguments);
        let file = format!(
            "# who signs\nalice@acme.example,a@acme.example {}old@acme.example valid-before=\"20260101\" {}",
            signing.public("alice"),
            signing.public("early"),
        );
        signing.repo.write("allowed_signers", &file).write("soc2.toml", "");
        let mut seen = String::new();
        let unsigned = signing.repo.commit(AT, ALICE, "Start");
        let mut check = |id: &str| {
            let (ours, theirs) = (signing.ours(id), signing.git_says(id));
            assert_eq!(letter(&ours), theirs, "{ours:?}");
            seen.push_str(&theirs);
            ours
        };
        check(&unsigned);
        let signed = signing.commit("alice");
        assert_eq!(check(&signed), Signature::Allowed { principal: "alice@acme.example".into() });
        check(&signing.commit("eve"));
        check(&signing.commit("early"));
        check(&signing.rewrite(&signed, |text| text.replace("\n\nSigned", "\n\nForged")));
        check(&signing.rewrite(&signed, |text| text.replace("\n -----END", "\n AAAA\n -----END")));
        let other = if arguments.is_empty() { "gpgsig-sha256 " } else { "gpgsig " };
        let own = if arguments.is_empty() { "gpgsig " } else { "gpgsig-sha256 " };
        check(&signing.rewrite(&signed, |text| text.replace(own, other)));
        // A key that is allowed, but not for commits.
        signing.repo.git(&["reset", "--quiet", "--hard", &signed]);
        signing
            .repo
            .write("allowed_signers", file.replace(" ssh-ed25519", " namespaces=\"file\" ssh-ed25519"));
        check(&signing.commit("alice"));
        // A signature of the same bytes, made for something else.
        signing.repo.write("allowed_signers", &file);
        let signed = signing.commit("alice");
        check(&signing.rewrite(&signed, |text| for_files(&signing, &text, own)));
        assert_eq!(seen, "NGUUBBNBB");
    }
}

/// The commit with a signature in the namespace `file`.
fn for_files(signing: &Signing, text: &str, header: &str) -> String {
    let (start, rest) = text.split_once(header).unwrap();
    let (_, end) = rest.split_once("-----END SSH SIGNATURE-----\n").unwrap();
    fs::write(signing.key("payload"), format!("{start}{end}")).unwrap();
    let mut sign = Command::new("ssh-keygen");
    sign.args(["-q", "-Y", "sign", "-n", "file", "-f"]).arg(signing.key("alice")).arg(signing.key("payload"));
    assert!(sign.status().unwrap().success());
    let signature = signing.keys.read("payload.sig").trim_end().replace('\n', "\n ");
    format!("{start}{header}{signature}\n{end}")
}

#[test]
fn the_keys_are_those_of_the_commit_that_is_compared_with() {
    let signing = Signing::new(&[]);
    signing.repo.write("soc2.toml", "").commit(AT, ALICE, "Start");
    signing.repo.write("keys/people", format!("eve@acme.example {}", signing.public("eve")));
    signing.repo.write("soc2.toml", "[history]\nallowed_signers = \"keys/people\"\n");
    let id = signing.commit("eve");
    assert_eq!(signing.ours(&id), Signature::Allowed { principal: "eve@acme.example".into() });
    let by =
        |keys: &str| Look::by_keys_of(signing.repo.path(), &id, keys).history.commits[0].signature.clone();
    assert_eq!(by("HEAD"), Signature::Allowed { principal: "eve@acme.example".into() });
    assert!(matches!(by("HEAD~1"), Signature::UnknownKey { key } if key.starts_with("SHA256:")));
    // What the gate does not look at does not count either.
    for path in ["keys//people", "./keys/people", "keys/../keys/people"] {
        signing.repo.write("soc2.toml", format!("[history]\nallowed_signers = \"{path}\"\n"));
        let id = signing.commit("eve");
        assert!(matches!(signing.ours(&id), Signature::UnknownKey { .. }), "{path}");
    }
}

/// git does not ask when a key was listed; a witness that is named afterwards is none.
#[test]
fn a_key_vouches_for_what_came_in_after_it_was_listed() {
    let signing = Signing::new(&[]);
    let repo = &signing.repo;
    repo.write("compliance/soc2.toml", "").commit(AT, ALICE, "Start");
    let early = signing.commit("alice");
    repo.git(&["checkout", "--quiet", "-b", "aside"]);
    repo.write("compliance/controls/a.yaml", "id: a\n");
    let aside = signing.commit("alice");
    repo.git(&["checkout", "--quiet", "main"]);
    let list = |text: &str| repo.write("allowed_signers", text).write("compliance/allowed_signers", text);
    list(&format!("alice@acme.example {}", signing.public("alice")));
    let with = signing.commit("alice");
    repo.merge(AT, ALICE, &["aside"]);
    let ours = |id: &str, at: &str| {
        let history = Look::at(&repo.path().join("compliance"), at).history;
        history.commits.iter().find(|commit| &*commit.id == id).unwrap().signature.clone()
    };
    let alice: Box<str> = "alice@acme.example".into();
    let allowed = Signature::Allowed { principal: alice.clone() };
    let not_yet = Signature::NotYet { principal: alice };
    let seen = |at: &str| [&early, &aside, &with].map(|id| ours(id, at));
    let expected = [not_yet.clone(), allowed.clone(), allowed.clone()];
    assert_eq!(seen("HEAD"), expected);
    assert_eq!([&early, &aside, &with].map(|id| signing.git_says(id)), ["G", "G", "G"]);
    // The folder moves, and the list gets another name: its keys stay as old as they are.
    repo.git(&["mv", "compliance/allowed_signers", "compliance/keys"]);
    repo.write("compliance/soc2.toml", "[history]\nallowed_signers = \"keys\"\n").commit(AT, ALICE, "Name");
    assert_eq!(seen("HEAD"), expected);
    repo.git(&["mv", "compliance", "soc2"]);
    repo.commit(AT, ALICE, "Move");
    fs::create_dir(repo.path().join("compliance")).unwrap();
    let moved = Look::at(&repo.path().join("soc2"), "HEAD").history;
    let moved = [&early, &aside, &with]
        .map(|id| moved.commits.iter().find(|commit| commit.id[..] == id[..]).unwrap().signature.clone());
    assert_eq!(moved, expected);
    // A line may say from when the key counts. Said to be somebody else's, it speaks from that day on.
    let said = |line: String| {
        repo.write("soc2/keys", line).commit(AT, ALICE, "List");
        let history = Look::at(&repo.path().join("soc2"), "HEAD").history;
        let of = |id: &String| {
            let found = history.commits.iter().find(|commit| commit.id[..] == id[..]).unwrap();
            found.signature.clone()
        };
        [of(&early), of(&with)]
    };
    let key = signing.public("alice");
    assert_eq!(
        said(format!("alice@acme.example valid-after=\"20260101Z\" {key}")),
        [allowed.clone(), allowed]
    );
    let bob = Signature::NotYet { principal: "bob@acme.example".into() };
    assert_eq!(said(format!("bob@acme.example {key}")), [bob.clone(), bob]);
}

#[cfg(unix)]
#[test]
fn openpgp_signatures_are_worth_what_git_says() {
    let signing = Signing::new(&[]);
    let home = signing.keys.path();
    let gpg = |arguments: &[&str]| {
        let mut gpg = Command::new("gpg");
        gpg.env("GNUPGHOME", home).args(["--batch", "--quiet", "--pinentry-mode=loopback", "--passphrase="]);
        let output = gpg.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let signed_by =
        |who: &str| signing.sign(&["-c", "gpg.format=openpgp", "-c", &format!("user.signingkey={who}")]);
    // git finds the keys where the variable says.
    fs::set_permissions(home, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    for (who, kind) in [("Forge <merge@forge.example>", "rsa2048"), ("Stranger <s@acme.example>", "ed25519")]
    {
        gpg(&["--quick-generate-key", who, kind, "sign", "never"]);
    }
    let wrapper = signing.key("gpg");
    fs::write(&wrapper, format!("#!/bin/sh\nGNUPGHOME='{}' exec gpg --batch \"$@\"\n", home.display()))
        .unwrap();
    fs::set_permissions(&wrapper, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    signing.repo.git(&["config", "gpg.openpgp.program", wrapper.to_str().unwrap()]);
    signing.repo.write("forge.asc", gpg(&["--armor", "--export", "merge@forge.example"]));
    signing.repo.write("soc2.toml", "[history]\nforge_keys = \"forge.asc\"\n");
    let merge = signed_by("merge@forge.example");
    assert_eq!(
        signing.ours(&merge),
        Signature::Forge { name: "Forge, by a key of the programme's own list".into() }
    );
    assert_eq!(signing.git_says(&merge), "G");
    let forged = signing.rewrite(&merge, |text| text.replace("\n\nSigned", "\n\nForged"));
    assert_eq!(signing.ours(&forged), Signature::Bad);
    assert_eq!(signing.git_says(&forged), "B");
    signing.repo.git(&["reset", "--quiet", "--hard", &merge]);
    // Listed later, it vouches for nothing that was there.
    let file = signing.repo.folder().read("forge.asc");
    signing.repo.remove("forge.asc");
    let before = signed_by("merge@forge.example");
    signing.repo.write("forge.asc", file).commit(AT, ALICE, "List");
    let look = Look::at(signing.repo.path(), "HEAD");
    let of = |id: &str| look.history.commits.iter().find(|one| &*one.id == id).unwrap().signature.clone();
    assert!(matches!(of(&before), Signature::NotYet { .. }), "{:?}", of(&before));
    assert!(matches!(of(&merge), Signature::Forge { .. }));
    signing.repo.git(&["reset", "--quiet", "--hard", &merge]);
    let stranger = signed_by("s@acme.example");
    let id = gpg(&["--list-keys", "--with-colons", "s@acme.example"]);
    let id = id
        .lines()
        .find_map(|line| line.strip_prefix("fpr:::::::::"))
        .unwrap()
        .trim_end_matches(':')
        .to_owned();
    assert_eq!(signing.ours(&stranger), Signature::UnknownKey { key: id.into() });
    let x509 = signing.rewrite(&merge, |text| text.replace("PGP SIGNATURE", "SIGNED MESSAGE"));
    assert!(matches!(signing.ours(&x509), Signature::Unreadable { why } if why.contains("X.509")));
    let _ = Command::new("gpgconf").env("GNUPGHOME", home).args(["--kill", "all"]).status();
}
