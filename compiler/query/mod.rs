//! query: questions about a resolved platform; answers are plain data. Comes in: a model, and paths as people write them. Leaves: values
//! with their origins, differences, trees to print. Nothing here compiles, and nothing prints.

mod answer;
pub mod diff;
mod environment;
pub mod eval;
pub mod explain;
pub mod parity;
pub mod pass;
pub mod path;
pub mod rename;
pub mod schema;
pub mod show;
pub mod unchecked;

#[cfg(test)]
mod example;
