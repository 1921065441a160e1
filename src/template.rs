//! Text with variables, not a program: `{{ name.key | filter }}`, `{% if %}` over names and comparisons,
//! `{% for %}` over a register. Anything else is refused with its place, and output is capped, so a stranger's
//! text is safe to read in `soc2 check`. Wording, anchors and approvals are judged on the canonical text.

mod allowed;

use std::collections::BTreeMap;
use std::io;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value};

use crate::diagnostic::Diagnostic;
use crate::source::{Location, Span};
use crate::text::{clip, list, nearest, safe};

/// A text may not become longer than one that is typed, in bytes.
const OUTPUT_CAP: usize = crate::source::TEXT_CAP as usize;
/// Steps of one text above this are refused; bounds time, not memory.
const FUEL: u64 = 2_000_000;
/// All texts of a programme together may take this many steps, and grow by this many bytes.
const TOTAL_FUEL: u64 = 20_000_000;
const TOTAL_GROWTH: usize = 8 << 20;
/// Filters that may be used, all of them harmless to size.
pub const FILTERS: &[&str] = &["capitalize", "join", "length", "lower", "title", "trim", "upper"];

/// Reads texts with one set of variables.
pub struct TextReader {
    environment: Environment<'static>,
    context: Value,
    names: Vec<String>,
    registers: Vec<String>,
    /// Steps and bytes that are left for all texts together.
    fuel: u64,
    growth: usize,
}

/// Names that a text used, for "is this variable used at all".
pub type Used<'u> = dyn FnMut(&str) + 'u;

