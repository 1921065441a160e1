//! The archive in the hands of others: their programs open it and agree with `soc2 verify` on what is in it and who signed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use soc2::archive::{Content, Member, Written, write};
use soc2::commands::signed;
use soc2::ui;

use crate::support::{Folder, Ran};

/// A folder with an archive of a few files, `acme.zip`.
struct Packed {
    folder: Folder,
    written: Written,
}

impl Packed {
    fn new() -> Self {
        let folder = Folder::new();
        let written = pack(&folder.path().join("acme.zip"), &|_| {});
        Self { folder, written }
    }

    fn zip(&self) -> PathBuf {
        self.folder.path().join("acme.zip")
    }

    fn verify(&self, more: &str) -> Ran {
        self.folder.run(&format!("verify acme.zip {more}"))
    }

    /// Runs a program in the folder; `None` where the machine has no such program.
    fn other(&self, line: &str) -> Option<Output> {
        let mut words = line.split(' ');
        let program = words.next().unwrap();
        match Command::new(program).args(words).current_dir(self.folder.path()).output() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            output => Some(output.unwrap()),
        }
    }

    /// Makes a key of a kind and gives its public half.
    fn key(&self, name: &str, kind: &str, bits: &str, passphrase: &str) -> String {
        let mut make = Command::new("ssh-keygen");
        make.args(["-q", "-N", passphrase, "-t", kind, "-b", bits, "-C", name, "-f"]);
        assert!(make.arg(self.folder.path().join(name)).status().unwrap().success());
        self.folder.read(&format!("{name}.pub"))
    }

    /// Signs both files as `soc2 bundle --sign` does.
    fn sign(&self, arguments: &[&str]) -> soc2::error::Result<()> {
        #[derive(clap::Parser)]
        struct Typed {
            #[command(flatten)]
            args: signed::Args,
        }
        let full = |word: &&str| match word.starts_with('-') {
            true => word.into(),
            false => self.folder.path().join(word),
        };
        let line = std::iter::once("soc2".into()).chain(arguments.iter().map(full));
        let typed: Typed = clap::Parser::parse_from(line);
        let signer = typed.args.signer()?.unwrap();
        signer.sign(&self.zip(), &self.written).map(drop)
    }

    /// What `ssh-keygen -Y verify` says of a file and its signature.
    fn theirs(&self, file: &str, signature: &str) -> bool {
        let mut verify = Command::new("ssh-keygen");
        verify.current_dir(self.folder.path());
        verify.args([
            "-Y",
            "verify",
            "-n",
            "soc2",
            "-f",
            "allowed",
            "-I",
            "ann@acme.example",
            "-s",
            signature,
        ]);
        verify.stdin(File::open(self.folder.path().join(file)).unwrap());
        verify.output().unwrap().status.success()
    }
}

/// Packs a few files of every kind, changed or not.
fn pack(zip: &Path, change: &dyn Fn(&mut Vec<Member<'static>>)) -> Written {
    let text = "login,role\nalice,admin\n";
    let member = |path: &str, bytes: Vec<u8>| Member {
        path: path.to_owned(),
        content: Content::Bytes(bytes.into()),
        sha256: None,
    };
    let mut members = vec![
        member("00_START_HERE.html", b"<!doctype html><title>Start</title>".to_vec()),
        member("07_evidence/review/2026-q1/benutzer \u{fc}.csv", text.repeat(9000).into_bytes()),
        member("07_evidence/review/2026-q1/screen.png", (0..=255).collect()),
        member("07_evidence/review/empty.csv", Vec::new()),
        member("07_evidence/log/short.log", text.repeat(2).into_bytes()),
    ];
    change(&mut members);
    ui::write_with(zip, |file| write(members, file, &|_| {})).unwrap()
}

#[test]
fn other_programs_open_it_and_agree_on_every_hash() {
    let packed = Packed::new();
    // Longer than what is held in memory and than what is cut into pieces at a time.
    let log: Vec<u8> = (0..1_200_000).flat_map(|n| format!("{n},alice,admin\n").into_bytes()).collect();
    pack(&packed.zip(), &|members| {
        let content = Content::Bytes(log.clone().into());
        members.push(Member { path: "07_evidence/log/large.log".to_owned(), content, sha256: None });
    });
    let mut opened = 0;
    for line in [
        "unzip -tq acme.zip",
        "python3 -m zipfile -t acme.zip",
        "7z t acme.zip",
        "zip -T acme.zip",
        "bsdtar -tf acme.zip",
    ] {
        let Some(output) = packed.other(line) else { continue };
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && !said.to_lowercase().contains("bad"), "{line}: {said}");
        opened += 1;
    }
    assert!(opened > 0, "this machine has no program that opens a zip");
    let unpacked = packed.folder.path().join("unpacked");
    fs::create_dir(&unpacked).unwrap();
    let archive = soc2::archive::Archive::open(File::open(packed.zip()).unwrap()).unwrap();
    let whole = packed
        .other("unzip -q acme.zip -d unpacked")
        .or_else(|| packed.other("python3 -m zipfile -e acme.zip unpacked"));
    assert!(whole.unwrap().status.success());
    for entry in archive.members() {
        assert_eq!(
            fs::read(unpacked.join(&entry.path)).unwrap(),
            archive.read_entry(entry, 1 << 30).unwrap()
        );
    }
    let sums =
        Command::new("sha256sum").args(["--strict", "-c", "MANIFEST.sha256"]).current_dir(&unpacked).output();
    let sums = sums.unwrap();
    let said = String::from_utf8_lossy(&sums.stdout).into_owned();
    assert!(
        sums.status.success() && said.lines().filter(|line| line.ends_with(": OK")).count() == 6,
        "{said}"
    );
}

