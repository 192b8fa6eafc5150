//! `--unset path`: documents as though nobody had written what is at a path. In come documents, out go the same without it. What stands in the
//! library stays, so that a field comes to what weaker layers say.

use super::errors;
use super::operator::split;
use crate::diagnostic::Diagnostics;
use crate::document::{Document, Node, NodeData, Pair};
use crate::name::{Kind, nearest};
use crate::source::{Sources, UNSET};
use std::sync::Arc;

/// Where the overlays of a definition are: for an environment, for a cluster.
const OVERLAYS: [&str; 2] = ["environments", "clusters"];

/// What is to be taken out.
struct UnsetTarget<'t> {
    /// Only where it is said for this environment.
    environment: Option<&'t str>,
    /// Only where it is said for this cluster.
    cluster: Option<&'t str>,
    /// The definition: `services`, `web`; with an inner one `clusters`, `gc0`, `nodePools`, `default`; else a path of the document.
    address: Vec<&'t str>,
    /// The path below it.
    fields: Vec<&'t str>,
}

/// Takes out of the documents of the project what others of them, from the command line, ask for.
pub(crate) fn unset(documents: Vec<Arc<Document>>, sources: &Sources, diagnostics: &mut Diagnostics) -> Vec<Arc<Document>> {
    let is_asking = |document: &Arc<Document>| sources.path(document.file) == UNSET;
    let (asking, mut documents): (Vec<_>, Vec<_>) = documents.into_iter().partition(is_asking);
    for pair in asking.iter().filter_map(|document| pairs(&document.root)).flatten() {
        let mut found = 0;
        if let Some(steps) = super::index::steps(&pair.key.text) {
            for document in &mut documents {
                let source = sources.get(document.file);
                if source.is_none_or(|source| source.library || source.path.starts_with('<')) {
                    continue;
                }
                let target = UnsetTarget::of(&steps, document);
                let mut changed = Document::clone(document);
                let here = target.take(&mut changed.root);
                if here > 0 {
                    *document = Arc::new(changed);
                    found += here;
                }
            }
        }
        if found == 0 {
            let near = near(&pair.key.text, &documents, sources);
            diagnostics.push(errors::nothing_unset(&pair.key.text, near.as_deref(), pair.key_span));
        }
    }
    documents
}

/// So many paths are compared with one that is written nowhere.
const COMPARED: usize = 20_000;

/// The path that is written and comes next to one that is not.
fn near(path: &str, documents: &[Arc<Document>], sources: &Sources) -> Option<String> {
    let mut known = Vec::new();
    let is_own =
        |document: &&Arc<Document>| sources.get(document.file).is_some_and(|source| !source.library && !source.path.starts_with('<'));
    documents.iter().filter(is_own).for_each(|document| written(&document.root, "", &mut known));
    nearest(path, known.iter().map(String::as_str)).map(str::to_owned)
}

/// The paths of all that is written below a node.
fn written(node: &Node, above: &str, known: &mut Vec<String>) {
    for pair in pairs(node).into_iter().flatten() {
        if known.len() >= COMPARED {
            return;
        }
        let key = split(&pair.key.text).0;
        let path = if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") };
        written(&pair.value, &path, known);
        known.push(path);
    }
}

