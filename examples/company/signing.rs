//! Who signs commits. The company began on one day with four people; nobody else does. Keys are made from fixed seeds, so
//! that signatures and commit ids are the same on any machine. They protect nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use jiff::civil::{Date, date};
use soc2::source::sha256;
use ssh_key::private::Ed25519Keypair;
use ssh_key::{HashAlg, LineEnding, PrivateKey};

use super::calendar::later;
use super::staff;

/// The first day on which commits are signed.
pub const SINCE: Date = date(2026, 2, 2);

/// Who signs: the security lead, the approver, the programme manager and the head of HR, until she leaves.
const SIGNERS: &[&str] = &["alice", "dana", "hana", "judy"];

/// Lena tried it once with a key of her own, which nobody had entered.
const UNKNOWN: (&str, Date) = ("lena", date(2026, 4, 16));

/// The name of the key with which a person signs on a day.
pub fn key(author: &str, day: Date) -> Option<String> {
    let signs = (SIGNERS.contains(&author) && day >= SINCE) || (author, day) == UNKNOWN;
    signs.then(|| author.to_owned())
}

fn private(name: &str) -> PrivateKey {
    PrivateKey::from(Ed25519Keypair::from_seed(&sha256(format!("example key of {name}").as_bytes())))
}

/// The signature of a commit, armoured, as git stores it. Kept, for the story is told and written more than once.
pub fn sign(name: &str, text: &[u8]) -> String {
    static MADE: Mutex<BTreeMap<(String, [u8; 32]), String>> = Mutex::new(BTreeMap::new());
    let key = (name.to_owned(), sha256(text));
    let kept = || MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let known = kept().get(&key).cloned();
    known.unwrap_or_else(|| {
        let signature = made(name, text);
        kept().insert(key, signature.clone());
        signature
    })
}

fn made(name: &str, text: &[u8]) -> String {
    let signature = private(name).sign("git", HashAlg::Sha512, text);
    let armoured = signature.and_then(|signature| signature.to_pem(LineEnding::LF));
    armoured.unwrap_or_else(|error| panic!("{name} cannot sign: {error}"))
}

/// The day on which somebody's key stops to count: the one after their last.
fn ends(name: &str) -> Option<Date> {
    staff::person(name).to.map(|to| later(to, 1))
}

/// The days on which the list changes.
pub fn changes() -> Vec<Date> {
    let mut days: Vec<Date> = SIGNERS.iter().filter_map(|name| ends(name)).collect();
    days.push(SINCE);
    days.sort_unstable();
    days
}

/// `allowed_signers` as it stood on a day, as ssh-keygen(1) describes it.
pub fn allowed_signers(on: Date) -> String {
    let mut out = String::from(
        "# Whose keys sign our commits. git reads it too: git config gpg.ssh.allowedSignersFile allowed_signers\n",
    );
    for name in SIGNERS {
        let person = staff::person(name);
        let mut options = format!("namespaces=\"git\",valid-after=\"{}\"", SINCE.strftime("%Y%m%d"));
        if let Some(end) = ends(name).filter(|end| *end <= on) {
            let _ = write!(options, ",valid-before=\"{}\"", end.strftime("%Y%m%d"));
        }
        let key = private(name).public_key().to_openssh();
        let key = key.unwrap_or_else(|error| panic!("{name} has no key: {error}"));
        let _ = writeln!(out, "{} {options} {key}", person.email());
    }
    out
}
