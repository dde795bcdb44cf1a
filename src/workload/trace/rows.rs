//! Text files of separated rows (RFC 4180), plain or gzip, one row at a time.
//!
//! A row is a line, or several where a quoted field has line breaks. No row is longer than [`LONGEST`], so that memory is
//! bounded; a quote that is not closed within it, or before the end of the file, spoils its own line only. Fields are split
//! by `csv_core`; the `csv` crate on top of it misnumbers lines in files with CRLF or blank lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use csv_core::{ReadRecordResult, Terminator};
use flate2::bufread::MultiGzDecoder;

use super::error::{Problem, TraceError};

/// The rows of a file.
pub(in crate::workload) struct Rows {
    path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    line: Vec<u8>,
    /// Lines that were read behind a quote that is not closed, to be read again.
    returned: Cursor<Vec<u8>>,
    number: u64,
    lines: u64,
    splitter: Splitter,
}

/// The longest row in bytes: 1 MiB.
const LONGEST: usize = 1 << 20;

impl Rows {
    /// Opens a file, gzip or not, in front of its first line.
    pub fn open(path: &Path) -> Result<Self, TraceError> {
        let reader = open(path).map_err(|source| TraceError::Open { path: path.into(), source })?;
        let (line, returned, splitter) = (Vec::new(), Cursor::default(), Splitter::new(b','));
        Ok(Self { path: path.into(), reader, line, returned, number: 0, lines: 0, splitter })
    }

    /// The same with another byte between the fields than a comma.
    pub fn separated_by(mut self, separator: u8) -> Self {
        self.splitter = Splitter::new(separator);
        self
    }

    /// Goes to the next row, past blank lines; false at the end of the file.
    pub fn advance(&mut self) -> Result<bool, TraceError> {
        self.line.clear();
        while self.line.is_empty() {
            self.number = self.lines + 1;
            if !self.read_line()? {
                return Ok(false);
            }
            let first = self.line.len();
            // Without a quote a row is its line.
            if self.line.contains(&b'"') && self.splitter.opens(&self.line) {
                self.continue_row(first)?;
            }
            while self.line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                self.line.pop();
            }
        }
        Ok(true)
    }

    /// Reads on to the end of a quoted field; if there is none, only the first line, which has `first` bytes, stays.
    fn continue_row(&mut self, first: usize) -> Result<(), TraceError> {
        let number = self.lines;
        let mut seen = first;
        while self.line.len() <= LONGEST && self.read_line()? {
            if !self.splitter.stays_open(&self.line[seen..]) {
                return Ok(());
            }
            seen = self.line.len();
        }
        let mut rest = self.line.split_off(first);
        rest.extend_from_slice(&self.returned.get_ref()[self.returned.position() as usize..]);
        (self.returned, self.lines) = (Cursor::new(rest), number);
        Ok(())
    }

    /// Appends the next line with its end; false at the end of the file.
    fn read_line(&mut self) -> Result<bool, TraceError> {
        let before = self.line.len();
        let most = LONGEST as u64 + 1;
        let mut read = self.returned.by_ref().take(most).read_until(b'\n', &mut self.line);
        if matches!(read, Ok(0)) {
            read = self.reader.by_ref().take(most).read_until(b'\n', &mut self.line);
        }
        self.lines += 1;
        let length = self.line.len() - before;
        let too_long = || io::Error::new(io::ErrorKind::InvalidData, "the line is longer than 1 MiB");
        match read {
            Ok(_) if length > LONGEST => Err(too_long()),
            Ok(_) => Ok(length > 0),
            Err(source) => Err(source),
        }
        .map_err(|source| TraceError::Read { path: self.path.clone(), line: self.lines, source })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The present row, without its end.
    pub fn line(&self) -> &[u8] {
        &self.line
    }

    /// The number of the first line of the present row, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The fields of the present row.
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

impl Splitter {
    fn new(separator: u8) -> Self {
        let core = csv_core::ReaderBuilder::new().delimiter(separator).terminator(Terminator::Any(b'\n')).build();
        Self { core, text: Vec::new(), ends: Vec::new() }
    }

    /// Whether a quote is open at the end of the first line of a row.
    fn opens(&mut self, line: &[u8]) -> bool {
        self.core.reset();
        self.stays_open(line)
    }

    /// The same for a line that follows.
    fn stays_open(&mut self, line: &[u8]) -> bool {
        self.make_room(line.len());
        self.core.read_record(line, &mut self.text, &mut self.ends).0 != ReadRecordResult::Record
    }

    fn split(&mut self, line: &[u8]) -> Result<Fields<'_>, Problem> {
        self.make_room(line.len());
        self.core.reset();
        let (_, _, text, mut ends) = self.core.read_record(line, &mut self.text, &mut self.ends);
        let (end, _, _, last) = self.core.read_record(b"\n", &mut self.text[text..], &mut self.ends[ends..]);
        if end != ReadRecordResult::Record {
            return Err(Problem("a quote is opened but not closed".into()));
        }
        ends += last;
        Ok(Fields { text: &self.text[..text], ends: &self.ends[..ends] })
    }

    /// Unquoting never lengthens a line, a line has at most one field more than bytes, and one place stays free.
    fn make_room(&mut self, length: usize) {
        let room = self.text.len().max(length + 2);
        self.text.resize(room, 0);
        self.ends.resize(room, 0);
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
    fn quoted_fields_have_line_breaks_and_errors_the_first_line() {
        let seen = rows(b"a,b\n\"x\r\n\n\"\"y\"\"\n\",2\r\n3,4\n");
        assert_eq!(seen, [row(1, &["a", "b"]), row(2, &["x\r\n\n\"y\"", "2"]), row(6, &["3", "4"])]);
    }

    #[test]
    fn a_quote_that_is_never_closed_spoils_its_line_and_no_row_is_without_bound() {
        let many = [b"1,\"2\n".to_vec(), b"3,4\n".repeat(LONGEST / 3), b"5,\"6\"\n".to_vec()].concat();
        let seen = rows(&many);
        assert!(seen[0].1.is_err());
        assert_eq!(seen[1], row(2, &["3", "4"]));
        assert_eq!(seen.last(), Some(&row(LONGEST as u64 / 3 + 2, &["5", "6"])));
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&[b"a\n".to_vec(), vec![b'7'; 3 * LONGEST]].concat()).unwrap();
        file.write_all(&gzip.finish().unwrap()).unwrap();
        let mut rows = Rows::open(file.path()).unwrap();
        assert!(rows.advance().unwrap());
        let error = rows.advance().unwrap_err().to_string();
        assert!(error.contains(":2: reading broke off (the line is longer than 1 MiB)"), "{error}");
    }

    #[test]
    fn gzip_is_recognised_by_its_first_bytes() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"a,b\n1,2\n").unwrap();
        assert_eq!(rows(&gzip.finish().unwrap()), [row(1, &["a", "b"]), row(2, &["1", "2"])]);
    }
}