impl TextReader {
    /// A reader over the variables `context`; `registers` are the names a `for` may run over.
    pub fn new(context: Vec<(String, Value)>, registers: Vec<String>) -> Self {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_recursion_limit(32);
        let mut syntax = SyntaxConfig::builder();
        // `{#` starts a heading's anchor in Markdown, so comments get a delimiter nobody types.
        syntax
            .comment_delimiters(COMMENT.0, COMMENT.1)
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true);
        if let Ok(syntax) = syntax.build() {
            environment.set_syntax(syntax);
        }
        use minijinja::filters;
        environment.add_filter("capitalize", filters::capitalize);
        environment.add_filter("join", filters::join);
        environment.add_filter("length", filters::length);
        environment.add_filter("lower", filters::lower);
        environment.add_filter("title", filters::title);
        environment.add_filter("trim", filters::trim);
        environment.add_filter("upper", filters::upper);
        let names = context.iter().map(|(name, _)| name.clone()).collect();
        let context = map(context);
        Self { environment, context, names, registers, fuel: TOTAL_FUEL, growth: TOTAL_GROWTH }
    }

    /// The canonical text of what is typed at `at`: variables filled in, LF line ends, no trailing blanks. `None`
    /// when something in it is refused or unknown; `out` then says what and where.
    pub fn read(
        &mut self,
        typed: &Typed<'_>,
        out: &mut Vec<Diagnostic>,
        used: &mut Used<'_>,
    ) -> Option<String> {
        if !has_expressions(typed.text) {
            return Some(canonical(typed.text));
        }
        let before = out.len();
        if let Some(range) = too_long(typed.text) {
            let message = "an expression this long, or this many of them, is not read";
            let help = "an expression is `{{ name }}` or `{% if name == \"x\" %}`; split the text";
            out.push(Diagnostic::new("expression-refused", typed.place(range), message).help(help));
            return None;
        }
        let syntax = self.environment.syntax().clone();
        match minijinja::machinery::parse(typed.text, "text", syntax) {
            Ok(tree) => {
                for finding in allowed::visit(&tree, &self.registers) {
                    self.judge(finding, typed, out, used);
                }
            }
            Err(error) => out.push(self.failure(&error, typed)),
        }
        if out.len() > before {
            return None;
        }
        match self.fill_in(typed.text) {
            Ok(text) => Some(canonical(&text)),
            Err(error) => {
                out.push(self.failure(&error, typed));
                None
            }
        }
    }

    /// Fills in a text that was found harmless, within what is left of the budget.
    fn fill_in(&mut self, text: &str) -> Result<String, minijinja::Error> {
        let fuel = self.fuel.min(FUEL);
        self.environment.set_fuel(Some(fuel));
        let mut writer = Capped { bytes: Vec::new(), cap: (self.growth + text.len()).min(OUTPUT_CAP) };
        let rendered = self.environment.template_from_str(text).and_then(|template| {
            let captured = template.render_captured_to(self.context.clone(), &mut writer)?;
            Ok(captured.state().fuel_levels().map_or(fuel, |(consumed, _)| consumed))
        });
        self.fuel -= rendered.as_ref().map_or(fuel, |consumed| (*consumed).min(fuel));
        self.growth = self.growth.saturating_sub(writer.bytes.len().saturating_sub(text.len()));
        rendered.map(|_| String::from_utf8(writer.bytes).unwrap_or_default())
    }

    fn judge(
        &self,
        finding: allowed::Finding,
        typed: &Typed<'_>,
        out: &mut Vec<Diagnostic>,
        used: &mut Used<'_>,
    ) {
        match finding {
            allowed::Finding::Name(name, range) => {
                used(&name);
                if !self.names.contains(&name) {
                    let message = format!("`{}` is not a variable", safe(&name));
                    let help = match nearest(&name, self.names.iter().map(String::as_str)) {
                        _ if name == "variables" => {
                            "write its name alone: `{{ password_min_length }}`".to_owned()
                        }
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("add `{} = …` to [variables] in soc2.toml", safe(&name)),
                    };
                    out.push(Diagnostic::new("unknown-variable", typed.place(range), message).help(help));
                }
            }
            allowed::Finding::Refused(what, range) => {
                let message = format!("{what} is not read: this is text with variables, not a program");
                let arithmetic = what == "arithmetic";
                let help = if arithmetic && typed.text.get(range.clone()).is_some_and(|t| t.contains('-')) {
                    "write the result, or give it a variable of its own; names are written with `_`, not `-`"
                        .to_owned()
                } else if arithmetic {
                    "write the result, or give it a variable of its own".to_owned()
                } else {
                    format!(
                        "write `{{{{ name }}}}`, `{{% if name == \"x\" %}}` or `{{% for v in vendors %}}`; filters: {}",
                        list(FILTERS, "or")
                    )
                };
                out.push(Diagnostic::new("expression-refused", typed.place(range), message).help(help));
            }
        }
    }

    /// The key of a mapping that `organization.nam` may have meant.
    fn meant(&self, name: &str) -> Option<String> {
        let (base, key) = name.split_once('.')?;
        let keys: Vec<String> =
            self.context.get_attr(base).ok()?.try_iter().ok()?.map(|key| key.to_string()).collect();
        match nearest(key, keys.iter().map(String::as_str)) {
            Some(near) => Some(format!("did you mean `{base}.{near}`?")),
            None if keys.is_empty() || keys.len() > 8 => None,
            None => Some(format!("`{}` has {}", safe(base), list(&keys, "and"))),
        }
    }

    fn failure(&self, error: &minijinja::Error, typed: &Typed<'_>) -> Diagnostic {
        let range = error.range().unwrap_or(0..0);
        let place = typed.place(range.clone());
        let refused =
            |message: String, help: &str| Diagnostic::new("expression-refused", place, message).help(help);
        let detail = error.detail().unwrap_or("");
        match error.kind() {
            minijinja::ErrorKind::OutOfFuel => refused(
                "this text, or all texts together, take too many steps to fill in".to_owned(),
                "loop over fewer rows, or split the text",
            ),
            minijinja::ErrorKind::WriteFailure => refused(
                "this text, or all texts together, fill in to too many bytes".to_owned(),
                "loop over fewer rows, or split the text",
            ),
            minijinja::ErrorKind::UndefinedError => {
                let name = typed.text.get(range).filter(|name| !name.is_empty()).unwrap_or("this variable");
                let message = format!("`{}` has no value here", clip(&safe(name), 60));
                let help = self.meant(name).unwrap_or_else(|| {
                    "use a key that is there, or give every row of the register that key".to_owned()
                });
                Diagnostic::new("unknown-variable", place, message).help(help)
            }
            _ => {
                let at_dot = typed.text.get(range).is_some_and(|t| t.starts_with('.'));
                let braces =
                    "an expression is `{{ name }}`; to print braces as they are, write `{{ \"{{\" }}`";
                if at_dot {
                    refused("a name cannot start with a dot".to_owned(), "write `{{ name }}`")
                } else if let Some(word) = detail.strip_prefix("unknown statement ") {
                    let message =
                        format!("`{}` is not read: this is text with variables, not a program", safe(word));
                    refused(
                        message,
                        "write `{% if name == \"x\" %}` … `{% endif %}`, or a `for` over a register",
                    )
                } else if detail.contains("end of input, expected end of variable block") {
                    refused("`{{` is not closed".to_owned(), "write `{{ name }}`")
                } else if detail.contains("end of input, expected end of block") {
                    let help = "close it: `{% if … %}` … `{% endif %}`, `{% for … %}` … `{% endfor %}`";
                    refused("`{%` is not closed, or its block has no end".to_owned(), help)
                } else if detail.contains("expected end of variable block") {
                    let help = "write `{{ name }}`: letters, digits and `_`";
                    refused("a variable's name is one word".to_owned(), help)
                } else if detail.is_empty() {
                    refused("this expression cannot be filled in".to_owned(), braces)
                } else {
                    refused(format!("this expression cannot be read: {}", safe(detail)), braces)
                }
            }
        }
    }
}

