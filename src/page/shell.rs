//! The frame: templates, the one place where text becomes HTML, and the policy that lets nothing but our own script and
//! style run.

use std::borrow::Cow;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};

use crate::source::sha256;
use crate::text::{html, safe};

const PAGE: &str = include_str!("../../templates/status/page.html");
const CONTROL: &str = include_str!("../../templates/status/control.html");
const CSS: &str =
    concat!(include_str!("../../templates/look.css"), include_str!("../../templates/status/page.css"));
const JS: &str = include_str!("../../templates/status/page.js");

/// The templates, with [`write`] as the only way for a value to get into the page.
pub(super) fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    environment.set_syntax(syntax.build()?);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(write);
    environment.add_filter("said", |text: &str| written(said(text)));
    environment.add_template("page", PAGE)?;
    environment.add_template("control", CONTROL)?;
    Ok(environment)
}

/// Writes a value: what we wrote ourselves as it is, text neutralised and escaped, numbers; nothing else.
fn write(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = match value.as_str() {
        Some(text) if value.is_safe() => Cow::Borrowed(text),
        Some(text) => Cow::Owned(html(&safe(text))),
        None if value.is_number() => Cow::Owned(value.to_string()),
        None => return Err(Error::new(ErrorKind::BadEscape, "only text and numbers can be shown")),
    };
    out.write_str(&text).map_err(|_| Error::new(ErrorKind::WriteFailure, "the page could not be written"))
}

/// HTML of our own making.
pub(super) fn written(html: String) -> Value {
    Value::from_safe_string(html)
}

/// A sentence with its names, which stand in backticks, set apart.
fn said(text: &str) -> String {
    let text = html(&safe(text));
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return text;
    }
    let set = |(nth, piece): (usize, &&str)| match nth % 2 {
        1 => format!("<code>{piece}</code>"),
        _ => (*piece).to_owned(),
    };
    pieces.iter().enumerate().map(set).collect()
}

/// A browser reads line ends as LF before it takes the hash.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The style.
pub(super) fn css() -> Value {
    written(lines(CSS))
}

/// The script.
pub(super) fn js() -> Value {
    written(lines(JS))
}

/// What the page may do: run its own script, use its own style, and nothing else.
pub(super) fn policy() -> Value {
    let hash = |text: &str| format!("'sha256-{}'", base64(&sha256(lines(text).as_bytes())));
    written(format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        hash(JS),
        hash(CSS)
    ))
}

/// Base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let at = |n: usize| u32::from(group.get(n).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for nth in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * nth)) as usize & 63];
            out.push(if nth > group.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_every_length() {
        let vectors = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, coded) in vectors {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn text_is_neutralised_and_escaped() {
        let shell = environment().unwrap();
        let shown = |text: &str| shell.render_str("{{ text }}", minijinja::context! { text }).unwrap();
        assert_eq!(shown("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
        assert_eq!(shown("a\u{202e}b\u{0}"), "a\\u{202e}b\\u{0}");
    }

    #[test]
    fn names_in_sentences_are_set_apart() {
        assert_eq!(said("the `a<b` and `c`"), "the <code>a&lt;b</code> and <code>c</code>");
        assert_eq!(said("one ` alone"), "one ` alone");
        assert_eq!(said("`a` and ` alone"), "`a` and ` alone");
        assert_eq!(said("none"), "none");
    }

    #[test]
    fn a_list_is_not_shown_by_mistake() {
        let shell = environment().unwrap();
        assert!(shell.render_str("{{ list }}", minijinja::context! { list => ["<b>"] }).is_err());
    }
}
