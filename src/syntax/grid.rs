//! Tables drawn with `+`, `-` and `|`, rewritten with a row on a line: the only tables that a Markdown reader knows.

use std::borrow::Cow;

/// Columns of a drawn table; a wider one stays as it was drawn.
const WIDEST: usize = 30;

/// A text whose drawn tables are tables; the same text where there are none.
pub fn rewritten(text: &str) -> Cow<'_, str> {
    if !text.lines().any(|line| borders(line).is_some()) {
        return Cow::Borrowed(text);
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut blank, mut fenced) = (0, true, false);
    while let Some(line) = lines.get(at) {
        fenced ^= line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        let table = lines.get(at..).filter(|_| blank && !fenced).and_then(table);
        if let Some((table, length)) = table {
            out.push_str(&table);
            at += length;
            blank = false;
        } else {
            out.push_str(line);
            blank = line.trim().is_empty();
            at += 1;
        }
    }
    Cow::Owned(out)
}

/// Where the columns of a line such as `+---+:==:+` part, and whether it is drawn double.
fn borders(line: &str) -> Option<(Vec<usize>, bool)> {
    let line = line.trim_end();
    let inner = line.strip_prefix('+')?.strip_suffix('+')?;
    let double = inner.contains('=');
    let drawn = if double { '=' } else { '-' };
    let plain = inner.split('+').all(|part| {
        let part = part.strip_prefix(':').unwrap_or(part);
        let part = part.strip_suffix(':').unwrap_or(part);
        !part.is_empty() && part.chars().all(|c| c == drawn)
    });
    let at: Vec<usize> = line.match_indices('+').map(|(at, _)| at).collect();
    (plain && at.len() <= WIDEST + 1).then_some((at, double))
}

/// The table at the start of some lines, and how many of them it takes.
fn table(lines: &[&str]) -> Option<(String, usize)> {
    let (columns, _) = borders(lines.first()?)?;
    let (mut head, mut rows) = (None, Vec::new());
    let mut open = vec![String::new(); columns.len() - 1];
    let mut length = 1;
    let mut closed = false;
    for line in lines.get(1..)? {
        if let Some((at, double)) = borders(line) {
            if at != columns || double && (head.is_some() || !rows.is_empty()) {
                return None;
            }
            let row = std::mem::replace(&mut open, vec![String::new(); columns.len() - 1]);
            if double {
                head = Some(row);
            } else {
                rows.push(row);
            }
            closed = true;
        } else if line.starts_with('|') {
            let cells = cells(line.trim_end(), &columns)?;
            for (whole, part) in open.iter_mut().zip(cells).filter(|(_, part)| !part.is_empty()) {
                if !whole.is_empty() {
                    whole.push(' ');
                }
                whole.push_str(part);
            }
            closed = false;
        } else {
            break;
        }
        length += 1;
    }
    if !closed {
        return None;
    }
    let mut out = String::new();
    let head = head.unwrap_or_else(|| vec![String::new(); columns.len() - 1]);
    push(&mut out, &head);
    out.push_str(&"| --- ".repeat(head.len()));
    out.push_str("|\n");
    rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).for_each(|row| push(&mut out, row));
    Some((out, length))
}

/// The cells of a line, cut where the borders part; `None` when the line is drawn otherwise. Borders are counted in
/// characters, as they are seen.
fn cells<'a>(line: &'a str, columns: &[usize]) -> Option<Vec<&'a str>> {
    let last = *columns.last()?;
    let places: Vec<usize> = line.char_indices().map(|(at, _)| at).take(last + 2).collect();
    if places.len() != last + 1 {
        return None;
    }
    let at = |column: usize| places.get(column).copied().filter(|at| line.as_bytes().get(*at) == Some(&b'|'));
    let mut out = Vec::new();
    for pair in columns.windows(2) {
        let [from, to] = pair else { return None };
        out.push(line.get(at(*from)? + 1..at(*to)?)?.trim());
    }
    Some(out)
}

fn push(out: &mut String, row: &[String]) {
    for cell in row {
        out.push_str("| ");
        out.push_str(&cell.replace('|', "\\|"));
        out.push(' ');
    }
    out.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_table_has_a_row_on_a_line() {
        let drawn = "x\n\n+-----+------+\n|**A**| **B**|\n| too |      |\n+=====+:====:+\n|     |      |\n+-----+------+\n| ü   | a|b  |\n|     | more |\n+-----+------+\n\ny\n";
        let table = "x\n\n| **A** too | **B** |\n| --- | --- |\n| ü | a\\|b more |\n\ny\n";
        assert_eq!(rewritten(drawn), table);
        assert_eq!(rewritten("+--+\n| a |\n+--+\n"), "+--+\n| a |\n+--+\n");
        for other in [
            "+-+\n|a|\n",
            "+-+-+\n|a|b|\n+---+\n|c  |\n+---+\n",
            "x\n+-+\n|a|\n+-+\n",
            "```\n\n+-+\n|a|\n+-+\n```\n",
            "+-+\n|a|\n+=+\n|b|\n+=+\n",
        ] {
            assert_eq!(rewritten(other), other);
        }
        assert_eq!(rewritten("+-+\n|a|\n+-+\n"), "|  |\n| --- |\n| a |\n");
    }
}