/// A mapping for the variables of a [`TextReader`].
pub fn map(entries: impl IntoIterator<Item = (String, Value)>) -> Value {
    let mut map = BTreeMap::new();
    for (key, value) in entries {
        // The first of a repeated key counts, as everywhere.
        map.entry(key).or_insert(value);
    }
    Value::from(map)
}

/// A text as typed and where it stands.
pub struct Typed<'t> {
    pub text: &'t str,
    pub at: Location,
    /// The text stands in the file byte for byte, so places inside it can be given.
    pub verbatim: bool,
}

impl Typed<'_> {
    fn place(&self, range: std::ops::Range<usize>) -> Location {
        if !self.verbatim {
            return self.at;
        }
        // The template library counts bytes and may end inside a character.
        let end = self.text.ceil_char_boundary(range.end);
        let begin = self.text.floor_char_boundary(range.start).min(end);
        let start = self.at.span.start as usize;
        Location { file: self.at.file, span: Span::new(start + begin, start + end) }
    }
}

/// What a comment begins and ends with.
const COMMENT: (&str, &str) = ("{%--", "--%}");
/// Bytes of one expression, and expressions of one text: the library reads them by recursion.
const EXPRESSION_CAP: usize = 500;
const EXPRESSIONS_CAP: usize = 1_000;

/// The first expression that is too long, or the one too many.
fn too_long(text: &str) -> Option<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let opens = bytes.windows(2).enumerate().filter(|(_, pair)| *pair == b"{{" || *pair == b"{%");
    let (mut closed_at, mut nth) = (0, 0);
    for (open, _) in opens {
        if open < closed_at {
            continue;
        }
        // What stands in a comment is not read, however long it is.
        if text.get(open..).is_some_and(|rest| rest.starts_with(COMMENT.0)) {
            let end = text.get(open..).and_then(|rest| rest.find(COMMENT.1))?;
            closed_at = open + end + COMMENT.1.len();
            continue;
        }
        nth += 1;
        let window = &bytes[open..bytes.len().min(open + EXPRESSION_CAP)];
        let close = window.windows(2).position(|pair| pair == b"}}" || pair == b"%}");
        match close {
            Some(length) if nth <= EXPRESSIONS_CAP => closed_at = open + length,
            _ if close.is_none() && window.len() < EXPRESSION_CAP => return None,
            _ => return Some(open..open + 2),
        }
    }
    None
}

