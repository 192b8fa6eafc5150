//! What of a type is secret. A class that inherits may not make a secret public: that is an error, and until it is mended the field stays
//! secret. In come types, out go answers and, for an heir, its type with everything secret that was so before.

use super::{Field, Record, Shape, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Fields nest at most this deep.
const DEPTH: usize = 64;

impl Type {
    /// Whether values of this type are secret, or hold some that are.
    #[must_use]
    pub fn holds_secrets(&self) -> bool {
        holds(self, &mut BTreeSet::new(), DEPTH)
    }
}

fn holds<'t>(type_: &'t Type, seen: &mut BTreeSet<&'t str>, depth: usize) -> bool {
    // Deeper, anything may be.
    if depth == 0 || type_.resolved().markers.secret {
        return true;
    }
    // What a name stands for is the same everywhere, and had it a secret, the search would be over.
    if type_.name().is_some_and(|name| !seen.insert(name)) {
        return false;
    }
    type_.fields().any(|(_, field)| holds(field, seen, depth - 1))
        || type_.item().is_some_and(|item| holds(item, seen, depth - 1))
        || type_.members().iter().any(|member| holds(member, seen, depth - 1))
}

/// The type of a child with everything secret that is so in a parent; none if it is already.
#[must_use]
pub fn with_secrets_of(parent: &Type, child: &Type) -> Option<Type> {
    if !parent.holds_secrets() {
        return None;
    }
    let keep = |inner_too| Keeping { known: BTreeMap::new(), inner_too }.type_(parent, child, DEPTH);
    keep(false).and_then(|_| keep(true))
}

/// The names of a type of the parent and one of the child.
type NamePair = (Arc<str>, Arc<str>);

struct Keeping {
    /// What became of pairs of named types; nothing while that is being found out.
    known: BTreeMap<NamePair, Option<Option<Shape>>>,
    /// Whether a type within itself becomes secret as a whole, because there is no name for what becomes of it.
    inner_too: bool,
}

impl Keeping {
    fn type_(&mut self, parent: &Type, child: &Type, depth: usize) -> Option<Type> {
        let (above, below) = (parent.resolved(), child.resolved());
        // What is secret as a whole holds nothing that could become public.
        if below.markers.secret {
            return None;
        }
        // In another shape, nobody knows what of it is the secret.
        let is_other = above.is_union() || std::mem::discriminant(&above.shape) != std::mem::discriminant(&below.shape);
        let is_split = matches!((&above.shape, &below.shape), (Shape::Map(_), Shape::Record(_)));
        let pair = parent.name().cloned().zip(child.name().cloned());
        let known = pair.as_ref().and_then(|pair| self.known.get(pair));
        let is_inner = self.inner_too && matches!(known, Some(None));
        if above.markers.secret || (((is_other && !is_split) || is_inner) && above.holds_secrets()) {
            let mut type_ = below.clone();
            type_.markers.secret = true;
            return Some(type_);
        }
        let shape = match known {
            Some(known) => known.clone().flatten(),
            None => {
                if let Some(pair) = &pair {
                    self.known.insert(pair.clone(), None);
                }
                let shape = self.shape(&above.shape, &below.shape, depth.checked_sub(1)?);
                if let Some(pair) = pair {
                    self.known.insert(pair, Some(shape.clone()));
                }
                shape
            }
        };
        Some(Type { shape: shape?, markers: below.markers.clone(), origin: below.origin })
    }

    fn shape(&mut self, parent: &Shape, child: &Shape, depth: usize) -> Option<Shape> {
        match (parent, child) {
            (Shape::Record(old), Shape::Record(new)) => self.record(|name| old.get(name).map(|field| &field.type_), new, depth),
            (Shape::Map(item), Shape::Record(new)) => self.record(|_| Some(item), new, depth),
            (Shape::List(old), Shape::List(new)) => self.type_(old, new, depth).map(|item| Shape::List(Arc::new(item))),
            (Shape::Map(old), Shape::Map(new)) => self.type_(old, new, depth).map(|item| Shape::Map(Arc::new(item))),
            _ => None,
        }
    }

    fn record<'p>(&mut self, parent: impl Fn(&str) -> Option<&'p Arc<Type>>, child: &Record, depth: usize) -> Option<Shape> {
        let fields = child.fields().iter();
        let changed: Vec<Option<Type>> = fields.map(|field| self.type_(parent(&field.name)?, &field.type_, depth)).collect();
        if changed.iter().all(Option::is_none) {
            return None;
        }
        let fields = child
            .fields()
            .iter()
            .zip(changed)
            .map(|(field, changed)| Field { type_: changed.map_or_else(|| Arc::clone(&field.type_), Arc::new), ..field.clone() });
        Some(Shape::Record(child.with_fields(fields.collect())))
    }
}
