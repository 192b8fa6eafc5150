//! The user's git, started in the one way that lets a repository decide nothing: whatever its configuration says and whatever the
//! environment holds, git reads objects and starts no other program (decision 0014 lists what each line is for).

use crate::disk::reason;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

/// Most bytes of what git says about itself: names, settings, errors.
const TALK: u64 = 64 * 1024;

/// Most bytes of a list of files.
const LISTING: u64 = 256 * 1024 * 1024;

const TOO_LATE: &str = "git did not come to an end";

/// What git is told before its command.
const SETTINGS: [&str; 11] = [
    "--no-pager",
    "-c",
    "safe.bareRepository=explicit",
    "-c",
    "protocol.allow=never",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "credential.helper=",
];

/// What git finds in its environment in place of every `GIT_…` that we were given.
const ENVIRONMENT: [(&str, &str); 6] = [
    ("GIT_NO_LAZY_FETCH", "1"),
    // Stronger than any `protocol.*.allow` of the repository, which beat `protocol.allow`.
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("LC_ALL", "C"),
];

/// A command of git in a directory. Every call of git begins here.
fn command(directory: &Path) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_git(name)) {
        command.env_remove(name);
    }
    command.envs(ENVIRONMENT).arg("-C").arg(directory).args(SETTINGS);
    command
}

/// Systems that do not tell cases apart would heed `Git_Dir`.
fn is_of_git(name: &OsStr) -> bool {
    name.as_encoded_bytes().get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"GIT_"))
}

/// A repository.
#[derive(Debug)]
pub(super) struct Repository {
    /// The directory that holds its `.git`.
    pub(super) directory: PathBuf,
    /// How long one git may run. A pipe or an endless file where a repository has its configuration would hold it for ever.
    pub(super) patience: Duration,
}

impl Repository {
    /// What a short command of git answers; none if git says no without a word.
    pub(super) fn ask(&self, arguments: &[&str]) -> Result<Option<String>, String> {
        self.answer(command(&self.directory).args(arguments), TALK)
    }

    fn answer(&self, command: &mut Command, most: u64) -> Result<Option<String>, String> {
        let mut running = Running::start(command.stdin(Stdio::null()), self.patience)?;
        let mut answer = Vec::new();
        running.output.by_ref().take(most).read_to_end(&mut answer).map_err(|error| reason(&error))?;
        let End { said, late, success } = running.end();
        match (late, success, said.is_empty()) {
            (true, _, _) => Err(TOO_LATE.to_owned()),
            (false, true, _) => Ok(Some(String::from_utf8_lossy(&answer).into_owned())),
            (false, false, true) => Ok(None),
            (false, false, false) => Err(said),
        }
    }

    /// What git lists of the index that a commit is made from, which may be another than that of the repository: git tells its hooks.
    pub(super) fn index(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = command(&self.directory);
        if let Some(index) = std::env::var_os("GIT_INDEX_FILE") {
            command.env("GIT_INDEX_FILE", index);
        }
        self.answer(command.args(arguments), LISTING)?.ok_or_else(|| "git lists nothing".to_owned())
    }

    /// A git that answers with an object for each line it is given: `form` is `--batch`, or `--batch-check` for the head alone.
    pub(super) fn objects(&self, form: &str) -> Result<Running, String> {
        Running::start(command(&self.directory).args(["cat-file", form]).stdin(Stdio::piped()), self.patience)
    }
}

/// A git at work. It is killed when its time is over, and when nobody listens to it any more.
#[derive(Debug)]
pub(super) struct Running {
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// Hears what git complains about, so that it never waits for somebody to hear it; the beginning is kept.
    errors: Option<JoinHandle<Vec<u8>>>,
    watch: Option<Watch>,
}

/// Who ends a git whose time is over.
#[derive(Debug)]
struct Watch {
    /// Says that git is done by itself; dropped, that nobody listens to it any more.
    done: Sender<()>,
    /// Whether git was late, and how it ended.
    thread: JoinHandle<(bool, Option<ExitStatus>)>,
}

/// How a git ended.
struct End {
    /// The first line of its error.
    said: String,
    late: bool,
    success: bool,
}