impl<'t> UnsetTarget<'t> {
    fn of(steps: &[&'t str], document: &Document) -> Self {
        let first = steps.first().copied().unwrap_or("");
        // A document that defines something of that name knows better what it means.
        let is_section = Kind::from_plural(first).is_some() || ["platform", "environments", "classes"].contains(&first);
        let is_section = is_section || pairs(&document.root).is_some_and(|pairs| pairs.iter().any(|pair| split(&pair.key.text).0 == first));
        let (environment, steps) = if is_section { (None, steps) } else { (Some(first), steps.get(1..).unwrap_or_default()) };
        let placed = |plural: &str| matches!(Kind::from_plural(plural), Some(Kind::Service | Kind::Tenant | Kind::Infrastructure));
        let (cluster, steps) = match steps {
            ["clusters", name, rest @ ..] if rest.len() > 1 && rest.first().is_some_and(|plural| placed(plural)) => (Some(*name), rest),
            all => (None, all),
        };
        let kind = steps.first().and_then(|plural| Kind::from_plural(plural));
        let is_inner = kind.and_then(Kind::inner).is_some_and(|inner| steps.get(2).copied() == Some(inner.plural()));
        let depth = match kind {
            Some(_) if is_inner => 4,
            Some(_) => 2,
            None => 0,
        };
        let (address, fields) = steps.split_at(depth.min(steps.len()));
        Self { environment, cluster, address: address.to_vec(), fields: fields.to_vec() }
    }

    /// Takes it out of a document, and says how often it was there.
    fn take(&self, root: &mut Node) -> usize {
        let everywhere = self.environment.is_none() && self.cluster.is_none();
        // Behind an environment stands a definition, as `--set` has it.
        if !everywhere && self.address.is_empty() {
            return 0;
        }
        if everywhere && (self.fields.is_empty() || self.address.is_empty()) {
            let path: Vec<&str> = self.address.iter().chain(&self.fields).copied().collect();
            return remove(root, &path);
        }
        // An overlay of what it is in may speak of it as well.
        let around = self.address.split_at_checked(2).filter(|(_, inner)| !inner.is_empty()).map(|(outer, inner)| UnsetTarget {
            environment: self.environment,
            cluster: self.cluster,
            address: outer.to_vec(),
            fields: inner.iter().chain(&self.fields).copied().collect(),
        });
        let mut found = 0;
        for target in std::iter::once(self).chain(around.as_ref()) {
            let Some(body) = target.address.iter().try_fold(&mut *root, |node, step| inside(node, step)) else { continue };
            if everywhere && target.address.len() == self.address.len() {
                found += remove(body, &target.fields);
            }
            found += target.overlays(body, self.environment.is_none(), self.cluster.is_none());
        }
        found
    }

    /// Takes it out of the overlays of a body; the two say whether what is looked for is around already.
    fn overlays(&self, body: &mut Node, environment: bool, cluster: bool) -> usize {
        let mut found = 0;
        for (word, wanted) in OVERLAYS.iter().zip([self.environment, self.cluster]) {
            // Under a cluster of its own name, `clusters` of a cluster would be its definition.
            let Some(NodeData::Map(overlays)) = inside(body, word).map(|node| &mut node.data) else { continue };
            let is_environment = *word == "environments";
            let mut gone = Vec::new();
            for (at, overlay) in overlays.iter_mut().enumerate() {
                if wanted.is_some_and(|wanted| split(&overlay.key.text).0 != wanted) {
                    continue;
                }
                let (environment, cluster) = (environment || is_environment, cluster || !is_environment);
                if environment && cluster {
                    if self.fields.is_empty() {
                        gone.push(at);
                        continue;
                    }
                    found += remove(&mut overlay.value, &self.fields);
                }
                found += self.overlays(&mut overlay.value, environment, cluster);
            }
            found += gone.len();
            gone.into_iter().rev().for_each(|at| _ = overlays.remove(at));
        }
        found
    }
}

fn pairs(node: &Node) -> Option<&Vec<Pair>> {
    if let NodeData::Map(pairs) = &node.data { Some(pairs) } else { None }
}

fn inside<'n>(node: &'n mut Node, step: &str) -> Option<&'n mut Node> {
    let NodeData::Map(pairs) = &mut node.data else { return None };
    pairs.iter_mut().find(|pair| split(&pair.key.text).0 == step).map(|pair| &mut pair.value)
}

/// Takes out what is at a path, whatever operator its key has.
fn remove(node: &mut Node, path: &[&str]) -> usize {
    let Some((last, around)) = path.split_last() else { return 0 };
    let Some(node) = around.iter().try_fold(node, |node, step| inside(node, step)) else { return 0 };
    let NodeData::Map(pairs) = &mut node.data else { return 0 };
    let before = pairs.len();
    pairs.retain(|pair| split(&pair.key.text).0 != *last);
    before - pairs.len()
}

#[cfg(test)]
mod tests {
    use crate::system::MemorySystem;
    use crate::{Options, compile};
    use expect_test::{Expect, expect};

    const PLATFORM: &str = "platform: { name: acme, domain: infra.example.com }
environments: { apps: {}, ops: { inherits: apps, description: less } }
clusters: { a: { class: plain }, b: { class: plain } }
services:
  web:
    class: app
    size: 2
    deep: { one: 1, two: 2 }
    environments: { ops: { size: 3, clusters: { a: { size: 5 } } } }
    clusters: { b: { size: 4, deep: { one: 9 } } }
classes:
  cluster: { plain: {} }
  service: { app: { schema: { size: integer | default=1, deep: 'map[string]integer' } } }
";

