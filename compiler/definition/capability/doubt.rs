//! Declarations of capabilities that are at fault themselves: what they promise is kept by nobody, and all that provide them agree on something else.
//! In come classes as they were loaded, with what was said of them; out go promises to take back, and one report for each in place of all that
//! it made wrong.

use super::{Capabilities, Capability};
use crate::definition::{Class, errors};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::name::nearest;
use crate::schema::{Field, Record, Shape, Type};
use crate::source::Sources;
use crate::span::Span;
use crate::value::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is wrong with what a capability promises.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::definition) enum DoubtedPart {
    /// No class that provides it has this output; perhaps all have another one instead.
    Nowhere { promise: Arc<str>, instead: Option<Arc<str>> },
    /// All have something else there, in words.
    Other { promise: Arc<str>, is: &'static str },
    /// It does not promise what all have, and others read.
    Unsaid(Arc<str>),
}

/// A promise in doubt.
#[derive(Clone, Debug)]
pub(in crate::definition) struct Doubt {
    capability: Arc<str>,
    part: DoubtedPart,
    /// Where classes keep something else.
    kept: BTreeSet<Span>,
    /// Where an output is read that they have and it does not promise.
    read: BTreeSet<Span>,
    /// Whether one class alone says so, so that it may be at fault itself.
    is_alone: bool,
}

/// How reports call an output that a capability does not promise.
pub(in crate::definition) fn owner(capability: &str) -> Arc<str> {
    format!("capability/{capability}").into()
}

/// Finds promises of the project that all classes contradict which provide them.
pub(in crate::definition) fn doubts(
    classes: &[Arc<Class>],
    capabilities: &Capabilities,
    said: &Diagnostics,
    sources: &Sources,
) -> Vec<Doubt> {
    let mut found = Vec::new();
    let own = capabilities.iter().filter(|(_, capability)| capability.sound && !sources.is_library(capability.entry.span));
    for (name, capability) in own {
        let providers: Vec<&Class> =
            classes.iter().map(AsRef::as_ref).filter(|class| class.provides(name) && !class.is_abstract && class.sound).collect();
        if !providers.is_empty() {
            found.extend(Doubting { name, capability, capabilities, providers, said }.doubts());
        }
    }
    found
}

struct Doubting<'a> {
    name: &'a str,
    capability: &'a Capability,
    capabilities: &'a Capabilities,
    providers: Vec<&'a Class>,
    said: &'a Diagnostics,
}

impl Doubting<'_> {
    fn doubts(&self) -> Vec<Doubt> {
        let mut found = Vec::new();
        let mut others = self.unsaid();
        for field in self.capability.outputs.record().map_or(&[][..], Record::fields) {
            let unkept: Vec<_> =
                self.providers.iter().filter_map(|class| class.unkept.iter().find(|one| one.output == field.name)).collect();
            if unkept.len() != self.providers.len() {
                continue;
            }
            let is: BTreeSet<Option<&'static str>> = unkept.iter().map(|one| one.found.map(|(_, is)| is)).collect();
            let promise = Arc::clone(&field.name);
            match is.into_iter().collect::<Vec<_>>().as_slice() {
                [None] => {
                    let instead = self.instead(&promise, &others);
                    others.retain(|other| Some(other) != instead.as_ref());
                    let (kept, read) = match &instead {
                        Some(other) => (self.places(other), self.readers(other)),
                        None => (self.provided(), BTreeSet::new()),
                    };
                    if kept.len() + read.len() > 1 {
                        let part = DoubtedPart::Nowhere { promise, instead };
                        found.push(self.doubt(part, kept, read, false));
                    }
                }
                [Some(is)] => {
                    let kept: BTreeSet<Span> = unkept.iter().filter_map(|one| one.found.map(|(span, _)| span)).collect();
                    let is_alone = kept.len() < 2;
                    found.push(self.doubt(DoubtedPart::Other { promise, is }, kept, BTreeSet::new(), is_alone));
                }
                _ => {}
            }
        }
        for other in others {
            let read = self.readers(&other);
            if read.len() > 1 {
                let kept = self.places(&other);
                found.push(self.doubt(DoubtedPart::Unsaid(other), kept, read, false));
            }
        }
        found
    }

    fn doubt(&self, part: DoubtedPart, kept: BTreeSet<Span>, read: BTreeSet<Span>, is_alone: bool) -> Doubt {
        Doubt { capability: self.name.into(), part, kept, read, is_alone }
    }

    /// What all have, and none of their capabilities promises.
    fn unsaid(&self) -> Vec<Arc<str>> {
        let outputs = |class: &Class| -> BTreeSet<Arc<str>> {
            let map = class.section("outputs").and_then(Value::as_map);
            let written = map.map(Map::entries).unwrap_or_default().iter().filter(|entry| entry.template.is_none());
            let promised = |name: &str| self.capabilities.promised(class).any(|field| *field.name == *name);
            written.map(|entry| Arc::clone(&entry.key)).filter(|name| !name.starts_with('$') && !promised(name)).collect()
        };
        let mut sets = self.providers.iter().map(|class| outputs(class));
        let first = sets.next().unwrap_or_default();
        sets.fold(first, |known, other| known.intersection(&other).cloned().collect()).into_iter().collect()
    }

    /// What they all have in place of a promise.
    fn instead(&self, promise: &str, others: &[Arc<str>]) -> Option<Arc<str>> {
        let read: Vec<&Arc<str>> = others.iter().filter(|other| !self.readers(other).is_empty()).collect();
        match (others, read.as_slice()) {
            ([one], _) => Some(Arc::clone(one)),
            (_, [one]) => Some(Arc::clone(one)),
            _ => nearest(promise, others.iter().map(|other| &**other)).map(Arc::from),
        }
    }

    /// Where they write an output.
    fn places(&self, output: &str) -> BTreeSet<Span> {
        let written = |class: &&Class| Some(class.section("outputs")?.as_map()?.entry(output)?.span);
        self.providers.iter().filter_map(written).collect()
    }

    /// Where they say that they provide it.
    fn provided(&self) -> BTreeSet<Span> {
        let named = |class: &&Class| class.provides.iter().find(|named| *named.name == *self.name).map(|named| named.span);
        self.providers.iter().filter_map(named).collect()
    }

    /// Where an output is read that it does not promise.
    fn readers(&self, output: &str) -> BTreeSet<Span> {
        let lack = format!("{} self.{output}", owner(self.name));
        let missing = self.said.iter().filter(|said| said.lacks.iter().any(|known| **known == *lack));
        missing.filter_map(|said| said.primary.as_ref()).map(|label| label.span).collect()
    }
}

