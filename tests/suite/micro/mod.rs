//! Scenarios worked by hand, exact to the nanosecond.
