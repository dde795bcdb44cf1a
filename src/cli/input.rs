//! Which files a run has read, with their checksums.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::experiment::InputFile;

/// Size and checksum of each file.
///
/// # Errors
/// If one can no longer be read.
pub fn describe(paths: &[PathBuf]) -> anyhow::Result<Vec<InputFile>> {
    let one = |path: &PathBuf| checksum(path).with_context(|| format!("{}: cannot be read again", path.display()));
    paths.iter().map(one).collect()
}

fn checksum(path: &Path) -> io::Result<InputFile> {
    let (mut file, mut hasher, mut bytes) = (File::open(path)?, Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            let sha256 = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            return Ok(InputFile { path: path.to_owned(), bytes, sha256 });
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
}
