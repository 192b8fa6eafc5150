//! The program.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the program is the only part that touches the disk")]
#![allow(dead_code)]
mod disk;
mod render;
mod write;
fn main() {}
