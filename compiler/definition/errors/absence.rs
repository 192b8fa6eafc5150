//! Wording of why a name stands for nothing where it is read.

use crate::expression::Absence;
use crate::name::Kind;

/// Why all things of a kind have no name where things of another kind are spoken of.
pub(in crate::definition) fn absent(from: Kind, every: Kind) -> Absence {
    let hint = match every {
        Kind::Application => "name those of one tenant: `tenants.NAME.applications`".to_owned(),
        Kind::Cluster | Kind::NodePool | Kind::Infrastructure | Kind::Service | Kind::Tenant => {
            format!("name those of one cluster: `clusters.NAME.{}`", every.plural())
        }
    };
    let label = match (every, from) {
        (Kind::Application, Kind::Infrastructure) => "applications stand under tenants, and infrastructure is in none".to_owned(),
        (Kind::Application, _) => format!("applications stand under tenants, and a {} is in none", from.words()),
        (_, _) => format!("{} are on clusters, and this {} is on none", every.plural(), from.words()),
    };
    Absence { label, hint }
}

/// Why what a cluster has is not there where a thing is on none.
pub(in crate::definition) fn absent_on_none(kind: Kind) -> Absence {
    let hint = "say where it is with `placement`, or ask first whether it is anywhere: `has(self.cluster)`".to_owned();
    Absence { label: format!("{} without `placement` is on no cluster", kind.words()), hint }
}

/// Why `let` is not there in what definitions say, which defaults are the weakest part of.
pub(in crate::definition) fn let_in_definition() -> Absence {
    Absence {
        label: "is there for templates and outputs of the class; defaults are values of the definition".to_owned(),
        hint: "write the expression itself here, or leave the field without a default and let the templates choose: `self.?field.orValue(let.name)`"
            .to_owned(),
    }
}

/// Why what a thing makes is not there in what it is made from.
pub(in crate::definition) fn makings_in_definition() -> Absence {
    Absence {
        label: "is made from the values of the definition, which cannot read it".to_owned(),
        hint: "read it in templates and outputs of the class".to_owned(),
    }
}
