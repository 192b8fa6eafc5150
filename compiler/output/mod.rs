//! write: Artifacts → the output directory, through a [`Disk`]. Only files that are ours are replaced or removed: the index tells which, and
//! after a stopped build the journal and the disk do. Each file is staged beside its place and renamed, so it is always old or new. Nothing
//! below the project's root is reached through a symbolic link, and nothing is believed that a merge, another machine or an enemy may have
//! put into the index beyond its own directory.

mod apply;
mod digest;
mod errors;
mod fingerprint;
mod former;
mod held;
mod home;
mod index;
mod journal;
mod known;
mod place;
mod plan;
mod tree;

pub use errors::locked;
pub use former::{former, former_text};
pub use held::held;
pub use home::{HOME, home};
pub use index::{INDEX, JOURNAL, written};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::disk::{Disk, Lock};
use crate::kept::Kept;
use apply::Hand;
use fingerprint::Fingerprints;
use place::OutputPlace;
use plan::Eye;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::ErrorKind;

/// Larger files are never ours and not read, unless what is to be written is as large.
const LIMIT: u64 = 64 << 20;

/// Largest index, in bytes.
const LARGEST_INDEX: u64 = 256 << 20;

/// A file that git reads in the output directory.
pub const ATTRIBUTES: &str = ".gitattributes";

/// What git has to know: no machine may change line ends, and of two branches that both build, an index keeps what both say.
const ATTRIBUTES_TEXT: &str =
    "# Written by platc: files here are the same bytes on every machine, and branches that both build can be merged.
* -text
platc.json merge=union
";

/// One file to write.
#[derive(Clone, Debug)]
pub struct Outgoing<'a> {
    /// Path relative to the output directory, parts joined with `/`.
    pub path: &'a str,
    /// The bytes.
    pub text: &'a [u8],
    /// Whether it is to be written; the others of a partial build are only known not to be stale.
    pub chosen: bool,
    /// Whether it is written before all that are not, so that a build that is stopped has not changed what it keeps from changing.
    pub first: bool,
}

/// What to write, and where.
#[derive(Clone)]
pub struct Request<'a> {
    /// What to put before paths in messages.
    pub prefix: &'a str,
    /// The output directory relative to the root.
    pub output: &'a str,
    /// All files.
    pub files: Vec<Outgoing<'a>>,
    /// What keeps data when all is done: the index remembers it.
    pub kept: &'a BTreeSet<Kept>,
    /// Of a partial build: whether a file that is no longer emitted belongs to the part.
    pub partial: Option<&'a (dyn Fn(&str) -> bool + Sync)>,
    /// 32 hexadecimal digits, random: staged files are named after them.
    pub token: &'a str,
    /// Who writes, for those who find what he left.
    pub by: &'a str,
}

/// What was done, or what would be.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Outcome {
    /// Files that did not exist. The index is named, here or below, if nothing but the index differs.
    pub created: Vec<String>,
    /// Files with new content.
    pub updated: Vec<String>,
    /// Those of `updated` whose content was not what platc had written.
    pub restored: Vec<String>,
    /// Those of `updated` of which only the line ends differed.
    pub converted: Vec<String>,
    /// Files that are no longer emitted.
    pub removed: Vec<String>,
    /// How many files stayed as they were.
    pub unchanged: usize,
}

impl Outcome {
    /// Whether the output directory was what it should be.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.created.is_empty() && self.updated.is_empty() && self.removed.is_empty()
    }
}

/// Brings the output directory up to date. With errors nothing is written, or the journal tells how far it came.
pub fn write(disk: &dyn Disk, request: &Request<'_>, diagnostics: &mut Diagnostics) -> Outcome {
    run(disk, request, true, diagnostics)
}

/// Says what [`write()`] would do, and writes nothing.
pub fn check(disk: &dyn Disk, request: &Request<'_>, diagnostics: &mut Diagnostics) -> Outcome {
    run(disk, request, false, diagnostics)
}

/// What keeps data by the index of an output directory; nothing if there is none.
///
/// # Errors
/// If there is one that cannot be read, so that what must not be lost is not known.
pub fn kept(disk: &dyn Disk, prefix: &str, output: &str) -> Result<BTreeSet<Kept>, Box<Diagnostic>> {
    let nothing = BTreeSet::new();
    let request = Request { prefix, output, files: Vec::new(), kept: &nothing, partial: None, token: "", by: "" };
    let place = OutputPlace::open(disk, &request)?;
    known::kept(disk, &place)
}

fn run(disk: &dyn Disk, request: &Request<'_>, commit: bool, diagnostics: &mut Diagnostics) -> Outcome {
    let mut said = Diagnostics::default();
    let outcome = steps(disk, request, commit, &mut said).unwrap_or_else(|diagnostic| {
        said.push(*diagnostic);
        Outcome::default()
    });
    diagnostics.append(said);
    outcome
}

fn steps(disk: &dyn Disk, request: &Request<'_>, commit: bool, diagnostics: &mut Diagnostics) -> Result<Outcome, Box<Diagnostic>> {
    let mut request = request.clone();
    request.files.push(Outgoing { path: ATTRIBUTES, text: ATTRIBUTES_TEXT.as_bytes(), chosen: true, first: false });
    let mut place = OutputPlace::open(disk, &request)?;
    let is_new = !place.exists;
    if commit && is_new {
        place.make(disk)?;
    }
    let _lock = lock(disk, &place, !commit)?;
    let emitted: Vec<&str> = request.files.iter().map(|file| file.path).collect();
    let known = known::load(disk, &place, &emitted, commit)?;
    let text = fingerprint::text(disk, &place);
    let prints = Fingerprints::read(&text, &known.written);
    let plan = plan::plan(&request, &Eye { disk, place: &place, known: &known, prints: &prints }, diagnostics);
    if diagnostics.has_errors() {
        if commit && is_new {
            // It was made to be locked.
            disk.remove_directory(place.output).ok();
        }
        return Ok(Outcome::default());
    }
    let index = index::print(&plan.index, request.kept);
    let mut outcome = plan.outcome();
    let is_done = outcome.is_current() && known.text == index.as_bytes();
    if outcome.is_current() && known.found != index.as_bytes() {
        let list = if known.found.is_empty() { &mut outcome.created } else { &mut outcome.updated };
        list.push(index::INDEX.to_owned());
    }
    let hand = Hand { disk, place: &place, known: &known, prints: &prints, request: &request };
    if commit && is_done {
        hand.remember(&plan);
    } else if commit && let Err(diagnostic) = hand.apply(&plan, &index) {
        known::clear(disk, &place);
        return Err(diagnostic);
    }
    Ok(outcome)
}

/// Locks the output directory, as far as the system can; nothing if it is not there.
fn lock(disk: &dyn Disk, place: &OutputPlace<'_>, shared: bool) -> Result<Option<Lock>, Box<Diagnostic>> {
    if !place.exists {
        return Ok(None);
    }
    match disk.lock(place.output, shared) {
        Ok(lock) => Ok(Some(lock)),
        Err(error) if error.kind() == ErrorKind::WouldBlock => {
            let journal = disk.read(&place.inner(index::JOURNAL), LARGEST_INDEX).ok().flatten();
            let holder = journal.and_then(|journal| journal::by(&journal)).unwrap_or_else(|| "another platc".to_owned());
            Err(Box::new(locked(&place.shown(""), Some(&holder))))
        }
        // A journal may be there, which names one who died.
        Err(error) if error.kind() == ErrorKind::ResourceBusy => Err(Box::new(locked(&place.shown(""), None))),
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests;
