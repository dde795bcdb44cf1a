//! Antiderivatives in closed form, so that a draw costs no numeric integration.

/// An antiderivative of a work rate.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Antiderivative {
    /// x (c0 + x (c1 + x (...))): the coefficients of the rate, each divided by its power plus one.
    Polynomial(Box<[f64]>),
    /// Prefix sums over a table with straight lines between its points.
    Table(Box<[Node]>),
}

/// A point of the table: the area up to it, and the line that starts at it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Node {
    x: f64,
    area: f64,
    rate: f64,
    slope: f64,
}

impl Antiderivative {
    pub fn of_polynomial(coefficients: &[f64]) -> Self {
        Self::Polynomial(coefficients.iter().enumerate().map(|(power, c)| c / (power + 1) as f64).collect())
    }

    /// Of points that rise strictly in x. Outside them the rate stays what it is at the nearest one.
    pub fn of_table(points: &[(f64, f64)]) -> Self {
        let mut area = 0.0;
        let nodes = points.iter().enumerate().map(|(index, &(x, rate))| {
            let (next_x, next_rate) = points.get(index + 1).copied().unwrap_or((x + 1.0, rate));
            let node = Node { x, area, rate, slope: (next_rate - rate) / (next_x - x) };
            area += (next_x - x) * (rate + next_rate) / 2.0;
            node
        });
        Self::Table(nodes.collect())
    }

    /// The antiderivative at `x`, up to a constant.
    pub fn at(&self, x: f64) -> f64 {
        match self {
            Self::Polynomial(coefficients) => x * coefficients.iter().rev().fold(0.0, |sum, c| c + x * sum),
            Self::Table(nodes) => {
                let above = nodes.partition_point(|node| node.x <= x);
                let Some(node) = above.checked_sub(1).map(|index| &nodes[index]) else {
                    return nodes[0].rate * (x - nodes[0].x);
                };
                let distance = x - node.x;
                node.area + distance * (node.rate + node.slope * distance / 2.0)
            }
        }
    }

    /// Rate at zero and slope, if the rate is a straight line that does not fall below zero from zero on.
    pub fn linear(&self) -> Option<(f64, f64)> {
        match self {
            Self::Polynomial(coefficients) => match **coefficients {
                [rate] if rate >= 0.0 => Some((rate, 0.0)),
                [rate, half_slope] if rate >= 0.0 && half_slope >= 0.0 => Some((rate, 2.0 * half_slope)),
                _ => None,
            },
            Self::Table(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_those_of_the_textbook() {
        // The integral of 1 + 2x + 3x^2 is x + x^2 + x^3.
        let polynomial = Antiderivative::of_polynomial(&[1.0, 2.0, 3.0]);
        assert_eq!(polynomial.at(2.0) - polynomial.at(1.0), 14.0 - 3.0);

        // A trapezoid with a flat before and after.
        let table = Antiderivative::of_table(&[(1.0, 2.0), (3.0, 6.0), (4.0, 0.0)]);
        let area = |from: f64, to: f64| table.at(to) - table.at(from);
        assert_eq!(area(0.0, 1.0), 2.0);
        assert_eq!(area(1.0, 2.0), 3.0);
        assert_eq!(area(1.0, 4.0), 8.0 + 3.0);
        assert_eq!(area(4.0, 9.0), 0.0);
        assert_eq!(area(0.5, 3.5), 1.0 + 8.0 + 2.25);
    }
}
