//! The disk as a project: finds the project's root, lists its sources and reads them. Comes in: a directory. Leaves: a [`System`] for the
//! library. It never writes: outputs go through `folder`, files of the user's through `replace`.

pub(crate) use platc::disk::reason;

use platc::system::{System, Unreadable};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Files larger than this are not read.
pub(crate) const LIMIT: u64 = 16 * 1024 * 1024;

/// Files that make a directory a project.
const ROOT_FILES: [&str; 3] = ["platform.yaml", "platform.yml", "platform.toml"];

/// Where a project is, and how the user writes paths into it.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    /// The directory with `platform.yaml`.
    pub(crate) root: PathBuf,
    /// What to put before a path relative to the root so that it is relative to the working directory: ``, `../` or `some/dir/`.
    pub(crate) prefix: String,
}

impl Project {
    /// The project in a directory that the user named.
    pub(crate) fn named(directory: &Path) -> Result<Self, String> {
        if !directory.is_dir() {
            return Err(format!("`{}` is not a directory", directory.display()));
        }
        let mut prefix = directory.to_string_lossy().trim_end_matches('/').to_owned();
        while let Some(rest) = prefix.strip_prefix("./") {
            prefix = rest.to_owned();
        }
        match prefix.as_str() {
            "." => prefix.clear(),
            _ => prefix.push('/'),
        }
        Ok(Self { root: directory.to_owned(), prefix })
    }

    /// The project that the working directory lies in: the nearest directory upward with a `platform.yaml` or `platform.toml`; the
    /// working directory itself if there is none, so that the library can say what is missing.
    pub(crate) fn around(working: &Path) -> Self {
        for (depth, directory) in working.ancestors().enumerate() {
            if ROOT_FILES.iter().any(|name| directory.join(name).is_file()) {
                let prefix = "../".repeat(depth);
                let root = if depth == 0 { PathBuf::from(".") } else { PathBuf::from(&prefix) };
                return Self { root, prefix };
            }
        }
        Self { root: PathBuf::from("."), prefix: String::new() }
    }
}

impl Project {
    /// Whether there is a platform file at all.
    pub(crate) fn is_there(&self) -> bool {
        ROOT_FILES.iter().any(|name| self.root.join(name).is_file())
    }
}

/// A project's directory on the disk.
#[derive(Clone, Debug)]
pub(crate) struct DiskSystem {
    root: PathBuf,
}

impl DiskSystem {
    /// The system below a root.
    pub(crate) fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

impl System for DiskSystem {
    fn list(&self) -> Result<Vec<String>, Unreadable> {
        let root = fs_err::canonicalize(&self.root).map_err(|error| unreadable(&error))?;
        let mut listing =
            Listing { root: &root, found: Vec::new(), seen: BTreeSet::new(), links: BTreeSet::new(), followed: BTreeSet::new() };
        listing.walk("", &root)?;
        // Links come last and shallow ones first, so that a file is listed by its real path wherever it has one among the sources, else
        // by the plainest. Each link is followed once, which ends loops.
        while let Some((_, shown, real)) = listing.links.pop_first() {
            if listing.followed.insert(real.clone()) {
                listing.follow(&shown, &real)?;
            }
        }
        listing.found.sort_unstable();
        Ok(listing.found)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let path = self.root.join(path);
        let metadata = std::fs::metadata(&path).map_err(|error| unreadable(&error))?;
        if !metadata.is_file() {
            return Err(Unreadable { reason: "not a regular file".to_owned() });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(LIMIT)).unwrap_or(0));
        let file = std::fs::File::open(&path).map_err(|error| unreadable(&error))?;
        file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        if bytes.len() as u64 > LIMIT {
            return Err(Unreadable { reason: "larger than 16 MiB".to_owned() });
        }
        Ok(bytes)
    }
}

struct Listing<'a> {
    root: &'a Path,
    found: Vec<String>,
    /// Real paths of what is found.
    seen: BTreeSet<PathBuf>,
    /// Symbolic links met on the way: depth, path to show, real path of the link itself.
    links: BTreeSet<(usize, String, PathBuf)>,
    followed: BTreeSet<PathBuf>,
}

