//! Real measurements, where ../shared/data is present.
