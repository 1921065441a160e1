//! What was found, in words: each sentence with what it rests on, and then what nothing here can show.

use std::fmt::Write;

use super::Verified;
use super::seal::Seal;
use crate::source::hex;
use crate::text::{count, safe};

impl Verified {
    /// For people.
    pub(super) fn human(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{}: {}", safe(&self.file), self.standing());
        for fault in &self.faults {
            let _ = writeln!(out, "  {fault}");
        }
        if self.more > 0 {
            let _ = writeln!(out, "  and {} more", self.more);
        }
        for line in self.signed() {
            let _ = writeln!(out, "{line}");
        }
        if let Some(checked) = &self.checked {
            let _ = writeln!(out, "sha256  {}", hex(&checked.sha256));
        }
        for line in self.not_shown() {
            let _ = writeln!(out, "Not proved: {line}");
        }
        if !self.holds() {
            let _ = writeln!(out, "Rely on nothing in it; ask for it again.");
        }
        out
    }

    /// What is known of the bytes.
    pub(super) fn standing(&self) -> String {
        let faults = count(self.faults.len() + self.more, "fault");
        match &self.checked {
            None => "this is no archive that soc2 packed".to_owned(),
            Some(checked) if self.faults.is_empty() => {
                format!("{} unchanged since packed", of_all(checked.unchanged, checked.files))
            }
            Some(checked) => format!(
                "not what was packed: {faults}; {} unchanged",
                of_all(checked.unchanged, checked.files)
            ),
        }
    }

    /// Whose key signed it.
    pub(super) fn signed(&self) -> Vec<String> {
        if self.seals.is_empty() {
            let asked = if self.is_unsigned_by_list { ", though a list of signers was given" } else { "" };
            return vec![format!("unsigned: there is no signature beside it{asked}")];
        }
        self.seals.iter().map(signed).collect()
    }

    /// What nothing here can show.
    pub(super) fn not_shown(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.checked.is_some() && self.faults.is_empty() && !self.has_holder() {
            let why = "who packed it: anybody can pack again what he changed";
            let seen =
                if self.seals.is_empty() { "" } else { "; --allowed-signers FILE says whose keys count" };
            lines.push(format!(
                "{why}; compare the sha256 with the one you were sent by another channel{seen}"
            ));
        }
        lines.push("that the records in it are true".to_owned());
        lines
    }

    fn has_holder(&self) -> bool {
        self.seals.iter().any(|seal| seal.holder.is_some())
    }
}

fn of_all(unchanged: usize, files: usize) -> String {
    format!("{unchanged} of {}", count(files, "file"))
}

fn signed(seal: &Seal) -> String {
    let Seal { file, of, key, holder, unlisted, fault } = seal;
    let key = key.as_deref().map_or_else(String::new, safe);
    let file = safe(file);
    match (fault, holder, unlisted) {
        (Some(fault), ..) => format!("bad signature `{file}`: {fault}"),
        (None, Some(holder), _) => format!("{of} signed with the key of {} ({key})", safe(holder)),
        (None, None, Some(why)) => format!("{of} signed with the key {key}: {why}"),
        (None, None, None) => format!("{of} signed with the key {key}; whose it is, nothing here says"),
    }
}
