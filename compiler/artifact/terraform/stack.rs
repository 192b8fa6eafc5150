//! One stack: its body and outputs become the files of a root module. References are checked, and those to other stacks become reads of
//! those stacks' states.

use super::address::{self, Declared};
use super::backend;
use super::escape::{TerraformReading, TerraformTemplate, escape, unwrap};
use super::module::{self, Block};
use super::{KnownStacks, errors};
use crate::artifact::Input;
use crate::definition::ProviderName;
use crate::definition::overriding::remover;
use crate::diagnostic::Diagnostics;
use crate::expression::{Late, LatePiece, LateReference};
use crate::floor;
use crate::model::Entity;
use crate::model::Platform;
use crate::object::{Stack, StackId};
use crate::print::{Form, Printout, Spelling, Tree};
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Data, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a stack became.
pub(super) struct StackFiles {
    /// File name and what is in it.
    pub(super) files: Vec<(&'static str, Printout)>,
    /// Stacks whose state it reads, in the order they are first read.
    pub(super) reads: Vec<StackId>,
    /// What there is to say about it.
    pub(super) diagnostics: Diagnostics,
}

/// Whether a `null` in a map is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    Keep,
    Drop,
}

/// Versions that can forget without destroying.
const FORGETFUL: &str = ">= 1.7.0";

/// Makes the files of a stack.
pub(super) fn emit(stack: &Stack, input: &Input<'_>, known: &KnownStacks<'_>) -> StackFiles {
    let model = input.model;
    let first = stack.members.first().map(|id| model.entity(*id));
    let subject = first.map_or_else(|| Subject::Artifact(Arc::clone(&stack.name)), Entity::subject);
    let mut root = StackText {
        platform: &model.platform,
        stack,
        known,
        declared: Declared::of(&stack.body),
        reads: stack.reads.clone(),
        remote: BTreeMap::new(),
        subject,
        makers: stack.makers.iter().map(|((type_, name), maker)| ((&**type_, &**name), model.entity(*maker))).collect(),
        diagnostics: Diagnostics::default(),
    };
    if !is_folder(&stack.name) {
        let named = first.map(|entity| entity.value.get("stack").map_or(entity.defined, |value| value.origin.span));
        root.diagnostics.push(errors::stack_name(&stack.name, named.unwrap_or(stack.body.origin.span), &root.subject));
        return StackFiles { files: Vec::new(), reads: root.reads, diagnostics: root.diagnostics };
    }
    backend::check(stack, &root.subject, &mut root.diagnostics);
    let mut blocks = root.body();
    let outputs = root.outputs();
    root.remote_states(&mut blocks);
    forget(stack, &mut blocks);
    let provider = blocks.remove("provider");
    let mut files = vec![("terraform.tf.json", root.settings())];
    if let Some(provider) = provider {
        files.push(("providers.tf.json", Tree::map([("provider", provider)])));
    }
    if !blocks.is_empty() {
        files.push(("main.tf.json", Tree::map(blocks)));
    }
    if !outputs.is_empty() {
        files.push(("outputs.tf.json", Tree::map([("output", Tree::map(outputs))])));
    }
    let traced = input.traces(&floor::stack(model, stack));
    let files = files.into_iter().map(|(name, tree)| (name, Printout::print(&tree, Spelling::Json, traced))).collect();
    StackFiles { files, reads: root.reads, diagnostics: root.diagnostics }
}

/// Adds blocks for what is to be forgotten, behind those that classes have.
fn forget(stack: &Stack, blocks: &mut BTreeMap<Arc<str>, Tree>) {
    if stack.forgets.is_empty() {
        return;
    }
    let block = |address: &Arc<str>| {
        let keep = Tree::map([("destroy", Tree::from(Form::Bool(false)))]);
        Tree::map([("from", Tree::text(Arc::clone(address))), ("lifecycle", keep)])
    };
    let said = match blocks.remove(Block::Removed.key()).map(|said| said.form) {
        Some(Form::List(said)) => said,
        Some(said) => vec![said.into()],
        None => Vec::new(),
    };
    blocks.insert(Block::Removed.key().into(), Tree::list(said.into_iter().chain(stack.forgets.iter().map(block))));
}

