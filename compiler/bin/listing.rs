//! What lies in a project's directory: sources, found by walking. Each directory is walked once and each symbolic link followed once,
//! however they lead to each other, and both are counted. What cannot be listed is missed, and the walk goes on. It reads no source.

use crate::disk::{is_read, is_source, reason, unreadable};
use platc::files;
use platc::limit::{ENTRIES, SYMLINKS};
use platc::output::{self, INDEX, JOURNAL};
use platc::system::{Listing, Missed, Unreadable};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Larger indexes are none: those that platc reads.
const LARGEST_INDEX: u64 = 256 << 20;

/// Lists the sources below a root.
pub(crate) fn list(root: &Path) -> Result<Listing, Unreadable> {
    limited(root, ENTRIES, SYMLINKS)
}

fn limited(root: &Path, entries: usize, symlinks: usize) -> Result<Listing, Unreadable> {
    let root = fs_err::canonicalize(root).map_err(|error| unreadable(&error))?;
    std::fs::read_dir(&root).map_err(|error| unreadable(&error))?;
    let mut walk = Walk {
        root: &root,
        found: Listing::default(),
        seen: BTreeSet::new(),
        walked: BTreeSet::new(),
        links: BTreeSet::new(),
        entries,
        symlinks,
        full: false,
    };
    walk.directory("", &root);
    // Links come last and shallow ones first, so that a file is listed by its real path wherever it has one among the sources, else by
    // the plainest.
    while let Some((_, shown, link)) = walk.links.pop_first() {
        walk.follow(&shown, &link);
    }
    walk.found.paths.sort_unstable();
    Ok(walk.found)
}

struct Walk<'a> {
    root: &'a Path,
    found: Listing,
    /// Real paths of what is found.
    seen: BTreeSet<PathBuf>,
    /// Real paths of directories.
    walked: BTreeSet<PathBuf>,
    /// Symbolic links met on the way: depth, path to show, path of the link itself, with no other link in it.
    links: BTreeSet<(usize, String, PathBuf)>,
    /// How many entries and links may still come.
    entries: usize,
    symlinks: usize,
    /// Whether more came, which was said.
    full: bool,
}

