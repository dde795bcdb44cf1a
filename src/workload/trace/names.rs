//! Short unique names for the functions and apps of a trace.

use std::collections::BTreeMap;

/// Hands out names that are unique among themselves.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeMap<String, u32>,
}

/// Ids of this many hexadecimal digits or more are hashes, of which people read the first eight digits.
const HASH_DIGITS: usize = 32;

impl Names {
    /// A unique name for `id`: the first eight digits of a hash, other ids as they are, with a number if taken.
    pub fn unique(&mut self, id: &str) -> String {
        let is_hash = id.len() >= HASH_DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let base = if is_hash { &id[..8] } else { id };
        let mut name = base.to_owned();
        while self.taken.contains_key(&name) {
            let uses = self.taken.entry(base.to_owned()).or_default();
            *uses += 1;
            name = format!("{base}-{uses}");
        }
        self.taken.insert(name.clone(), 1);
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_unique() {
        let mut names = Names::default();
        let hash = |last: char| format!("0951ccc9{}{last}", "a".repeat(55));
        let ids = [&hash('0'), &hash('1'), "17", "main", "main-2", "main", "main", ""];
        let named: Vec<_> = ids.iter().map(|id| names.unique(id)).collect();
        assert_eq!(named, ["0951ccc9", "0951ccc9-2", "17", "main", "main-2", "main-3", "main-4", ""]);
    }
}
