//! From metered use to money: meters round invocations, books hold prices, tariffs write invoices.
//!
//! The same run can be billed with any tariff, because [`usage`] only counts. The rules and their sources are in
//! `docs/pricing.md`.

pub mod bill;
pub mod book;
mod book_file;
pub mod charge;
pub mod date;
pub mod embedded;
pub mod error;
pub mod evidence;
pub mod import;
pub mod invoice;
pub mod linear;
pub mod measure;
pub mod meter;
pub mod plan;
pub mod pricing;
pub mod provenance;
mod scale;
pub mod selection;
mod service_line;
pub mod services;
pub mod shares;
pub mod tariff;
pub mod unit;
pub mod usage;

#[cfg(test)]
mod book_properties;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod worked_examples;

pub use book::Book;
pub use error::{BookError, InvoiceError};
pub use invoice::{Invoice, Line};
pub use linear::Linear;
pub use meter::{Meter, Metering};
pub use pricing::Pricing;
pub use selection::Selection;
pub use service_line::ServiceLine;
pub use services::{Activity, Services};
pub use tariff::Tariff;
pub use usage::{FunctionUsage, ServiceUsage, Usage};