impl Walk<'_> {
    /// Lists a directory: `shown` is its path relative to the root, `real` the directory without links on its way.
    fn directory(&mut self, shown: &str, real: &Path) {
        let mut entries = WalkDir::new(real).sort_by_file_name().into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let why = error.io_error().map_or_else(|| error.to_string(), reason);
                    self.miss(within(shown, real, error.path().unwrap_or(real)), why);
                    continue;
                }
            };
            let path = within(shown, real, entry.path());
            let is_hidden = entry.depth() > 0 && is_hidden(&entry);
            if entry.file_type().is_dir() {
                let is_root = entry.path() == self.root;
                if is_hidden || !self.walked.insert(entry.path().to_owned()) || (!is_root && self.is_output(&path, entry.path())) {
                    entries.skip_current_dir();
                    continue;
                }
            }
            if !is_hidden && entry.depth() > 0 {
                self.entry(path, &entry);
            }
            if self.full {
                return;
            }
        }
    }

    fn entry(&mut self, path: String, entry: &DirEntry) {
        let is_link = entry.file_type().is_symlink();
        let left = if is_link { &mut self.symlinks } else { &mut self.entries };
        let Some(fewer) = left.checked_sub(1) else {
            let what = if is_link { "symbolic links" } else { "files and folders" };
            self.full = true;
            let reason = format!("the project has more {what} than platc looks at; this one and all behind it are not read");
            let hint = "move what holds no definitions out of the project, or into a folder whose name begins with a dot";
            return self.found.missed.push(Missed { path, reason, hint: Some(hint.to_owned()) });
        };
        *left = fewer;
        if !(is_link || entry.file_type().is_file() && is_read(&path)) {
            return;
        }
        if entry.path().to_str().is_none() {
            return self.miss(path, "the name is not valid UTF-8".to_owned());
        }
        if is_link {
            self.links.insert((path.matches('/').count(), path, entry.path().to_owned()));
        } else if self.seen.insert(entry.path().to_owned()) {
            self.found.paths.push(path);
        }
    }

    fn follow(&mut self, shown: &str, link: &Path) {
        let Ok(target) = std::fs::canonicalize(link) else {
            // A source that leads nowhere is listed, so that reading it reports it.
            if is_read(shown) {
                self.found.paths.push(shown.to_owned());
            }
            return;
        };
        if !target.starts_with(self.root) || self.full {
            return;
        }
        // What is to be taken in stands below that folder, and one file may have two names there.
        if files::is_path(shown) {
            if !target.starts_with(self.root.join(files::FOLDER)) {
                return;
            }
            if target.is_file() {
                self.seen.insert(target);
                return self.found.paths.push(shown.to_owned());
            }
        }
        if target.is_dir() {
            // Walking it once more would read and sort it first.
            if !self.walked.contains(&target) {
                self.directory(shown, &target);
            }
        } else if is_read(shown) && target.is_file() && self.seen.insert(target) {
            self.found.paths.push(shown.to_owned());
        }
    }

    /// Whether platc wrote a directory, as its index says; perhaps under a former `platform.output`. A source in it that the index does not
    /// know would be lost without a word, so it is missed.
    fn is_output(&mut self, shown: &str, real: &Path) -> bool {
        let (index, journal) = (own(&real.join(INDEX)), own(&real.join(JOURNAL)));
        let Some(written) = output::written(index.as_deref(), journal.as_deref()) else { return false };
        let entries = WalkDir::new(real).into_iter().filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry));
        for entry in entries.flatten().filter(|entry| !entry.file_type().is_dir() && is_source(entry.path())) {
            if !written.contains(&within("", real, entry.path())) {
                let reason =
                    format!("it is in an output directory, where no definitions are looked for, and `{shown}/{INDEX}` does not list it");
                let hint = format!("move it elsewhere; if platc never wrote to `{shown}`, delete `{shown}/{INDEX}`");
                self.found.missed.push(Missed { path: within(shown, real, entry.path()), reason, hint: Some(hint) });
            }
        }
        true
    }

    fn miss(&mut self, path: String, reason: String) {
        self.found.missed.push(Missed { path, reason, hint: None });
    }
}

