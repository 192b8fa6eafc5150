//! What stands between two passes, for those who work on platc: each of their types as a tree. Comes in: a compilation. Leaves: a tree that can be
//! printed, the same for the same sources, without what must not be shown. It is for reading and promises no form.

use super::answer::{Room, too_large};
use super::path::DeadEnd;
use super::show::late_text;
use crate::artifact::Artifacts;
use crate::definition::{Class, Definition, Layered, Named};
use crate::diagnostic::Diagnostics;
use crate::document::{self, Node, NodeData};
use crate::graph::EdgeCause;
use crate::model::{Entity, EntityId};
use crate::object::{Rendering, Stack, StackId};
use crate::path::Path;
use crate::print::Tree;
use crate::secret::HIDDEN;
use crate::span::Span;
use crate::value::{Data, Value};
use crate::variants::variants;
use crate::{Compilation, Compiler};
use std::sync::Arc;

variants! {
    /// A type between two passes.
    pub enum Pass(word, from_word) {
        /// Parsed sources, without those of the standard library.
        Documents = "documents",
        /// What was authored: layers before they are merged, texts before they are evaluated.
        Definitions = "definitions",
        /// Every thing in every environment and on every cluster.
        Model = "model",
        /// What the templates became.
        Objects = "objects",
        /// The order of things, and who needs whom.
        Graph = "graph",
        /// The files, as texts.
        Artifacts = "artifacts",
    }
}

/// The result of a pass as a tree.
///
/// # Errors
/// If it is larger than answers may be.
pub fn pass(compiler: &mut Compiler, compilation: &mut Compilation, pass: Pass) -> Result<Tree, DeadEnd> {
    let artifacts = if pass == Pass::Artifacts { compiler.emit_shown(compilation, None, None) } else { Artifacts::default() };
    let mut dump = Dump { compilation, room: Room::of(compilation.model.entities.len()), is_full: false };
    let tree = match pass {
        Pass::Documents => dump.documents(),
        Pass::Definitions => dump.definitions(),
        Pass::Model => dump.model(),
        Pass::Objects => dump.objects(),
        Pass::Graph => dump.graph(),
        Pass::Artifacts => Tree::map(artifacts.iter().map(|(path, artifact)| (path, dump.text(&artifact.text)))),
    };
    if dump.is_full { Err(too_large(&format!("the pass `{}`", pass.word()), "take a smaller project")) } else { Ok(tree) }
}

/// A tree that grows as long as there is room.
struct Dump<'a> {
    compilation: &'a Compilation,
    room: Room,
    is_full: bool,
}

