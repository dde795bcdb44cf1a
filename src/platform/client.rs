//! What goes wrong, and what callers do then: give up, try again, or leave it to the platform's own queue.

use serde::{Deserialize, Serialize};

use crate::random::Stream;
use crate::time::Span;

/// How often executions of a function go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Faults {
    /// Share of executions that fail at their end, 0 to 1; the instance lives on.
    pub errors: f64,
    /// Share of executions during which the instance crashes, at a uniformly random part of them, 0 to 1.
    pub crashes: f64,
}

impl Faults {
    /// Whether nothing goes wrong.
    pub fn never(&self) -> bool {
        self.errors == 0.0 && self.crashes == 0.0
    }
}

/// What callers do when an invocation is refused, fails or is stopped at its time-out.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Client {
    /// Nothing: the invocation is lost.
    #[default]
    GivesUp,
    /// They try again with exponential back-off: before try k + 1 they wait min(cap, base x 2^(k - 1)), or with full jitter a uniform
    /// part of that (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    Retries(Backoff),
    /// They leave it to the platform's queue, as with asynchronous invocation on AWS Lambda.
    Asynchronous(Asynchronous),
}

/// Exponential back-off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Backoff {
    /// How often an invocation is tried, the first time included. Default: 3 (AWS SDK, standard retry mode).
    pub attempts: u8,
    /// Longest wait before the second try. Default: "100ms".
    pub base: Span,
    /// Longest wait before any try. Default: "20s" (AWS SDK, standard retry mode).
    pub cap: Span,
    /// Whether the wait is a uniform part of its longest (full jitter). Default: true.
    pub jitter: bool,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { attempts: 3, base: Span::from_millis(100), cap: Span::from_secs(20), jitter: true }
    }
}

/// Asynchronous invocation (AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Asynchronous {
    /// How often an invocation is executed again that failed or timed out: after 1 minute, then after 2 more. 0 to 2. Default: 2.
    pub retries: u8,
    /// How old an invocation may get in the queue, "60s" to "6h". One that is refused is tried again after 1 s, then 2 s and so on up to
    /// 5 min, until it is older than this. Default: "6h".
    pub max_age: Span,
}

impl Default for Asynchronous {
    fn default() -> Self {
        Self { retries: 2, max_age: Span::from_secs(6 * 3600) }
    }
}

/// Why an invocation may have to be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It was refused, before it was executed.
    Refused,
    /// It was executed, and failed or was stopped.
    Failed,
}

/// What an invocation has gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordeal {
    /// What has just happened.
    pub trouble: Trouble,
    /// How often it failed, this time included.
    pub errors: u8,
    /// How often it was refused, this time included.
    pub refusals: u8,
    /// How long ago it arrived.
    pub age: Span,
}

impl Client {
    /// How long after trouble the invocation is tried again; `None`: never. `random` draws the jitter.
    pub fn waits(&self, ordeal: Ordeal, random: impl FnOnce() -> Stream) -> Option<Span> {
        match self {
            Self::GivesUp => None,
            Self::Retries(backoff) => {
                let tries = ordeal.errors.saturating_add(ordeal.refusals);
                let longest = doubled(backoff.base, tries).min(backoff.cap);
                (tries < backoff.attempts).then(|| match backoff.jitter {
                    true => Span::from_nanos_f64(longest.as_nanos() as f64 * random().uniform()),
                    false => longest,
                })
            }
            Self::Asynchronous(queue) if ordeal.trouble == Trouble::Failed => {
                (ordeal.errors <= queue.retries).then(|| Span::from_secs(60 * u64::from(ordeal.errors)))
            }
            Self::Asynchronous(queue) => {
                let wait = doubled(Span::from_secs(1), ordeal.refusals).min(Span::from_secs(300));
                (ordeal.age + wait <= queue.max_age).then_some(wait)
            }
        }
    }

    /// Whether what is lost goes to a dead-letter queue.
    pub fn has_dead_letters(&self) -> bool {
        matches!(self, Self::Asynchronous(_))
    }
}

/// `base` at the first time, and twice as much each time after.
fn doubled(base: Span, time: u8) -> Span {
    let factor = 1u64.checked_shl(u32::from(time.saturating_sub(1))).unwrap_or(u64::MAX);
    Span::from_nanos(base.as_nanos().saturating_mul(factor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    fn waits(client: Client, trouble: Trouble, errors: u8, refusals: u8, age: u64) -> Option<u64> {
        let random = || Streams::new(1, 0).stream(Purpose::Retry, 0);
        let ordeal = Ordeal { trouble, errors, refusals, age: Span::from_secs(age) };
        client.waits(ordeal, random).map(|wait| wait.as_nanos() / 1_000_000)
    }

    #[test]
    fn back_off_doubles_up_to_the_cap_and_ends_with_the_attempts() {
        let cap = Span::from_millis(350);
        let client = Client::Retries(Backoff { attempts: 5, cap, jitter: false, ..Backoff::default() });
        let found = [1, 2, 3, 4, 5].map(|tries| waits(client, Trouble::Refused, 0, tries, 0));
        assert_eq!(found, [Some(100), Some(200), Some(350), Some(350), None]);
        let with_jitter = Client::Retries(Backoff::default());
        assert!(waits(with_jitter, Trouble::Failed, 1, 0, 0).is_some_and(|millis| millis < 100));
    }

    /// AWS Lambda: errors after 1 and 2 minutes; refusals from 1 s up to 5 min for at most 6 h.
    #[test]
    fn asynchronous_invocations_wait_as_on_aws() {
        let client = Client::Asynchronous(Asynchronous::default());
        let errors = [1, 2, 3].map(|errors| waits(client, Trouble::Failed, errors, 0, 0));
        assert_eq!(errors, [Some(60_000), Some(120_000), None]);
        let refusals = [1, 2, 9, 10, 200].map(|refusals| waits(client, Trouble::Refused, 0, refusals, 0));
        assert_eq!(refusals, [Some(1_000), Some(2_000), Some(256_000), Some(300_000), Some(300_000)]);
        assert_eq!(waits(client, Trouble::Refused, 0, 20, 6 * 3600 - 299), None);
    }
}
