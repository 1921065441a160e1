//! A command is written into the manifest as it was typed, so nothing secret may stand in it.

use crate::error::{Error, Result};
use crate::scan::look;
use crate::text::safe;

/// Headers whose value signs somebody in.
const HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "private-token"];
/// Flags whose value does.
const FLAGS: [&str; 12] = [
    "password",
    "passwd",
    "token",
    "access-token",
    "api-token",
    "api-key",
    "apikey",
    "secret",
    "client-secret",
    "oauth2-bearer",
    "user",
    "proxy-user",
];

/// Refuses a command with something secret in it; the value is not repeated.
pub(super) fn refuse(command: &[String]) -> Result<()> {
    let Some(what) = found(command) else { return Ok(()) };
    Err(Error::new(format!("the command holds {what}: it would stand in the manifest, and git forgets nothing"))
        .hint("let the program find it where it keeps it: its own sign-in, a file outside the repository, its environment"))
}

/// What looks like a secret, in words.
fn found(command: &[String]) -> Option<String> {
    for (at, word) in command.iter().enumerate() {
        let flag = word.starts_with('-').then(|| word.trim_start_matches('-'));
        let (name, value) = match flag.map(|flag| flag.split_once('=')) {
            Some(Some((name, value))) => (name, Some(value)),
            Some(None) => (flag.unwrap_or(""), command.get(at + 1).map(String::as_str)),
            None => ("", None),
        };
        // A user alone is no secret, and `-u` is many things to many programs.
        let is_user = name.ends_with("user") || name == "u";
        let is_one = FLAGS.contains(&name.to_ascii_lowercase().as_str()) || name == "u";
        if is_one && value.is_some_and(|value| !value.is_empty() && (!is_user || has_password(value))) {
            return Some(format!("the value of `{}`", safe(word.split('=').next().unwrap_or(""))));
        }
        let header = word.split_once(':').filter(|(name, value)| is_header(name) && !value.trim().is_empty());
        if let Some((name, _)) = header {
            return Some(format!("the value of the header `{}`", safe(name)));
        }
        let signed = word.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(""));
        if signed.and_then(|host| host.rsplit_once('@')).is_some_and(|(user, _)| user.contains(':')) {
            return Some("a password in an address".to_owned());
        }
    }
    let text = format!("{}\n{}\n", command.join("\n"), command.join(" "));
    // Bytes in memory are always read.
    let scan = look("command.txt", text.as_bytes()).ok()?;
    scan.finds.first().map(|find| format!("what looks like {} (`{}`)", find.what, find.rule))
}

/// `ann:hunter2`, but not `system:serviceaccount:…`, which names an account.
fn has_password(value: &str) -> bool {
    value.split_once(':').is_some_and(|(user, password)| user != "system" && !password.is_empty())
}

fn is_header(name: &str) -> bool {
    let name = name.trim_start_matches("-H").trim_start_matches("--header=").trim();
    HEADERS.iter().any(|header| name.eq_ignore_ascii_case(header))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(command: &str) -> bool {
        let words: Vec<String> = command.split('|').map(str::to_owned).collect();
        let told = found(&words);
        assert!(told.as_deref().is_none_or(|told| !told.contains("hunter2")), "{told:?}");
        told.is_some()
    }

    #[test]
    fn what_signs_in_is_found_wherever_it_stands() {
        for command in [
            "curl|-H|Authorization: SSWS 00hunter2",
            "curl|-HAuthorization: Bearer hunter2",
            "curl|--header=authorization: Basic hunter2",
            "curl|-u|ann:hunter2|https://acme.example",
            "curl|--user|ann:hunter2",
            "curl|https://ann:hunter2@acme.example/x",
            "psql|postgres://ann:hunter2@db/app",
            "x|--password|hunter2",
            "x|--password=hunter2",
            "x|--api-token=hunter2",
            "gh|api|user|-H|X-Api-Key: hunter2",
            "aws|configure|set|x|AKIAIOSFODNN7EXAMPLE",
        ] {
            let real = command.replace("AKIAIOSFODNN7EXAMPLE", "AKIAQ3EGRIT4MZ7XW5TB");
            assert!(secret(&real), "{command}");
        }
    }

    #[test]
    fn commands_without_secrets_pass() {
        for command in [
            "gh|api|--paginate|orgs/acme/members?per_page=100",
            "gh|api|-H|Accept: application/vnd.github+json|user",
            "aws|iam|get-account-password-policy|--output|json",
            "kubectl|get|pods|--as|system:serviceaccount:a:b|--user|ann",
            "psql|--dbname=service=prod|--command|select rolname, rolvaliduntil from pg_roles",
            "curl|--config|/home/ann/okta.curlrc|https://acme.okta.com/api/v1/users?limit=200",
            "psql|--no-password|--user|ann",
            "docker|run|-u|ann",
        ] {
            assert!(!secret(command), "{command}");
        }
    }
}
