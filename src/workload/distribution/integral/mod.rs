//! Work that depends on an input: T = the integral from a to b of f(x) dx.

mod antiderivative;
mod config;
mod sampler;

pub use config::{Integral, Work};
pub use sampler::IntegralSampler;
