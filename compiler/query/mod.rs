//! query: questions about a resolved platform; answers are plain data. Comes in: a model, and paths as people write them. Leaves: values
//! with their origins, differences, trees to print. Nothing here compiles, and nothing prints.

pub mod affected;
mod answer;
pub mod classes;
pub mod diff;
pub mod eval;
pub mod explain;
pub mod graph;
pub mod matrix;
mod origins;
pub mod parity;
pub mod pass;
pub mod path;
mod said;
pub mod schema;
pub mod show;
pub mod unchecked;
pub mod versions;

#[cfg(test)]
mod example;
