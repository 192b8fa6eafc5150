//! Every operation that changes the disk fails, or is the last that happens before the process dies or power is lost; then the next build
//! must give what a clean one gives, with all files of others as they were.

use super::*;
use crate::disk::FileKind;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error, ErrorKind, Result};
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fault {
    /// The operation fails, and those after it work.
    Fail,
    /// Neither it nor any after it happens.
    Die,
    /// It happens by half, if it writes, and none after it happens.
    Tear,
    /// It happens, none after it, and what was not synced is lost.
    Power,
}

const FAULTS: [Fault; 4] = [Fault::Fail, Fault::Die, Fault::Tear, Fault::Power];

/// A disk on which the operation with a number is the one that goes wrong.
struct Faulty<'a> {
    disk: &'a MemoryDisk,
    fault: Fault,
    at: usize,
    count: AtomicUsize,
}

impl<'a> Faulty<'a> {
    fn new(disk: &'a MemoryDisk, fault: Fault, at: usize) -> Self {
        Self { disk, fault, at, count: AtomicUsize::new(0) }
    }

    fn change(&self, work: impl Fn() -> Result<()>, half: impl Fn() -> Result<()>) -> Result<()> {
        let count = self.count.fetch_add(1, Ordering::SeqCst);
        let gone = || Err(Error::from(ErrorKind::PermissionDenied));
        match (count.cmp(&self.at), self.fault) {
            (std::cmp::Ordering::Less, _) | (std::cmp::Ordering::Greater, Fault::Fail) => work(),
            (std::cmp::Ordering::Equal, Fault::Tear) => half().and_then(|()| gone()),
            (std::cmp::Ordering::Equal, Fault::Power) => work().and_then(|()| gone()),
            (std::cmp::Ordering::Equal, Fault::Fail | Fault::Die) | (std::cmp::Ordering::Greater, _) => gone(),
        }
    }

    fn whole(&self, work: impl Fn() -> Result<()>) -> Result<()> {
        self.change(&work, || Ok(()))
    }

    /// Whether the fault came to pass.
    fn happened(&self) -> bool {
        self.count.load(Ordering::SeqCst) > self.at
    }
}

impl Disk for Faulty<'_> {
    fn kind(&self, path: &str) -> Result<Option<FileKind>> {
        self.disk.kind(path)
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, FileKind)>> {
        self.disk.list(directory)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        self.disk.read(path, limit)
    }

    fn create(&self, path: &str, bytes: &[u8]) -> Result<()> {
        self.change(|| self.disk.create(path, bytes), || self.disk.create(path, &bytes[..bytes.len() / 2]))
    }

    fn append(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if bytes.is_empty() {
            return self.disk.append(path, bytes);
        }
        self.change(|| self.disk.append(path, bytes), || self.disk.append(path, &bytes[..bytes.len() / 2]))
    }

    fn sync(&self, path: &str) -> Result<()> {
        self.whole(|| self.disk.sync(path))
    }

    fn replace(&self, from: &str, to: &str) -> Result<()> {
        self.whole(|| self.disk.replace(from, to))
    }

    fn place(&self, from: &str, to: &str) -> Result<()> {
        self.whole(|| self.disk.place(from, to))
    }

    fn create_directory(&self, path: &str) -> Result<()> {
        self.whole(|| self.disk.create_directory(path))
    }

    fn remove_file(&self, path: &str) -> Result<()> {
        self.whole(|| self.disk.remove_file(path))
    }

    fn remove_directory(&self, path: &str) -> Result<()> {
        self.whole(|| self.disk.remove_directory(path))
    }

    fn lock(&self, path: &str, shared: bool) -> Result<Lock> {
        self.disk.lock(path, shared)
    }
}

/// Files of others that are there from the start.
const FOREIGN: [(&str, &str); 3] = [("dist/mine", "kept"), ("dist/a/mine", "kept too"), ("dist/.platc-0-1", "not staged by platc")];

