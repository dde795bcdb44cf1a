//! Workers stop and return.

use crate::engine::fact::{Fate, Observer};
use crate::engine::later::Later;
use crate::engine::shard::Shard;
use crate::id::WorkerId;
use crate::platform::instance::{NONE, Phase, Slot};
use crate::policy::load_balancing::Notice;
use crate::random::Purpose;
use crate::time::Span;
use crate::workload::Source;

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// Draws when each worker stops for the first time.
    pub(super) fn plan_outages(&mut self) {
        let workers = self.cluster.as_ref().map_or(0, |cluster| cluster.workers.len() as u32);
        (0..workers).map(WorkerId).for_each(|worker| self.plan_outage(worker));
    }

    fn plan_outage(&mut self, worker: WorkerId) {
        let Some(outages) = self.cluster.as_ref().and_then(|cluster| cluster.rules.outages) else { return };
        let up = self.draw_outage(worker, outages.mean_time_between);
        self.later.push(self.now + up, Later::Stop(worker));
    }

    /// An exponential time; each event of a worker takes the next number of its own.
    fn draw_outage(&mut self, worker: WorkerId, mean: Span) -> Span {
        let Some(cluster) = &mut self.cluster else { return Span::MAX };
        let index = &mut cluster.outages[worker.index()];
        *index += 1;
        let mut random = self.setup.streams.keyed(Purpose::Outage, worker.0, *index);
        Span::from_nanos_f64(mean.as_nanos() as f64 * random.exponential())
    }

    /// A worker stops: what runs or waits there fails, and its instances are gone.
    pub(super) fn stop_worker(&mut self, worker: WorkerId) {
        let Some(cluster) = &mut self.cluster else { return };
        let Some(outages) = cluster.rules.outages else { return };
        cluster.workers[worker].up = false;
        cluster.loads.take_out(worker);
        let instances = self.instances_on(worker);
        instances.iter().for_each(|(slot, phase)| self.unlist(*slot, *phase));
        self.fail_requests_of(worker);
        for (slot, phase) in instances {
            self.stop_initialisation(slot, worker);
            self.remove_instance(slot, phase);
        }
        self.tell_balancer(Notice::Down(worker));
        let down = self.draw_outage(worker, outages.mean_time_to_repair);
        self.later.push(self.now + down, Later::Restart(worker));
        self.serve_front();
    }

    /// A worker is back.
    pub(super) fn restart_worker(&mut self, worker: WorkerId) {
        let Some(cluster) = &mut self.cluster else { return };
        cluster.workers[worker].up = true;
        cluster.loads.bring_back(worker);
        self.tell_balancer(Notice::Up(worker));
        self.plan_outage(worker);
        self.serve_front();
    }

    fn instances_on(&self, worker: WorkerId) -> Vec<(Slot, Phase)> {
        self.instances.live().filter(|(slot, _)| self.host_worker(*slot) == Some(worker)).collect()
    }

    /// Takes an instance out of the set of its pool that it is in.
    fn unlist(&mut self, slot: Slot, phase: Phase) {
        let instance = &self.instances[slot];
        let (pool, provisioned) = (&mut self.pools[instance.pool as usize], instance.provisioned);
        match phase {
            Phase::Idle if provisioned => pool.provisioned.retain(|other| *other != slot),
            Phase::Idle => pool.idle.remove(slot, &mut self.instances),
            Phase::Busy if instance.in_flight < self.concurrency => pool.room.remove(slot, &mut self.instances),
            _ => {}
        }
    }

    fn fail_requests_of(&mut self, worker: WorkerId) {
        let names: Vec<u32> =
            self.requests.open().filter(|(_, request)| request.worker == worker.0).map(|(name, _)| name).collect();
        for name in names {
            self.remove_from_line(name, worker);
            if self.requests[name].instance == NONE {
                self.lose(name, Fate::Failed);
            } else {
                self.abandon(name);
            }
        }
    }

    fn tell_balancer(&mut self, notice: Notice) {
        if let Some(balancer) = self.cluster.as_mut().and_then(|cluster| cluster.balancer.as_mut()) {
            balancer.notice(notice);
        }
    }
}
