//! Fixed keep-alive, renewed on use.

use serde::Deserialize;

use crate::policy::entry::{Build, Entry, Parameter, read};
use crate::policy::{IdleView, KeepAlive, Lease};
use crate::time::Span;

/// An idle instance goes a fixed time after its last use. O(1).
///
/// Values in use: 10 min in Apache OpenWhisk (`application.conf`, idle-container) and in most papers on AWS Lambda; 20 min for Azure
/// Functions in Shahrad et al., "Serverless in the Wild", ATC 2020; 1 min in Huawei YuanRong (Joosen et al., EuroSys 2025).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// How long an instance may be idle.
    pub ttl: Span,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn KeepAlive> = Entry {
    name: "fixed",
    summary: "An idle instance goes a fixed time after its last use.",
    reference: "Apache OpenWhisk (10 min); Shahrad et al., \"Serverless in the Wild\", ATC 2020",
    parameters: &[Parameter {
        name: "ttl",
        kind: "duration",
        default: Option::None,
        meaning: "how long an instance may be idle",
    }],
    example: r#"{ ttl = "10m" }"#,
    build: Build::Function(|parameters| {
        let policy: Fixed = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl KeepAlive for Fixed {
    fn lease(&mut self, _: &IdleView<'_>) -> Lease {
        Lease::For(self.ttl)
    }

    fn always(&self) -> Option<Lease> {
        Some(Lease::For(self.ttl))
    }
}
