//! Concurrency limits, the scaling-rate limit, and the queue of those who may wait.

use serde::{Deserialize, Serialize};

use crate::amount::Rate;
use crate::time::{Span, Time};

/// Who is admitted. A limit that is not set does not limit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Most invocations in flight in the whole account; more are throttled. Provisioned instances count even when idle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_concurrency: Option<u32>,
    /// Makes the `concurrency_limit` of a function its reserved concurrency, a cap and a guarantee: it is taken from the account's, used
    /// or not, and the others cannot make it throttle. So much of the account's must be left when all that functions reserve or
    /// provision is taken away. Default: the limit of a function is a cap only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_unreserved: Option<u32>,
    /// Most invocations in flight of each function, unless the function has a limit of its own; more wait in the queue if there
    /// is one, else they are throttled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function_concurrency: Option<u32>,
    /// How fast each function (or app) may start instances; above it, invocations that need a new instance are throttled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling_rate: Option<ScalingRate>,
    /// How fast invocations may come to the whole platform: a token bucket; above it they are throttled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_rate: Option<ScalingRate>,
    /// Where invocations wait that find their function at its concurrency limit, or wait for an autoscaler. Without a queue the former
    /// are throttled, and the latter wait as long as it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Queue>,
}

/// A token bucket: it starts full, and each new instance (or invocation) takes a token.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScalingRate {
    /// How many may come at once: the size of the bucket.
    pub burst: u32,
    /// How fast tokens come back.
    pub refill: Rate,
}

/// A first-come, first-served queue for each function (or app).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Most invocations that wait; one more is dropped. Unlimited if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u32>,
    /// Longest wait; then the invocation is dropped. Unlimited if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<Span>,
}

/// The state of one [`ScalingRate`].
///
/// Tokens are counted in nanoseconds of refill time, so that no fraction is lost.
#[derive(Debug, Clone)]
pub struct TokenBucket {
    /// Nanoseconds in which one token comes back; zero if none ever does.
    token: u64,
    /// `burst` tokens, as refill time.
    capacity: u128,
    level: u128,
    at: Time,
}

impl TokenBucket {
    /// A full bucket.
    pub fn new(rate: ScalingRate) -> Self {
        let per_second = rate.refill.as_per_second();
        // A refill of zero is a bucket whose tokens take for ever.
        let token = if per_second > 0.0 { (1e9 / per_second).round().max(1.0) as u64 } else { u64::MAX };
        let capacity = u128::from(rate.burst) * u128::from(token);
        Self { token, capacity, level: capacity, at: Time::ZERO }
    }

    /// Takes a token at `now`, if there is one.
    pub fn take(&mut self, now: Time) -> bool {
        self.level = (self.level + u128::from((now - self.at).as_nanos())).min(self.capacity);
        self.at = now;
        let rest = self.level.checked_sub(u128::from(self.token));
        self.level = rest.unwrap_or(self.level);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(burst: u32, refill: &str) -> TokenBucket {
        TokenBucket::new(ScalingRate { burst, refill: refill.parse().unwrap() })
    }

    #[test]
    fn a_burst_passes_then_the_refill_rate() {
        let mut bucket = bucket(1000, "100/s");
        let mut started = |at| (0..2_000).filter(|_| bucket.take(Time::from_nanos(at))).count();
        assert_eq!(started(0), 1000);
        assert_eq!(started(9_999_999), 0);
        assert_eq!(started(10_000_000), 1);
        assert_eq!(started(5_010_000_000), 500);
        // Unused allowance is not accumulated beyond the burst (AWS Lambda: 1,000 per 10 s).
        assert_eq!(started(3_600_000_000_000), 1000);
    }

    #[test]
    fn without_refill_the_burst_is_all() {
        let mut bucket = bucket(2, "0/s");
        let taken = (0..10).filter(|second| bucket.take(Time::ZERO + Span::from_secs(second * 86_400))).count();
        assert_eq!(taken, 2);
    }
}
