//! Charts and folders from elsewhere that go to another major version, or back: what those who make them promise ends there, and nobody here knows what is replaced.
//! In come what a unit installed and installs, out go reports.

use crate::code::Code;
use crate::delivery::{Elsewhere, RepositoryPart, Unit, UnitSource};
use crate::diagnostic::Diagnostic;
use crate::level::Level;
use crate::model::Entity;
use crate::span::Span;
use crate::unit::semver::Semver;

/// A version that is further from the one before than its makers promise.
pub(super) struct VersionJump {
    /// What has it: chart `loki`.
    what: String,
    was: String,
    is: String,
    is_back: bool,
    /// Where the version is named.
    pub(super) at: Span,
}

/// What a unit installs in a version of another kind than before.
pub(super) fn of(old: &Unit<'_>, new: &Unit<'_>) -> Vec<VersionJump> {
    let known: Vec<&Elsewhere<'_>> = elsewhere(old).collect();
    let jump = |one: &Elsewhere<'_>| {
        let (what, is) = version(one)?;
        let (_, was) = known.iter().filter_map(|other| version(other)).find(|(other, _)| *other == what)?;
        let (before, now) = (Semver::forgiving(was)?, Semver::forgiving(is)?);
        let ([old_major, old_minor, _], [major, minor, _]) = (before.numbers, now.numbers);
        let is_back = (major, minor) < (old_major, old_minor);
        (is_back || major > old_major).then(|| VersionJump { what, was: was.to_owned(), is: is.to_owned(), is_back, at: one.version_at })
    };
    elsewhere(new).filter_map(jump).collect()
}

/// What has a version, in words, and the version.
fn version<'a>(one: &Elsewhere<'a>) -> Option<(String, &'a str)> {
    match one.found {
        RepositoryPart::Chart { name, version } => Some((format!("chart `{name}`"), version)),
        RepositoryPart::Folder { path, revision } => {
            // A branch or a commit has no order.
            let tag = revision.filter(|tag| tag.contains('.'))?;
            let place = if path.is_empty() { format!("`{}`", one.repository) } else { format!("`{path}` of `{}`", one.repository) };
            Some((place, tag))
        }
    }
}

/// A folder that a unit installs from now on in the place of another one, each in words, and where that is said.
pub(super) fn moved(old: &Unit<'_>, new: &Unit<'_>) -> Option<([String; 2], Span)> {
    let folders = |unit: &'_ Unit<'_>| -> Vec<(String, String)> {
        elsewhere(unit).filter_map(folder).map(|(repository, path)| (last(repository), path.to_owned())).collect()
    };
    let (before, now) = (folders(old), folders(new));
    let gone = elsewhere(old).filter_map(folder).find(|(repository, path)| !now.contains(&(last(repository), (*path).to_owned())))?;
    let come = |one: &&Elsewhere<'_>| folder(one).is_some_and(|(repository, path)| !before.contains(&(last(repository), path.to_owned())));
    let one = elsewhere(new).find(come)?;
    let words =
        |(repository, path): (&str, &str)| if path.is_empty() { format!("`{repository}`") } else { format!("`{path}` of `{repository}`") };
    Some(([words(gone), words(folder(one)?)], one.at))
}

/// A repository and the path in it.
fn folder<'a>(one: &Elsewhere<'a>) -> Option<(&'a str, &'a str)> {
    match one.found {
        RepositoryPart::Folder { path, .. } => Some((one.repository, path.trim_matches('/'))),
        RepositoryPart::Chart { .. } => None,
    }
}

/// The last part of an address: the same repository may have moved as a whole.
fn last(repository: &str) -> String {
    repository.trim_end_matches('/').trim_end_matches(".git").rsplit(['/', ':']).next().unwrap_or_default().to_owned()
}

/// A report of another folder.
pub(super) fn told_of_folder(entity: &Entity, [was, is]: &[String; 2], at: Span) -> Diagnostic {
    let message = format!(
        "{} `{}` installs {is}, and installed {was}: what only the one of before has is deleted, and what that is nobody here knows",
        entity.kind.words(),
        entity.name
    );
    Diagnostic::warning(Code::ElsewhereLeaves, message, at, "this is installed from now on")
        .level(Level::Unknown)
        .apart(format!("folder {}", entity.identity))
        .about(entity.subject())
        .note("claims for volumes that are among it go with what they hold; those that its StatefulSets have made stay")
        .hint("compare both before this is pushed, by what `helm template` or `kubectl kustomize` makes of them; what is called alike in both is changed, and stays")
}

fn elsewhere<'u, 'a>(unit: &'u Unit<'a>) -> impl Iterator<Item = &'u Elsewhere<'a>> {
    unit.sources.iter().filter_map(|source| match source {
        UnitSource::Elsewhere(elsewhere) => Some(&**elsewhere),
        UnitSource::Output { .. } => None,
    })
}

/// A report of a jump.
pub(super) fn told(entity: &Entity, jump: &VersionJump, at: Span) -> Diagnostic {
    let VersionJump { what, was, is, is_back, .. } = jump;
    let (how, note) = if *is_back {
        ("goes back", "what the newer one has written, and kinds that it has brought, the older one may not know")
    } else {
        (
            "goes to another major version,",
            "what it makes may be called otherwise, be replaced or restart, and kinds that it brings are not upgraded by every chart",
        )
    };
    let message =
        format!("{what} of {} `{}` {how} from `{was}` to `{is}`, and what that replaces is not known", entity.kind.words(), entity.name);
    Diagnostic::warning(Code::VersionJumps, message, at, "changed here")
        .level(Level::Unknown)
        .apart(format!("version {} {what}", entity.identity))
        .about(entity.subject())
        .note(note)
        .hint("read what its makers say of the way between the two, compare what `helm template` makes of both with the values that are built, and try it in another environment first")
}
