//! Latin hypercube sampling (McKay, Beckman and Conover, Technometrics 1979): few samples that cover the range of every input.

use crate::random::{Purpose, Streams};

/// `samples` points of a cube of `inputs` dimensions, each from 0 to 1. Each input has exactly one point in each of `samples` equal
/// parts of its range, at a random place in it, and the parts of different inputs are combined at random.
pub fn latin_hypercube(seed: u64, samples: usize, inputs: usize) -> Vec<Vec<f64>> {
    let mut points = vec![vec![0.0; inputs]; samples];
    for input in 0..inputs {
        let mut stream = Streams::new(seed, 0).stream(Purpose::Hypercube, input as u32);
        let mut parts: Vec<usize> = (0..samples).collect();
        for place in (1..samples).rev() {
            parts.swap(place, stream.index(place + 1));
        }
        for (point, part) in points.iter_mut().zip(parts) {
            point[input] = (part as f64 + stream.uniform()) / samples as f64;
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_every_range_has_one_point() {
        let points = latin_hypercube(7, 50, 4);
        for input in 0..4 {
            let mut parts: Vec<usize> = points.iter().map(|point| (point[input] * 50.0) as usize).collect();
            parts.sort_unstable();
            assert_eq!(parts, (0..50).collect::<Vec<_>>());
        }
        assert_ne!(points, latin_hypercube(8, 50, 4));
        // Inputs are combined at random: the correlation of two of them is about 1 / sqrt(50).
        let product: f64 = points.iter().map(|point| (point[0] - 0.5) * (point[1] - 0.5)).sum::<f64>() / 50.0;
        assert!((12.0 * product).abs() < 0.5, "{product}");
    }
}
