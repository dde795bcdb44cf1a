//! Erlang's formulas for a queue with several servers (M/M/c), by the recursion of the loss formula.

/// The probability that an invocation waits (Erlang C) with `servers` at a load of `load` busy ones; 1 if they are too few.
/// `blocked` is the loss probability (Erlang B) of the same servers.
fn waits(servers: u32, load: f64, blocked: f64) -> f64 {
    let used = load / f64::from(servers);
    if used >= 1.0 { 1.0 } else { blocked / (1.0 - used * (1.0 - blocked)) }
}

/// The fewest servers with which at most a share `epsilon` of the invocations waits longer than `patience`, in units of the mean
/// execution time: P(W > t) = C(c, a) exp(-(c - a) t). `load` is the mean number of busy servers. O(result).
pub(super) fn servers_for(load: f64, patience: f64, epsilon: f64) -> u32 {
    if load <= 0.0 {
        return 0;
    }
    let mut blocked = 1.0;
    let mut servers = 0;
    loop {
        servers += 1;
        let spare = f64::from(servers) - load;
        blocked = load * blocked / (f64::from(servers) + load * blocked);
        let late = waits(servers, load, blocked) * libm::exp(-spare.max(0.0) * patience);
        if (spare > 0.0 && late <= epsilon) || servers == u32::MAX {
            return servers;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Servers, load, B, C, mean wait in units of the execution time.
    const TABLE: [(u32, f64, f64, f64, f64); 7] = [
        (1, 0.8, 0.444444, 0.800000, 4.000000),
        (2, 1.6, 0.329897, 0.711111, 1.777778),
        (4, 3.2, 0.228145, 0.596432, 0.745541),
        (10, 8.0, 0.121661, 0.409180, 0.204590),
        (50, 45.0, 0.054104, 0.363864, 0.072773),
        (100, 90.0, 0.026957, 0.216940, 0.021694),
        (1000, 950.0, 0.003649, 0.068253, 0.001365),
    ];

    #[test]
    fn delay_probabilities_are_those_of_the_tables() {
        for (servers, load, b, c, wait) in TABLE {
            let blocked = (1..=servers).fold(1.0, |lost, k| load * lost / (f64::from(k) + load * lost));
            let found = waits(servers, load, blocked);
            assert!((blocked - b).abs() < 1e-6 && (found - c).abs() < 1e-6, "{servers} servers, load {load}: {found}");
            assert!((found / (f64::from(servers) - load) - wait).abs() < 1e-6);
        }
    }

    #[test]
    fn one_server_fewer_would_not_be_enough() {
        for (servers, load, _, c, _) in TABLE {
            // Nobody may wait: exactly the table's delay probability is allowed, and nothing below it.
            assert_eq!(servers_for(load, 0.0, c + 1e-6), servers);
            assert_eq!(servers_for(load, 0.0, c - 1e-6), servers + 1);
            // With patience, as P(W > t) says.
            let late = c * libm::exp(-(f64::from(servers) - load) * 0.01);
            assert_eq!(servers_for(load, 0.01, late + 1e-6), servers);
        }
        assert_eq!(servers_for(0.0, 1.0, 0.05), 0);
    }
}
