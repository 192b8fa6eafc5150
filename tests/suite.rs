//! The one test binary.

mod cel;
