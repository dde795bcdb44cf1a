//! The repository lints itself.

mod book;
mod direction;
mod docs;
mod records;
mod shape;
mod sources;
mod words;
