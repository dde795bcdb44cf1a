//! The integration tests, in one binary. Each kind is kept apart: worked by hand, closed forms, real measurements, properties.

mod claim;
mod measured;
mod metamorphic;
mod micro;
mod support;
mod theory;
mod validation;
