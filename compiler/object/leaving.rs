//! What leaves by its own word, and what a stack needs for that. In come the stacks of the platform as it is, and as it would be if what leaves
//! still were there; what is there stays as it is. A stack of which something leaves stays, even with nothing else in it: Terraform has to be run in
//! it once more, with the providers that what leaves was made by. What is to be forgotten is named by its address, and by those it had before if it
//! was to move, unless something else makes it. What a leaving class itself takes out of the state still is.

use super::{Objects, Stack};
use crate::model::{EntityId, FORGET, Model};
use crate::value::{Data, Entry, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Adds to the stacks of a platform what leaves.
pub(crate) fn leave(objects: &mut Objects, (model, staying): (&Model, &Objects)) {
    for stack in &staying.stacks {
        let leaves = |id: &EntityId| model.entity(*id).value.get("enabled").is_some_and(|said| said.as_bool() != Some(true));
        if !stack.members.iter().any(leaves) {
            continue;
        }
        let is_forgotten = |id: &EntityId| model.entity(*id).value.get("enabled").and_then(Value::as_str) == Some(FORGET);
        let forgotten = stack.makers.iter().filter(|(_, maker)| is_forgotten(maker)).map(|(address, _)| text(address)).collect();
        let known = objects.stacks.iter_mut().find(|known| known.environment == stack.environment && known.name == stack.name);
        let leaving = Leaving::new(stack, known.as_deref(), forgotten);
        match known {
            Some(known) => {
                known.body = leaving.body(&with_settings(&known.body, &stack.body));
                known.forgets = leaving.forgets;
            }
            None => {
                let empty = Value::map(Vec::new(), stack.body.origin);
                let lone = Stack {
                    environment: stack.environment,
                    name: Arc::clone(&stack.name),
                    members: Vec::new(),
                    body: leaving.body(&with_settings(&empty, &stack.body)),
                    outputs: Vec::new(),
                    backend: stack.backend.clone(),
                    reads: Vec::new(),
                    makers: BTreeMap::new(),
                    forgets: leaving.forgets,
                };
                let lone = Stack { reads: super::stack::reads(model, &lone), ..lone };
                // Behind all that it could read.
                let at = objects.stacks.iter().take_while(|known| known.environment <= stack.environment).count();
                objects.stacks.insert(at, lone);
            }
        }
    }
}

impl Stack {
    /// Whether what has an address leaves its state without being destroyed.
    pub(crate) fn lets_go(&self, address: &str) -> bool {
        self.forgets.contains(address)
            || blocks(&self.body, "removed").iter().any(|block| is_spared(block) && end(block, "from").as_deref() == Some(address))
    }
}

impl Stack {
    /// Whether blocks `moved` lead from an address to something that is there, in as many steps as they take.
    pub(crate) fn moves(&self, address: &str) -> bool {
        let mut moves: BTreeMap<Arc<str>, BTreeSet<Arc<str>>> = BTreeMap::new();
        for block in blocks(&self.body, "moved") {
            if let (Some(from), Some(to)) = (end(block, "from"), end(block, "to")) {
                moves.entry(object(&from).into()).or_default().insert(object(&to).into());
            }
        }
        let mut open: Vec<Arc<str>> = vec![address.into()];
        while let Some(from) = open.pop() {
            // Taken out, so that a circle ends.
            for to in moves.remove(&from).unwrap_or_default() {
                if self.declares(&to) {
                    return true;
                }
                open.push(to);
            }
        }
        false
    }

    /// Whether it has a resource or module of an address.
    pub(crate) fn declares(&self, address: &str) -> bool {
        address.split_once('.').is_some_and(|(type_, name)| self.makers.contains_key(&(type_.into(), name.into())))
    }

    /// Whether what has an address is not destroyed: it is there, under this address or another, or leaves the state as it is.
    pub(crate) fn spares(&self, address: &str) -> bool {
        self.declares(address) || self.lets_go(address) || self.moves(address)
    }
}

/// What leaves one stack.
struct Leaving {
    /// Blocks `removed` of those who leave.
    removed: Vec<Value>,
    /// Addresses that are to be forgotten.
    forgets: BTreeSet<Arc<str>>,
}

impl Leaving {
    /// Tells it from the stack with what leaves and the one without, and from the addresses of what is to be forgotten.
    fn new(staying: &Stack, known: Option<&Stack>, forgotten: BTreeSet<Arc<str>>) -> Self {
        let theirs = |key| known.map(|known| blocks(&known.body, key)).unwrap_or_default().iter();
        let mut others: BTreeSet<Arc<str>> = theirs("removed").chain(theirs("moved")).filter_map(|block| end(block, "from")).collect();
        others.extend(known.into_iter().flat_map(|known| known.makers.keys().map(text)));
        let (mut removed, mut forgets) = (Vec::new(), forgotten);
        for block in blocks(&staying.body, "removed") {
            let Some(from) = end(block, "from").filter(|from| others.insert(Arc::clone(from))) else { continue };
            if is_spared(block) {
                forgets.insert(from);
            }
            removed.push(block.clone());
        }
        // Where something was to come from, by where it was to go, and by the whole object that this is in.
        let mut moves: BTreeMap<Arc<str>, BTreeSet<Arc<str>>> = BTreeMap::new();
        for block in blocks(&staying.body, "moved") {
            let (Some(from), Some(to)) = (end(block, "from"), end(block, "to")) else { continue };
            moves.entry(object(&to).into()).or_default().insert(Arc::clone(&from));
            moves.entry(to).or_default().insert(from);
        }
        let mut open: Vec<Arc<str>> = forgets.iter().cloned().collect();
        while let Some(to) = open.pop() {
            for from in moves.remove(&to).unwrap_or_default() {
                if forgets.insert(Arc::clone(&from)) {
                    open.push(from);
                }
            }
        }
        forgets.retain(|address| !others.contains(address));
        Self { removed, forgets }
    }

    /// A body with these blocks.
    fn body(&self, body: &Value) -> Value {
        if self.removed.is_empty() {
            return body.clone();
        }
        let (key, span) = ("removed", body.origin.span);
        let all: Vec<Value> = blocks(body, key).iter().chain(&self.removed).cloned().collect();
        let rest = body.as_map().map(Map::entries).unwrap_or_default().iter().filter(|entry| &*entry.key != key).cloned();
        Value::map(rest.chain([Entry::plain(key, span, Value::list(all, body.origin))]).collect(), body.origin)
    }
}

/// The blocks of a kind without labels, which may be one.
fn blocks<'a>(body: &'a Value, key: &str) -> &'a [Value] {
    body.get(key).map(|value| value.as_list().unwrap_or(std::slice::from_ref(value))).unwrap_or_default()
}

