//! Inheritance: the line of ancestors of a name, and how two layers meet. Both are used by classes, environments, pools and definitions
//! alike. It knows neither kinds nor files.

mod errors;
mod exclusion;
mod forms;
mod layering;
mod line;
mod lists;
mod locks;
mod merge;
mod open;
mod places;
mod removal;
mod wait;

pub(crate) use errors::{item_not_there, nothing_to_remove, replaced_and_changed, too_much};
pub(crate) use layering::Layering;
pub(crate) use line::{Line, Parent, line};
pub(crate) use locks::{guarded, holds_lock};
pub(crate) use merge::{Meeting, merge, met};
pub(crate) use open::{kept, unkept};
pub(crate) use wait::{holds_expressions, holds_maps, is_nameless, is_open, replaces};
