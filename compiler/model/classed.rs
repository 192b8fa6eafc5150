//! Of which class a thing is, with what that inherits from, and whose class made it so. In come things and definitions; nothing is decided here.

use super::{Entity, Model};
use crate::definition::{Class, Definitions};
use crate::name::Kind;
use crate::origin::Layer;
use std::sync::Arc;

impl Entity {
    /// Its class among the definitions that it was made of.
    #[must_use]
    pub fn class_in<'d>(&self, definitions: &'d Definitions) -> Option<&'d Class> {
        definitions.classes.get(self.class.0 as usize).map(|class| &**class).filter(|class| class.full == self.class_name)
    }

    /// Its class and those that this inherits from, farthest first.
    pub(crate) fn class_line<'d>(&self, definitions: &'d Definitions) -> Vec<&'d Class> {
        let own = self.class_in(definitions);
        let named = |name: &Arc<str>| definitions.classes.iter().find(|class| class.full == *name);
        let ancestors = own.into_iter().flat_map(|own| own.ancestors.iter().filter_map(named));
        ancestors.map(|class| &**class).chain(own).collect()
    }

    /// Whether a class, and nobody who uses it, says of which class it is.
    pub(crate) fn is_classed_by_class(&self, definitions: &Definitions) -> bool {
        matches!(definitions.layers.get(self.class_value.origin.layer), Layer::Class(_))
    }
}

impl Model {
    /// The thing whose class says of which class another one is: its maker, or of a pool its cluster.
    pub(crate) fn class_giver(&self, entity: &Entity, definitions: &Definitions) -> Option<&Entity> {
        let Layer::Class(said) = definitions.layers.get(entity.class_value.origin.layer) else { return None };
        let maker = entity.made.as_ref().and_then(|made| made.makers.first().copied());
        let giver = self.entity(maker.or(entity.cluster.filter(|_| entity.kind == Kind::NodePool))?);
        giver.class_line(definitions).iter().any(|class| class.full == *said).then_some(giver)
    }
}