    fn check(unset: &str, expected: Expect) {
        let options = Options { unset: vec![unset.to_owned()], ..Options::default() };
        let compilation = compile(&MemorySystem::default().with("platform.yaml", PLATFORM), &options);
        let mut text: String =
            compilation.diagnostics.sorted(&compilation.sources).iter().map(|said| said.message.clone() + "\n").collect();
        for (_, entity) in compilation.model.entities().filter(|(_, entity)| entity.kind == crate::name::Kind::Service) {
            let value = crate::query::show::inline(&entity.value, &compilation.model.secrets);
            text.push_str(&format!("{} {value}\n", entity.path));
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn what_is_unset_was_never_written() {
        check(
            "services.web.size",
            expect![[r#"
            apps.clusters.a.services.web {enabled: true, size: 1, deep: {one: 1, two: 2}}
            apps.clusters.b.services.web {enabled: true, size: 1, deep: {one: 9, two: 2}}
            ops.clusters.a.services.web {enabled: true, size: 1, deep: {one: 1, two: 2}}
            ops.clusters.b.services.web {enabled: true, size: 1, deep: {one: 9, two: 2}}
        "#]],
        );
        check(
            "ops.services.web.size",
            expect![[r#"
            apps.clusters.a.services.web {enabled: true, size: 2, deep: {one: 1, two: 2}}
            apps.clusters.b.services.web {enabled: true, size: 4, deep: {one: 9, two: 2}}
            ops.clusters.a.services.web {enabled: true, size: 2, deep: {one: 1, two: 2}}
            ops.clusters.b.services.web {enabled: true, size: 4, deep: {one: 9, two: 2}}
        "#]],
        );
        check(
            "clusters.b.services.web.size",
            expect![[r#"
            apps.clusters.a.services.web {enabled: true, size: 2, deep: {one: 1, two: 2}}
            apps.clusters.b.services.web {enabled: true, size: 2, deep: {one: 9, two: 2}}
            ops.clusters.a.services.web {enabled: true, size: 5, deep: {one: 1, two: 2}}
            ops.clusters.b.services.web {enabled: true, size: 3, deep: {one: 9, two: 2}}
        "#]],
        );
        check(
            "services.web.deep.one",
            expect![[r#"
            apps.clusters.a.services.web {enabled: true, size: 2, deep: {two: 2}}
            apps.clusters.b.services.web {enabled: true, size: 4, deep: {two: 2}}
            ops.clusters.a.services.web {enabled: true, size: 5, deep: {two: 2}}
            ops.clusters.b.services.web {enabled: true, size: 4, deep: {two: 2}}
        "#]],
        );
        check(
            "ops.services.web",
            expect![[r#"
            apps.clusters.a.services.web {enabled: true, size: 2, deep: {one: 1, two: 2}}
            apps.clusters.b.services.web {enabled: true, size: 4, deep: {one: 9, two: 2}}
            ops.clusters.a.services.web {enabled: true, size: 2, deep: {one: 1, two: 2}}
            ops.clusters.b.services.web {enabled: true, size: 4, deep: {one: 9, two: 2}}
        "#]],
        );
        check("services.web", expect![""]);
        check(
            "services.web.nope",
            expect![[r#"
            `--unset services.web.nope` names nothing that is written
            apps.clusters.a.services.web {enabled: true, size: 2, deep: {one: 1, two: 2}}
            apps.clusters.b.services.web {enabled: true, size: 4, deep: {one: 9, two: 2}}
            ops.clusters.a.services.web {enabled: true, size: 5, deep: {one: 1, two: 2}}
            ops.clusters.b.services.web {enabled: true, size: 4, deep: {one: 9, two: 2}}
        "#]],
        );
        check("services", expect![""]);
        // Behind an environment stands something of a kind.
        check(
            "ops.description",
            expect![[r#"
            `--unset ops.description` names nothing that is written
            apps.clusters.a.services.web {enabled: true, size: 2, deep: {one: 1, two: 2}}
            apps.clusters.b.services.web {enabled: true, size: 4, deep: {one: 9, two: 2}}
            ops.clusters.a.services.web {enabled: true, size: 5, deep: {one: 1, two: 2}}
            ops.clusters.b.services.web {enabled: true, size: 4, deep: {one: 9, two: 2}}
        "#]],
        );
    }

    /// Classes are remembered by their texts, which do not change when something is taken as unwritten.
    #[test]
    fn what_is_unset_once_is_there_again() {
        let mut compiler = crate::Compiler::default();
        let files = MemorySystem::default().with("platform.yaml", PLATFORM);
        let mut size = |unset: &[&str]| {
            let unset = unset.iter().map(|path| (*path).to_owned()).collect();
            let compilation = compiler.compile(&files, &Options { unset, ..Options::default() });
            let entity = compilation.model.entities().find(|(_, entity)| *entity.path == *"apps.clusters.a.services.web").unwrap().1;
            entity.value.get("size").map(|value| crate::query::show::inline(value, &compilation.model.secrets))
        };
        let field = "classes.service.app.schema.size";
        let values = "services.web.size";
        assert_eq!(size(&[values]).as_deref(), Some("1"));
        assert_eq!(size(&[field, values]), None);
        assert_eq!(size(&[values]).as_deref(), Some("1"));
    }
}
