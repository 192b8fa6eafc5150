//! What another class brings: of a thing that has one, what the two classes say by themselves follows from it. In come two things with what differs, out
//! go the same differences, with that of the class before them.

use super::values::Compared;
use super::verdict::DiffRoot;
use super::{DiffReason, Difference, Side};
use crate::definition::Class;
use crate::model::Entity;
use crate::origin::Layer;
use crate::path::Path;
use crate::value::Value;

/// A thing of one side, with the classes that it is of: its own and those that this inherits from.
struct Classed<'a> {
    side: &'a Side<'a>,
    entity: &'a Entity,
    /// Farthest first.
    line: Vec<&'a Class>,
}

impl<'a> Classed<'a> {
    fn new(side: &'a Side<'a>, entity: &'a Entity) -> Self {
        Self { side, entity, line: entity.class_line(side.definitions) }
    }

    /// The class that says a value at a path by itself.
    fn says(&self, value: &Value, path: &Path) -> Option<&'a str> {
        let Layer::Class(class) = self.side.definitions.layers.get(value.origin.layer) else { return None };
        // Defaults are of the class that has them, whoever declares them.
        Some(self.line.iter().find(|one| has_default(one, path, value)).map_or(&**class, |one| &*one.full))
    }

    fn is_of(&self, class: &str) -> bool {
        self.line.iter().any(|known| *known.full == *class)
    }

    /// The thing whose class gives it its class.
    fn giver(&self) -> Option<&'a Entity> {
        self.side.model.class_giver(self.entity, self.side.definitions)
    }
}

/// Whether a class has a value as its default at a path.
fn has_default(class: &Class, path: &Path, value: &Value) -> bool {
    let default = class.defaults.as_ref().and_then(|all| path.steps().iter().try_fold(all, |value, step| value.step(step)));
    default.is_some_and(|default| default.origin.span == value.origin.span)
}

/// Tells the class of two things, if they are of two, and what follows from that. Where the class of another thing gives them theirs, theirs follows itself.
pub(super) fn follow<'a>(found: &mut Compared<'a>, (one, left): (&Side<'a>, &'a Entity), (other, right): (&Side<'a>, &'a Entity)) {
    if left.class_name == right.class_name {
        return;
    }
    let (first, second) = (Classed::new(one, left), Classed::new(other, right));
    let givers = first.giver().zip(second.giver()).filter(|(one, other)| one.class_name != other.class_name);
    let (why, root) = match givers {
        Some((one, other)) => (DiffReason::Follows, DiffRoot::of(Some(&one.class_value), Some(&other.class_value))),
        None => (DiffReason::Written, DiffRoot::of(Some(&left.class_value), Some(&right.class_value))),
    };
    for difference in found.differences.iter_mut().filter(|difference| difference.why == DiffReason::Written) {
        if is_of_classes(difference, &first, &second) {
            let began = std::mem::replace(&mut difference.roots, vec![root]);
            difference.why = DiffReason::Follows;
            found.of_class.extend(began.into_iter().map(|began| (began, root)));
        }
    }
    let class = Difference {
        path: Path::of(["class"]),
        first: Some(&left.class_value),
        second: Some(&right.class_value),
        why,
        secret: false,
        replaces: None,
        argument: None,
        followers: Vec::new(),
        passed_on: Vec::new(),
        roots: vec![root],
    };
    // What all the others follow stands before them.
    found.differences.insert(0, class);
}

/// Whether only classes say the values, and one of them a class that the other thing is not of: what both inherit differs by itself.
fn is_of_classes(difference: &Difference<'_>, first: &Classed<'_>, second: &Classed<'_>) -> bool {
    let sides = [(difference.first, first, second), (difference.second, second, first)];
    let said: Vec<_> = sides.iter().filter_map(|(value, own, other)| Some((own.says((*value)?, &difference.path), *other))).collect();
    said.iter().all(|(class, _)| class.is_some()) && said.iter().any(|(class, other)| class.is_some_and(|class| !other.is_of(class)))
}