/// Whether a block `removed` lets what it names stay.
fn is_spared(block: &Value) -> bool {
    block.at(&["lifecycle", "destroy"]).and_then(Value::as_bool) == Some(false)
}

/// An address that a block names, without the keys of instances: Terraform takes none where something is removed.
fn end(block: &Value, key: &str) -> Option<Arc<str>> {
    let value = block.get(key)?;
    let address = if let Data::Late(late) = &value.data {
        late.references().first().map(|reference| reference.address.to_string())
    } else {
        value.as_str().map(str::to_owned)
    }?;
    let (mut bare, mut depth, mut quoted, mut escaped) = (String::new(), 0_usize, false, false);
    for char in address.chars() {
        match char {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if depth > 0 => quoted = !quoted,
            _ if quoted => {}
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(char),
            _ => {}
        }
    }
    Some(bare.into())
}

/// The resource or module that an address begins with.
fn object(address: &str) -> &str {
    address.match_indices('.').nth(1).and_then(|(at, _)| address.get(..at)).unwrap_or(address)
}

fn text((type_, name): &(Arc<str>, Arc<str>)) -> Arc<str> {
    format!("{type_}.{name}").into()
}

/// A body with the settings and providers of another.
fn with_settings(body: &Value, other: &Value) -> Value {
    let settings = |value: &Value| -> Vec<Entry> {
        let entries = value.as_map().map(Map::entries).unwrap_or_default().iter();
        entries.filter(|entry| matches!(&*entry.key, "terraform" | "provider")).cloned().collect()
    };
    let taken = settings(other);
    let keys: BTreeSet<&str> = taken.iter().map(|entry| &*entry.key).collect();
    let kept = body.as_map().map(Map::entries).unwrap_or_default().iter().filter(|entry| !keys.contains(&*entry.key)).cloned();
    Value::map(kept.chain(taken.iter().cloned()).collect(), body.origin)
}
