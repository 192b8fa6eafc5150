//! What a reference may name: `ref(service) | class=metallb`. Comes in: the words of a schema; leaves: the kinds, and what narrows them.

use super::{Marker, Markers, Shape, Type, TypePart};
use crate::name::{Kind, nearest};
use crate::span::Span;
use std::sync::Arc;

/// What the text of a reference stands for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Referent {
    /// Things of one of these kinds.
    pub kinds: Vec<Kind>,
    /// Only those of this class or of one that inherits from it.
    pub class: Option<Arc<str>>,
    /// Only those whose class provides this.
    pub provides: Option<Arc<str>>,
    /// Whether what refers comes after what it refers to.
    pub orders: bool,
}

impl Referent {
    /// Whether there may be one such thing that is meant where nobody says which.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        self.class.is_some() || self.provides.is_some()
    }

    /// What it asks for, in words: `service that provides ingress`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{}{}", self.kinds(), self.narrowed())
    }

    /// The same of a thing of a name: `service called so that provides ingress`, with the name in its place.
    #[must_use]
    pub fn words_of(&self, name: &str) -> String {
        format!("{} `{name}`{}", self.kinds(), self.narrowed())
    }

    fn kinds(&self) -> String {
        self.kinds.iter().map(|kind| kind.words()).collect::<Vec<&str>>().join(" or ")
    }

    fn narrowed(&self) -> String {
        let class = self.class.iter().map(|class| format!(" of class `{class}`"));
        class.chain(self.provides.iter().map(|capability| format!(" that provides `{capability}`"))).collect()
    }
}

impl Type {
    /// Whether a reference stands in it anywhere.
    #[must_use]
    pub fn refers(&self) -> bool {
        refers(self, &mut Vec::new(), &|_| true)
    }

    /// Whether a reference to things of a kind stands in it anywhere.
    #[must_use]
    pub fn refers_to(&self, kind: Kind) -> bool {
        refers(self, &mut Vec::new(), &|referent| referent.kinds.contains(&kind))
    }

    /// Every reference in it that asks for a class, with where that is named.
    pub fn asking_for_classes<'t>(&'t self, found: &mut dyn FnMut(&'t Referent, Span)) {
        asking(self, &mut Vec::new(), None, found);
    }
}

/// `named`: where a type around says the class of what it refers to.
fn asking<'t>(type_: &'t Type, names: &mut Vec<&'t str>, named: Option<Span>, found: &mut dyn FnMut(&'t Referent, Span)) {
    if let Some(name) = type_.name() {
        if names.contains(&&**name) {
            return;
        }
        names.push(name);
    }
    let inner = type_.resolved();
    let named = inner.markers.place(Marker::Class).or(named);
    if let Shape::Ref(referent) = &inner.shape
        && referent.class.is_some()
    {
        found(referent, named.unwrap_or(type_.origin));
    }
    for part in type_.parts() {
        let of_whole = if let TypePart::Field(_) = part { None } else { named };
        asking(part.type_(), names, of_whole, found);
    }
    if type_.name().is_some() {
        names.pop();
    }
}

fn refers<'t>(type_: &'t Type, names: &mut Vec<&'t str>, wanted: &dyn Fn(&Referent) -> bool) -> bool {
    if let Some(name) = type_.name() {
        if names.contains(&&**name) {
            return false;
        }
        names.push(name);
    }
    if let Shape::Ref(referent) = &type_.resolved().shape {
        return wanted(referent);
    }
    type_.parts().any(|part| refers(part.type_(), names, wanted))
}

/// Lists and maps of references nest at most this deep; a list may be one of itself.
const LISTS: usize = 16;

impl Shape {
    /// What it refers to: itself, or what its items or values refer to.
    #[must_use]
    pub fn refers(&self) -> Option<&Referent> {
        self.refers_within(LISTS)
    }

    fn refers_within(&self, depth: usize) -> Option<&Referent> {
        let depth = depth.checked_sub(1)?;
        if let Shape::Ref(referent) = self {
            return Some(referent);
        }
        self.parts().find_map(|part| match part {
            TypePart::Item(inner) | TypePart::Value(inner) => inner.resolved().shape.refers_within(depth),
            // A union in a union is reported, and could have no end.
            TypePart::Member(member) if member.resolved().is_union() => None,
            TypePart::Member(member) => member.resolved().shape.refers_within(depth),
            TypePart::Field(_) => None,
        })
    }

    /// Whether it is made of references as it is written. What a name stands for is not looked at: that may hold the name again.
    fn is_of_references(&self) -> bool {
        let is_of_them = |part: TypePart<'_>| match part {
            TypePart::Item(inner) | TypePart::Value(inner) => inner.shape.is_of_references(),
            TypePart::Field(_) | TypePart::Member(_) => false,
        };
        matches!(self, Shape::Ref(_)) || self.parts().any(is_of_them)
    }

    /// The same with what the markers of a field say of what is referred to.
    pub(super) fn narrowed(self, markers: &Markers) -> Shape {
        if let Shape::Ref(referent) = &self {
            let Referent { kinds, class, provides, orders } = (**referent).clone();
            return Shape::Ref(Arc::new(Referent {
                kinds,
                class: markers.class.clone().or(class),
                provides: markers.provides.clone().or(provides),
                orders: orders && !markers.unordered,
            }));
        }
        if !self.is_of_references() {
            return self;
        }
        let narrow = |inner: &Type| Type { shape: inner.shape.clone().narrowed(markers), ..inner.clone() };
        self.with_parts(&mut |part| Some(narrow(part.type_()))).unwrap_or(self)
    }
}

/// Reads the kinds in `ref(infrastructure, application)`; the word that is none, with the nearest kind, if one is not.
pub(super) fn kinds(text: &str) -> Result<Vec<Kind>, (String, Option<&'static str>)> {
    let mut kinds = Vec::new();
    for word in text.split(',').map(str::trim) {
        match Kind::from_singular(word) {
            Some(kind) if kinds.contains(&kind) => {}
            Some(kind) => kinds.push(kind),
            None => {
                let plural = Kind::from_plural(word).map(Kind::singular);
                return Err((word.to_owned(), plural.or_else(|| nearest(word, Kind::ALL.map(Kind::singular)).and_then(known))));
            }
        }
    }
    Ok(kinds)
}

fn known(word: &str) -> Option<&'static str> {
    Kind::from_singular(word).map(Kind::singular)
}
