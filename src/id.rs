//! Typed indices. Everything that has an id is dense, so an id is an index and needs no hashing.

/// Position of a function in [`crate::workload::Workload::functions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FunctionId(pub u32);

/// Position of an app in [`crate::workload::Workload::apps`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AppId(pub u32);

/// Number of an instance among all that its shard has started, in order of creation; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct InstanceId(pub u64);

impl FunctionId {
    /// The id as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl AppId {
    /// The id as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Position of a worker in [`crate::platform::worker::Workers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct WorkerId(pub u32);

impl WorkerId {
    /// The id as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
