//! What scheduling and balancing themselves take, at the three levels at which a platform decides.

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// Delays of the platform's own decisions, before an invocation is given to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Overheads {
    /// Among the instances: the load is the number of instances of the function (or app).
    pub container: Overhead,
    /// Among the invocations of a function: the load is the number of its invocations that wait or execute.
    pub function: Overhead,
    /// Among the functions of an app (a microservice): the load is the number of its invocations that wait or execute.
    pub microservice: Overhead,
}

/// The delays of one level. Each is an affine function a x + b of the load x that the invocation finds there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Overhead {
    /// To decide who is next.
    pub scheduling: Affine,
    /// To decide where it goes.
    pub balancing: Affine,
}

/// a x + b.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Affine {
    /// a: for each unit of load. Default: "0s".
    pub per_load: Span,
    /// b: always. Default: "0s".
    pub fixed: Span,
}

impl Affine {
    /// The delay at load `x`.
    pub fn at(&self, x: u64) -> Span {
        self.fixed + Span::from_nanos(self.per_load.as_nanos().saturating_mul(x))
    }
}

/// The load that an invocation finds at each level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadFound {
    /// Instances of its function (or app).
    pub container: u64,
    /// Invocations of its function.
    pub function: u64,
    /// Invocations of its app.
    pub microservice: u64,
}

/// What an invocation waited for decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delay {
    /// For scheduling, over all levels.
    pub scheduling: Span,
    /// For balancing, over all levels.
    pub balancing: Span,
}

impl Overheads {
    /// Whether there are none.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// What an invocation waits.
    pub fn at(&self, load: LoadFound) -> Delay {
        let levels =
            [(self.container, load.container), (self.function, load.function), (self.microservice, load.microservice)];
        Delay {
            scheduling: levels.iter().map(|(level, x)| level.scheduling.at(*x)).sum(),
            balancing: levels.iter().map(|(level, x)| level.balancing.at(*x)).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_add_up() {
        let affine =
            |per_load, fixed| Affine { per_load: Span::from_millis(per_load), fixed: Span::from_millis(fixed) };
        let overheads = Overheads {
            container: Overhead { scheduling: affine(1, 10), balancing: affine(0, 5) },
            function: Overhead { scheduling: affine(2, 0), balancing: Affine::default() },
            microservice: Overhead { scheduling: Affine::default(), balancing: affine(3, 1) },
        };
        let delay = overheads.at(LoadFound { container: 4, function: 2, microservice: 10 });
        assert_eq!(delay.scheduling, Span::from_millis(4 + 10 + 4));
        assert_eq!(delay.balancing, Span::from_millis(5 + 31));
    }
}
