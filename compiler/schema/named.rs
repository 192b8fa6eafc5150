//! Names of types: in comes a name, out goes what it stands for, as deep as somebody looks. It declares nothing.

use super::{ListMerge, Shape, Type};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// A type by its name. What the name stands for is built when somebody looks, so types may hold themselves.
#[derive(Clone)]
pub struct NamedType {
    /// The name in `types`.
    pub name: Arc<str>,
    /// All named types, not linked themselves: a linked one would hold this table, and the table it, for ever.
    types: Option<Arc<Types>>,
    target: OnceLock<Arc<Type>>,
}

/// The `types` of a class.
pub(super) type Types = BTreeMap<Arc<str>, Type>;

impl std::fmt::Debug for NamedType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Named({})", self.name)
    }
}

impl NamedType {
    /// A name that stands for nothing before it is linked.
    pub(super) fn new(name: Arc<str>) -> Self {
        Self { name, types: None, target: OnceLock::new() }
    }

    /// A name that stands for one of these types.
    pub(super) fn of(name: Arc<str>, types: &Arc<Types>) -> Self {
        Self { name, types: Some(Arc::clone(types)), target: OnceLock::new() }
    }

    /// The types of which it names one, if it is linked.
    pub(super) fn types(&self) -> Option<&Arc<Types>> {
        self.types.as_ref()
    }

    /// What the name stands for: the type of that name with the markers of the place that uses it.
    pub(super) fn target(&self, outer: &Type) -> &Arc<Type> {
        self.target.get_or_init(|| {
            let mut markers = outer.markers.clone();
            let mut name = Arc::clone(&self.name);
            let types = self.types.as_ref();
            // Names of names: `compile` takes circles out, the count is a second bar.
            for _ in 0..=types.map_or(0, |types| types.len()) {
                let Some(type_) = types.and_then(|types| types.get(&name)) else { break };
                markers.take_over(&type_.markers);
                if let Shape::Named(next) = &type_.shape {
                    name = Arc::clone(&next.name);
                    continue;
                }
                let linked = types.and_then(|types| type_.shape.linked(types));
                markers.list_merge = markers.merging().unwrap_or(ListMerge::Atomic);
                let shape = linked.unwrap_or_else(|| type_.shape.clone()).narrowed(&markers);
                return Arc::new(Type { shape, markers, origin: outer.origin });
            }
            Arc::new(Type { shape: Shape::Any, markers, origin: outer.origin })
        })
    }
}

impl Shape {
    /// The shape with all its names linked to these types; none if it holds no names.
    fn linked(&self, types: &Arc<Types>) -> Option<Shape> {
        if let Shape::Named(named) = self {
            // One from elsewhere means what it means there.
            return named.types.is_none().then(|| Shape::Named(NamedType::of(Arc::clone(&named.name), types)));
        }
        self.with_parts(&mut |part| part.type_().linked(types))
    }
}

impl Type {
    /// The type with all its names linked to these types; none if it holds no names.
    pub(super) fn linked(&self, types: &Arc<Types>) -> Option<Type> {
        self.shape.linked(types).map(|shape| Type { shape, markers: self.markers.clone(), origin: self.origin })
    }
}
