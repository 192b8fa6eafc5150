//! What stays outside although its files left the output, and what would be lost with them: kinds, namespaces that change hands, what is installed
//! where nothing is delivered any more, what stacks have made; and what changes that only a person applies. In come the files as the last build left them and as they are now, out go
//! reports with the commands to give. It reads nothing but what it is handed, and decides about no file.

mod applications;
mod brought;
mod by_hand;
mod errors;
mod installer;
mod kinds;
mod namespaces;
mod policies;
mod projects;
mod rights;
mod stacks;
mod used;

use super::Artifacts;
use crate::diagnostic::Diagnostics;
use crate::floor::FilePlace;
use brought::Brought;
use std::collections::BTreeSet;

/// The output as it was before.
#[derive(Clone, Copy)]
pub struct FormerOutput<'a> {
    /// Paths of all its files, relative to the output directory.
    pub paths: &'a BTreeSet<String>,
    /// The text of one of them, if it can be read.
    pub read: &'a dyn Fn(&str) -> Option<String>,
}

/// What of an output is looked at: of a build, what it writes; of a question, what is asked about.
#[derive(Clone, Copy)]
pub struct ChosenOutput<'a> {
    /// Whether a file is: one of an environment, a cluster or a stack.
    pub file: &'a dyn Fn(&str) -> bool,
    /// Whether what environments share of a thing is, such as its base: what is not stays as it was.
    pub shared: &'a dyn Fn(&str) -> bool,
    /// Whether what a thing brings to a cluster is: the folder of the thing, the environment and the cluster.
    pub thing: &'a dyn Fn(&str, (&str, &str)) -> bool,
}

impl ChosenOutput<'_> {
    /// All of it.
    pub const ALL: ChosenOutput<'static> = ChosenOutput { file: &|_| true, shared: &|_| true, thing: &|_, _| true };

    fn has(&self, path: &str) -> bool {
        match FilePlace::of(path) {
            Some(FilePlace::Base { .. }) => (self.shared)(path),
            Some(FilePlace::Overlay { .. } | FilePlace::Delivery { .. } | FilePlace::Stack { .. }) | None => (self.file)(path),
        }
    }
}

/// The output before and now.
struct OutputChange<'a> {
    former: FormerOutput<'a>,
    now: &'a Artifacts,
    /// Files that are no longer there.
    gone: BTreeSet<&'a str>,
    before: Brought<'a>,
    after: Brought<'a>,
}

impl OutputChange<'_> {
    fn read(&self, path: &str) -> Option<String> {
        (self.former.read)(path)
    }
}

/// Reports what stays of files that leave the output, as far as they are chosen; `output` is the output directory as commands name it.
pub fn staying(former: FormerOutput<'_>, (output, now): (&str, &Artifacts), chosen: ChosenOutput<'_>, diagnostics: &mut Diagnostics) {
    let all = || former.paths.iter().map(String::as_str).filter(|path| path.bytes().all(is_plain));
    let gone: BTreeSet<&str> = all().filter(|path| now.get(path).is_none() && chosen.has(path)).collect();
    let still = all().filter(|path| !gone.contains(path) && now.get(path).is_none());
    let after = Brought::of(now.iter().map(|(path, _)| path).chain(still), &|_, _| true);
    let change = OutputChange { former, now, gone, before: Brought::of(all(), chosen.thing), after };
    by_hand::report(&change, output, chosen.file, diagnostics);
    // An object also leaves a cluster by a patch that takes it out of what all have.
    let is_taken_out = |path: &str| path.ends_with(brought::TAKEN_OUT) && !former.paths.contains(path);
    if change.gone.is_empty() && !now.iter().any(|(path, _)| is_taken_out(path)) {
        return;
    }
    namespaces::report(&change, diagnostics);
    applications::report(&change, diagnostics);
    kinds::report(&change, diagnostics);
    policies::report(&change, diagnostics);
    projects::report(&change, diagnostics);
    rights::report(&change, diagnostics);
    installer::report(&change, diagnostics);
    stacks::report(&change, output, diagnostics);
}

/// Whether a byte is one of the paths and names that platc writes and a shell leaves alone. Commands are made of them, and an index may have been
/// written by anybody.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'/')
}

#[cfg(test)]
mod tests;
