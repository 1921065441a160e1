//! Running text of a page as Markdown: emphasis, links and code, with every character that would mean something escaped.

/// Text that is being gathered, in the tags that are open around it.
#[derive(Default)]
pub(super) struct Inlines {
    text: String,
    open: Vec<Open>,
    /// The column of the table's cell that is gathered.
    pub(super) column: usize,
}

struct Open {
    name: &'static str,
    to: Option<String>,
    text: String,
}

/// Stands between the blocks of a table's cell until the cell is whole.
pub(super) const SEPARATOR: char = '\u{1}';
const AROUND: [char; 3] = [' ', '\n', SEPARATOR];
/// Marks inside marks; deeper ones are left out.
const DEEPEST: usize = 8;

impl Inlines {
    fn top(&mut self) -> &mut String {
        self.open.last_mut().map_or(&mut self.text, |open| &mut open.text)
    }

    /// Text as it stands in the page: white space means one blank.
    pub(super) fn text(&mut self, typed: &str) {
        let is_code = self.open.iter().any(|open| open.name == "`");
        let typed = typed.replace("&nbsp;", " ").replace("&#160;", " ").replace('\u{a0}', " ");
        let typed = if is_code { super::decoded(&typed) } else { escaped(&typed) };
        let top = self.top();
        for (nth, word) in typed.split([' ', '\n', '\t', '\r', '\u{c}']).enumerate() {
            if nth > 0 && !top.ends_with([' ', '\n']) {
                top.push(' ');
            }
            top.push_str(word);
        }
    }

    /// Markdown of ours.
    pub(super) fn verbatim(&mut self, markdown: &str) {
        self.top().push_str(markdown);
    }

    pub(super) fn line_break(&mut self, on_one_line: bool) {
        let is_code = self.open.iter().any(|open| open.name == "`");
        let top = self.top();
        let kept = top.trim_end_matches(' ').len();
        top.truncate(kept);
        match on_one_line || is_code {
            true => top.push(' '),
            false if top.is_empty() || top.ends_with('\n') => {}
            false => top.push_str("\\\n"),
        }
    }

    /// Blocks inside a table's cell stand on one line.
    pub(super) fn separate(&mut self) {
        self.top().push(SEPARATOR);
    }

    pub(super) fn open(&mut self, name: &str, to: Option<String>) {
        let name = match name {
            "b" | "strong" => "**",
            "i" | "em" => "*",
            "a" => "a",
            _ => "`",
        };
        if self.open.len() < DEEPEST {
            self.open.push(Open { name, to, text: String::new() });
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        let mark = match name {
            "b" | "strong" => "**",
            "i" | "em" => "*",
            "a" => "a",
            _ => "`",
        };
        let Some(at) = self.open.iter().rposition(|open| open.name == mark) else { return };
        while self.open.len() > at {
            let Some(open) = self.open.pop() else { return };
            let repeated = self.open.iter().any(|outer| outer.name == open.name || outer.name == "`");
            let written = if repeated { open.text } else { open.written() };
            self.top().push_str(&written);
        }
    }

    /// Gives what was gathered; tags that are open stay open for what follows.
    pub(super) fn take(&mut self) -> String {
        let again: Vec<(&'static str, Option<String>)> =
            self.open.iter().map(|open| (open.name, open.to.clone())).collect();
        while let Some(open) = self.open.pop() {
            let repeated = self.open.iter().any(|outer| outer.name == open.name || outer.name == "`");
            let written = if repeated { open.text } else { open.written() };
            self.top().push_str(&written);
        }
        self.open = again.into_iter().map(|(name, to)| Open { name, to, text: String::new() }).collect();
        std::mem::take(&mut self.text)
    }
}

impl Open {
    /// With its marks, which stand right at the words.
    fn written(self) -> String {
        let inner = self.text.trim_matches(AROUND).trim_end_matches("\\");
        if inner.is_empty() {
            return self.text;
        }
        let start = self.text.len() - self.text.trim_start_matches(AROUND).len();
        let before = self.text.get(..start).unwrap_or("");
        let after = if self.text.ends_with(SEPARATOR) {
            "\u{1}"
        } else if self.text.ends_with(AROUND) {
            " "
        } else {
            ""
        };
        let marked = match (self.name, self.to) {
            ("a", Some(to)) => format!("[{}](<{}>)", inner.replace("\\\n", " "), address(&to)),
            ("a", None) => inner.to_owned(),
            ("`", _) => code(inner),
            (mark, _) => format!("{mark}{inner}{mark}"),
        };
        format!("{before}{marked}{after}")
    }
}

/// Code in a line.
pub(super) fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    match text.starts_with('`') || text.ends_with('`') {
        _ if text.is_empty() => String::new(),
        true => format!("{ticks} {text} {ticks}"),
        false => format!("{ticks}{text}{ticks}"),
    }
}

/// An address between `<` and `>`.
pub(super) fn address(to: &str) -> String {
    to.replace('<', "%3C").replace('>', "%3E").replace(['\n', '\r', '\t'], "").replace('\\', "%5C")
}

/// Text in which no character is markup; entities stay as they are, since Markdown knows them.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let inside = before.is_alphanumeric() && letters.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '<' => out.push_str("&lt;"),
            '\\' | '`' | '*' | '[' | ']' => {
                out.push('\\');
                out.push(c);
            }
            '_' if !inside => out.push_str("\\_"),
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// A paragraph in which no line begins like a list, heading, quote or rule.
pub(super) fn block_text(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(line_text).collect();
    lines.join("\n")
}

fn line_text(line: &str) -> String {
    let line = line.trim_start();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && line.get(digits..).is_some_and(|rest| rest.starts_with(['.', ')'])) {
        let (number, rest) = line.split_at(digits);
        return format!("{number}\\{rest}");
    }
    // `[x] ` is ours, a ticked box.
    if line.starts_with(['#', '+', '-', '>', '=', '~', '|', ':']) {
        format!("\\{line}")
    } else {
        line.to_owned()
    }
}
