//! The short way through values: a path that leads through what definitions write out, without evaluating an expression. In come steps, out goes
//! the value at their end and how it is seen; none if only the general way tells.

use super::names::To;
use super::scope::Scope;
use super::seen::Sight;
use super::world::World;
use crate::path::Step;
use crate::value::Value;

impl<'a> World<'a> {
    /// Follows a path through definitions' values, without evaluating a whole expression; none if it leads elsewhere or nowhere.
    pub(super) fn walk(&self, scope: &Scope<'_, 'a>, steps: &[Step]) -> Option<(Value, Sight<'a>)> {
        let Some(Step::Key(first)) = steps.first() else { return None };
        if scope.is_local(first) {
            return None;
        }
        let owner = scope.owner?;
        if let Some(found) = self.walk_arguments(owner, steps) {
            return found;
        }
        let (To::Entity(entity), fields) = self.names().bind(owner, scope.within, steps)? else { return None };
        if entity != owner && self.early.borrow().is_some() {
            return None;
        }
        if entity != owner {
            self.outside.set(true);
            self.meets(owner, entity);
        }
        let (value, sight) = self.walk_in(&self.entity(entity).value, self.sight(entity), fields)?;
        if fields.is_empty() {
            return None;
        }
        // What is named in it may be called otherwise where it goes.
        let value = if entity == owner { value } else { self.addressed(&sight, &value) };
        Some((value, sight))
    }

    /// Follows steps through values that no expression makes.
    pub(super) fn walk_in(&self, value: &Value, mut sight: Sight<'a>, steps: &[Step]) -> Option<(Value, Sight<'a>)> {
        let mut value = value;
        for step in steps {
            value = value.step(step)?;
            sight = sight.step(step);
            if sight.type_.is_some_and(|type_| type_.resolved().shape.refers().is_some()) {
                // It is a thing, whatever it is called from where it stands.
                return None;
            }
            if value.is_dynamic() {
                // Evaluating here keeps the same order and the same checks for circles as the general way.
                return None;
            }
        }
        Some((value.clone(), sight))
    }
}
