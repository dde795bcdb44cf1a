//! Lines of aligned cells.

use crate::report::tables::{Cell, Line};

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const HEADING: &str = "\x1b[1;36m";
const RESET: &str = "\x1b[0m";
/// Every style that a page uses.
#[cfg(test)]
pub const STYLES: [&str; 4] = [BOLD, DIM, HEADING, RESET];

/// Columns of a row: indent and label, value, interval; the rest is a remark.
const LABEL: usize = 26;
const VALUE: usize = 16;
const INTERVAL: usize = 13;
/// Width of the names before columns.
const NAMES: usize = 16;

/// A text that grows line by line.
pub struct Page {
    width: usize,
    color: bool,
    text: String,
}

impl Page {
    pub fn new(width: usize, color: bool) -> Self {
        Self { width, color, text: String::new() }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn finish(self) -> String {
        self.text
    }

    /// Name of the scenario at the left, how it was run at the right.
    pub fn title(&mut self, name: &str, how: &str) {
        let name = shorten(name, self.width - how.chars().count() - 2);
        let gap = self.width - name.chars().count() - how.chars().count();
        let line = format!("{}{}{}", self.styled(BOLD, &name), " ".repeat(gap), self.styled(DIM, how));
        self.push(&line);
        self.push("");
    }

    /// The heading of a section, after an empty line.
    pub fn heading(&mut self, text: &str) {
        self.push("");
        let line = self.styled(HEADING, &shorten(&text.to_uppercase(), self.width));
        self.push(&line);
    }

    /// A figure with its name, interval and remark.
    pub fn line(&mut self, line: &Line) {
        let Cell { value, interval } = &line.cell;
        let interval_width = if interval.is_empty() { 2 } else { INTERVAL };
        let mut remarks = folded(&line.remark, self.width - LABEL - VALUE - interval_width - 2).into_iter();
        let remark = remarks.next().unwrap_or_default();
        let indent = if line.part { "    " } else { "  " };
        // A long name takes the room that a short figure leaves.
        let room = (LABEL + VALUE).saturating_sub(value.chars().count() + 2).max(LABEL - 1);
        let label = format!("{indent}{}", line.label);
        if label.chars().count() > room {
            self.push(&shorten(&label, self.width));
        }
        let label = pad(if label.chars().count() > room { "" } else { &label }, LABEL);
        let width = (LABEL + VALUE).saturating_sub(label.chars().count());
        let value = self.styled(BOLD, &format!("{value:>width$}"));
        let rest = pad(&format!("  {interval}"), interval_width + 1) + " " + &remark;
        let line = format!("{label}{value}{}", self.styled(DIM, rest.trim_end()));
        self.push(&line);
        for more in remarks {
            let more = self.styled(DIM, &format!("{}{more}", pad("", LABEL + VALUE + interval_width + 2)));
            self.push(&more);
        }
    }

    /// Cells in columns of equal width after a label, aligned to the right.
    pub fn columns<const N: usize>(&mut self, label: &str, cells: [&str; N], dim: bool) {
        let each = (self.width - NAMES) / N;
        let cells: String = cells.iter().map(|cell| format!("{cell:>each$}")).collect();
        let style = if dim { DIM } else { "" };
        let line = format!("{}{}", pad(&format!("  {label}"), NAMES), self.styled(style, cells.trim_end()));
        self.push(&line);
    }

    /// Cells in columns of these widths after a label of at most `names`, aligned to the right.
    pub fn row(&mut self, label: &str, names: usize, cells: &[(&str, usize)], dim: bool) {
        let cells: String = cells.iter().map(|(cell, width)| format!("{cell:>width$}")).collect();
        let style = if dim { DIM } else { "" };
        let label = pad(&shorten(label, names), names);
        let line = format!("{label}{}", self.styled(style, cells.trim_end()));
        self.push(line.trim_end());
    }

    /// Cells in columns of these widths after an indent of two, aligned to the left, the last without a width.
    pub fn cells(&mut self, cells: &[(&str, usize)], last: &str) {
        let cell = |(text, width): &(&str, usize)| pad(&shorten(text, width - 1), *width);
        let line = format!("  {}{last}", cells.iter().map(cell).collect::<String>());
        self.push(line.trim_end());
    }

    /// Three figures after a name; a long one has a line of its own.
    pub fn wide(&mut self, label: &str, cells: [&str; 3]) {
        const EACH: usize = 12;
        let (label, names) = (format!("  {label}"), self.width - 3 * EACH);
        let fits = label.chars().count() < names;
        if !fits {
            self.push(&shorten(&label, self.width));
        }
        self.row(if fits { &label } else { "" }, names, &cells.map(|cell| (cell, EACH)), true);
    }

    /// Words, wrapped, after a bullet or an indent of two.
    pub fn words(&mut self, bullet: &str, text: &str) {
        let mut line = format!("{bullet:<2}");
        let mut filled = false;
        for word in text.split_whitespace() {
            let word = shorten(word, self.width - 4);
            if filled && line.chars().count() + 1 + word.chars().count() > self.width {
                self.push(&line);
                line = "  ".into();
                filled = false;
            }
            line += if filled { " " } else { "" };
            line += &word;
            filled = true;
        }
        self.push(line.trim_end());
    }

    fn styled(&self, style: &str, text: &str) -> String {
        match self.color && !style.is_empty() && !text.is_empty() {
            true => format!("{style}{text}{RESET}"),
            false => text.to_owned(),
        }
    }

    fn push(&mut self, line: &str) {
        self.text += line;
        self.text.push('\n');
    }
}

fn pad(text: &str, width: usize) -> String {
    format!("{text:<width$}")
}

/// A text in lines of at most `width`, broken between words; a longer word is shortened.
fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        if lines[last].is_empty() {
            lines[last] = shorten(word, width);
        } else if lines[last].chars().count() + 1 + word.chars().count() <= width {
            lines[last] = format!("{} {word}", lines[last]);
        } else {
            lines.push(shorten(word, width));
        }
    }
    lines
}

/// At most `width` characters, with an ellipsis if some are lost.
fn shorten(text: &str, width: usize) -> String {
    match text.chars().count() <= width {
        true => text.to_owned(),
        false => text.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_too_long_ones_shortened() {
        let mut page = Page::new(20, false);
        page.words("-", "one two three four five and-a-word-without-any-end");
        assert_eq!(page.finish(), "- one two three four\n  five\n  and-a-word-with…\n");
    }

    #[test]
    fn a_row_aligns_its_figure_and_its_interval() {
        let mut page = Page::new(80, false);
        let cell = Cell { value: "412.3 ms".into(), interval: "± 3.1".into() };
        page.line(&Line { label: "Response".into(), part: false, cell, remark: "a remark".into() });
        assert_eq!(page.finish(), "  Response                        412.3 ms  ± 3.1        a remark\n");
    }
}