/// The bytes of a regular file, if it is one.
fn own(path: &Path) -> Option<Vec<u8>> {
    let metadata = std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(LARGEST_INDEX)).unwrap_or(0));
    std::fs::File::open(path).ok()?.take(LARGEST_INDEX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The path to show for one below a directory, which is shown as `shown`.
fn within(shown: &str, real: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(real).unwrap_or(path).iter().map(|part| part.to_string_lossy());
    let parts: Vec<_> = Some(shown.into()).filter(|shown: &std::borrow::Cow<'_, str>| !shown.is_empty()).into_iter().chain(parts).collect();
    parts.join("/")
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use platc::system::System;

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// A line for each source, then for each that is missed.
    fn shown(listing: &Listing) -> String {
        let missed = listing.missed.iter().map(|missed| format!("`{}`: {}", missed.path, missed.reason));
        listing.paths.iter().cloned().chain(missed).collect::<Vec<_>>().join("\n")
    }

    fn listed(root: &Path) -> String {
        shown(&list(root).unwrap())
    }

    fn check(root: &Path, expected: Expect) {
        expected.assert_eq(&listed(root));
    }

    #[test]
    fn lists_sources_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let index = r#"{"version": 2, "facts": [{"file": "z.yaml"}]}"#;
        write(dir.path(), "old/platc.json", index);
        for path in ["platform.yaml", "b/x.yml", "a/y.toml", "a/README.md", ".git/config.yaml", ".gitlab-ci.yml", "old/z.yaml"] {
            write(dir.path(), path, "");
        }
        check(
            dir.path(),
            expect![[r#"
                a/y.toml
                b/x.yml
                platform.yaml"#]],
        );
    }

    #[cfg(unix)]
    #[test]
    fn what_is_taken_in_stands_below_its_folder() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        for path in ["files/a.json", "files/b/c", "secret", "other/d", "x/files/e.json", "files/.hidden/f", "charts/g.tgz"] {
            write(dir.path(), path, "");
        }
        symlink("a.json", dir.path().join("files/same.json")).unwrap();
        symlink("../secret", dir.path().join("files/secret")).unwrap();
        symlink("../other", dir.path().join("files/other")).unwrap();
        symlink("b", dir.path().join("files/again")).unwrap();
        symlink("files", dir.path().join("alias")).unwrap();
        check(
            dir.path(),
            expect![[r#"
                files/a.json
                files/b/c
                files/same.json"#]],
        );
    }

    #[cfg(unix)]
    #[test]
    fn follows_links_only_inside_and_only_once() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        write(outside.path(), "secret.yaml", "");
        write(dir.path(), "real/a.yaml", "");
        write(dir.path(), ".hidden/b.yaml", "");
        symlink(outside.path(), dir.path().join("out")).unwrap();
        symlink(outside.path().join("secret.yaml"), dir.path().join("secret.yaml")).unwrap();
        symlink("real", dir.path().join("again")).unwrap();
        symlink("..", dir.path().join("real/loop")).unwrap();
        symlink(".hidden/b.yaml", dir.path().join("b.yaml")).unwrap();
        symlink("nowhere.yaml", dir.path().join("dangling.yaml")).unwrap();
        check(
            dir.path(),
            expect![[r#"
                b.yaml
                dangling.yaml
                real/a.yaml"#]],
        );
        let error = crate::disk::DiskSystem::new(dir.path()).read("dangling.yaml").unwrap_err();
        assert_eq!(error.reason, "no such file or directory");
    }

    #[test]
    fn only_what_platc_wrote_is_skipped() {
        let dir = tempfile::tempdir().unwrap();
        for (folder, index) in [
            ("empty", ""),
            ("notes", "{}"),
            ("none", r#"{"version": 2, "facts": []}"#),
            ("both", "{\n  \"version\": 2,\n  \"facts\": [\n    {\"file\":\"a/x.yaml\"},\n    {}\n  ]\n}\n"),
        ] {
            write(dir.path(), &format!("{folder}/{INDEX}"), index);
            write(dir.path(), &format!("{folder}/a/x.yaml"), "");
        }
        write(dir.path(), "both/b.toml", "");
        std::fs::create_dir_all(dir.path().join("directory").join(INDEX)).unwrap();
        write(dir.path(), "directory/a.yaml", "");
        check(
            dir.path(),
            expect![[r#"
                directory/a.yaml
                empty/a/x.yaml
                notes/a/x.yaml
                `both/b.toml`: it is in an output directory, where no definitions are looked for, and `both/platc.json` does not list it
                `none/a/x.yaml`: it is in an output directory, where no definitions are looked for, and `none/platc.json` does not list it"#]],
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_to_each_other_are_walked_once() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "l/a.yaml", "");
        write(dir.path(), "l/b/c.yaml", "");
        for at in 0..4000 {
            symlink(if at % 2 == 0 { "." } else { "b" }, dir.path().join(format!("l/{at}"))).unwrap();
        }
        check(dir.path(), expect!["l/a.yaml\nl/b/c.yaml"]);
    }

    #[cfg(unix)]
    #[test]
    fn entries_and_links_are_counted() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        for at in 0..3 {
            write(dir.path(), &format!("{at}.yaml"), "");
            symlink(".", dir.path().join(format!("l{at}"))).unwrap();
        }
        for (entries, links, expected) in [(3, 3, 0), (2, 3, 1), (3, 2, 1)] {
            let listing = limited(dir.path(), entries, links).unwrap();
            assert_eq!(listing.missed.len(), expected, "{}", shown(&listing));
        }
        let listing = limited(dir.path(), 3, 2).unwrap();
        assert!(shown(&listing).contains("`l2`: the project has more symbolic links than platc looks at"), "{}", shown(&listing));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_cannot_be_read_hides_nothing_else() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "a/x.yaml", "");
        write(dir.path(), "b/y.yaml", "");
        let folder = dir.path().join("a");
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o0)).unwrap();
        // Nothing keeps root from reading it.
        let is_kept = std::fs::read_dir(&folder).is_err();
        let found = listed(dir.path());
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(found, if is_kept { "b/y.yaml\n`a`: permission denied" } else { "a/x.yaml\nb/y.yaml" });
    }
}