#[test]
fn verify_says_what_is_shown_and_what_is_not() {
    let packed = Packed::new();
    let ran = packed.verify("");
    assert_eq!((ran.code, &*ran.stderr), (0, ""));
    let hash = packed.other("sha256sum acme.zip").unwrap();
    let hash = String::from_utf8_lossy(&hash.stdout)[..64].to_owned();
    assert_eq!(
        ran.stdout,
        format!(
            "acme.zip: 5 of 5 files unchanged since packed\n\
             unsigned: there is no signature beside it\n\
             sha256  {hash}\n\
             Not proved: who packed it: anybody can pack again what he changed; compare the sha256 with the one you were sent \
             by another channel\n\
             Not proved: that the records in it are true\n"
        )
    );
    let json: serde_json::Value = serde_json::from_str(&packed.verify("--format json").stdout).unwrap();
    assert_eq!(json["format"], "soc2-verify/1");
    assert_eq!((&json["holds"], &json["unchanged"], &json["files"]), (&true.into(), &5.into(), &5.into()));
    assert_eq!(json["sha256"], hash);
    assert_eq!(json["not_proved"].as_array().unwrap().len(), 2);
}

#[test]
fn verify_names_every_fault_and_cannot_work_without_a_file() {
    let packed = Packed::new();
    let mut bytes = fs::read(packed.zip()).unwrap();
    let archive = soc2::archive::Archive::open(File::open(packed.zip()).unwrap()).unwrap();
    let png = archive.members().iter().find(|entry| entry.path.ends_with(".png")).unwrap();
    let place = usize::try_from(png.at + png.bytes).unwrap();
    bytes[place] ^= 0x20;
    fs::write(packed.zip(), &bytes).unwrap();
    let ran = packed.verify("");
    assert_eq!(ran.code, 1, "{ran:?}");
    for words in [
        "acme.zip: not what was packed: 2 faults; 4 of 5 files unchanged\n",
        "  `07_evidence/review/2026-q1/screen.png`: has other bytes than its CRC-32 says, at byte ",
        "their hash is not the one in the comment",
        "Rely on nothing in it; ask for it again.\n",
    ] {
        assert!(ran.stdout.contains(words), "{words} in {}", ran.stdout);
    }
    let json: serde_json::Value = serde_json::from_str(&packed.verify("--format json").stdout).unwrap();
    assert_eq!((&json["holds"], json["faults"].as_array().unwrap().len()), (&false.into(), 2));
    packed.folder.write("acme.zip", "no zip at all");
    let ran = packed.verify("");
    assert!(
        ran.code == 1 && ran.stdout.starts_with("acme.zip: this is no archive that soc2 packed\n"),
        "{ran:?}"
    );
    for line in ["verify nothing.zip", "verify .", "verify acme.zip --allowed-signers nothing"] {
        let ran = packed.folder.run(line);
        assert!(ran.code == 2 && ran.stderr.starts_with("error: "), "{line}: {ran:?}");
    }
}

#[test]
fn signatures_agree_with_ssh_keygen_both_ways() {
    let packed = Packed::new();
    for (kind, bits) in [("ed25519", "256"), ("ecdsa", "256"), ("ecdsa", "384"), ("rsa", "3072")] {
        let name = format!("{kind}-{bits}");
        let public = packed.key(&name, kind, bits, "");
        packed.folder.write("allowed", format!("ann@acme.example namespaces=\"soc2\" {public}"));
        packed.folder.write("manifest", &packed.written.manifest);
        if kind == "rsa" {
            assert!(packed.sign(&["--sign", &name]).unwrap_err().to_string().contains("--ssh-keygen"));
        } else {
            packed.sign(&["--sign", &name]).unwrap();
            assert!(packed.theirs("acme.zip", "acme.zip.sig"), "{name}");
            assert!(packed.theirs("manifest", "acme.MANIFEST.sha256.sig"), "{name}");
            vouched(&packed, &name);
        }
        // Signed by their program, with their hash.
        packed.sign(&["--sign", &name, "--ssh-keygen"]).unwrap();
        assert!(packed.theirs("acme.zip", "acme.zip.sig"), "{name}");
        assert!(packed.theirs("manifest", "acme.MANIFEST.sha256.sig"), "{name}");
        vouched(&packed, &name);
    }
}

