//! The cells of a scenario that varies: every combination of the values of its axes.

use std::collections::BTreeSet;

use toml::Value;

use super::sweep::Sweep;
use crate::experiment::study::Axis;

/// Keys and the TOML of their values, as `--set` takes them.
pub type Settings = Vec<(String, String)>;

/// All combinations of the values of some axes, the last axis fastest. Cells are made when they are asked for, so that a grid may be
/// larger than memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    axes: Vec<Varied>,
}

/// An axis, and what each of its values sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Varied {
    /// As results name it.
    pub axis: Axis,
    /// One for each value.
    pub settings: Vec<Settings>,
}

/// A cell of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridCell {
    /// What tells it from the others.
    pub name: String,
    /// The number of its value on each axis.
    pub position: Vec<usize>,
    /// The keys that it sets.
    pub settings: Settings,
}

/// An entry of `[sweep]` that is wrong: its key, and why.
pub type Wrong = (String, String);

impl Grid {
    /// The combinations of these axes.
    pub fn new(mut axes: Vec<Varied>) -> Self {
        let names = short_names(axes.iter().map(|varied| varied.axis.keys[0].as_str()).collect());
        axes.iter_mut().zip(names).for_each(|(varied, name)| varied.axis.name = name);
        Self { axes }
    }

    /// The axes, the last of which varies fastest.
    pub fn axes(&self) -> &[Varied] {
        &self.axes
    }

    /// How many cells there are; `u64::MAX` if there are more than that.
    pub fn len(&self) -> u64 {
        self.axes.iter().fold(1, |cells, varied| cells.saturating_mul(varied.settings.len() as u64))
    }

    /// Whether there is only the scenario itself.
    pub fn is_empty(&self) -> bool {
        self.axes.is_empty()
    }

    /// The cell of a number below [`Grid::len`].
    pub fn cell(&self, number: u64) -> GridCell {
        let mut rest = number;
        let mut position: Vec<usize> = Vec::with_capacity(self.axes.len());
        for varied in self.axes.iter().rev() {
            let values = varied.settings.len() as u64;
            position.push((rest % values) as usize);
            rest /= values;
        }
        position.reverse();
        let of = || self.axes.iter().zip(&position);
        let value = |(varied, at): (&Varied, &usize)| match self.axes.len() {
            1 if varied.axis.values[*at].parse::<f64>().is_err() && is_word(&varied.axis.values[*at]) => {
                varied.axis.values[*at].clone()
            }
            _ => format!("{} {}", varied.axis.name, varied.axis.values[*at]),
        };
        let name = of().map(value).collect::<Vec<_>>().join(", ");
        let settings = of().flat_map(|(varied, at)| varied.settings[*at].clone()).collect();
        GridCell { name, position, settings }
    }
}

/// Whether a value speaks for itself, such as `aws-lambda`: it does not begin with a number.
fn is_word(value: &str) -> bool {
    value.chars().next().is_some_and(char::is_alphabetic)
}

impl Sweep {
    /// The axes in the order of the file; keys that vary together are one.
    ///
    /// # Errors
    /// Which entry is wrong, and why.
    pub fn axes(&self) -> Result<Vec<Varied>, Wrong> {
        self.check_zip()?;
        let mut axes = Vec::new();
        for (key, _) in &self.keys {
            let together = self.zip.iter().find(|keys| keys.contains(key));
            match together {
                None => axes.push(self.axis(std::slice::from_ref(key))?),
                Some(keys) if keys[0] == *key => axes.push(self.axis(keys)?),
                Some(_) => {}
            }
        }
        Ok(axes)
    }

    fn check_zip(&self) -> Result<(), Wrong> {
        let mut seen = BTreeSet::new();
        for key in self.zip.iter().flatten() {
            if self.keys.iter().all(|(known, _)| known != key) {
                return Err(("zip".into(), format!("`{key}` has no values; add \"{key}\" = [...]")));
            }
            if !seen.insert(key) {
                return Err(("zip".into(), format!("`{key}` is named twice")));
            }
        }
        if self.zip.iter().any(Vec::is_empty) {
            return Err(("zip".into(), "an empty list of keys".into()));
        }
        Ok(())
    }

    fn axis(&self, keys: &[String]) -> Result<Varied, Wrong> {
        let mut columns: Vec<(&String, Vec<Value>)> = Vec::new();
        for key in keys {
            let (_, values) = self.keys.iter().find(|(known, _)| known == key).ok_or_else(|| missing(key))?;
            columns.push((key, values.all().map_err(|problem| (key.clone(), problem))?));
        }
        let length = columns[0].1.len();
        if let Some((key, values)) = columns.iter().find(|(_, values)| values.len() != length) {
            let problem = format!(
                "{} values, but `{}` has {length}; keys that vary together need as many",
                values.len(),
                keys[0]
            );
            return Err(((*key).clone(), problem));
        }
        let settings =
            |at: usize| columns.iter().map(|(key, values)| ((*key).clone(), values[at].to_string())).collect();
        let value = |at: usize| columns.iter().map(|(_, values)| shown(&values[at])).collect::<Vec<_>>().join(" / ");
        let axis = Axis { keys: keys.to_vec(), name: String::new(), values: (0..length).map(value).collect() };
        Ok(Varied { axis, settings: (0..length).map(settings).collect() })
    }
}

