//! What is not there, and by whose word: in an environment, on a cluster. Nothing of it is assembled; what leaves with its data is told by it.

use super::super::absent::{self, Absent, AbsentPlace, WhyAbsent};
use super::super::{Environment, EnvironmentId};
use super::Assembly;
use crate::definition::Class;
use crate::name::Kind;
use crate::value::Value;
use std::sync::Arc;

impl Assembly<'_> {
    /// Takes note of what is not in an environment.
    pub(super) fn not_in(
        &mut self,
        id: EnvironmentId,
        environment: &Environment,
        kind: Kind,
        class: &Class,
        value: &Value,
        (tenant, identity): (Option<Arc<str>>, &Arc<str>),
    ) {
        let names = |value: &Value| value.as_list().is_some_and(|list| list.iter().any(|item| item.as_str() == Some(&environment.name)));
        let word = match (value.get("notIn").filter(|value| names(value)), value.get("onlyIn")) {
            (Some(said), _) => Some((WhyAbsent::NotIn, said)),
            (None, only) => only.map(|said| (WhyAbsent::OnlyIn, said)),
        };
        let Some((absence, said)) = word else { return };
        let place = AbsentPlace { environment: id, kind, cluster: None, tenant, identity: Arc::clone(identity) };
        let other = Absent { absence, span: said.origin.span };
        self.absent.add(place, absent::plainly(self.definitions, value).unwrap_or(other), absent::is_told(kind, class));
    }

    /// Takes note of what is not on a cluster; with the name of the cluster if it is said for that alone.
    pub(super) fn not_on(
        &mut self,
        id: EnvironmentId,
        kind: Kind,
        class: &Class,
        value: &Value,
        (cluster, tenant, identity): (Option<Arc<str>>, Option<Arc<str>>, &Arc<str>),
    ) {
        let Some(said) = value.get("placement") else { return };
        let place = AbsentPlace { environment: id, kind, cluster, tenant, identity: Arc::clone(identity) };
        let other = Absent { absence: WhyAbsent::Placement, span: said.origin.span };
        self.absent.add(place, absent::plainly(self.definitions, value).unwrap_or(other), absent::is_told(kind, class));
    }
}
