//! The integration tests, in one binary. Each kind is kept apart: worked by hand, closed forms, real measurements.

mod claim;
mod measured;
mod micro;
mod support;
mod theory;
