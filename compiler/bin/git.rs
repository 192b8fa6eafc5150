//! A project as it was at some revision, read through the user's `git`. Nothing is checked out and nothing in the repository changes.

use crate::disk;
use platc::system::MemorySystem;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// The sources of the project in `root` as they were at `revision`.
pub(crate) fn read(root: &Path, revision: &str) -> Result<MemorySystem, String> {
    let tree = run(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{tree}}")])
        .map_err(|error| no_revision(root, revision, &error))?;
    let tree = String::from_utf8_lossy(&tree).trim().to_owned();
    // Without a path `ls-tree` lists what is below the working directory, relative to it.
    let listing = run(root, &["ls-tree", "-r", "-z", &tree]).map_err(|error| error.message())?;
    let listing = String::from_utf8(listing).map_err(|_| format!("a file name at `{revision}` is not valid UTF-8"))?;
    let entries: Vec<(&str, &str)> = listing.split('\0').filter_map(entry).collect();
    let outputs: BTreeSet<&str> = entries.iter().filter_map(|(_, path)| path.strip_suffix("/platc.json")).collect();
    let sources: Vec<(&str, &str)> =
        entries.into_iter().filter(|(_, path)| disk::is_source_path(path) && !inside(path, &outputs)).collect();
    let texts = contents(root, &sources)?;
    let mut system = MemorySystem::default();
    for ((_, path), text) in sources.iter().zip(texts) {
        system = system.with(*path, text);
    }
    Ok(system)
}

/// `mode type object<tab>path` of a regular file; links and submodules are left out.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (head, path) = line.split_once('\t')?;
    let mut words = head.split(' ');
    let (mode, _, object) = (words.next()?, words.next()?, words.next()?);
    mode.starts_with("100").then_some((object, path))
}

fn inside(path: &str, directories: &BTreeSet<&str>) -> bool {
    let mut rest = path;
    while let Some((directory, _)) = rest.rsplit_once('/') {
        if directories.contains(directory) {
            return true;
        }
        rest = directory;
    }
    false
}

/// The bytes of objects, in order.
fn contents(root: &Path, sources: &[(&str, &str)]) -> Result<Vec<Vec<u8>>, String> {
    let mut child = git(root)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| cannot_run(&error))?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else { return Err("git gave no pipe".to_owned()) };
    let wanted: String = sources.iter().map(|(object, _)| format!("{object}\n")).collect();
    // Written from another thread, because git answers before it has read everything.
    let writer = std::thread::spawn(move || input.write_all(wanted.as_bytes()));
    let mut output = std::io::BufReader::new(output);
    let mut texts = Vec::with_capacity(sources.len());
    for (_, path) in sources {
        texts.push(object(&mut output).map_err(|error| format!("git gave `{path}` only in part: {error}"))?);
    }
    drop(output);
    writer.join().ok();
    child.wait().map_err(|error| cannot_run(&error))?;
    Ok(texts)
}

/// One answer of `cat-file --batch`: `object type size`, the bytes, a line break.
fn object(output: &mut impl std::io::BufRead) -> std::io::Result<Vec<u8>> {
    let mut head = String::new();
    output.read_line(&mut head)?;
    let size = head.trim().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
    let size = size.ok_or_else(|| std::io::Error::other(head.trim().to_owned()))?;
    let mut text = Vec::new();
    output.take(size).read_to_end(&mut text)?;
    output.read_exact(&mut [0])?;
    Ok(text)
}

enum Failed {
    /// git is not there.
    Start(String),
    /// git said no.
    Said(String),
}

impl Failed {
    fn message(self) -> String {
        match self {
            Self::Start(text) | Self::Said(text) => text,
        }
    }
}

fn run(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failed> {
    let output = git(root).args(arguments).stdin(Stdio::null()).output().map_err(|error| Failed::Start(cannot_run(&error)))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failed::Said(said.lines().next().unwrap_or("").trim_start_matches("fatal: ").to_owned()))
}

fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(["-c", "core.quotepath=off"]).env("GIT_OPTIONAL_LOCKS", "0");
    command
}

fn cannot_run(error: &std::io::Error) -> String {
    format!("cannot run git: {}", disk::reason(error))
}

fn no_revision(root: &Path, revision: &str, error: &Failed) -> String {
    match error {
        Failed::Start(text) => return text.clone(),
        Failed::Said(text) if !text.is_empty() => return format!("git cannot read `{revision}`: {text}"),
        Failed::Said(_) => {}
    }
    let shallow = run(root, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|text| text.starts_with(b"true"));
    let hint = if shallow { "; this is a shallow clone, so it may be missing: run `git fetch --unshallow`" } else { "" };
    format!("git knows no revision `{revision}`{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use platc::system::System;

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
        put("project/dist/platc.json", "{}");
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
        assert_eq!(system.list().unwrap(), ["empty.toml", "platform.yaml"]);
        assert_eq!(system.read("platform.yaml").unwrap(), "old: ü\n".as_bytes());
        assert_eq!(read(&root, "nowhere").unwrap_err(), "git knows no revision `nowhere`");
        assert_eq!(read(&root, "--help").unwrap_err(), "git knows no revision `--help`");
    }

    #[test]
    fn says_that_there_is_no_repository() {
        let dir = tempfile::tempdir().unwrap();
        let error = read(dir.path(), "HEAD").unwrap_err();
        assert!(error.starts_with("git cannot read `HEAD`: not a git repository"), "{error}");
    }
}
