//! Bills for usage that a user states: files of functions and services, without simulation.

mod account;
mod entries;
mod function;
mod number;
mod read;
pub(super) mod service;

pub use account::{Bill, BillPart};
pub use entries::{
    Account, Calls, Expected, Fleet, FunctionEntry, Package, PriceOf, Provisioned, ServiceEntry, SnapStart,
};
pub use number::{Number, Quantity};
pub use read::{BillError, parse, read};