/// Whether a stack's name can be the name of a folder on every system.
fn is_folder(name: &str) -> bool {
    name.len() <= 200
        && name.starts_with(|char: char| char.is_ascii_alphanumeric() || char == '_')
        && name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.'))
}

/// A stack on its way to text.
pub(super) struct StackText<'a> {
    platform: &'a Platform,
    pub(super) stack: &'a Stack,
    pub(super) known: &'a KnownStacks<'a>,
    pub(super) declared: Declared,
    pub(super) reads: Vec<StackId>,
    /// Stacks that are read → names of the data sources that read them.
    pub(super) remote: BTreeMap<StackId, Arc<str>>,
    /// What is in hand.
    pub(super) subject: Subject,
    /// Those who made resources.
    makers: BTreeMap<(&'a str, &'a str), &'a Entity>,
    pub(super) diagnostics: Diagnostics,
}

impl StackText<'_> {
    /// All blocks but `terraform` and `output`.
    fn body(&mut self) -> BTreeMap<Arc<str>, Tree> {
        let stack = self.stack;
        let mut blocks = BTreeMap::new();
        let Some(map) = stack.body.as_map() else {
            self.diagnostics.push(errors::shape("terraform", "a map of blocks", &stack.body, &self.subject));
            return blocks;
        };
        for entry in map.entries() {
            let Some(block) = Block::of(&entry.key) else {
                self.diagnostics.push(errors::unknown_block(entry, &self.subject));
                continue;
            };
            if matches!(block, Block::Terraform | Block::Output) {
                continue;
            }
            let tree = self.block(block, &entry.value);
            if !tree.as_map().is_some_and(<[_]>::is_empty) && !tree.as_list().is_some_and(<[_]>::is_empty) {
                blocks.insert(Arc::clone(&entry.key), tree);
            }
        }
        blocks
    }

    pub(super) fn block(&mut self, block: Block, value: &Value) -> Tree {
        self.labelled(block, block.labels(), value, block.key())
    }

    /// A value with so many levels of names above the bodies of blocks.
    fn labelled(&mut self, block: Block, labels: usize, value: &Value, what: &str) -> Tree {
        if labels == 0 {
            return match value.as_list() {
                Some(items) if block.repeats() => Tree::list(items.iter().map(|item| self.arguments(block, item, what))),
                Some(_) | None => self.arguments(block, value, what),
            };
        }
        let Some(map) = value.as_map() else {
            self.diagnostics.push(errors::shape(what, "a map of names", value, &self.subject));
            return Tree::null();
        };
        let mut entries = Vec::new();
        for entry in map.entries() {
            if !address::is_name(&entry.key) {
                self.diagnostics.push(errors::name(&entry.key, what, entry.span, &self.subject));
            }
            let maker = what.strip_prefix("resource.").and_then(|type_| self.makers.get(&(type_, &*entry.key)).copied());
            let around = maker.map(|maker| std::mem::replace(&mut self.subject, maker.subject()));
            let inner = self.labelled(block, labels - 1, &entry.value, &format!("{what}.{}", entry.key));
            if let Some(around) = around {
                self.subject = around;
            }
            entries.push((Arc::clone(&entry.key), inner));
        }
        sorted(entries).out_of(value)
    }

    /// The body of a block.
    fn arguments(&mut self, block: Block, value: &Value, what: &str) -> Tree {
        let Some(map) = value.as_map() else {
            self.diagnostics.push(errors::shape(what, "a map of arguments", value, &self.subject));
            return Tree::null();
        };
        let nulls = if block.keeps_nulls() { Nulls::Keep } else { Nulls::Drop };
        let mut entries = Vec::new();
        for entry in map.entries() {
            if block == Block::Locals && !address::is_name(&entry.key) {
                self.diagnostics.push(errors::name(&entry.key, what, entry.span, &self.subject));
            }
            if nulls == Nulls::Drop && matches!(entry.value.data, Data::Null) {
                continue;
            }
            let tree = match entry.value.as_map() {
                Some(lifecycle) if block.is_lifecycle(&entry.key) => {
                    let inner = lifecycle.entries().iter().map(|entry| {
                        let tree = self.value(&entry.value, module::lifecycle(&entry.key), nulls);
                        (Arc::clone(&entry.key), tree)
                    });
                    sorted(inner.collect())
                }
                Some(_) | None => self.value(&entry.value, block.reading(&entry.key), nulls),
            };
            entries.push((Arc::clone(&entry.key), tree));
        }
        sorted(entries).out_of(value)
    }

    /// A value where Terraform reads text in a certain way.
    pub(super) fn value(&mut self, value: &Value, reading: TerraformReading, nulls: Nulls) -> Tree {
        let tree = match &value.data {
            Data::Null => Tree::null(),
            Data::Bool(bool) => Tree::bool(*bool),
            Data::Int(int) => Tree::int(*int),
            Data::Float(float) => Tree::float(*float),
            Data::String(text) => match reading {
                TerraformReading::Template => match escape(text) {
                    std::borrow::Cow::Borrowed(_) => Tree::text(Arc::clone(text)),
                    std::borrow::Cow::Owned(escaped) => Tree::text(escaped),
                },
                TerraformReading::Object => {
                    self.check_declared(text, value.origin.span);
                    Tree::text(Arc::clone(text))
                }
                TerraformReading::Address | TerraformReading::Literal => Tree::text(Arc::clone(text)),
            },
            // In a list of objects every key must be present, so nulls stay there.
            Data::List(list) => {
                let mut items: Vec<Tree> = list.items().iter().map(|item| self.value(item, reading, Nulls::Keep)).collect();
                if reading == TerraformReading::Object {
                    // Two attributes of one object are the same whole object.
                    let mut seen = std::collections::BTreeSet::new();
                    items.retain(|item| item.as_str().is_none_or(|text| seen.insert(text.to_owned())));
                }
                Tree::list(items)
            }
            Data::Map(map) => {
                let mut entries = Vec::with_capacity(map.entries().len());
                for entry in map.entries() {
                    if nulls == Nulls::Drop && matches!(entry.value.data, Data::Null) {
                        continue;
                    }
                    let key = if reading == TerraformReading::Template { escape(&entry.key).into() } else { Arc::clone(&entry.key) };
                    entries.push((key, self.value(&entry.value, reading, nulls)));
                }
                sorted(entries)
            }
            Data::Late(late) => self.late(late, reading, value.origin.span),
            // Never in the outcome of the model.
            Data::Template(_) | Data::Pending(_) | Data::Broken => Tree::null(),
        };
        tree.out_of(value)
    }

    fn late(&mut self, late: &Late, reading: TerraformReading, span: Span) -> Tree {
        if reading == TerraformReading::Template {
            let mut template = TerraformTemplate::default();
            for piece in &late.pieces {
                match piece {
                    LatePiece::Text(text) => template.text(text),
                    LatePiece::Raw(raw) => template.raw(raw),
                    LatePiece::Reference(reference) => {
                        if let Some(expression) = self.reference(reference) {
                            template.expression(&expression);
                        }
                    }
                    LatePiece::Made(expr) => {
                        let expression = expr.spelled(&mut |reference| self.reference(reference).unwrap_or_default());
                        template.expression(&expression);
                    }
                }
            }
            return Tree::text(template.finish());
        }
        let mut text = String::new();
        for piece in &late.pieces {
            match piece {
                LatePiece::Text(piece) => text.push_str(piece),
                LatePiece::Raw(raw) if reading == TerraformReading::Literal => text.push_str(raw),
                LatePiece::Raw(raw) => text.push_str(unwrap(raw)),
                LatePiece::Reference(reference) if reading == TerraformReading::Literal => {
                    self.diagnostics.push(errors::literal_required(reference, span, &self.subject));
                }
                LatePiece::Reference(reference) => text.push_str(&self.bare(reference, reading)),
                LatePiece::Made(_) => {
                    if let Some(reference) = late.references().first() {
                        self.diagnostics.push(errors::literal_required(reference, span, &self.subject));
                    }
                }
            }
        }
        Tree::text(text)
    }

    /// A reference where Terraform wants an address instead of an expression.
    fn bare(&mut self, reference: &LateReference, reading: TerraformReading) -> String {
        if let (TerraformReading::Address, Some(name)) = (reading, ProviderName::of_address(&reference.address)) {
            return name.to_string();
        }
        if self.is_own(reference) {
            self.check_declared(&reference.address, reference.span);
            let whole = reading == TerraformReading::Object;
            return if whole { address::object(&reference.address).to_owned() } else { reference.address.to_string() };
        }
        if reading == TerraformReading::Object {
            // Nothing of another stack can be waited for but its state.
            return self
                .state_of(&self.named(reference), reference)
                .map(|name| format!("data.terraform_remote_state.{name}"))
                .unwrap_or_default();
        }
        self.diagnostics.push(errors::literal_required(reference, reference.span, &self.subject));
        String::new()
    }

    pub(super) fn is_own(&self, reference: &LateReference) -> bool {
        self.named(reference) == self.stack.id()
    }

    /// The stack that a reference leads to.
    pub(super) fn named(&self, reference: &LateReference) -> StackId {
        self.stack.referred(self.known.model, reference)
    }

    pub(super) fn check_declared(&mut self, address: &str, span: Span) {
        let object = address::object(address);
        if !self.declared.has(object) {
            let members = self.stack.members.iter().map(|id| self.known.model.entity(*id));
            let removed = members.flat_map(|entity| entity.overrides.iter()).find_map(|layer| remover(layer, &address::path(object)));
            self.diagnostics.push(errors::unknown_resource(object, removed, &self.declared, span, &self.subject));
        }
    }

    /// The `terraform` block.
    fn settings(&mut self) -> Tree {
        let stack = self.stack;
        let mut settings: BTreeMap<Arc<str>, Tree> = BTreeMap::new();
        if let Some(said) = stack.body.get("terraform")
            && let Form::Map(entries) = self.arguments(Block::Terraform, said, "terraform").form
        {
            settings.extend(entries);
        }
        if let Some(backend) = backend::of(stack)
            && !settings.contains_key("cloud")
        {
            let configuration = self.value(&backend.value, TerraformReading::Literal, Nulls::Drop);
            settings.insert("backend".into(), Tree::map([(Arc::clone(&backend.key), configuration)]));
        }
        let is_forgetful = !stack.forgets.is_empty();
        let least = match (backend::uses_lockfile(stack), is_forgetful) {
            (true, _) => ">= 1.10.0",
            // The first that can forget without destroying.
            (false, true) => FORGETFUL,
            (false, false) => ">= 1.6.0",
        };
        let version = match self.platform.value.at(&["terraform", "requiredVersion"]).and_then(Value::as_str) {
            Some(said) if is_forgetful => format!("{said}, {FORGETFUL}"),
            said => said.unwrap_or(least).to_owned(),
        };
        settings.entry("required_version".into()).or_insert_with(|| Tree::text(version));
        Tree::map([("terraform", Tree::map(settings))])
    }
}

/// A map with its keys in order.
pub(super) fn sorted(mut entries: Vec<(Arc<str>, Tree)>) -> Tree {
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    Tree::map(entries)
}