impl Running {
    fn start(command: &mut Command, patience: Duration) -> Result<Self, String> {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| format!("cannot run git: {}", reason(&error)))?;
        let input = child.stdin.take();
        let (Some(output), Some(errors)) = (child.stdout.take(), child.stderr.take()) else { return Err("git gave no pipe".to_owned()) };
        let (done, waiting) = mpsc::channel();
        let no_thread = |error| format!("cannot start a thread: {}", reason(&error));
        let thread = std::thread::Builder::new().spawn(move || watch(child, &waiting, patience)).map_err(no_thread)?;
        let errors = std::thread::Builder::new().spawn(move || drain(errors)).map_err(no_thread)?;
        Ok(Self { input, output: BufReader::new(output), errors: Some(errors), watch: Some(Watch { done, thread }) })
    }

    /// Asks for objects by name, a line each. That git has ended is seen when the answer is read.
    pub(super) fn ask(&mut self, names: &str) {
        if let Some(input) = &mut self.input {
            input.write_all(names.as_bytes()).ok();
        }
    }

    /// The line that heads the next answer; an error if git has ended.
    pub(super) fn head(&mut self) -> Result<String, String> {
        let mut head = Vec::new();
        let read = self.output.by_ref().take(TALK).read_until(b'\n', &mut head);
        if read.is_err() || head.pop() != Some(b'\n') {
            return Err(self.early());
        }
        Ok(String::from_utf8_lossy(&head).into_owned())
    }

    /// The bytes behind a head; an error if git has ended.
    pub(super) fn body(&mut self, size: u64) -> Result<Vec<u8>, String> {
        let mut body = Vec::new();
        let read = self.output.by_ref().take(size.saturating_add(1)).read_to_end(&mut body);
        // Behind the bytes is a line break.
        if read.is_err() || body.pop() != Some(b'\n') || body.len() as u64 != size {
            return Err(self.early());
        }
        Ok(body)
    }

    /// Why git ended before its time.
    fn early(&mut self) -> String {
        match self.end() {
            End { late: true, .. } => TOO_LATE.to_owned(),
            End { said, .. } if said.is_empty() => "git ended early".to_owned(),
            End { said, .. } => said,
        }
    }

    fn end(&mut self) -> End {
        self.input = None;
        let said = self.errors.take().and_then(|errors| errors.join().ok()).unwrap_or_default();
        let watched = self.watch.take().and_then(|Watch { done, thread }| {
            done.send(()).ok();
            thread.join().ok()
        });
        let (late, status) = watched.unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let line = said.lines().find(|line| !line.starts_with("warning:")).unwrap_or("");
        let said = line.trim_start_matches("fatal: ").trim_start_matches("error: ").to_owned();
        End { said, late, success: status.is_some_and(|status| status.success()) }
    }
}

/// Reads to the end and keeps the beginning.
fn drain(mut errors: impl Read) -> Vec<u8> {
    let mut said = Vec::new();
    errors.by_ref().take(TALK).read_to_end(&mut said).ok();
    std::io::copy(&mut errors, &mut std::io::sink()).ok();
    said
}

/// Waits for a git: until it is said to be done, or nobody listens any more, or its time is over.
fn watch(mut child: Child, waiting: &mpsc::Receiver<()>, patience: Duration) -> (bool, Option<ExitStatus>) {
    let told = waiting.recv_timeout(patience);
    if told.is_err() {
        child.kill().ok();
    }
    (told == Err(RecvTimeoutError::Timeout), child.wait().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_git_are_known_in_every_case() {
        for (name, expected) in [("GIT_DIR", true), ("git_dir", true), ("GIT", false), ("GITHUB_TOKEN", false), ("PATH", false)] {
            assert_eq!(is_of_git(OsStr::new(name)), expected, "{name}");
        }
    }

    /// Git that knows no `GIT_NO_LAZY_FETCH` fetches what is missing; then no transport is allowed, whatever the repository allows.
    #[cfg(unix)]
    #[test]
    fn a_git_that_fetches_is_allowed_no_transport() {
        let home = tempfile::tempdir().unwrap();
        let canary = home.path().join("canary");
        let shell = "git init -q . && git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m one \
            && git config core.repositoryformatversion 1 && git config extensions.partialClone o && git config remote.o.promisor true \
            && git config remote.o.url . && git config remote.o.uploadpack 'touch canary; false' && git config protocol.file.allow always \
            && rm -rf .git/objects/4b/825dc642cb6eb9a060e54bf8d69288fbee4904";
        assert!(Command::new("sh").args(["-c", shell]).current_dir(home.path()).status().unwrap().success());
        let read = ["cat-file", "-p", "1111111111111111111111111111111111111111"];
        Command::new("git").arg("-C").arg(home.path()).args(read).output().unwrap();
        assert!(canary.exists(), "plain git runs it");
        std::fs::remove_file(&canary).unwrap();
        for lazy in ["1", "0"] {
            assert!(!command(home.path()).env("GIT_NO_LAZY_FETCH", lazy).args(read).output().unwrap().status.success());
            assert!(!canary.exists());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_git_that_says_much_is_heard_to_the_end() {
        let mut talker = Command::new("sh");
        talker.args(["-c", "yes | head -c 1000000 >&2; echo done"]).stdin(Stdio::null());
        let mut running = Running::start(&mut talker, Duration::from_secs(20)).unwrap();
        assert_eq!(running.head().unwrap(), "done");
        let End { said, late, success } = running.end();
        assert_eq!((said.as_str(), late, success), ("y", false, true));
    }

    #[cfg(unix)]
    #[test]
    fn a_git_that_hangs_is_killed() {
        let home = tempfile::tempdir().unwrap();
        let shell = "git init -q . && rm .git/config && mkfifo .git/config";
        assert!(Command::new("sh").args(["-c", shell]).current_dir(home.path()).status().unwrap().success());
        let repository = Repository { directory: home.path().to_owned(), patience: Duration::from_millis(300) };
        assert_eq!(repository.ask(&["rev-parse", "--git-dir"]).unwrap_err(), TOO_LATE);
        assert_eq!(repository.objects("--batch").unwrap().head().unwrap_err(), TOO_LATE);
    }
}
