//! Text files of comma-separated rows, plain or gzip, one line at a time.
//!
//! A row is one line, so that memory is bounded by the longest line and a stray quote spoils one row only. Quoted
//! fields are split by `csv_core`; the `csv` crate on top of it misnumbers lines in files with CRLF or blank lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use csv_core::{ReadRecordResult, Terminator};
use flate2::bufread::MultiGzDecoder;

use super::error::{Problem, TraceError};

/// The rows of a file.
pub(in crate::workload) struct Rows {
    path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    line: Vec<u8>,
    number: u64,
    splitter: Splitter,
}

impl Rows {
    /// Opens a file, gzip or not, in front of its first line.
    pub fn open(path: &Path) -> Result<Self, TraceError> {
        let reader = open(path).map_err(|source| TraceError::Open { path: path.into(), source })?;
        Ok(Self { path: path.into(), reader, line: Vec::new(), number: 0, splitter: Splitter::default() })
    }

    /// Goes to the next line that is not blank; false at the end of the file.
    pub fn advance(&mut self) -> Result<bool, TraceError> {
        loop {
            self.line.clear();
            self.number += 1;
            let read = self.reader.read_until(b'\n', &mut self.line);
            if read.map_err(|source| TraceError::Read { path: self.path.clone(), line: self.number, source })? == 0 {
                return Ok(false);
            }
            while self.line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                self.line.pop();
            }
            if !self.line.is_empty() {
                return Ok(true);
            }
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The present line, without its end.
    pub fn line(&self) -> &[u8] {
        &self.line
    }

    /// The number of the present line, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The fields of the present line.
    pub fn fields(&mut self) -> Result<Fields<'_>, Problem> {
        self.splitter.split(&self.line)
    }
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    const BUFFER: usize = 1 << 18;
    let mut file = File::open(path)?;
    let mut magic = Vec::new();
    file.by_ref().take(2).read_to_end(&mut magic)?;
    file.rewind()?;
    let file = BufReader::with_capacity(BUFFER, file);
    if magic == [0x1f, 0x8b] {
        return Ok(Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(file))));
    }
    Ok(Box::new(file))
}

/// The fields of one row, without their quotes.
#[derive(Clone, Copy)]
pub(in crate::workload) struct Fields<'a> {
    text: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Fields<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The field at `index`, which must be below [`Self::len`].
    pub fn get(&self, index: usize) -> &'a [u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        self.text[start..self.ends[index]].trim_ascii()
    }
}

struct Splitter {
    core: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Default for Splitter {
    fn default() -> Self {
        let core = csv_core::ReaderBuilder::new().terminator(Terminator::Any(b'\n')).build();
        Self { core, text: Vec::new(), ends: Vec::new() }
    }
}

impl Splitter {
    fn split(&mut self, line: &[u8]) -> Result<Fields<'_>, Problem> {
        // Unquoting never lengthens a line, a line has at most one field more than bytes, and one place stays free.
        let room = self.text.len().max(line.len() + 2);
        self.text.resize(room, 0);
        self.ends.resize(room, 0);
        self.core.reset();
        let (_, _, text, mut ends) = self.core.read_record(line, &mut self.text, &mut self.ends);
        let (end, _, _, last) = self.core.read_record(b"\n", &mut self.text[text..], &mut self.ends[ends..]);
        if end != ReadRecordResult::Record {
            return Err(Problem("a quote is opened but not closed on its line".into()));
        }
        ends += last;
        Ok(Fields { text: &self.text[..text], ends: &self.ends[..ends] })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u64, Result<Vec<String>, Problem>)> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut rows = Rows::open(file.path()).unwrap();
        let mut seen = Vec::new();
        while rows.advance().unwrap() {
            let texts =
                |fields: Fields<'_>| (0..fields.len()).map(|i| String::from_utf8_lossy(fields.get(i)).into()).collect();
            seen.push((rows.number(), rows.fields().map(texts)));
        }
        seen
    }

    fn row(number: u64, fields: &[&str]) -> (u64, Result<Vec<String>, Problem>) {
        (number, Ok(fields.iter().map(|field| field.to_string()).collect()))
    }

    #[test]
    fn lines_are_numbered_through_blank_lines_and_any_line_end() {
        assert_eq!(rows(b"a,b\r\n\r\n1,2\n\n3"), [row(1, &["a", "b"]), row(3, &["1", "2"]), row(5, &["3"])]);
    }

    #[test]
    fn quotes_hold_commas_and_a_stray_one_spoils_one_row() {
        let seen = rows(b"\"2,Intel \"\"R\"\"\",x,\n\"a,b\n1,2\n");
        assert_eq!(seen[0], row(1, &["2,Intel \"R\"", "x", ""]));
        assert!(seen[1].1.is_err());
        assert_eq!(seen[2], row(3, &["1", "2"]));
    }

    #[test]
    fn gzip_is_recognised_by_its_first_bytes() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"a,b\n1,2\n").unwrap();
        assert_eq!(rows(&gzip.finish().unwrap()), [row(1, &["a", "b"]), row(2, &["1", "2"])]);
    }
}
