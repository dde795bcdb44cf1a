//! The repository lints itself.

mod book;
mod direction;
mod docs;
mod shape;
mod sources;
mod words;
