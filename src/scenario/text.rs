//! The text of a scenario, presets and defaults written out, wherever it is to stand.

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, value};

use super::read::Scenario;

impl Scenario {
    /// The text, presets and defaults written out, as it stands in `folder`: relative paths still start where they did.
    pub fn text_in(&self, folder: &Path) -> String {
        let base = real(&self.base());
        self.text_from(pathdiff::diff_paths(&base, real(folder)).unwrap_or(base))
    }

    /// The text as it may stand anywhere on this machine.
    pub fn text_anywhere(&self) -> String {
        self.text_from(real(&self.base()))
    }

    /// The text whose relative paths start at `folder`.
    fn text_from(&self, folder: PathBuf) -> String {
        if self.paths().iter().all(|path| path.is_absolute()) {
            return self.text.clone();
        }
        let Ok(mut document) = self.text.parse::<DocumentMut>() else { return self.text.clone() };
        document["scenario"]["paths_from"] = value(folder.to_string_lossy().replace('\\', "/"));
        document.to_string()
    }
}

/// The absolute path without links, of which the end may not exist yet.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let known = path.ancestors().find_map(|known| Some((known.canonicalize().ok()?, path.strip_prefix(known).ok()?)));
    known.map_or_else(
        || path.clone(),
        |(known, rest)| if rest.as_os_str().is_empty() { known } else { known.join(rest) },
    )
}