/// What is built, one after the other; the parts are `a/`, `b/` and `c/`.
const BUILDS: [&[&str]; 6] = [
    &[],
    &["a/x=1", "a/y=1", "b/c/d=1", "b/e=1"],
    &["a/x=2", "b=2", "c/x=1"],
    &["a/x/deep/er=3", "b/c=3", "b/e=1", "c/x=1", "c/y=1"],
    &["a/x=1", "b/c/d=2", "b/e/f=3"],
    &["c/x=9", "c/d/e/f=9", "b/e=1", "a/y=5"],
];

fn foreign(site: &Site) {
    for (path, text) in FOREIGN {
        site.put(path, text);
    }
    site.disk.make("dist/empty/mine");
}

/// What stands below `dist`, and nothing about `.platc`.
fn output(site: &Site) -> BTreeMap<String, Option<Vec<u8>>> {
    site.disk.all().into_iter().filter(|(path, _)| path.starts_with("dist")).collect()
}

/// The output of a build where nothing was but the files of others.
fn clean(files: &[&str]) -> BTreeMap<String, Option<Vec<u8>>> {
    let site = Site::default();
    foreign(&site);
    site.build(files);
    output(&site)
}

/// The index must own every file that is there, but for those of others, and none that is not.
fn assert_true(site: &Site, others: &BTreeSet<String>, context: &str) {
    let known = index::read(site.text("dist/platc.json").as_bytes()).unwrap().files;
    let there = output(site).into_iter().filter(|(path, bytes)| bytes.is_some() && !others.contains(path));
    let there = there.filter_map(|(path, _)| path.strip_prefix("dist/").map(str::to_owned));
    let there: BTreeSet<String> = there.filter(|path| path != index::INDEX).collect();
    assert_eq!(known, there, "{context}");
}

fn others() -> BTreeSet<String> {
    FOREIGN.iter().map(|(path, _)| (*path).to_owned()).collect()
}

/// Threads would make the order of operations another one each time.
fn alone(work: impl FnOnce() + Send) {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(work);
}

/// A directory with files of others in which something was built.
fn begun(files: &[&str]) -> Site {
    let site = Site::default();
    foreign(&site);
    if !files.is_empty() {
        site.build(files);
    }
    site
}

/// Builds one thing, then another with every fault at every operation, and calls `then` with what is left.
fn each(mut then: impl FnMut(&Site, usize, usize, &str)) -> usize {
    let mut faults = 0;
    for (one, files) in BUILDS.iter().enumerate() {
        let begun = begun(files);
        for two in [(one + 1) % BUILDS.len(), (one + 2) % BUILDS.len()] {
            for fault in FAULTS {
                for at in 0.. {
                    let site = begun.clone();
                    let faulty = Faulty::new(&site.disk, fault, at);
                    run(&faulty, BUILDS[two], None, write);
                    if !faulty.happened() {
                        break;
                    }
                    if fault == Fault::Power {
                        site.disk.lose_power();
                    }
                    faults += 1;
                    then(&site, one, two, &format!("{one} → {two}, {fault:?} at {at}"));
                }
            }
        }
    }
    faults
}

#[test]
fn the_next_build_equals_a_clean_one() {
    alone(|| {
        let clean: Vec<_> = BUILDS.iter().map(|files| clean(files)).collect();
        let mut faults = 0;
        // With the same sources, with those from before, and with others; with and without what `.platc` knew.
        for (step, forget) in [(0, false), (1, true), (2, false), (3, true)] {
            faults += each(|site, one, two, context| {
                let next = if step == 1 { one } else { (two + step) % BUILDS.len() };
                if forget {
                    site.disk.take(".platc");
                }
                let told = site.build(BUILDS[next]);
                assert_eq!(output(site), clean[next], "{context} → {next}\n{told}");
                assert!(!told.contains(':'), "{context} → {next}\n{told}");
                assert!(!told.contains("! ") || context.contains("Power"), "{context} → {next}: nobody edited anything\n{told}");
            });
        }
        assert!(faults > 3_000, "{faults}");
    });
}

