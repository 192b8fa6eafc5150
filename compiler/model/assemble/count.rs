//! How many things may be assembled, and how often placements are compared with clusters: what a platform of this size needs.

use super::super::errors;
use super::Assembly;
use crate::definition::Definition;
use crate::limit::{PLACEMENTS, PLACEMENTS_BYTE, THINGS, THINGS_BYTE};

impl Assembly<'_> {
    /// Whether there are so many things that no more are placed, which is said of the first that is not.
    pub(super) fn is_full(&mut self, definition: &Definition) -> bool {
        let most = most(self.sources.bytes());
        let full = self.entities.len() >= most;
        if full && !self.said_full {
            self.said_full = true;
            self.diagnostics.push(errors::too_many_things(definition.name.span, most));
        }
        full
    }

    /// Pays for comparing a placement of this size with a cluster; false, which is said once, if there were too many before.
    pub(super) fn compares(&mut self, definition: &Definition, size: usize) -> bool {
        let most = most_comparisons(self.sources.bytes());
        self.compared = self.compared.saturating_add(size);
        let fits = self.compared <= most;
        if !fits && !self.said_full {
            self.said_full = true;
            self.diagnostics.push(errors::too_many_comparisons(definition.name.span, most));
        }
        fits
    }
}

/// How many things there may be, if the sources have so many bytes.
pub(in crate::model) fn most(bytes: usize) -> usize {
    THINGS.saturating_add(bytes.saturating_mul(THINGS_BYTE))
}

/// How many comparisons there may be, if the sources have so many bytes.
fn most_comparisons(bytes: usize) -> usize {
    PLACEMENTS.saturating_add(bytes.saturating_mul(PLACEMENTS_BYTE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::code::Code;
    use crate::system::MemorySystem;

    /// A platform with so many things, and a comment that makes its source no longer with fewer of them.
    fn too_many(environments: usize, things: usize) -> bool {
        let environments: String = (0..environments).map(|at| format!("e{at}: {{}}, ")).collect();
        let own: String = (0..things).map(|at| format!("  i{at}: {{class: thing}}\n")).collect();
        let text = format!(
            "platform: {{name: acme, domain: infra.example.com}}\nenvironments: {{{environments}}}\nclasses: {{infrastructure: {{thing: {{}}}}}}\ninfrastructure:\n{own}"
        );
        let compilation = crate::compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
        let said = compilation.diagnostics.sorted(&compilation.sources);
        said.iter().any(|diagnostic| diagnostic.code == Code::ExpansionTooLarge)
    }

    /// Services whose selector fits none of the clusters.
    fn placed_nowhere(services: usize, clusters: usize) -> Vec<String> {
        let labels = "a, ".repeat(2_000);
        let clusters: String = (0..clusters).map(|at| format!("  c{at}: {{class: k}}\n")).collect();
        let services: String = (0..services)
            .map(|at| format!("  s{at}: {{class: s, placement: {{matchExpressions: [{{key: x, operator: In, values: [{labels}]}}]}}}}\n"))
            .collect();
        let text = format!(
            "platform: {{name: acme, domain: infra.example.com}}\nenvironments: {{e: {{}}}}\nclasses: {{cluster: {{k: {{}}}}, service: {{s: {{}}}}}}\nclusters:\n{clusters}services:\n{services}"
        );
        let compilation = crate::compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
        let said = compilation.diagnostics.sorted(&compilation.sources);
        said.iter().map(|diagnostic| diagnostic.message.clone()).filter(|message| message.contains("compare")).collect()
    }

    #[test]
    fn placements_are_counted() {
        assert_eq!((most_comparisons(0), most_comparisons(5)), (PLACEMENTS, PLACEMENTS + 5 * PLACEMENTS_BYTE));
        assert!(placed_nowhere(5, 50).is_empty());
        assert_eq!(placed_nowhere(5, 250).len(), 1);
    }

    /// Tenants on no cluster, each with applications by default.
    fn too_many_inner(tenants: usize, applications: usize) -> bool {
        let tenants: String = (0..tenants).map(|at| format!("t{at}: {{}}, ")).collect();
        let applications: String = (0..applications).map(|at| format!("a{at}: {{}}, ")).collect();
        let text = format!(
            "platform: {{name: acme, domain: infra.example.com, defaults: {{tenants: {{class: k, applications: {{{applications}}}}}}}}}\nenvironments: {{e: {{}}}}\nclasses: {{tenant: {{k: {{}}}}}}\ntenants: {{{tenants}}}\n"
        );
        let compilation = crate::compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
        let said = compilation.diagnostics.sorted(&compilation.sources);
        said.iter().any(|diagnostic| diagnostic.code == Code::ExpansionTooLarge)
    }

    #[test]
    fn what_stands_under_things_is_counted() {
        assert!(!too_many_inner(140, 140));
        assert!(too_many_inner(200, 200));
    }

    #[test]
    fn things_are_counted() {
        assert_eq!((most(0), most(5)), (THINGS, THINGS + 5 * THINGS_BYTE));
        assert!(!too_many(20, 1_000));
        assert!(too_many(300, 130));
    }
}