fn missing(key: &str) -> Wrong {
    ("zip".into(), format!("`{key}` has no values"))
}

/// A value as a person reads it: texts without quotes, `{ fixed = { ttl = "10m" } }` as `fixed (ttl 10m)`.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Table(table) => {
            let entry = |(key, value): (&String, &Value)| match value {
                Value::Table(inner) if inner.is_empty() => key.clone(),
                Value::Table(_) => format!("{key} ({})", shown(value)),
                other => format!("{key} {}", shown(other)),
            };
            table.iter().map(entry).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// For each key the shortest end that no other key has: `ttl` of `policy.keep_alive.fixed.ttl`.
fn short_names(keys: Vec<&str>) -> Vec<String> {
    let end = |key: &str, parts: usize| {
        let parts: Vec<&str> = key.rsplitn(parts + 1, '.').take(parts).collect();
        parts.into_iter().rev().collect::<Vec<_>>().join(".")
    };
    let name = |key: &&str| {
        let alone = |parts: &usize| keys.iter().filter(|other| end(other, *parts) == end(key, *parts)).count() == 1;
        (1..=key.split('.').count()).find(alone).map_or_else(|| (*key).to_owned(), |parts| end(key, parts))
    };
    keys.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(text: &str) -> Result<Grid, Wrong> {
        let sweep: Sweep = toml::from_str(text).unwrap_or_else(|error| panic!("{error}"));
        sweep.axes().map(Grid::new)
    }

    #[test]
    fn the_last_axis_varies_fastest() {
        let grid = grid(
            "\"policy.keep_alive.fixed.ttl\" = [\"1m\", \"5m\"]\n\"function.0.memory\" = [\"1 GiB\", \"2 GiB\", \"3 GiB\"]",
        );
        let grid = grid.unwrap();
        assert_eq!(grid.len(), 6);
        let cell = grid.cell(4);
        assert_eq!((cell.name.as_str(), cell.position), ("ttl 5m, memory 2 GiB", vec![1, 1]));
        let set = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            cell.settings,
            [set("policy.keep_alive.fixed.ttl", "\"5m\""), set("function.0.memory", "\"2 GiB\"")]
        );
    }

    #[test]
    fn keys_vary_together_where_they_are_zipped() {
        let text = "\"a.memory\" = [\"1 GiB\", \"2 GiB\"]\n\"b.rate\" = [1, 2, 3]\n\"a.time\" = [\"2s\", \"1s\"]\nzip = [[\"a.memory\", \"a.time\"]]";
        let grid = grid(text).unwrap();
        assert_eq!(grid.len(), 6);
        assert_eq!(grid.cell(3).name, "memory 2 GiB / 1s, rate 1");
        assert_eq!(grid.cell(3).settings.len(), 3);
    }

    #[test]
    fn whole_policies_are_values() {
        let grid = grid("\"policy.keep_alive\" = [{ fixed = { ttl = \"10m\" } }, { never = {} }]").unwrap();
        assert_eq!((grid.cell(0).name, grid.cell(1).name), ("fixed (ttl 10m)".into(), "never".into()));
        assert_eq!(grid.cell(0).settings[0].1, "{ fixed = { ttl = \"10m\" } }");
    }

    #[test]
    fn names_are_as_short_as_they_can_be() {
        assert_eq!(short_names(vec!["a.b.ttl", "c.ttl", "x.y"]), ["b.ttl", "c.ttl", "y"]);
    }

    #[test]
    fn a_grid_beyond_memory_is_counted() {
        let axis = |name: char| format!("\"{name}\" = {{ linear = {{ from = 1, to = 1000, steps = 1000 }} }}\n");
        let grid = grid(&('a'..='h').map(axis).collect::<String>()).unwrap();
        assert_eq!(grid.len(), u64::MAX);
        assert_eq!(grid.cell(1).position, [0, 0, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn wrong_entries_are_named() {
        for (text, key, reason) in [
            ("\"a\" = []", "a", "no value"),
            ("\"a\" = [1, 1]", "a", "there twice"),
            ("\"a\" = [1]\nzip = [[\"b\"]]", "zip", "`b` has no values"),
            ("\"a\" = [1]\nzip = [[\"a\", \"a\"]]", "zip", "named twice"),
            ("\"a\" = [1]\n\"b\" = [1, 2]\nzip = [[\"a\", \"b\"]]", "b", "2 values, but `a` has 1"),
        ] {
            let (found, problem) = grid(text).unwrap_err();
            assert!(found == key && problem.contains(reason), "{text}: {found}: {problem}");
        }
        let error = toml::from_str::<Sweep>("a.b = [1, 2]").unwrap_err().to_string();
        assert!(error.contains("in quotes"), "{error}");
        let error =
            toml::from_str::<Sweep>("\"a\" = { lin = { from = 1, to = 2, steps = 2 } }").unwrap_err().to_string();
        assert!(error.contains("unknown field `lin`"), "{error}");
    }
}