#[test]
fn a_partial_build_after_a_fault_leaves_a_true_index() {
    alone(|| {
        let clean: Vec<_> = BUILDS.iter().map(|files| clean(files)).collect();
        for part in ["a/", "b/", "c/"] {
            each(|site, _, two, context| {
                let next = (two + 1) % BUILDS.len();
                run(&site.disk, BUILDS[next], Some(part), write);
                if site.disk.kind("dist/platc.json").unwrap().is_some() {
                    assert_true(site, &others(), context);
                }
                site.build(BUILDS[next]);
                assert_eq!(output(site), clean[next], "{context} → {part} → {next}");
            });
        }
    });
}

#[test]
fn a_check_after_a_fault_changes_nothing_and_agrees() {
    alone(|| {
        each(|site, _, two, context| {
            let before = site.disk.all();
            let told = site.check(BUILDS[two]);
            assert_eq!(site.disk.all(), before, "{context}");
            assert_eq!(told, site.build(BUILDS[two]), "{context}");
        });
    });
}

#[test]
fn what_comes_in_between_is_never_overwritten() {
    alone(|| {
        each(|site, _, two, context| {
            // Somebody puts files where the build had not come yet, whatever it had claimed.
            let mut others = others();
            for line in BUILDS.concat() {
                let path = format!("dist/{}", line.split_once('=').unwrap().0);
                let above = path.rsplit_once('/').unwrap().0;
                if site.disk.kind(&path).unwrap().is_none() && site.disk.kind(above).unwrap() == Some(FileKind::Directory) {
                    site.put(&path, "somebody's");
                    others.insert(path);
                }
            }
            for next in [two, (two + 1) % BUILDS.len(), (two + 2) % BUILDS.len()] {
                site.build(BUILDS[next]);
                for path in &others {
                    let expected = FOREIGN.iter().find(|(known, _)| known == path).map_or("somebody's", |(_, text)| text);
                    assert_eq!(site.text(path), expected, "{context} → {next}: {path}");
                }
            }
        });
    });
}

#[test]
fn faults_of_recovery_are_recovered_too() {
    alone(|| {
        let clean: Vec<_> = BUILDS.iter().map(|files| clean(files)).collect();
        let mut faults = 0;
        for (one, two, three, first, second) in [
            (1, 2, 3, Fault::Die, Fault::Die),
            (2, 3, 1, Fault::Power, Fault::Tear),
            (0, 4, 5, Fault::Fail, Fault::Power),
            (5, 4, 2, Fault::Tear, Fault::Die),
        ] {
            let begun = begun(BUILDS[one]);
            for at in 0.. {
                let site = begun.clone();
                let faulty = Faulty::new(&site.disk, first, at);
                run(&faulty, BUILDS[two], None, write);
                if !faulty.happened() {
                    break;
                }
                if first == Fault::Power {
                    site.disk.lose_power();
                }
                for again in 0.. {
                    let site = site.clone();
                    let faulty = Faulty::new(&site.disk, second, again);
                    run(&faulty, BUILDS[three], None, write);
                    if !faulty.happened() {
                        break;
                    }
                    if second == Fault::Power {
                        site.disk.lose_power();
                    }
                    faults += 1;
                    let told = site.build(BUILDS[two]);
                    assert_eq!(output(&site), clean[two], "{one} → {two} {first:?} {at} → {three} {second:?} {again}\n{told}");
                }
            }
        }
        assert!(faults > 1000, "{faults}");
    });
}

/// What keeps a rendering stands there as a whole before anything changes that it is kept from.
#[test]
fn what_comes_first_is_there_before_others_change() {
    let mut seen = BTreeSet::new();
    for at in 0.. {
        let site = Site::default();
        site.build(&["a/base=old", "z/kept/list=shared"]);
        let faulty = Faulty::new(&site.disk, Fault::Die, at);
        run(&faulty, &["a/base=new", "z/kept/base/copy=old", "z/kept/list=own"], None, write);
        let is_copied = site.disk.read("dist/z/kept/base/copy", u64::MAX).is_ok_and(|bytes| bytes.is_some());
        let state = (is_copied, site.text("dist/z/kept/list") == "own", site.text("dist/a/base") == "new");
        assert!(state.0 || !state.1, "{at}: the list names a copy that is not there");
        assert!(state.1 || !state.2, "{at}: what is kept lost what it relies on");
        seen.insert(state);
        if !faulty.happened() {
            break;
        }
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
}