impl Capabilities {
    /// The same without promises in doubt: what they are about may be anything.
    pub(in crate::definition) fn without(&self, doubts: &[Doubt]) -> Self {
        let mut relaxed = self.clone();
        for Doubt { capability, part, .. } in doubts {
            let Some(capability) = relaxed.0.get_mut(capability) else { continue };
            let span = capability.outputs.origin;
            let free = |name: &Arc<str>| Field { name: Arc::clone(name), type_: Arc::new(Type::free(span)), span };
            let mut fields = capability.outputs.record().map_or(&[][..], Record::fields).to_vec();
            let gone = match part {
                DoubtedPart::Nowhere { promise, .. } | DoubtedPart::Other { promise, .. } => Some(promise),
                DoubtedPart::Unsaid(_) => None,
            };
            fields.retain(|field| Some(&field.name) != gone);
            match part {
                DoubtedPart::Nowhere { instead, .. } => fields.extend(instead.as_ref().map(free)),
                DoubtedPart::Other { promise: output, .. } | DoubtedPart::Unsaid(output) => fields.push(free(output)),
            }
            capability.outputs = Arc::new(Type { shape: Shape::Record(Record::new(fields)), ..(*capability.outputs).clone() });
        }
        relaxed
    }
}

/// Those of which more than one class says so: what a doubted promise made wrong beside the class itself was said before, and is not any more.
pub(in crate::definition) fn confirmed(doubts: &[Doubt], (before, now): (&Diagnostics, &Diagnostics)) -> Vec<Doubt> {
    let others = gone(before, now).filter(|said| said.code != crate::code::Code::UnfulfilledCapability).count();
    doubts.iter().filter(|doubt| !doubt.is_alone || others > 0).cloned().collect()
}

/// What was said before and is not any more.
fn gone<'d>(before: &'d Diagnostics, now: &'d Diagnostics) -> impl Iterator<Item = &'d Diagnostic> {
    let place = |said: &Diagnostic| said.primary.as_ref().map(|label| label.span);
    let still: BTreeSet<_> = now.iter().map(|said| (said.code, place(said))).collect();
    before.iter().filter(move |said| !still.contains(&(said.code, place(said))))
}

/// One report for each promise in doubt.
pub(in crate::definition) fn told(
    doubts: &[Doubt],
    capabilities: &Capabilities,
    (before, now): (&Diagnostics, &Diagnostics),
    diagnostics: &mut Diagnostics,
) {
    for doubt in doubts {
        let Some(capability) = capabilities.get(&doubt.capability) else { continue };
        let mut read = doubt.read.clone();
        if let (DoubtedPart::Other { .. }, [_]) = (&doubt.part, doubts) {
            let others = gone(before, now).filter(|said| said.code != crate::code::Code::UnfulfilledCapability);
            read.extend(others.filter_map(|said| said.primary.as_ref()).map(|label| label.span));
        }
        diagnostics.push(errors::doubted_promise(capability, &doubt.part, &doubt.kept, &read));
    }
}
