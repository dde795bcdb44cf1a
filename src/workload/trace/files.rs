//! One path or several, as scenario files write them.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One file, or the files of several days in order: `"d01.csv"` or `["d01.csv", "d02.csv"]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files(pub Vec<PathBuf>);

impl Files {
    /// The paths, relative ones starting at `base`.
    pub(super) fn under(&self, base: &Path) -> impl Iterator<Item = PathBuf> {
        self.0.iter().map(move |path| base.join(path))
    }
}

impl Serialize for Files {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [path] => path.serialize(serializer),
            paths => paths.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FilesVisitor)
    }
}

struct FilesVisitor;

impl<'de> Visitor<'de> for FilesVisitor {
    type Value = Files;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path such as \"d01.csv\", or a list of paths, one for each day")
    }

    fn visit_str<E>(self, path: &str) -> Result<Files, E> {
        Ok(Files(vec![path.into()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut paths: A) -> Result<Files, A::Error> {
        let mut files = Files::default();
        while let Some(path) = paths.next_element()? {
            files.0.push(path);
        }
        Ok(files)
    }
}

impl schemars::JsonSchema for Files {
    fn schema_name() -> Cow<'static, str> {
        "Files".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A path, or a list of paths, one for each day",
            "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Config {
        files: Files,
    }

    #[test]
    fn one_path_or_a_list_survive_being_written_and_read() {
        for text in ["files = \"a.csv\"\n", "files = [\"a.csv\", \"b.csv\"]\n", "files = []\n"] {
            let config: Config = toml::from_str(text).unwrap();
            assert_eq!(toml::to_string(&config).unwrap(), text);
        }
        assert!(toml::from_str::<Config>("files = 3").unwrap_err().to_string().contains("one for each day"));
    }
}
