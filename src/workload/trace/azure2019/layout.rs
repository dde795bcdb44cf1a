//! The wide rows of a file of invocations: a few identifiers and a count for each minute.
//!
//! Reading these cells is most of the work of reading a trace (67 million a day), hence a scan by hand.

use crate::workload::trace::error::{Problem, TraceError, bad_cell};
use crate::workload::trace::header::Header;

/// Where the block of minute columns lies. Other columns may be on both sides of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    columns: usize,
    before: usize,
    minutes: usize,
    /// The name of the first minute column.
    pub first_minute: u32,
}

/// Minutes of a day; the trace numbers them from 1, some samples from 0.
pub(super) const DAY: u32 = 1440;

impl Layout {
    /// Finds the minute columns by their names.
    pub fn find(header: &Header) -> Result<Self, TraceError> {
        let numbers: Vec<Option<u32>> = header.names().iter().map(|name| name.parse().ok()).collect();
        let is_minute = |number: &Option<u32>| number.is_some();
        let Some(before) = numbers.iter().position(is_minute) else {
            return Err(
                header.error("there are no minute columns, expected columns named 1 to 1440 or a part of them".into())
            );
        };
        let block: Vec<u32> = numbers[before..].iter().map_while(|number| *number).collect();
        let in_order = block.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]));
        let alone = numbers.iter().filter(|number| is_minute(number)).count() == block.len();
        if !in_order || !alone || block.len() > DAY as usize || block.last() > Some(&DAY) {
            let expected = "expected the minute columns side by side and in order, such as 1 to 1440 or 480 to 959";
            return Err(header.error(format!("the minute columns are not consecutive minutes of a day; {expected}")));
        }
        Ok(Self { columns: numbers.len(), before, minutes: block.len(), first_minute: block[0] })
    }

    /// How many minute columns there are.
    pub fn minutes(&self) -> u32 {
        self.minutes as u32
    }

    /// Where the column at `position` of the file is among the fields that [`Self::scan`] returns.
    pub fn field(&self, position: usize) -> usize {
        if position < self.before { position } else { position - self.minutes }
    }

    /// Splits a row: appends (index of the minute column, count) to `cells` where the count is not zero, and returns
    /// the other fields.
    pub fn scan<'a>(&self, line: &'a [u8], cells: &mut Vec<(u32, u32)>) -> Result<Vec<&'a [u8]>, Problem> {
        let mut fields = Vec::with_capacity(self.columns - self.minutes);
        let mut rest = Some(line);
        for _ in 0..self.before {
            fields.push(field(&mut rest).ok_or_else(|| self.wrong_length(line))?);
        }
        let mut rest = self.counts(rest.ok_or_else(|| self.wrong_length(line))?, cells, line)?;
        for _ in self.before + self.minutes..self.columns {
            fields.push(field(&mut rest).ok_or_else(|| self.wrong_length(line))?);
        }
        if rest.is_some() { Err(self.wrong_length(line)) } else { Ok(fields) }
    }

    /// Reads the cells of the minutes and returns what follows them, if anything.
    fn counts<'a>(
        &self,
        mut rest: &'a [u8],
        cells: &mut Vec<(u32, u32)>,
        line: &[u8],
    ) -> Result<Option<&'a [u8]>, Problem> {
        let mut minute = 0;
        loop {
            // Most minutes of most functions are empty.
            while minute + 4 < self.minutes && rest.starts_with(b"0,0,0,0,") {
                (minute, rest) = (minute + 4, &rest[8..]);
            }
            let (count, length) = digits(rest);
            if count.is_none() || !matches!(rest.get(length), None | Some(b',')) {
                return Err(self.bad_count(minute, rest));
            }
            if let Some(count @ 1..) = count {
                cells.push((minute as u32, count));
            }
            minute += 1;
            let after = rest.get(length + 1..);
            if minute == self.minutes {
                return Ok(after);
            }
            rest = after.ok_or_else(|| self.wrong_length(line))?;
        }
    }

    fn bad_count(&self, minute: usize, rest: &[u8]) -> Problem {
        let cell = rest.split(|&byte| byte == b',').next().unwrap_or_default();
        let column = (self.first_minute + minute as u32).to_string();
        bad_cell(&column, cell, "a whole number of invocations, not negative and below 2^32")
    }

    fn wrong_length(&self, line: &[u8]) -> Problem {
        let found = line.split(|&byte| byte == b',').count();
        Problem(format!("the row has {found} fields, expected {}, one for each column", self.columns))
    }
}

/// Takes the field in front; `rest` is `None` after the last.
fn field<'a>(rest: &mut Option<&'a [u8]>) -> Option<&'a [u8]> {
    let text = (*rest)?;
    let end = text.iter().position(|&byte| byte == b',');
    *rest = end.map(|end| &text[end + 1..]);
    Some(text[..end.unwrap_or(text.len())].trim_ascii())
}

/// The number in front of `text` and how many digits it has; `None` if there is none or it is too large.
#[inline]
fn digits(text: &[u8]) -> (Option<u32>, usize) {
    let (mut number, mut length) = (0u64, 0);
    while let Some(digit) = text.get(length).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10) {
        number = (number * 10 + u64::from(digit)).min(u64::from(u32::MAX) + 1);
        length += 1;
    }
    (u32::try_from(number).ok().filter(|_| length > 0), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_may_be_on_both_sides_of_the_minutes() {
        let layout = Layout { columns: 9, before: 2, minutes: 6, first_minute: 480 };
        let mut cells = Vec::new();
        let fields = layout.scan(b"a, b,0,0,0,0,12,4294967295,c", &mut cells).unwrap();
        assert_eq!(fields, [b"a", b"b", b"c"]);
        assert_eq!(cells, [(4, 12), (5, u32::MAX)]);
        assert_eq!([0, 1, 8].map(|position| fields[layout.field(position)]), [b"a", b"b", b"c"]);
    }

    #[test]
    fn a_row_of_only_zeros_ends_where_it_should() {
        let layout = Layout { columns: 8, before: 0, minutes: 8, first_minute: 1 };
        for (row, good) in [
            ("0,0,0,0,0,0,0,0", true),
            ("0,0,0,0,0,0,0", false),
            ("0,0,0,0,0,0,0,0,", false),
            ("0,0,0,0,0,0,0,", false),
        ] {
            let mut cells = Vec::new();
            assert_eq!(layout.scan(row.as_bytes(), &mut cells).is_ok(), good, "{row}");
            assert!(cells.is_empty());
        }
    }
}
