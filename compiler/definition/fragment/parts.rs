//! What a class has of fragments. Comes in: its layers, from its farthest ancestor to itself; leaves: the same with what the fragments that it uses
//! come to as the weakest, and all that is to be known of those later.

use super::super::class::ClassKnown;
use super::inline::{Bases, Inliner, Taken, Use};
use super::words::{has_use, normal};
use super::{FragmentSurroundings, Fragments, load, private};
use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use crate::subject::Subject;
use crate::value::Value;

/// What a class has of fragments.
#[derive(Default)]
pub(in crate::definition) struct FragmentParts {
    /// Uses in its templates.
    pub(in crate::definition) uses: Vec<Use>,
    /// Fields that its schema has from them.
    pub(in crate::definition) taken: Vec<Taken>,
    /// Those of its types that have a template.
    pub(in crate::definition) private: Fragments,
    /// Its layers as they are written, and what fragments come to in them.
    pub(in crate::definition) written: Vec<Value>,
    pub(in crate::definition) bases: Bases,
    /// Whether its schema lacks fields that a fragment should have brought.
    pub(in crate::definition) lacks_fields: bool,
}

impl FragmentParts {
    /// Takes fragments into the layers of a class.
    pub(in crate::definition) fn of(
        layers: Vec<Value>,
        (known, sources): (ClassKnown<'_>, &Sources),
        subject: &Subject,
        diagnostics: &mut Diagnostics,
    ) -> (Vec<Value>, Self) {
        let types: Vec<Value> = layers.iter().filter_map(|layer| layer.get("types")).cloned().collect();
        let own = private(types);
        if own.blocks.is_empty() && !layers.iter().any(has_use) {
            return (layers, Self::default());
        }
        let written: Vec<Value> = layers.iter().map(|layer| own.shortened(&normal(layer, diagnostics))).collect();
        let ClassKnown { language, fragments, .. } = known;
        let around = FragmentSurroundings { language, sources, shared: Some(fragments), types: own.types.as_ref() };
        let private = load(&own.blocks, around, diagnostics);
        let mut inliner = Inliner::new(fragments, &private, &[], (subject, sources), diagnostics);
        let whole = inliner.layers(&written);
        let (lacks_fields, bases) = (inliner.lacks_fields(), inliner.take_bases());
        let (uses, taken) = inliner.finish();
        (whole, Self { uses, taken, private, written, bases, lacks_fields })
    }
}
