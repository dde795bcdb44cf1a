//! Which functions share instances, and which therefore are simulated together.

use crate::amount::Memory;
use crate::id::FunctionId;
use crate::platform::ScaleBy;
use crate::workload::Workload;

/// The scaling units of a workload: functions, or apps.
#[derive(Debug)]
pub struct Units {
    /// The unit of each function.
    pub of: Vec<u32>,
    /// The position of each function in its unit.
    pub position: Vec<u32>,
    /// The functions of each unit.
    pub members: Vec<Vec<FunctionId>>,
    /// Memory of an instance of each unit.
    pub memory: Vec<Memory>,
    /// The pool of each function in the shard of its own unit: the only one.
    pub only_pool: Vec<u32>,
}

impl Units {
    /// The units in which a platform that scales `by` runs the workload.
    pub fn new(workload: &Workload, by: ScaleBy) -> Self {
        let (of, memory): (Vec<u32>, Vec<Memory>) = match by {
            ScaleBy::Function => (
                (0..workload.functions.len() as u32).collect(),
                workload.functions.iter().map(|function| function.memory).collect(),
            ),
            ScaleBy::App => (
                workload.functions.iter().map(|function| function.app.0).collect(),
                workload.apps.iter().map(|app| app.memory).collect(),
            ),
        };
        let mut members = vec![Vec::new(); memory.len()];
        let mut position = Vec::with_capacity(of.len());
        for (function, unit) in workload.function_ids().zip(&of) {
            let unit: &mut Vec<FunctionId> = &mut members[*unit as usize];
            position.push(unit.len() as u32);
            unit.push(function);
        }
        let only_pool = vec![0; of.len()];
        Self { of, position, members, memory, only_pool }
    }

    /// The units, those with most expected arrivals first, so that no thread is left with a long one at the end.
    pub fn by_load(&self, workload: &Workload) -> Vec<u32> {
        let load = |unit: u32| -> f64 {
            let rate =
                |function: &FunctionId| workload.loads[function.index()].arrivals.mean_rate().unwrap_or(f64::MAX);
            self.members[unit as usize].iter().map(rate).sum()
        };
        let mut order: Vec<u32> = (0..self.members.len() as u32).collect();
        order.sort_by(|a, b| load(*b).total_cmp(&load(*a)).then(a.cmp(b)));
        order
    }
}
