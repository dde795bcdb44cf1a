//! Which idle instance is reused.

mod order;

pub use order::ENTRIES;
