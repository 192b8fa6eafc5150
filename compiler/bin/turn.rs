//! Taking turns: one build of a project at a time. The lock is that of the operating system, on `.platc/lock`, and ends with the process;
//! what stands in the file only tells others whom they wait for.

use crate::disk::Project;
use crate::folder::{Folder, Wait, wait};
use platc::diagnostic::Diagnostic;
use platc::disk::{Disk, FileKind};
use platc::output::{HOME, home, locked};
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{Read, Seek, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Held while a project is built. It begins before the sources are read, so that the last of two builds has read the newest.
#[derive(Debug)]
pub(crate) struct Turn {
    /// Nothing where there can be no lock: a directory that cannot be written, a file system without locks.
    lock: Option<File>,
    /// Whether the file names this process.
    named: bool,
    /// Who this is, for others.
    pub(crate) by: String,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(file) = self.lock.as_ref().filter(|_| self.named) {
            file.set_len(0).ok();
        }
    }
}

/// Waits for a project's turn. Those that only compare share one, and make no file for it.
pub(crate) fn take(project: &Project, shared: bool) -> Result<Turn, Box<Diagnostic>> {
    let by = format!("process {}, `{}`", std::process::id(), command());
    let turn = |lock, named| Ok(Turn { lock, named, by: by.clone() });
    let folder = Folder::new(&project.root);
    if !project.is_there() || !home(&folder, !shared) {
        return turn(None, false);
    }
    let name = format!("{HOME}/lock");
    match folder.kind(&name) {
        Ok(Some(FileKind::File)) => {}
        Ok(None) if !shared => {}
        // Nobody builds, or somebody put a link there, which might lead anywhere.
        Ok(_) | Err(_) => return turn(None, false),
    }
    let path = project.root.join(&name);
    let writable = OpenOptions::new().read(true).write(true).create(!shared).truncate(false).open(&path);
    let Ok(mut file) = writable.or_else(|_| File::open(&path)) else { return turn(None, false) };
    match wait(&file, shared) {
        Ok(Wait::Done) => {}
        Ok(Wait::Written) => return Err(Box::new(locked(shown(project), Some(&holder(&mut file))))),
        // The file names nobody who lives: those who only compare do not write their names.
        Ok(Wait::Compared) => return Err(Box::new(locked(shown(project), None))),
        Err(_) => return turn(None, false),
    }
    if !shared {
        // That nobody can be told is no reason to stop.
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{by}")).ok();
    }
    turn(Some(file), !shared)
}

fn shown(project: &Project) -> &str {
    if project.prefix.is_empty() { "./" } else { &project.prefix }
}

/// Who has the turn, as he wrote it down.
fn holder(file: &mut File) -> String {
    // Written when the lock was taken.
    let since = file.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|time| time.elapsed().ok());
    let since = since.map_or_else(String::new, |time| format!(", for {} s", time.as_secs()));
    let mut text = String::new();
    file.take(1000).read_to_string(&mut text).ok();
    let holder: String = text.lines().next().unwrap_or("").chars().filter(|char| !char.is_control()).collect();
    if holder.starts_with("process ") { holder + &since } else { "another platc".to_owned() }
}

/// The command line, as far as it can be shown to others in one line: without what was set, which may be secret.
fn command() -> String {
    let mut text = "platc".to_owned();
    let mut words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    while let Some(word) = words.next() {
        if word == "--set" {
            words.next();
        } else if !word.starts_with("--set=") {
            text.push(' ');
            text.push_str(&word);
        }
    }
    text.chars().filter(|char| !char.is_control() && *char != '`').take(120).collect()
}

/// 32 hexadecimal digits that nobody had before.
pub(crate) fn token() -> String {
    let number = || {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u32(std::process::id());
        hasher.write_u128(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_nanos());
        hasher.finish()
    };
    format!("{:016x}{:016x}", number(), number())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_new() {
        let (one, two) = (token(), token());
        assert_ne!(one, two);
        assert_eq!(one.len(), 32);
    }
}
