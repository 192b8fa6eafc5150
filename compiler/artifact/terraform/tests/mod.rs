//! The bodies of stacks and the files they become.

mod bodies;
mod refusals;
mod states;

use super::emit;
use crate::artifact::fixture::Fixture;
use crate::name::Kind;
use expect_test::Expect;

/// One stack `gc0` with this body.
#[track_caller]
fn check(body: &str, expected: Expect) {
    let mut fixture = Fixture::new(&["apps"]);
    let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
    fixture.stack(0, "gc0", &[cluster], body);
    expected.assert_eq(&fixture.emit(emit));
}
