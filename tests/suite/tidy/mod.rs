//! The repository lints itself.

mod direction;
mod docs;
mod shape;
mod sources;
mod words;
