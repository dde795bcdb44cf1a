//! Lines of a list that fit the terminal.

use std::io::{self, Write};

use crate::cli::Terminal;

/// The narrowest output that is cared for.
const NARROWEST: usize = 40;

/// Writes `head` and then `text`, whose further lines begin where the first one does.
pub fn entry(out: &mut dyn Write, head: &str, text: &str) -> io::Result<()> {
    write!(out, "{}", hanging(head, text, Terminal::stdout().width.max(NARROWEST)))
}

/// Writes a name of at most `width` characters, and figures beside it; below it if it is longer.
pub fn row(out: &mut dyn Write, name: &str, width: usize, figures: &str) -> io::Result<()> {
    if name.chars().count() > width {
        writeln!(out, "{name}")?;
        return writeln!(out, "{:width$}{figures}", "");
    }
    writeln!(out, "{}", format!("{name:width$}{figures}").trim_end())
}

fn hanging(head: &str, text: &str, width: usize) -> String {
    let indent = if head.chars().count() > width * 3 / 4 { 4 } else { head.chars().count() };
    let mut lines = head.to_owned();
    let mut column = head.chars().count();
    let mut begun = false;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column + usize::from(begun) + length > width && (begun || indent < column) {
            lines.truncate(lines.trim_end().len());
            lines += &format!("\n{:indent$}", "");
            (column, begun) = (indent, false);
        }
        if begun {
            lines.push(' ');
        }
        lines += word;
        column += length + usize::from(begun);
        begun = true;
    }
    lines.truncate(lines.trim_end().len());
    lines + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_lines_begin_where_the_first_one_does() {
        assert_eq!(hanging("  ab  ", "one two three", 13), "  ab  one two\n      three\n");
        assert_eq!(hanging("  ab  ", "a-very-long-word x", 13), "  ab  a-very-long-word\n      x\n");
        assert_eq!(hanging("a long head: ", "text", 14), "a long head:\n    text\n");
        assert_eq!(hanging("head", "", 14), "head\n");
    }
}
