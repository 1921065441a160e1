//! What our templates would read as more than text: foreign braces that are to stay as they are, and code of other template
//! languages that has no counterpart here.

use crate::text::{clip, safe};

/// Text that reads the same once it is filled in: `{{` and `{%` are no longer the beginning of an expression.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = opening(rest) {
        let (before, from) = rest.split_at(at);
        let (mark, after) = from.split_at(2);
        out.push_str(before);
        out.push_str(&literal(mark));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Characters that come out as they are.
pub(super) fn literal(text: &str) -> String {
    format!("{{{{ \"{}\" }}}}", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Where the first expression of ours would begin.
pub(super) fn opening(text: &str) -> Option<usize> {
    text.as_bytes().windows(2).position(|pair| pair == b"{{" || pair == b"{%")
}

/// Code of another template language in place: what the reader sees asks to be replaced, as `placeholder-left` says too, and
/// a note that is not published holds the code.
pub(super) fn marked(code: &str, line: usize) -> String {
    let kept = clip(&safe(code.trim()), 200).replace("%}", "% }").replace("{%", "{ %");
    format!("[replace the template code of line {line}{{%-- Decide: what stands here? It was: {kept} --%}}]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::nowhere;
    use crate::template::{TextReader, Typed, canonical};

    fn read(text: &str) -> String {
        let mut reader = TextReader::new(Vec::new(), Vec::new());
        let mut out = Vec::new();
        let typed = Typed { text, at: nowhere(), verbatim: true };
        reader.read(&typed, &mut out, &mut |_| {}).unwrap_or_else(|| panic!("{text}: {out:?}"))
    }

    #[test]
    fn escaped_text_reads_as_it_was() {
        for text in [
            "${{ secrets.TOKEN }}\n",
            "{{{x}}} {{%y%}} {% raw %}{{{{\n",
            "{%-- no comment --%}\n",
            "a {{- b -}}\n  {% if %}  \nc\n",
            "{{ \"quoted\" }}\n{",
        ] {
            assert_eq!(read(&escaped(text)), canonical(text), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_translated_is_seen_and_noted() {
        let marked = marked("{{range .Names}} --%} {% if x %}", 12);
        assert!(marked.contains("range .Names"));
        assert_eq!(read(&format!("a {marked}\nb")), "a [replace the template code of line 12]\nb\n");
    }
}