impl Listing<'_> {
    /// Lists a directory: `shown` is its path relative to the root, `real` the directory without links on its way.
    fn walk(&mut self, shown: &str, real: &Path) -> Result<(), Unreadable> {
        let entries = WalkDir::new(real).sort_by_file_name().into_iter().filter_entry(|entry| {
            // A directory with an index of platc is an output directory, perhaps under a former name, and holds no definitions.
            entry.depth() == 0 || !(hidden(entry.file_name()) || (entry.file_type().is_dir() && entry.path().join("platc.json").exists()))
        });
        for entry in entries {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(real).display().to_string();
                let reason = error.io_error().map_or_else(|| error.to_string(), reason);
                Unreadable { reason: format!("{path}: {reason}") }
            })?;
            let inner = entry.path().strip_prefix(real).unwrap_or(entry.path());
            let kind = entry.file_type();
            if entry.depth() == 0 || !(kind.is_symlink() || (kind.is_file() && is_source(entry.path()))) {
                continue;
            }
            let Some(inner) = inner.to_str() else {
                return Err(Unreadable { reason: format!("{}: the name is not valid UTF-8", entry.path().display()) });
            };
            let path = if shown.is_empty() { inner.to_owned() } else { format!("{shown}/{inner}") };
            if kind.is_symlink() {
                self.links.insert((path.matches('/').count(), path, entry.path().to_owned()));
            } else if self.seen.insert(entry.path().to_owned()) {
                self.found.push(path);
            }
        }
        Ok(())
    }

    fn follow(&mut self, shown: &str, link: &Path) -> Result<(), Unreadable> {
        let Ok(target) = std::fs::canonicalize(link) else {
            // A source that leads nowhere is listed, so that reading it reports it.
            if is_source(link) {
                self.found.push(shown.to_owned());
            }
            return Ok(());
        };
        if !target.starts_with(self.root) {
            return Ok(());
        }
        if target.is_dir() {
            return self.walk(shown, &target);
        }
        if is_source(link) && target.is_file() && self.seen.insert(target) {
            self.found.push(shown.to_owned());
        }
        Ok(())
    }
}

fn hidden(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

pub(crate) fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml" || extension == "toml")
}

fn unreadable(error: &std::io::Error) -> Unreadable {
    Unreadable { reason: reason(error) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn check(root: &Path, expected: Expect) {
        expected.assert_eq(&DiskSystem::new(root).list().unwrap().join("\n"));
    }

    #[test]
    fn lists_sources_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        for path in
            ["platform.yaml", "b/x.yml", "a/y.toml", "a/README.md", ".git/config.yaml", ".gitlab-ci.yml", "old/platc.json", "old/z.yaml"]
        {
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
        let error = DiskSystem::new(dir.path()).read("dangling.yaml").unwrap_err();
        assert_eq!(error.reason, "no such file or directory");
    }

    #[test]
    fn refuses_large_files() {
        let dir = tempfile::tempdir().unwrap();
        let file = std::fs::File::create(dir.path().join("big.yaml")).unwrap();
        file.set_len(LIMIT + 1).unwrap();
        assert_eq!(DiskSystem::new(dir.path()).read("big.yaml").unwrap_err().reason, "larger than 16 MiB");
        file.set_len(LIMIT).unwrap();
        assert!(DiskSystem::new(dir.path()).read("big.yaml").is_ok());
        assert_eq!(DiskSystem::new(dir.path()).read("").unwrap_err().reason, "not a regular file");
    }

    #[test]
    fn finds_the_project_upward() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "platform.toml", "");
        write(dir.path(), "a/b/x.yaml", "");
        let project = Project::around(&dir.path().join("a/b"));
        assert_eq!((project.root, project.prefix.as_str()), (PathBuf::from("../../"), "../../"));
        assert_eq!(Project::named(dir.path()).unwrap().prefix, format!("{}/", dir.path().display()));
        assert_eq!(Project::named(Path::new(".")).unwrap().prefix, "");
        assert!(Project::named(&dir.path().join("none")).is_err());
    }
}
