//! Classes that a class names for others: that of the pools of its clusters, and those of what it makes. In come all classes, out go reports of those
//! that nobody has and of those that will go away, whether or not anything is of the class that names them.

use super::class_places::known_names;
use super::{Class, errors, making};
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::source::Sources;
use crate::span::Span;
use std::sync::Arc;

/// Checks all classes of the project; the library knows its own.
pub(super) fn check(classes: &[Arc<Class>], sources: &Sources, diagnostics: &mut Diagnostics) {
    for class in classes.iter().filter(|class| !sources.is_library(class.name.span)) {
        if let Some(named) = &class.node_pool_class {
            let is_meant = |other: &&Arc<Class>| {
                let is_short = !other.is_hidden && other.name.name == named.name;
                other.kind == Kind::NodePool && (is_short || other.full == named.name)
            };
            match classes.iter().find(is_meant) {
                Some(pools) => outdated(class, pools, named.span, diagnostics),
                None => {
                    let known = known_names(Kind::NodePool, own(classes, Kind::NodePool), sources);
                    diagnostics.push(errors::unknown_parent_class(Kind::NodePool, &named.name, named.span, &known));
                }
            }
        }
        for (kind, entry) in making::entries(class) {
            let Some((name, span)) = making::class(class, kind, entry) else { continue };
            let made = making::position(classes, kind, &name).and_then(|at| classes.get(at));
            made.into_iter().for_each(|made| outdated(class, made, span, diagnostics));
        }
    }
}

/// The names of the classes of a kind that are read.
pub(super) fn own(classes: &[Arc<Class>], kind: Kind) -> impl Iterator<Item = &str> {
    classes.iter().filter(move |class| class.kind == kind).map(|class| &*class.name.name)
}

/// Tells a class that another will go away, unless it will itself.
fn outdated(class: &Class, other: &Class, place: Span, diagnostics: &mut Diagnostics) {
    if let (Some(instead), None) = (&other.deprecated, &class.deprecated) {
        diagnostics.push(errors::deprecated_class(other.kind, &other.name.name, instead, place));
    }
}
