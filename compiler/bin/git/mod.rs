//! A project as it was at some revision, read through the user's `git`. Nothing is checked out, nothing in the repository changes, and
//! nothing that a repository holds is run (decision 0014). Comes in: the project's root and a revision. Leaves: its sources in memory.

mod built;
pub(crate) mod index;
mod program;
mod tree;

use crate::disk;
pub(crate) use built::built;
use platc::output::{self, INDEX};
use platc::system::MemorySystem;
use program::{Repository, Running};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tree::Entry;

/// Most objects of one project, folders and sources: a few objects can make up a tree without end.
const OBJECTS: usize = 20_000;

/// How many objects are asked for at once. Questions and heads of answers have to fit into the smallest pipe there is, a page, or we and
/// git would wait for each other.
const AT_ONCE: usize = 32;

/// Most bytes of one project, paths and each use of an object counted: what a repository keeps in a few bytes may be very large.
const BYTES: u64 = 32 * 1024 * 1024;

/// Longest path of a source.
const PATH: usize = 4096;

/// How long one git may run.
const PATIENCE: Duration = Duration::from_secs(60);

/// The sources of the project in `root` as they were at `revision`.
pub(crate) fn read(root: &Path, revision: &str) -> Result<MemorySystem, String> {
    match project(root, revision)? {
        Some((mut reader, tree)) => reader.sources(tree),
        // There was no such project yet.
        None => Ok(MemorySystem::default()),
    }
}

/// The folder of the project at a revision, with who reads it; none if there was no such project yet.
fn project(root: &Path, revision: &str) -> Result<Option<(Reader, String)>, String> {
    let (repository, folders) = find(root).map_err(|reason| format!("git cannot read `{revision}`: {reason}"))?;
    let shallow = examine(&repository).map_err(|reason| format!("git cannot read `{revision}`: {reason}"))?;
    let meant = meant(&repository, revision)?;
    let mut reader = Reader::new(&repository, &meant)?;
    let Some(mut tree) = reader.root()? else {
        let hint = if shallow { "; this is a shallow clone, so it may be missing: run `git fetch --unshallow`" } else { "" };
        return Err(format!("git knows no revision `{revision}`{hint}"));
    };
    for folder in &folders {
        match reader.inner(tree, folder)? {
            Some(inner) => tree = inner,
            None => return Ok(None),
        }
    }
    Ok(Some((reader, tree)))
}

/// The revision that is meant: of `main...` the one at which the branch at hand left `main`, as `git diff` takes it.
fn meant(repository: &Repository, revision: &str) -> Result<String, String> {
    let Some((one, other)) = revision.split_once("...") else { return Ok(revision.to_owned()) };
    let end = |end: &str| if end.is_empty() { "HEAD".to_owned() } else { end.to_owned() };
    let found = repository.ask(&["merge-base", "--end-of-options", &end(one), &end(other)]);
    let found = found.map_err(|reason| format!("git knows no revision `{revision}`: {}", reason.trim_start_matches("fatal: ")))?;
    let found = found.map(|found| found.trim().to_owned()).filter(|found| !found.is_empty());
    found.ok_or_else(|| format!("git knows no revision that both ends of `{revision}` come from; in a shallow clone it may be missing: run `git fetch --unshallow`"))
}

/// A commit, as people tell it apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Commit {
    /// The beginning of its name, as long as need be.
    pub(crate) hash: String,
    /// Its first line.
    pub(crate) subject: String,
}

/// The commits between a revision and the one at hand that touch the project in `root`, the newest first, and the revision: that of a remote
/// where there is none of its own name. None if git knows neither.
pub(crate) fn behind(root: &Path, revision: &str) -> Result<Option<(String, Vec<Commit>)>, String> {
    let (repository, folders) = find(root).map_err(|reason| format!("git cannot read `{revision}`: {reason}"))?;
    examine(&repository).map_err(|reason| format!("git cannot read `{revision}`: {reason}"))?;
    for revision in [revision.to_owned(), format!("origin/{revision}")] {
        let commit = format!("{revision}^{{commit}}");
        if repository.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?.is_none() {
            continue;
        }
        let range = format!("{revision}..HEAD");
        let folder = if folders.is_empty() { ".".to_owned() } else { folders.join("/") };
        // Not `log`, which looks at signatures where a configuration says so.
        let answer = repository.ask(&["rev-list", "--format=%h %s", "--end-of-options", &range, "--", &folder])?.unwrap_or_default();
        let commits = answer.lines().filter_map(|line| line.split_once(' ')).filter(|(hash, _)| *hash != "commit");
        let commits = commits.map(|(hash, subject)| Commit { hash: hash.to_owned(), subject: subject.to_owned() }).collect();
        return Ok(Some((revision, commits)));
    }
    Ok(None)
}

