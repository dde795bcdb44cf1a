//! A folder that appears complete or not at all.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::report::ReportError;

/// Files that every result folder has; a folder that lacks one is not taken for a result.
const MARKS: [&str; 3] = ["manifest.json", "summary.json", "scenario.toml"];

/// The same of the folder of a comparison. A result of another kind is never replaced.
const COMPARISON: [&str; 2] = ["manifest.json", "comparison.json"];

/// What coldcast writes into a result folder. Anything else that is found there belongs to the user and is kept.
pub(crate) const FILES: [&str; 20] = [
    "manifest.json",
    "summary.json",
    "scenario.toml",
    "summary.csv",
    "functions.csv",
    "workers.csv",
    "timeline.csv",
    "cost.csv",
    "comparison.csv",
    "comparison.json",
    "servers.csv",
    "servers.json",
    "break_even.csv",
    "break_even.json",
    "sensitivity.csv",
    "invocations.csv",
    "rejects.csv",
    "records",
    "report.html",
    "plots",
];

/// A hidden folder beside the result folder, which takes its place on [`Staging::commit`] and is removed otherwise.
///
/// Open it before a long run: a folder that cannot be written is then found out at once.
#[derive(Debug)]
pub struct Staging {
    marks: &'static [&'static str],
    target: PathBuf,
    path: PathBuf,
    /// Folders above that were not there before, the innermost first.
    made: Vec<PathBuf>,
}

impl Staging {
    /// Prepares to write the result folder `target`.
    ///
    /// # Errors
    /// If `target` exists and is not a result of coldcast, or if the folder beside it cannot be made.
    pub fn open(target: &Path) -> Result<Self, ReportError> {
        Self::open_as(target, &MARKS)
    }

    /// Prepares to write the folder of a comparison.
    ///
    /// # Errors
    /// If `target` exists and is not a comparison, or if the folder beside it cannot be made.
    pub fn open_comparison(target: &Path) -> Result<Self, ReportError> {
        Self::open_as(target, &COMPARISON)
    }

    fn open_as(target: &Path, marks: &'static [&'static str]) -> Result<Self, ReportError> {
        let target = resolve(target)?;
        check(&target, marks)?;
        let path = beside(&target, "partial");
        clear(&path)?;
        let made = target.ancestors().skip(1).take_while(|above| !above.exists()).map(Path::to_owned).collect();
        fs::create_dir_all(&path).map_err(|error| ReportError::io(&target, error))?;
        Ok(Self { marks, target, path, made })
    }

    /// Where to write until the commit.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the written folder in the place of the result folder. Files of the user in the old one are kept.
    ///
    /// # Errors
    /// If a folder cannot be renamed; the old result is then still there.
    pub fn commit(self) -> Result<(), ReportError> {
        let failed = |error| ReportError::io(&self.target, error);
        // Something else may have appeared there during the run.
        check(&self.target, self.marks)?;
        if !self.target.exists() {
            return fs::rename(&self.path, &self.target).map_err(failed);
        }
        let old = beside(&self.target, "old");
        clear(&old)?;
        fs::rename(&self.target, &old).map_err(failed)?;
        if let Err(error) = fs::rename(&self.path, &self.target) {
            fs::rename(&old, &self.target).map_err(failed)?;
            return Err(failed(error));
        }
        keep_foreign(&old, &self.target).map_err(failed)?;
        clear(&old)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After a commit there is nothing to remove; otherwise the error that is already on its way says more.
        let _ = fs::remove_dir_all(&self.path);
        // Folders that hold something by now stay: only empty ones can be removed this way.
        let _ = self.made.iter().try_for_each(fs::remove_dir);
    }
}

/// The absolute path of the folder itself, so that a link is followed and a sibling can be named.
fn resolve(target: &Path) -> Result<PathBuf, ReportError> {
    let absolute = match target.canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound => std::path::absolute(target),
        result => result,
    };
    let absolute = absolute.map_err(|error| ReportError::io(target, error))?;
    if absolute.file_name().is_none() {
        return Err(ReportError::NotAFolder { path: target.into() });
    }
    Ok(absolute)
}

fn beside(target: &Path, role: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{role}-{}", std::process::id()))
}

/// Refuses everything but a new path, an empty folder and a result that has these files.
fn check(target: &Path, marks: &[&'static str]) -> Result<(), ReportError> {
    if !target.exists() {
        return Ok(());
    }
    if !target.is_dir() {
        return Err(ReportError::NotAFolder { path: target.into() });
    }
    let mut entries = fs::read_dir(target).map_err(|error| ReportError::io(target, error))?;
    let missing = marks.iter().copied().find(|mark| !target.join(mark).is_file());
    match missing {
        Some(missing) if entries.next().is_some() => Err(ReportError::NotAResult { path: target.into(), missing }),
        _ => Ok(()),
    }
}

fn clear(path: &Path) -> Result<(), ReportError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(ReportError::io(path, error)),
        _ => Ok(()),
    }
}

fn keep_foreign(old: &Path, new: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(old)? {
        let name = entry?.file_name();
        if FILES.iter().all(|file| name != *file) {
            fs::rename(old.join(&name), new.join(&name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(dir: &Path, content: &str) {
        let staging = Staging::open(dir).unwrap();
        MARKS.iter().for_each(|mark| fs::write(staging.path().join(mark), content).unwrap());
        staging.commit().unwrap();
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_appears_before_the_commit_and_nothing_is_left_without_it() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("a/result");
        let staging = Staging::open(&dir).unwrap();
        fs::write(staging.path().join("summary.json"), "{}").unwrap();
        assert!(!dir.exists());
        drop(staging);
        assert!(names(root.path()).is_empty());
    }

    #[test]
    fn a_result_is_replaced_but_what_the_user_put_there_is_kept() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("result");
        result(&dir, "old");
        fs::write(dir.join("my notes.md"), "mine").unwrap();
        fs::write(dir.join("invocations.csv"), "old").unwrap();
        result(&dir, "new");
        assert_eq!(fs::read_to_string(dir.join("summary.json")).unwrap(), "new");
        assert_eq!(names(&dir), ["manifest.json", "my notes.md", "scenario.toml", "summary.json"]);
        assert_eq!(names(root.path()), ["result"]);
    }

    #[test]
    fn a_folder_that_is_not_a_result_is_refused_with_advice() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("manifest.json"), "of something else").unwrap();
        let error = Staging::open(root.path()).unwrap_err().to_string();
        assert!(error.contains("no summary.json") && error.contains("--out"), "{error}");
        let error = Staging::open(&root.path().join("manifest.json")).unwrap_err().to_string();
        assert!(error.contains("is not a folder"), "{error}");
        let error = Staging::open(&root.path().join("manifest.json/x")).unwrap_err().to_string();
        assert!(error.contains("manifest.json/x") && error.contains("--out"), "{error}");
        assert_eq!(names(root.path()), ["manifest.json"]);
    }
}
