//! Published figures of Azure Functions, July 2019, as inverse distribution functions.
//!
//! M. Shahrad et al., "Serverless in the Wild: characterizing and optimizing the serverless workload at a large cloud
//! provider", USENIX ATC 2020, section 3. What the paper does not say is marked as an assumption.

use crate::workload::Trigger;

/// Standard deviation of the logarithm of rates (ucsdsysnet/serverless-sim, log-normal with mu -7.85; mu has no effect on
/// rates that are scaled to a total).
pub const RATE_SIGMA: f64 = 2.75;

/// Mean of the logarithm of a function's average execution time in seconds (log-normal, maximum likelihood).
pub const EXECUTION_MU: f64 = -0.38;

/// Standard deviation of the same.
pub const EXECUTION_SIGMA: f64 = 2.36;

/// Share of a trigger, in percent.
pub struct TriggerShare {
    pub trigger: Trigger,
    /// Of the functions.
    pub functions: f64,
    /// Of the invocations.
    pub invocations: f64,
}

/// Functions and invocations by trigger. Each column sums to 99.9 or 100.1 by rounding. (The counts of the released trace differ, but their published
/// column of functions sums to 105.7.)
pub const TRIGGERS: [TriggerShare; 7] = [
    TriggerShare { trigger: Trigger::Http, functions: 55.0, invocations: 35.9 },
    TriggerShare { trigger: Trigger::Queue, functions: 15.2, invocations: 33.5 },
    TriggerShare { trigger: Trigger::Event, functions: 2.2, invocations: 24.7 },
    TriggerShare { trigger: Trigger::Orchestration, functions: 6.9, invocations: 2.3 },
    TriggerShare { trigger: Trigger::Timer, functions: 15.6, invocations: 2.0 },
    TriggerShare { trigger: Trigger::Storage, functions: 2.8, invocations: 0.7 },
    TriggerShare { trigger: Trigger::Others, functions: 2.2, invocations: 1.0 },
];

/// Position in [`TRIGGERS`] of the trigger of a function, for a uniform `u`.
pub fn trigger(u: f64) -> usize {
    let mut left = u * TRIGGERS.iter().map(|share| share.functions).sum::<f64>();
    let found = TRIGGERS.iter().position(|share| {
        left -= share.functions;
        left < 0.0
    });
    found.unwrap_or(TRIGGERS.len() - 1)
}

/// Shares of apps with more functions than a number: 46 % more than 1, 5 % more than 10, 0.04 % more than 100.
const LARGER_APPS: [(f64, f64); 3] = [(1.0, 0.46), (10.0, 0.05), (100.0, 0.0004)];

/// Functions of an app, for a uniform share `u` of apps that are at least as large. Between the published shares, and beyond
/// the last, the share falls as a power of the size (assumption).
pub fn app_size(u: f64) -> u32 {
    if u > LARGER_APPS[0].1 {
        return 1;
    }
    let [first, middle, last] = LARGER_APPS;
    let ((size, share), (next_size, next_share)) = if u > middle.1 { (first, middle) } else { (middle, last) };
    let power = libm::log(next_size / size) / libm::log(next_share / share);
    let larger = size * libm::pow(u / share, power);
    // The draw may be exactly the size that others exceed, up to rounding.
    larger.ceil().clamp(2.0, 10_000.0) as u32
}

/// Memory of an app in MB, for a uniform `u`: Burr XII with c = 11.652, k = 0.221, scale 107.083 (fitted to the
/// average allocated memory).
pub fn app_memory(u: f64) -> f64 {
    107.083 * libm::pow(libm::pow(1.0 - u, -1.0 / 0.221) - 1.0, 1.0 / 11.652)
}

/// Coefficient of variation of the gaps of what is not a timer, for a uniform `u` (apps without timers, read off a figure
/// to 2 points: 11 % have 0, 34 % up to 1, 55 % up to 2). Straight lines between, and up to 10 by a constant factor per share
/// (assumption); one figure serves for apps and for functions (assumption).
pub fn gap_cv(u: f64) -> f64 {
    match u {
        ..0.11 => 0.0,
        ..0.34 => (u - 0.11) / 0.23,
        ..0.55 => 1.0 + (u - 0.34) / 0.21,
        _ => 2.0 * libm::pow(5.0, (u - 0.55) / 0.45),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-3 * expected.abs() + 1e-9, "{found} for {expected}");
    }

    #[test]
    fn memory_has_the_percentiles_of_the_fit() {
        // Derived from the published parameters by hand.
        assert_near(app_memory(0.5), 139.6);
        assert_near(app_memory(0.9), 261.9);
        assert_near(app_memory(0.99), 640.0);
    }

    #[test]
    fn apps_have_the_published_sizes() {
        assert_eq!(
            [0.999, 0.461, 0.459, 0.0501, 0.0499, 0.000_401, 0.000_399].map(app_size),
            [1, 1, 2, 10, 11, 100, 101]
        );
        assert!(app_size(1e-17) == 10_000);
    }

    #[test]
    fn gaps_have_the_published_variability() {
        for (u, cv) in [(0.1, 0.0), (0.34, 1.0), (0.55, 2.0), (1.0, 10.0)] {
            assert_near(gap_cv(u), cv);
            assert_near(gap_cv(u - 1e-9), cv);
        }
    }

    #[test]
    fn triggers_follow_their_shares() {
        assert_eq!([0.0, 0.55, 0.551, 0.999_999].map(trigger), [0, 0, 1, 6]);
        assert_near(TRIGGERS.iter().map(|share| share.functions).sum(), 99.9);
        assert_near(TRIGGERS.iter().map(|share| share.invocations).sum(), 100.1);
    }
}