/// The repository around a directory: the nearest one upward with a `.git`; and the folders that lead from there to the directory.
///
/// Left to itself, git would also take a folder for a repository that merely looks like one from the inside, and anybody can commit such
/// a folder. So git is started where a `.git` is, which nobody can commit, and has to find that one.
fn find(root: &Path) -> Result<(Repository, Vec<String>), String> {
    let real = std::fs::canonicalize(root).map_err(|error| disk::reason(&error))?;
    let Some(directory) = real.ancestors().find(|directory| directory.join(".git").exists()) else {
        return Err(format!("there is no `.git` in `{}` or above it", real.display()));
    };
    let below = real.strip_prefix(directory).unwrap_or(&real);
    let folders = below.iter().map(|folder| folder.to_str().map(str::to_owned)).collect::<Option<_>>();
    let folders = folders.ok_or_else(|| format!("the name of `{}` is not valid UTF-8", real.display()))?;
    Ok((Repository { directory: plain(directory), patience: PATIENCE }, folders))
}

/// A path in the form that git takes: Windows gives real paths a beginning that few programs know.
fn plain(path: &Path) -> PathBuf {
    let text = path.to_string_lossy();
    text.strip_prefix(r"\\?\").filter(|rest| rest.get(1..2) == Some(":")).map_or_else(|| path.to_owned(), PathBuf::from)
}

/// Whether a repository is a shallow clone; an error if git does not take it, or would have to fetch what is missing in it.
fn examine(repository: &Repository) -> Result<bool, String> {
    let place = repository.directory.join(".git");
    let answer = repository.ask(&["rev-parse", "--git-dir", "--is-shallow-repository"])?.unwrap_or_default();
    let mut lines = answer.lines();
    let (found, shallow) = (lines.next().unwrap_or(""), lines.next() == Some("true"));
    if found == "." || (place.is_dir() && found != ".git") {
        return Err(format!("`{}` is not a repository", place.display()));
    }
    let partial = r"^(remote\..*\.(promisor|partialclonefilter)|extensions\.partialclone)$";
    if repository.ask(&["config", "--name-only", "--get-regexp", partial])?.is_some() {
        return Err("this is a partial clone, and platc fetches nothing: use a clone that was made without `--filter`".to_owned());
    }
    Ok(shallow)
}

/// Reads objects, up to a limit.
struct Reader {
    revision: String,
    /// Answers with kind and size, so that nothing is asked for that is too large.
    heads: Running,
    bodies: Running,
    objects: usize,
    bytes: u64,
    /// Most bytes that it reads, and of what.
    most: (u64, &'static str),
}

/// An object to read, and the path it stands for; that of a folder ends with `/`.
struct Wanted {
    object: String,
    path: String,
}

/// What git says of an object without showing it.
struct Head {
    object: String,
    kind: String,
    size: u64,
}

/// Reads `object kind size`; none if git said something else, that the object is missing above all.
fn head(line: &str) -> Option<Head> {
    let [object, kind, size] = line.split(' ').collect::<Vec<_>>().try_into().ok()?;
    Some(Head { object: object.to_owned(), kind: kind.to_owned(), size: size.parse().ok()? })
}

impl Reader {
    fn new(repository: &Repository, revision: &str) -> Result<Self, String> {
        let (heads, bodies) = (repository.objects("--batch-check")?, repository.objects("--batch")?);
        Ok(Self { revision: revision.to_owned(), heads, bodies, objects: 0, bytes: 0, most: (BYTES, "the sources of the project") })
    }

    /// The tree of the revision, if there is one. Its name goes in as a line, where nothing is an option.
    fn root(&mut self) -> Result<Option<String>, String> {
        if self.revision.contains(['\n', '\0']) {
            return Ok(None);
        }
        self.heads.ask(&format!("{}^{{tree}}\n", self.revision));
        let line = self.heads.head().map_err(|reason| self.failed("", &reason))?;
        Ok(head(&line).filter(|head| head.kind == "tree").map(|head| head.object))
    }

    /// The tree of a folder in a tree, if there is one.
    fn inner(&mut self, object: String, folder: &str) -> Result<Option<String>, String> {
        let outer = [Wanted { object, path: String::new() }];
        let trees = self.objects(&outer, "tree")?;
        let [outer] = &outer;
        let entries = trees.first().map(|tree| self.entries(outer, tree)).transpose()?.unwrap_or_default();
        Ok(entries.into_iter().find(|entry| entry.is_folder && entry.name == folder.as_bytes()).map(|entry| entry.object))
    }

    /// The sources below a tree, by path relative to it.
    fn sources(&mut self, root: String) -> Result<MemorySystem, String> {
        let mut system = MemorySystem::default();
        let mut folders = vec![Wanted { object: root, path: String::new() }];
        while !folders.is_empty() {
            let next = folders.split_off(folders.len().saturating_sub(AT_ONCE));
            for (folder, tree) in next.iter().zip(self.objects(&next, "tree")?) {
                let (below, sources) = self.listed(folder, &tree)?;
                folders.extend(below);
                for some in sources.chunks(AT_ONCE) {
                    for (source, text) in some.iter().zip(self.objects(some, "blob")?) {
                        system = system.with(&*source.path, text);
                    }
                }
            }
        }
        Ok(system)
    }

    /// The folders and the sources in a folder.
    fn listed(&mut self, folder: &Wanted, tree: &[u8]) -> Result<(Vec<Wanted>, Vec<Wanted>), String> {
        let entries = self.entries(folder, tree)?;
        let (mut folders, mut sources) = (Vec::new(), Vec::new());
        // As on the disk: a directory with an index of platc is an output directory, and hidden ones hold no sources.
        let written = if folder.path.is_empty() { None } else { self.written(folder, &entries)? };
        for Entry { name, object, is_folder } in entries {
            let lossy = String::from_utf8_lossy(&name);
            if name.starts_with(b".") || !(is_folder || disk::is_read(&format!("{}{lossy}", folder.path))) {
                continue;
            }
            let wanted = Wanted { path: format!("{}{lossy}{}", folder.path, if is_folder { "/" } else { "" }), object };
            match &written {
                // What is further below is as large as all that was built, and not looked at.
                Some(written) if is_folder || written.contains(&*lossy) => continue,
                Some(_) => return Err(self.failed(&wanted.path, &format!("it is beside a `{INDEX}`, which does not list it"))),
                None => {}
            }
            if wanted.path.len() > PATH {
                return Err(self.failed(&folder.path, "something in it has too long a path"));
            }
            if std::str::from_utf8(&name).is_err() {
                return Err(self.failed(&wanted.path, "the name is not valid UTF-8"));
            }
            self.spend(wanted.path.len() as u64)?;
            self.objects += 1;
            if self.objects > OBJECTS {
                return Err(self.failed("", &format!("the project has more than {OBJECTS} folders and sources")));
            }
            if is_folder { &mut folders } else { &mut sources }.push(wanted);
        }
        Ok((folders, sources))
    }

    /// What platc wrote into a folder, if an index there says that it did. One that is too large to be read is believed: a large fleet has
    /// such.
    fn written(&mut self, folder: &Wanted, entries: &[Entry]) -> Result<Option<BTreeSet<String>>, String> {
        let Some(entry) = entries.iter().find(|entry| !entry.is_folder && entry.name == INDEX.as_bytes()) else { return Ok(None) };
        self.heads.ask(&format!("{}\n", entry.object));
        let path = format!("{}{INDEX}", folder.path);
        let line = self.heads.head().map_err(|reason| self.failed(&path, &reason))?;
        if head(&line).is_some_and(|head| head.size > disk::LIMIT) {
            let all = entries.iter().filter_map(|entry| String::from_utf8(entry.name.clone()).ok());
            return Ok(Some(all.collect()));
        }
        let index = self.objects(&[Wanted { object: entry.object.clone(), path }], "blob")?;
        Ok(output::written(index.first().map(Vec::as_slice), None))
    }

    fn spend(&mut self, bytes: u64) -> Result<(), String> {
        self.bytes = self.bytes.saturating_add(bytes);
        let (most, what) = self.most;
        if self.bytes > most {
            return Err(self.failed("", &format!("{what} have more than {} MiB", most >> 20)));
        }
        Ok(())
    }

    fn entries(&self, folder: &Wanted, tree: &[u8]) -> Result<Vec<Entry>, String> {
        tree::entries(tree, &folder.object).ok_or_else(|| self.failed(&folder.path, "git keeps a broken folder"))
    }

    /// The bytes of some objects, at most [`AT_ONCE`].
    fn objects(&mut self, wanted: &[Wanted], kind: &str) -> Result<Vec<Vec<u8>>, String> {
        let names: String = wanted.iter().map(|wanted| format!("{}\n", wanted.object)).collect();
        let mut sizes = Vec::new();
        self.heads.ask(&names);
        for Wanted { path, .. } in wanted {
            let line = self.heads.head().map_err(|reason| self.failed(path, &reason))?;
            let Some(head) = head(&line).filter(|head| head.kind == kind) else {
                return Err(self.failed(path, "the repository has lost it; `git fsck` says more"));
            };
            let limit = disk::limit(path);
            if head.size > limit {
                return Err(self.failed(path, &format!("larger than {} MiB", limit >> 20)));
            }
            self.spend(head.size)?;
            sizes.push(head.size);
        }
        self.bodies.ask(&names);
        let mut bodies = Vec::new();
        for (Wanted { path, .. }, size) in wanted.iter().zip(sizes) {
            let body = self.bodies.head().and_then(|_| self.bodies.body(size));
            bodies.push(body.map_err(|reason| self.failed(path, &reason))?);
        }
        Ok(bodies)
    }

    fn failed(&self, path: &str, reason: &str) -> String {
        let path = path.trim_end_matches('/');
        let what = if path.is_empty() { String::new() } else { format!("`{path}` at ") };
        format!("git cannot read {what}`{}`: {reason}", self.revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platc::system::System;
    use std::process::{Command, Stdio};

    fn git_in(root: &Path, arguments: &[&str]) {
        let name = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"];
        let status = Command::new("git").arg("-C").arg(root).args(name).args(arguments).stdout(Stdio::null()).status().unwrap();
        assert!(status.success());
    }

    #[test]
    fn reads_a_project_below_the_repository() {
        let dir = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put("project/platform.yaml", "old: ü\n");
        put("project/empty.toml", "");
        put("project/dist/platc.json", r#"{"version": 2, "facts": [{"file": "x/y.yaml"}]}"#);
        put("project/clusters/platc.json", "{}");
        put("project/clusters/a.yaml", "");
        put("project/dist/x/y.yaml", "");
        put("project/.hidden/z.yaml", "");
        put("project/README.md", "");
        put("elsewhere.yaml", "");
        git_in(dir.path(), &["init", "-q"]);
        git_in(dir.path(), &["add", "-A", "-f"]);
        git_in(dir.path(), &["commit", "-qm", "one"]);
        put("project/platform.yaml", "new: 1\n");
        let root = dir.path().join("project");
        let system = read(&root, "HEAD").unwrap();
        assert_eq!(system.list().unwrap().paths, ["clusters/a.yaml", "empty.toml", "platform.yaml"]);
        assert_eq!(system.read("platform.yaml").unwrap(), "old: ü\n".as_bytes());
        assert_eq!(read(&root, "nowhere").unwrap_err(), "git knows no revision `nowhere`");
        for option in ["--help", "--batch-all-objects", "HEAD\nHEAD", "", " ", "HEAD:project/platform.yaml"] {
            assert_eq!(read(&root, option).unwrap_err(), format!("git knows no revision `{option}`"));
        }
    }

    #[test]
    fn what_a_repository_keeps_small_is_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let folder = |path: &str, text: &[u8]| {
            std::fs::create_dir_all(dir.path().join(path)).unwrap();
            for at in 0..3 {
                std::fs::write(dir.path().join(format!("{path}/{at}.yaml")), text).unwrap();
            }
        };
        std::fs::write(dir.path().join("platform.yaml"), "").unwrap();
        folder("one", &vec![b'#'; 12 << 20]);
        git_in(dir.path(), &["init", "-q"]);
        git_in(dir.path(), &["add", "-A"]);
        git_in(dir.path(), &["commit", "-qm", "one"]);
        assert_eq!(read(dir.path(), "HEAD").unwrap_err(), "git cannot read `HEAD`: the sources of the project have more than 32 MiB");
        folder("one", b"");
        std::fs::write(dir.path().join("one/platc.json"), r#"{"version": 2, "facts": [{"file": "0.yaml"}, {"file": "1.yaml"}]}"#).unwrap();
        git_in(dir.path(), &["add", "-A"]);
        git_in(dir.path(), &["commit", "-qm", "two"]);
        let error = "git cannot read `one/2.yaml` at `HEAD`: it is beside a `platc.json`, which does not list it";
        assert_eq!(read(dir.path(), "HEAD").unwrap_err(), error);
        let mut reader = Reader::new(&find(dir.path()).unwrap().0, "HEAD").unwrap();
        assert!(reader.spend(BYTES).is_ok());
        assert!(reader.spend(1).is_err());
    }

    #[test]
    fn says_that_there_is_no_repository() {
        let dir = tempfile::tempdir().unwrap();
        let error = read(dir.path(), "HEAD").unwrap_err();
        assert!(error.starts_with("git cannot read `HEAD`: there is no `.git` in"), "{error}");
    }
}