impl Dump<'_> {
    fn text(&mut self, text: &str) -> Tree {
        self.is_full |= !self.room.text(text.len());
        if self.is_full { Tree::null() } else { Tree::text(text) }
    }

    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> Tree {
        Tree::list(texts.into_iter().map(|text| self.text(text)))
    }

    fn names(&mut self, names: &[Named]) -> Tree {
        self.texts(names.iter().map(|named| &*named.name))
    }

    fn place(&mut self, span: Span) -> Tree {
        self.text(&self.compilation.sources.place(span))
    }

    fn thing(&mut self, id: EntityId) -> Tree {
        self.text(&self.compilation.model.entity(id).path)
    }

    /// A value as it is there: a text with expressions that were not evaluated as it is written.
    fn value(&mut self, value: &Value) -> Tree {
        if self.compilation.model.secrets.hides(value) {
            return self.text(HIDDEN);
        }
        match &value.data {
            Data::List(list) => Tree::list(list.items().iter().map(|item| self.value(item))),
            Data::Map(map) => {
                let entries = map.entries().iter();
                Tree::map(entries.map(|entry| (self.key(&entry.key), self.value(&entry.value))))
            }
            Data::String(text) => self.text(text),
            Data::Template(template) => self.text(self.compilation.sources.text(template.span)),
            Data::Pending(pending) => self.text(self.compilation.sources.text(pending.entry.value.origin.span)),
            Data::Late(late) => self.text(&late_text(late)),
            Data::Broken => self.text("${…}"),
            Data::Null => Tree::null(),
            Data::Bool(bool) => Tree::bool(*bool),
            Data::Int(int) => Tree::int(*int),
            Data::Float(float) => Tree::float(*float),
        }
    }

    fn key(&mut self, key: &Arc<str>) -> Arc<str> {
        self.is_full |= !self.room.text(key.len());
        Arc::clone(key)
    }

    fn documents(&mut self) -> Tree {
        // Secrets are blacked out of these, as they are out of all that is drawn of them.
        let sources = &self.compilation.sources;
        let own = sources.iter().filter(|(_, source)| !source.library);
        let documents = own.filter_map(|(file, source)| document::parse_one(file, source, &mut Diagnostics::default()));
        Tree::map(documents.map(|document| (sources.path(document.file), self.node(&document.root))))
    }

    fn node(&mut self, node: &Node) -> Tree {
        match &node.data {
            NodeData::Null => Tree::null(),
            // As it stands there: a secret that is blacked out looks like an alias.
            NodeData::Broken => self.text(self.compilation.sources.text(node.span)),
            NodeData::Bool(bool) => Tree::bool(*bool),
            NodeData::Int(int) => Tree::int(*int),
            NodeData::Float(float) => Tree::float(*float),
            NodeData::String(scalar) => self.text(&scalar.text),
            NodeData::List(items) => Tree::list(items.iter().map(|item| self.node(item))),
            NodeData::Map(pairs) => Tree::map(pairs.iter().map(|pair| (self.key(&pair.key.text), self.node(&pair.value)))),
        }
    }

    fn definitions(&mut self) -> Tree {
        let all = &self.compilation.definitions;
        let environments = all.environments.iter().map(|environment| {
            let mut entries = vec![("at", self.place(environment.name.span)), ("abstract", Tree::bool(environment.is_abstract))];
            entries.extend(environment.parent.as_ref().map(|parent| ("inherits", self.text(&parent.name))));
            entries.push(("body", self.value(&environment.body)));
            let defaults = environment.defaults.iter().map(|(kind, layered)| (kind.plural(), self.layered(layered)));
            entries.push(("defaults", Tree::map(defaults)));
            (Arc::clone(&environment.name.name), Tree::map(entries))
        });
        let environments = Tree::map(environments);
        let platform = all.platform.as_ref().map_or(Tree::null(), |platform| self.value(&platform.value));
        let defaults = all.platform_defaults.iter().map(|(kind, layered)| (kind.plural(), self.layered(layered)));
        let defaults = Tree::map(defaults);
        let definitions = all.definitions.iter().map(|definition| (Arc::clone(&definition.address), self.definition(definition)));
        let definitions = Tree::map(definitions);
        let policies = Tree::map(all.policies.iter().map(|entry| (Arc::clone(&entry.key), self.value(&entry.value))));
        let classes = all.classes.iter().map(|class| (format!("{}/{}", class.kind.singular(), class.name.name), self.class(class)));
        let classes = Tree::map(classes);
        let capabilities = all.capabilities.iter().map(|(name, found)| (name.to_owned(), self.value(&found.entry.value)));
        let capabilities = Tree::map(capabilities);
        let fragments = all.fragments.iter().map(|(name, found)| (Arc::clone(name), self.value(&found.value)));
        let fragments = Tree::map(fragments);
        let flags = all.flags.iter().map(|flag| {
            let mut entries = vec![("address", self.text(&flag.address)), ("value", self.value(&flag.value))];
            entries.extend(flag.environment.as_ref().map(|environment| ("environment", self.text(&environment.name))));
            entries.extend(flag.cluster.as_ref().map(|cluster| ("cluster", self.text(&cluster.name))));
            Tree::map(entries)
        });
        let flags = Tree::list(flags);
        Tree::map([
            ("platform", platform),
            ("defaults", defaults),
            ("environments", environments),
            ("definitions", definitions),
            ("policies", policies),
            ("classes", classes),
            ("capabilities", capabilities),
            ("fragments", fragments),
            ("flags", flags),
        ])
    }

    fn layered(&mut self, layered: &Layered) -> Tree {
        let operator = self.text(&format!("{:?}", layered.operator));
        Tree::map([("operator", operator), ("at", self.place(layered.span)), ("value", self.value(&layered.value))])
    }

    fn definition(&mut self, definition: &Definition) -> Tree {
        let mut entries = vec![("at", self.place(definition.name.span)), ("abstract", Tree::bool(definition.is_abstract))];
        entries.extend(definition.class.as_ref().map(|class| ("class", self.text(&class.name))));
        entries.push(("inherits", self.names(&definition.parents)));
        entries.extend(definition.body.as_ref().map(|body| ("body", self.layered(body))));
        let overlays = definition.overlays.iter().map(|overlay| {
            let mut entries = vec![("outer", Tree::bool(overlay.outer))];
            entries.extend(overlay.environment.as_ref().map(|environment| ("environment", self.text(&environment.name))));
            entries.extend(overlay.cluster.as_ref().map(|cluster| ("cluster", self.text(&cluster.name))));
            entries.push(("body", self.layered(&overlay.layered)));
            Tree::map(entries)
        });
        entries.push(("overlays", Tree::list(overlays)));
        if let Some(kind) = definition.kind.inner() {
            let inner = definition.inner.iter().map(|one| (Arc::clone(&one.name.name), self.definition(one)));
            entries.push((kind.plural(), Tree::map(inner)));
        }
        Tree::map(entries)
    }

    /// A class by what it has, not by what that says: a default may be a secret, and is text of a schema here.
    fn class(&mut self, class: &Class) -> Tree {
        let sections = class.value.as_map().map(crate::value::Map::entries).unwrap_or_default();
        let sections = self.texts(sections.iter().map(|entry| &*entry.key));
        let fields = self.texts(class.type_.fields().map(|(name, _)| name));
        Tree::map([
            ("at", self.place(class.name.span)),
            ("abstract", Tree::bool(class.is_abstract)),
            ("sections", sections),
            ("fields", fields),
        ])
    }

    fn model(&mut self) -> Tree {
        let model = &self.compilation.model;
        let environments = model.environments.iter().map(|environment| {
            let line = self.texts(environment.line.iter().map(|name| &**name));
            (Arc::clone(&environment.name), Tree::map([("line", line), ("value", self.value(&environment.value))]))
        });
        let environments = Tree::map(environments);
        let entities = model.entities.iter().map(|entity| (Arc::clone(&entity.path), self.entity(entity)));
        let entities = Tree::map(entities);
        Tree::map([("platform", self.value(&model.platform.value)), ("environments", environments), ("entities", entities)])
    }

    fn entity(&mut self, entity: &Entity) -> Tree {
        let mut entries = vec![("at", self.place(entity.defined)), ("class", self.text(&entity.class_name))];
        entries.extend(entity.cluster.map(|cluster| ("cluster", self.thing(cluster))));
        entries.extend(entity.tenant.map(|tenant| ("tenant", self.thing(tenant))));
        entries.extend(entity.stack.as_ref().map(|stack| ("stack", self.text(stack))));
        entries.push(("value", self.value(&entity.value)));
        entries.push(("computed", self.value(&entity.computed)));
        let reads: Vec<String> = entity.reads.iter().map(|reference| Path::from(reference.steps.clone()).to_string()).collect();
        entries.push(("reads", self.texts(reads.iter().map(String::as_str))));
        if !entity.overrides.is_empty() {
            entries.push(("overrides", Tree::list(entity.overrides.iter().map(|layer| self.value(layer)))));
        }
        Tree::map(entries)
    }

    fn objects(&mut self) -> Tree {
        let shown = self.compilation.objects.shown();
        let things = shown.renderings.iter().map(|rendering| {
            let path = Arc::clone(&self.compilation.model.entity(rendering.entity).path);
            (path, self.rendering(rendering))
        });
        let things = Tree::map(things);
        let stacks = shown.stacks.iter().map(|stack| {
            let environment = &self.compilation.model.environment(stack.environment).name;
            (format!("{environment}/{}", stack.name), self.stack(stack))
        });
        let stacks = Tree::map(stacks);
        Tree::map([("things", things), ("stacks", stacks)])
    }

    fn rendering(&mut self, rendering: &Rendering) -> Tree {
        let model = &self.compilation.model;
        let manifests = rendering.manifests.iter().map(|manifest| {
            let name = match &manifest.handed {
                Some(handed) => format!("{} of {}", manifest.name, model.entity(handed.giver).path).into(),
                None => Arc::clone(&manifest.name),
            };
            (name, self.value(&manifest.value))
        });
        let mut entries = vec![("manifests", Tree::map(manifests))];
        entries.extend(rendering.chart.as_ref().map(|chart| {
            let mut said = vec![
                ("repository", self.text(&chart.repository)),
                ("chart", self.text(&chart.chart)),
                ("version", self.text(&chart.version)),
                ("release", self.text(&chart.release)),
                ("namespace", self.text(&chart.namespace)),
            ];
            said.extend(chart.values.as_ref().map(|values| ("values", self.value(values))));
            ("chart", Tree::map(said))
        }));
        let files = rendering.files.iter().map(|file| (Arc::clone(&file.path), self.value(&file.content)));
        entries.push(("files", Tree::map(files)));
        entries.extend(rendering.told.as_ref().map(|told| ("argocd", self.value(told))));
        entries.extend(rendering.metadata.as_ref().map(|metadata| ("metadata", self.value(metadata))));
        Tree::map(entries)
    }

    fn stack(&mut self, stack: &Stack) -> Tree {
        let members = Tree::list(stack.members.iter().map(|id| self.thing(*id)));
        let outputs = self.texts(stack.outputs.iter().map(|output| &*output.name));
        let model = &self.compilation.model;
        let name = |read: &StackId| match read.environment == stack.environment {
            true => read.name.to_string(),
            false => format!("{}/{}", model.environment(read.environment).name, read.name),
        };
        let reads: Vec<String> = stack.reads.iter().map(name).collect();
        let reads = self.texts(reads.iter().map(String::as_str));
        let backend = stack.backend.as_ref().map_or(Tree::null(), |backend| self.value(backend));
        let forgets = self.texts(stack.forgets.iter().map(|address| &**address));
        let body = self.value(&stack.body);
        Tree::map([
            ("members", members),
            ("reads", reads),
            ("outputs", outputs),
            ("backend", backend),
            ("forgets", forgets),
            ("body", body),
        ])
    }

    fn graph(&mut self) -> Tree {
        let graph = &self.compilation.graph;
        let things = graph.order().iter().map(|id| {
            let needs = graph.needs(*id).iter().map(|edge| {
                let cause = match edge.cause {
                    EdgeCause::Containment => "containment",
                    EdgeCause::DependsOn => "dependsOn",
                    EdgeCause::Refers => "refers",
                    EdgeCause::Knows => "knows",
                    EdgeCause::Reads => "reads",
                };
                Tree::map([("to", self.thing(edge.to)), ("cause", self.text(cause)), ("at", self.place(edge.span))])
            });
            let needs = Tree::list(needs);
            (
                Arc::clone(&self.compilation.model.entity(*id).path),
                Tree::map([("wave", Tree::int(graph.wave(*id).into())), ("needs", needs)]),
            )
        });
        Tree::map(things)
    }
}
