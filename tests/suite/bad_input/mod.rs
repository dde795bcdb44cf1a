//! Wrong input, as a user meets it: exit code 2, a message with file, line and what to do, and nothing left behind.

mod books;
mod cluster;
mod compare;
mod output;
mod scenario;
mod servers;
mod traces;
