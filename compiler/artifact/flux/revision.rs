//! Which commit of a repository is followed, in Flux's words: it has to be told whether a name is a branch or a tag.

use super::errors;
use crate::delivery::{Elsewhere, Site, Unit};
use crate::diagnostic::Diagnostics;
use crate::model::{Platform, Repository};
use crate::print::Tree;

/// What a revision names; none where that cannot be told from its text.
fn read(text: &str) -> Option<(&'static str, &str)> {
    let is_version = {
        let digits = text.strip_prefix('v').unwrap_or(text);
        digits.starts_with(|char: char| char.is_ascii_digit()) && digits.contains('.')
    };
    let is_short = (7..40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    // Argo CD takes these for ranges of versions; git allows most of them in no name.
    let is_range = text.contains(|char: char| char.is_whitespace() || matches!(char, '^' | '~' | '*' | '<' | '>' | '=' | ',' | '|'));
    if let Some(branch) = text.strip_prefix("refs/heads/") {
        Some(("branch", branch))
    } else if let Some(tag) = text.strip_prefix("refs/tags/") {
        Some(("tag", tag))
    } else if text.starts_with("refs/") {
        Some(("name", text))
    } else if text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Some(("commit", text))
    } else if text == "HEAD" || text.is_empty() || is_version || is_short || is_range {
        None
    } else {
        Some(("branch", text))
    }
}

fn tree((key, name): (&'static str, &str)) -> Tree {
    Tree::map([(key, Tree::text(name))])
}

/// The revision of the output that a cluster follows.
pub(super) fn of_output(site: &Site<'_>, platform: &Platform, repository: &Repository, diagnostics: &mut Diagnostics) -> Tree {
    let (text, said) = match &site.policy.revision {
        Some(own) => (own, site.environment.value.at(&["argocd", "revision"])),
        None => (&repository.revision, platform.value.at(&["repository", "revision"])),
    };
    match read(text) {
        Some(found) => tree(found),
        None => {
            let span = said.map_or(site.environment.defined, |said| said.origin.span);
            diagnostics.push(errors::unclear_revision(text, span, &site.entity.subject()));
            Tree::map([("branch", Tree::text(&**text))])
        }
    }
}

/// The revision of a folder elsewhere.
pub(super) fn of_folder(revision: Option<&str>, elsewhere: &Elsewhere<'_>, unit: &Unit<'_>, diagnostics: &mut Diagnostics) -> Tree {
    let text = revision.unwrap_or("HEAD");
    match read(text) {
        Some(found) => tree(found),
        None => {
            diagnostics.push(errors::unclear_revision(text, elsewhere.version_at, &unit.entity.subject()));
            Tree::map([("branch", Tree::text(text))])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_branch_unless_it_may_be_something_else() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        for (text, expected) in [
            ("main", Some(("branch", "main"))),
            ("release/1", Some(("branch", "release/1"))),
            ("refs/heads/v1.2", Some(("branch", "v1.2"))),
            ("refs/tags/v1.2", Some(("tag", "v1.2"))),
            ("refs/pull/7/head", Some(("name", "refs/pull/7/head"))),
            (commit, Some(("commit", commit))),
            ("v2", Some(("branch", "v2"))),
            ("v1.2.0", None),
            ("1.2", None),
            ("abc1234", None),
            ("feedback", Some(("branch", "feedback"))),
            ("^1.2", None),
            ("1.*", None),
            (">=1 <2", None),
            ("HEAD", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
