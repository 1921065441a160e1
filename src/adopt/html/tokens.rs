//! HTML cut into tags and text, in one pass. Whatever is broken becomes text or is passed over, as in a browser.

/// A piece of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'h> {
    /// As typed, entities and all.
    Text(&'h str),
    Start(Tag<'h>),
    End(String),
    /// What stands in `script`, `style`, `title` and the like, which holds no tags.
    Raw(String, &'h str),
}

/// A tag that opens.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'h> {
    /// In lower case.
    pub(super) name: String,
    /// Everything between the name and `>`.
    attributes: &'h str,
}

const RAW: &[&str] = &["script", "style", "title", "textarea", "xmp", "noscript", "template", "iframe"];

/// Gives the tokens of a page, each with the byte at which it begins.
pub(super) struct Tokens<'h> {
    html: &'h str,
    at: usize,
    raw: Option<String>,
}

impl<'h> Tokens<'h> {
    pub(super) fn of(html: &'h str) -> Self {
        Self { html, at: 0, raw: None }
    }

    fn rest(&self) -> &'h str {
        self.html.get(self.at..).unwrap_or("")
    }

    /// Moves on by so many bytes and gives them.
    fn skip(&mut self, length: usize) -> &'h str {
        let piece = self.rest().get(..length).unwrap_or(self.rest());
        self.at += piece.len();
        piece
    }

    /// Up to and with what ends a tag; a `>` between quotes does not.
    fn tag(&mut self) -> &'h str {
        let (mut quote, mut before) = (None, b' ');
        let end = self.rest().bytes().position(|byte| match (quote, byte) {
            (None, b'>') => true,
            // A quote in a value that began without one is a letter.
            (None, b'"' | b'\'') if before == b'=' => {
                quote = Some(byte);
                false
            }
            (Some(open), byte) => {
                if open == byte {
                    (quote, before) = (None, byte);
                }
                false
            }
            _ => {
                if !byte.is_ascii_whitespace() {
                    before = byte;
                }
                false
            }
        });
        match end {
            Some(end) => self.skip(end + 1),
            None => self.skip(self.rest().len()),
        }
    }

    fn raw(&mut self, name: String) -> Token<'h> {
        let rest = self.rest();
        let close = rest.match_indices("</").map(|(at, _)| at).find(|at| {
            let after = rest.get(at + 2..).unwrap_or("");
            after.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(&name))
        });
        let held = self.skip(close.unwrap_or(rest.len()));
        Token::Raw(name, held)
    }
}

impl<'h> Iterator for Tokens<'h> {
    type Item = (usize, Token<'h>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (start, rest) = (self.at, self.rest());
            if rest.is_empty() {
                return None;
            }
            if let Some(name) = self.raw.take() {
                return Some((start, self.raw(name)));
            }
            let begins = |rest: &str, with: &str| rest.get(..with.len()).is_some_and(|head| head == with);
            if begins(rest, "<!--") {
                let end = rest.find("-->").map_or(rest.len(), |at| at + 3);
                self.skip(end);
            } else if begins(rest, "<!") || begins(rest, "<?") {
                let end = rest.find('>').map_or(rest.len(), |at| at + 1);
                self.skip(end);
            } else if begins(rest, "</") {
                let typed = self.tag();
                let name = typed.trim_start_matches("</").trim_end_matches('>').trim();
                return Some((start, Token::End(name.to_ascii_lowercase())));
            } else if rest.starts_with('<') && is_tag(rest.get(1..).unwrap_or("")) {
                let typed = self.tag();
                let inner = typed.trim_start_matches('<').trim_end_matches('>');
                let end = inner.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inner.len());
                let (name, attributes) = inner.split_at(end);
                let name = name.to_ascii_lowercase();
                if RAW.contains(&&*name) && !attributes.trim_end().ends_with('/') {
                    self.raw = Some(name.clone());
                }
                return Some((start, Token::Start(Tag { name, attributes })));
            } else {
                let mut tags = rest.match_indices('<').map(|(at, _)| at).filter(|at| *at > 0);
                let end = tags.find(|at| is_tag(rest.get(at + 1..).unwrap_or(""))).unwrap_or(rest.len());
                return Some((start, Token::Text(self.skip(end))));
            }
        }
    }
}

/// Does a `<` before this begin a tag or a comment?
fn is_tag(after: &str) -> bool {
    after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

impl Tag<'_> {
    /// The value of an attribute, entities decoded.
    pub(super) fn attribute(&self, wanted: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
            let (name, after) =
                rest.split_at(end.max(1).min(rest.len()).max(rest.chars().next().map_or(1, char::len_utf8)));
            let after = after.trim_start();
            let (value, after) = match after.strip_prefix('=') {
                None => ("", after),
                Some(after) => value(after.trim_start()),
            };
            if name.eq_ignore_ascii_case(wanted) {
                return Some(decoded(value));
            }
            rest = after;
        }
    }
}

/// A value in quotes or without, and what follows it.
fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// The characters that entities stand for, where a reader of Markdown would not decode them: in code and addresses.
pub(super) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = from.bytes().take(12).position(|byte| byte == b';');
        let found = end.and_then(|end| Some((entity(from.get(1..end)?)?, from.get(end + 1..)?)));
        let (c, after) = found.unwrap_or(('&', from.get(1..).unwrap_or("")));
        out.push(c);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        };
        return code.filter(|code| *code != 0).and_then(char::from_u32);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "hellip" => '…',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        let name = |token| match token {
            Token::Text(text) => format!("'{text}'"),
            Token::Start(tag) => format!("<{}>", tag.name),
            Token::End(name) => format!("</{name}>"),
            Token::Raw(name, held) => format!("{name}:{held}"),
        };
        Tokens::of(html).map(|(_, token)| name(token)).collect()
    }

    #[test]
    fn pages_are_cut_as_browsers_do() {
        assert_eq!(shown("<P a='>'>x<br/>y</P >"), ["<p>", "'x'", "<br>", "'y'", "</p>"]);
        assert_eq!(shown("<!DOCTYPE html><!-- <p> -->a < b"), ["'a < b'"]);
        assert_eq!(shown("<script>a</b<c</SCRIPT>d"), ["<script>", "script:a</b<c", "</script>", "'d'"]);
        assert_eq!(shown("<script>never ends"), ["<script>", "script:never ends"]);
        assert_eq!(shown("<p <!-- "), ["<p>"]);
        assert_eq!(shown("<<1<"), ["'<<1<'"]);
        assert_eq!(shown("<p a=it's>x</p>'y"), ["<p>", "'x'", "</p>", "''y'"]);
    }

    #[test]
    fn attributes_are_read_however_they_are_typed() {
        let tag = |attributes| Tag { name: "a".to_owned(), attributes };
        let typed = tag(" href = \"x?a=1&amp;b\" ID=top checked title='a \"b\"' /");
        assert_eq!(typed.attribute("href").as_deref(), Some("x?a=1&b"));
        assert_eq!(typed.attribute("id").as_deref(), Some("top"));
        assert_eq!(typed.attribute("checked").as_deref(), Some(""));
        assert_eq!(typed.attribute("title").as_deref(), Some("a \"b\""));
        for odd in ["=", "==", " = = ü=ü", "\"", "'a", "ü", "a=\"", "/"] {
            assert_eq!(tag(odd).attribute("href"), None, "{odd}");
        }
        assert_eq!(decoded("&lt;&#65;&#x42;&bogus;&&#0;&"), "<AB&bogus;&&#0;&");
    }
}
