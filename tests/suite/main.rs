//! The one integration test binary: what needs the real program, real folders or the source tree itself.

mod check;
mod docs;
mod examples;
mod hostile;
mod init;
mod output;
mod support;
mod tidy;
