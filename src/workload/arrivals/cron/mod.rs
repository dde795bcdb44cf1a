//! Arrivals by a cron expression.

mod expression;
mod process;

pub use expression::CronExpression;
pub use process::Cron;
