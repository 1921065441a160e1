//! The frame of every page: templates, the one place where text becomes HTML, and the policy that lets a page use the
//! site's own files and nothing else.

use std::borrow::Cow;
use std::sync::OnceLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};

use crate::text::{html, is_hostile, safe};

const TEMPLATES: [(&str, &str); 6] = [
    ("frame", include_str!("../../../templates/site/frame.html")),
    ("index", include_str!("../../../templates/site/index.html")),
    ("document", include_str!("../../../templates/site/document.html")),
    ("controls", include_str!("../../../templates/site/controls.html")),
    ("criteria", include_str!("../../../templates/site/criteria.html")),
    ("paper", include_str!("../../../templates/render/paper.html")),
];

/// The style, which begins as that of the page of `soc2 status` does.
pub(super) const CSS: &str =
    concat!(include_str!("../../../templates/look.css"), include_str!("../../../templates/site/site.css"));
/// What a browser shows beside the title.
pub(super) const ICON: &str = include_str!("../../../templates/site/icon.svg");
/// The script.
pub(super) const JS: &str = include_str!("../../../templates/site/site.js");

/// What a page may use: the site's own files.
pub(super) const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                              base-uri 'none'; form-action 'none'";

/// The templates, with [`write`] as the only way for a value to get into a page.
fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    environment.set_syntax(syntax.build()?);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(write);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

/// The same, made once: a bundle has a page for each piece of evidence.
pub(super) fn shared() -> Result<&'static Environment<'static>, Error> {
    static SHELL: OnceLock<Environment<'static>> = OnceLock::new();
    match SHELL.get() {
        Some(shell) => Ok(shell),
        None => environment().map(|made| SHELL.get_or_init(|| made)),
    }
}

/// Writes a value: what we wrote ourselves as it is, text neutralised and escaped, numbers; nothing else.
fn write(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = match value.as_str() {
        Some(text) if value.is_safe() => Cow::Borrowed(text),
        Some(text) => Cow::Owned(line(text)),
        None if value.is_number() => Cow::Owned(value.to_string()),
        None => return Err(Error::new(ErrorKind::BadEscape, "only text and numbers can be shown")),
    };
    out.write_str(&text).map_err(|_| Error::new(ErrorKind::WriteFailure, "the page could not be written"))
}

/// HTML of our own making.
pub(super) fn written(html: String) -> Value {
    Value::from_safe_string(html)
}

/// Text on one line, in an element or a quoted attribute.
pub(super) fn line(text: &str) -> String {
    html(&safe(text))
}

/// Text of a document: line ends and tabs stay, and the signs that shape letters and emoji.
pub(super) fn prose(text: &str) -> String {
    html(&plain(text))
}

/// The same before it is HTML.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let shapes =
        |c: char| matches!(c, '\n' | '\t' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
    if !text.chars().any(|c| is_hostile(c) && !shapes(c)) {
        return Cow::Borrowed(text);
    }
    let pieces = text.split_inclusive(shapes).map(|piece| {
        let body = piece.strip_suffix(shapes).unwrap_or(piece);
        safe(body) + piece.get(body.len()..).unwrap_or("")
    });
    Cow::Owned(pieces.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_keeps_its_shape_and_shows_what_hides() {
        assert_eq!(prose("a\n\tb\u{fe0f} <c>"), "a\n\tb\u{fe0f} &lt;c&gt;");
        assert_eq!(prose("a\u{202e}b\nc\u{0}"), "a\\u{202e}b\nc\\u{0}");
    }

    #[test]
    fn a_list_is_not_shown_by_mistake() {
        let shell = environment().unwrap();
        assert!(shell.render_str("{{ list }}", minijinja::context! { list => ["<b>"] }).is_err());
    }
}