fn vouched(packed: &Packed, name: &str) {
    let ran = packed.verify("--allowed-signers allowed");
    assert_eq!(ran.code, 0, "{name}: {ran:?}");
    for words in [
        "the archive signed with the key of ann@acme.example (SHA256:",
        "MANIFEST.sha256 signed with the key of ann@acme.example",
    ] {
        assert!(ran.stdout.contains(words), "{name}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("who packed it"), "{name}: {}", ran.stdout);
}

#[test]
fn a_signature_of_something_else_vouches_for_nothing() {
    let packed = Packed::new();
    let (ann, eve) = (packed.key("ann", "ed25519", "256", ""), packed.key("eve", "ed25519", "256", ""));
    packed.folder.write("allowed", format!("ann@acme.example namespaces=\"soc2\" {ann}"));
    packed.folder.write("commits", format!("ann@acme.example namespaces=\"git\" {ann}"));
    packed.folder.write("other", format!("ann@acme.example {eve}ann@acme.example namespaces=\"git\" {ann}"));
    packed.folder.write("ended", format!("ann@acme.example valid-before=\"20260101\" {ann}"));
    let said = |code: i32, more: &str, words: &str| {
        let ran = packed.verify(more);
        let out = format!("{}{}", ran.stdout, ran.stderr);
        assert!(ran.code == code && out.contains(words), "{more}: {words} in {ran:?}");
    };
    said(1, "--allowed-signers allowed", "no signature beside it, though a list of signers was given");
    packed.sign(&["--sign", "ann"]).unwrap();
    said(0, "", "whose it is, nothing here says");
    said(0, "", "Not proved: who packed it");
    said(2, "--allowed-signers commits", "names no key that may sign for `soc2`");
    said(1, "--allowed-signers other", "the list has this key for other things than bundles");
    said(1, "--allowed-signers ended", "the list does not have this key for today");
    packed.sign(&["--sign", "eve"]).unwrap();
    said(1, "--allowed-signers allowed", "the list does not have this key");
    // The signature of a former archive, of another namespace, and no signature.
    packed.sign(&["--sign", "ann"]).unwrap();
    let zip = fs::read(packed.zip()).unwrap();
    pack(&packed.zip(), &|members| drop(members.pop()));
    said(1, "", "bad signature `acme.zip.sig`: it is not a signature of the archive as it is here");
    said(
        1,
        "",
        "bad signature `acme.MANIFEST.sha256.sig`: it is not a signature of MANIFEST.sha256 as it is here",
    );
    fs::write(packed.zip(), zip).unwrap();
    said(0, "--allowed-signers allowed", "with the key of ann@acme.example");
    let signed = packed.other("ssh-keygen -Y sign -q -n file -f ann acme.zip");
    fs::remove_file(packed.folder.path().join("acme.zip.sig")).unwrap();
    assert!(
        signed.is_some()
            && packed.other("ssh-keygen -Y sign -q -n file -f ann acme.zip").unwrap().status.success()
    );
    said(1, "", "it was made for `file`, not for `soc2`");
    packed.folder.write("acme.zip.sig", "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n");
    said(1, "", "it is no signature of an SSH key");
}

#[test]
fn keys_that_cannot_sign_here_are_told_before_anything_is_packed() {
    let packed = Packed::new();
    packed.key("locked", "ed25519", "256", "a passphrase");
    packed.folder.write("old", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
    for (key, words) in [
        ("locked", "it has a passphrase"),
        ("locked.pub", "the file holds the public key only"),
        ("old", "no private key as ssh-keygen writes them"),
        ("nothing", "cannot use"),
    ] {
        let said = packed.sign(&["--sign", key]).unwrap_err().to_string();
        assert!(said.contains(words), "{key}: {said}");
    }
    assert!(!packed.folder.path().join("acme.zip.sig").exists());
}

/// A disk that is full, or a member that cannot be read: the older archive stays, and nothing else is left.
#[test]
fn a_failure_leaves_the_older_archive_and_nothing_else() {
    let packed = Packed::new();
    let before = fs::read(packed.zip()).unwrap();
    let gone = |members: &mut Vec<Member<'static>>| {
        let open = Box::new(|| Err(std::io::Error::other("it is gone")));
        members.push(Member { path: "z".into(), content: Content::Open { length: 9, open }, sha256: None });
    };
    let mut members = Vec::new();
    gone(&mut members);
    let failed = ui::write_with(&packed.zip(), |file| write(members, file, &|_| {})).unwrap_err();
    assert!(failed.to_string().contains("it is gone"), "{failed}");
    assert_eq!(fs::read(packed.zip()).unwrap(), before);
    let left: Vec<_> =
        fs::read_dir(packed.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["acme.zip"]);
}