/// Text without these needs no reading.
pub fn has_expressions(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// LF line ends, no trailing blanks on any line, one final newline if there is any text.
pub fn canonical(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    for line in text.lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let kept = out.trim_end_matches('\n').len();
    out.truncate(kept);
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// A writer that refuses to grow beyond the cap.
struct Capped {
    bytes: Vec<u8>,
    cap: usize,
}

impl io::Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.cap {
            return Err(io::Error::other("output cap"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::nowhere;

    fn read(text: &str) -> Result<String, Vec<(String, std::ops::Range<usize>)>> {
        let vendors: Vec<Value> =
            ["aws", "github"].iter().map(|id| map([("id".to_owned(), Value::from(*id))])).collect();
        let context = vec![
            ("days".to_owned(), Value::from(30)),
            ("vendors".to_owned(), Value::from(vendors)),
            ("site".to_owned(), Value::from("remote")),
        ];
        let mut reader = TextReader::new(context, vec!["vendors".to_owned()]);
        let mut out = Vec::new();
        let text = reader.read(&Typed { text, at: nowhere(), verbatim: true }, &mut out, &mut |_| {});
        text.ok_or_else(|| out.into_iter().map(|d| (d.rule.to_owned(), d.at.span.range())).collect())
    }

    #[test]
    fn fills_in_what_is_allowed() {
        assert_eq!(read("Within {{ days }} days.  \r\n\r\n").unwrap(), "Within 30 days.\n");
        assert_eq!(read("{% if site == \"remote\" %}\nNo office.\n{% endif %}\n").unwrap(), "No office.\n");
        assert_eq!(
            read("{% for v in vendors %}\n- {{ v.id | upper }}\n{% endfor %}\n").unwrap(),
            "- AWS\n- GITHUB\n"
        );
        assert_eq!(read("## Heading {#anchor}\n").unwrap(), "## Heading {#anchor}\n");
    }

    #[test]
    fn refuses_programs_with_their_place() {
        for text in [
            "{% set a = 1 %}",
            "{{ days * 1000 }}",
            "{{ site ~ site }}",
            "{{ site | replace('a', 'b') }}",
            "{{ range(10) }}",
            "{% for a in 'abc' %}{% endfor %}",
            "{% for a in vendors %}{% for b in vendors %}{% for c in vendors %}{% endfor %}{% endfor %}{% endfor %}",
            "{% include 'x' %}",
            "{{ [1, 2] | join(site) }}",
        ] {
            let faults = read(text).unwrap_err();
            assert!(faults.iter().all(|(rule, _)| rule == "expression-refused"), "{text}: {faults:?}");
        }
        assert_eq!(read("a {{ dayz }}").unwrap_err(), [("unknown-variable".to_owned(), 5..9)]);
        assert_eq!(read("a {{ days").unwrap_err()[0].0, "expression-refused");
    }

    #[test]
    fn the_place_of_a_fault_is_whole_characters() {
        for text in ["{{ ü }}", "{{ days ü }}", "{{ \"ü\" ~ 👍 }}", "{% ü %}", "{{ 👍"] {
            let faults = read(text).unwrap_err();
            assert!(faults.iter().all(|(_, range)| text.get(range.clone()).is_some()), "{text}: {faults:?}");
        }
    }

    #[test]
    fn canonical_text_is_stable() {
        assert_eq!(canonical("a  \r\nb\n\n\n"), "a\nb\n");
        assert_eq!(canonical(""), "");
        let once = canonical("x \n y");
        assert_eq!(canonical(&once), once);
    }
}
