//! Classes that a class names for others: that of the pools of its clusters, those of what it makes, and those of what its fields refer to. In come
//! all classes, out go reports of those that nobody has and of those that will go away, whether or not anything is of the class that names them.

use super::class::ClassKnown;
use super::class_places::known_names;
use super::library::class_of;
use super::{Class, errors, making};
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::schema::Type;
use crate::source::Sources;
use crate::span::Span;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Checks all classes of the project; the library knows its own. Those whose fields refer to things of no class are wrong from here on.
pub(super) fn check(classes: &mut [Arc<Class>], known: ClassKnown<'_>, sources: &Sources, diagnostics: &mut Diagnostics) {
    referred(classes, known, sources, diagnostics);
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

/// Checks the classes that references ask for: in fields of classes, and in those of fragments and capabilities, whether or not anybody has taken them in.
fn referred(classes: &mut [Arc<Class>], known: ClassKnown<'_>, sources: &Sources, diagnostics: &mut Diagnostics) {
    let library = sources.iter().filter_map(|(_, source)| class_of(source));
    let names: BTreeSet<(Kind, &str)> = library.chain(classes.iter().map(|class| (class.kind, &*class.name.name))).collect();
    let mut told = BTreeSet::new();
    let mut lacks = |type_: &Type| {
        let mut lacks = false;
        type_.asking_for_classes(&mut |referent, span| {
            let Some(name) = referent.class.as_deref().filter(|_| !sources.is_library(span)) else { return };
            if referent.kinds.iter().any(|kind| names.contains(&(*kind, name))) {
                return;
            }
            lacks = true;
            if told.insert(span) {
                let of_these: BTreeSet<&str> =
                    names.iter().filter(|(kind, _)| referent.kinds.contains(kind)).map(|(_, known)| *known).collect();
                let other = Kind::ALL.into_iter().find(|kind| names.contains(&(*kind, name)));
                diagnostics.push(errors::refers_to_unknown_class((&referent.kinds, name), span, other, &of_these));
            }
        });
        lacks
    };
    let wrong: Vec<bool> = classes.iter().map(|class| class.refers && lacks(&class.type_)).collect();
    let private = classes.iter().flat_map(|class| class.private.values());
    private.chain(known.fragments.values()).for_each(|fragment| _ = lacks(&fragment.type_));
    known.capabilities.iter().for_each(|(_, capability)| _ = lacks(&capability.outputs));
    // What a thing of these refers to would only be told of what it is not.
    for (class, _) in classes.iter_mut().zip(wrong).filter(|(_, is_wrong)| *is_wrong) {
        let class = Arc::make_mut(class);
        (class.is_astray, class.sound) = (class.sound, false);
    }
}
