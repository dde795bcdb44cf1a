//! Keep-alive as measured: how long real providers keep idle instances.

use serde::Deserialize;

use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::policy::{IdleView, KeepAlive, Lease};
use crate::time::Span;

/// A probe of a provider: seconds idle, and how many of 100 invocations after that gap were cold.
type Probe = (u32, u32);

/// The measured curves: Lin et al., "Demystifying Serverless Costs on Public Platforms", EuroSys 2026, artefact
/// ubc-cirrus-lab/demystifying-serverless-costs @d7729310, dataset/keep_alive (MIT): 100 probes per point, 2025.
/// From the last gap without a cold start to the first without a warm one.
const CURVES: [(&str, &[Probe]); 3] = [
    (
        "aws-lambda",
        &[(60, 0), (120, 2), (180, 0), (240, 1), (270, 3), (300, 8), (315, 43), (330, 68), (345, 94), (360, 100)],
    ),
    (
        "azure-functions",
        &[
            (120, 0),
            (150, 6),
            (180, 13),
            (210, 22),
            (240, 29),
            (270, 31),
            (300, 34),
            (315, 33),
            (330, 40),
            (345, 73),
            (360, 76),
            (375, 98),
            (390, 100),
        ],
    ),
    (
        "google-cloud-functions",
        &[(660, 0), (720, 1), (780, 4), (840, 2), (870, 6), (885, 0), (900, 7), (915, 90), (930, 90), (945, 100)],
    ),
];

/// Each idle period ends at a time drawn from a provider's measured survival curve. O(1) draws, O(points) per draw.
///
/// The curve is the least-squares monotone fit of the probes (pool adjacent violators), linear between them.
#[derive(Debug, Clone)]
pub struct Survival {
    /// (probability that the instance is gone, seconds idle), both ascending.
    curve: Vec<(f64, f64)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    curve: String,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn KeepAlive> = Entry {
    name: "survival",
    summary: "Each idle period ends at a time drawn from the curve measured on a real provider.",
    reference: "Lin et al., \"Demystifying Serverless Costs on Public Platforms\", EuroSys 2026 (artefact, 2025 probes)",
    parameters: &[Parameter {
        name: "curve",
        kind: "\"aws-lambda\", \"azure-functions\" or \"google-cloud-functions\"",
        default: None,
        meaning: "whose curve",
    }],
    example: r#"{ curve = "aws-lambda" }"#,
    build: Build::Function(|parameters| {
        let Parameters { curve } = read(parameters)?;
        let policy = Survival::measured(&curve)?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Survival {
    /// The measured curve of a provider.
    pub fn measured(provider: &str) -> Result<Self, ParameterError> {
        let known = || CURVES.map(|(name, _)| name).join(", ");
        let probes = CURVES.iter().find(|(name, _)| *name == provider).map(|(_, probes)| probes);
        let probes =
            probes.ok_or_else(|| ParameterError(format!("unknown curve \"{provider}\"; curves are {}", known())))?;
        Ok(Self { curve: monotone(probes) })
    }

    /// The idle time at which a share `gone` of the instances is gone.
    fn idle_secs(&self, gone: f64) -> f64 {
        let after = self.curve.partition_point(|(share, _)| *share < gone).clamp(1, self.curve.len() - 1);
        let ((low, from), (high, to)) = (self.curve[after - 1], self.curve[after]);
        from + (to - from) * (gone - low) / (high - low)
    }
}

impl KeepAlive for Survival {
    fn lease(&mut self, idle: &IdleView<'_>) -> Lease {
        Lease::For(Span::from_nanos_f64(self.idle_secs(idle.random().uniform()) * 1e9))
    }
}

/// Pool adjacent violators: neighbours that go down are replaced by their mean.
fn monotone(probes: &[Probe]) -> Vec<(f64, f64)> {
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (_, cold) in probes {
        let mut block = (f64::from(*cold), 1);
        while let Some((sum, n)) = blocks.pop_if(|(sum, n)| *sum * block.1 as f64 > block.0 * *n as f64) {
            block = (block.0 + sum, block.1 + n);
        }
        blocks.push(block);
    }
    let shares = blocks.iter().flat_map(|(sum, n)| std::iter::repeat_n(sum / *n as f64 / 100.0, *n));
    shares.zip(probes).map(|(share, (secs, _))| (share, f64::from(*secs))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{FunctionId, InstanceId};
    use crate::random::Streams;
    use crate::time::Time;

    /// The share of drawn idle periods that end before each probe is the measured share, within 4 standard errors of the
    /// draws and the distance of the monotone fit.
    #[test]
    fn draws_follow_the_measured_curves() {
        let streams = Streams::new(9, 0);
        for (provider, probes) in CURVES {
            let mut policy = Survival::measured(provider).unwrap();
            let draws: Vec<f64> = (0..20_000)
                .map(|invocation| {
                    let (instance, function, now) = (InstanceId(0), FunctionId(0), Time::ZERO);
                    match policy.lease(&IdleView {
                        now,
                        instance,
                        function,
                        invocation,
                        unit: 0,
                        in_flight: 0,
                        next_arrival: None,
                        streams: &streams,
                    }) {
                        Lease::For(span) => span.as_secs_f64(),
                        other => panic!("{other:?}"),
                    }
                })
                .collect();
            for ((secs, cold), (fitted, _)) in probes.iter().zip(monotone(probes)) {
                let gone = draws.iter().filter(|idle| **idle < f64::from(*secs)).count() as f64 / draws.len() as f64;
                let error = 4.0 * (fitted * (1.0 - fitted) / draws.len() as f64).sqrt() + 1e-9;
                assert!((gone - fitted).abs() <= error, "{provider} at {secs} s: {gone}, fitted {fitted}");
                // 100 probes: the fit stays within 3 standard errors of each measured share (0.065 where it is largest).
                assert!((fitted - f64::from(*cold) / 100.0).abs() < 0.065, "{provider} at {secs} s");
            }
        }
    }

    #[test]
    fn an_unknown_provider_is_named_with_the_known_ones() {
        let error = Survival::measured("aws").unwrap_err().to_string();
        assert!(error.contains("aws-lambda, azure-functions"), "{error}");
    }
}
