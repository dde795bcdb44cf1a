//! Staffing by queueing theory: the fewest instances that keep waiting short.

use serde::Deserialize;

use super::erlang::servers_for;
use crate::policy::autoscaling::Autoscaling;
use crate::policy::demand::{DemandView, Window, round_up};
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::time::Span;
use crate::workload::validate;

/// As many instances as an M/M/c queue needs for the measured arrival rate and mean execution time. O(instances) per decision.
///
/// `erlang_c`: the fewest with P(W > `wait`) at most `epsilon` (LaSS: Wang, Ali-Eldin, Shenoy, "LaSS: Running Latency Sensitive
/// Serverless Computations at the Edge", HPDC 2021). `square_root`: a + beta sqrt(a) for a load of a busy instances (Halfin and
/// Whitt, "Heavy-traffic limits for queues with many exponential servers", Operations Research 29, 1981). With several
/// executions at once in an instance, its places are the servers. The window, the period and the defaults of `wait` and `beta`
/// are choices of coldcast.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Staffing {
    /// How the instances are counted.
    pub rule: Rule,
    /// The longest wait that is short.
    pub wait: Span,
    /// The share of invocations that may wait longer.
    pub epsilon: f64,
    /// The safety of the square-root rule.
    pub beta: f64,
    /// The window over which the arrival rate is measured.
    pub window: Span,
    /// How often it decides.
    pub period: Span,
    #[serde(skip)]
    demand: Window,
}

/// How instances are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The fewest whose waiting times are short, by Erlang's delay formula.
    ErlangC,
    /// The load and a safety that grows with its square root.
    SquareRoot,
}

impl Default for Staffing {
    fn default() -> Self {
        Self {
            rule: Rule::ErlangC,
            wait: Span::from_millis(100),
            epsilon: 0.05,
            beta: 1.0,
            window: Span::from_secs(60),
            period: Span::from_secs(5),
            demand: Window::default(),
        }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Autoscaling> = Entry {
    name: "staffing",
    summary: "The fewest instances whose waiting times are short by queueing theory (M/M/c).",
    reference: "Wang, Ali-Eldin, Shenoy, \"LaSS\", HPDC 2021; Halfin and Whitt, Operations Research 29, 1981",
    parameters: &[
        Parameter::optional("rule", "\"erlang_c\" or \"square_root\"", "\"erlang_c\"", "how instances are counted"),
        Parameter::optional("wait", "duration", "100ms", "the longest wait that is short"),
        Parameter::optional("epsilon", "share", "0.05", "the share of invocations that may wait longer"),
        Parameter::optional("beta", "number", "1", "the safety of the square-root rule"),
        Parameter::optional("window", "duration", "1m", "the window over which the arrival rate is measured"),
        Parameter::optional("period", "duration", "5s", "how often it decides"),
    ],
    example: r#"{ wait = "50ms", epsilon = 0.01 }"#,
    build: Build::Function(|parameters| {
        let policy: Staffing = read(parameters)?;
        policy.validate()?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Staffing {
    fn validate(&self) -> Result<(), ParameterError> {
        validate::number("epsilon", self.epsilon, 1e-9..=1.0)?;
        validate::number("beta", self.beta, 0.0..=1e3)?;
        validate::span("window", self.window)?;
        validate::span("period", self.period)?;
        Ok(())
    }

    /// Places for a load of `load` busy ones with a mean execution time.
    fn servers(&self, load: f64, execution: Span) -> u32 {
        match self.rule {
            Rule::ErlangC => servers_for(load, self.wait.as_secs_f64() / execution.as_secs_f64(), self.epsilon),
            Rule::SquareRoot => round_up(load + self.beta * load.sqrt()),
        }
    }
}

impl Autoscaling for Staffing {
    fn period(&self) -> Span {
        self.period
    }

    fn desired(&mut self, view: &DemandView) -> u32 {
        self.demand.observe(view, self.window);
        let rate = self.demand.last(self.window).arrival_rate();
        let known = view.mean_execution.filter(|execution| *execution > Span::ZERO);
        // Until an execution has ended, every invocation gets its place.
        let servers = known
            .map_or(view.in_flight, |execution| self.servers(rate * execution.as_secs_f64(), execution))
            .max(u32::from(view.in_flight > 0));
        servers.div_ceil(view.instance_concurrency)
    }

    fn reacts_to_waiting(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 80 per second of 100 ms each: 8 busy.
    fn desired(text: &str, instance_concurrency: u32) -> u32 {
        let mut policy: Staffing = toml::from_str(text).unwrap();
        let view =
            DemandView { instance_concurrency, mean_execution: Some(Span::from_millis(100)), ..DemandView::start() };
        policy.desired(&view.later(Span::from_secs(60), 8, 4800))
    }

    #[test]
    fn the_fewest_that_keep_waiting_short() {
        // C(10, 8) = 0.409180: P(W > 0) with 10, and P(W > 100 ms) = C exp(-2) = 0.0554.
        assert_eq!(desired("wait = '0s'\nepsilon = 0.41", 1), 10);
        assert_eq!(desired("wait = '0s'\nepsilon = 0.409", 1), 11);
        assert_eq!(desired("wait = '100ms'\nepsilon = 0.056", 1), 10);
        assert_eq!(desired("wait = '100ms'\nepsilon = 0.055", 1), 11);
        assert_eq!(desired("wait = '100ms'\nepsilon = 0.055", 4), 3, "11 places, 4 in each");
    }

    #[test]
    fn or_the_load_and_its_square_root() {
        assert_eq!(desired("rule = 'square_root'", 1), 11, "8 + 2.83");
        assert_eq!(desired("rule = 'square_root'\nbeta = 2.0", 1), 14, "8 + 5.66");
    }

    #[test]
    fn before_anything_is_known_each_invocation_has_its_place() {
        let view = DemandView::start();
        assert_eq!(Staffing::default().desired(&view), 0);
        assert_eq!(Staffing::default().desired(&DemandView { in_flight: 7, ..view }), 7);
    }
}
