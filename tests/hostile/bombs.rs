//! Bombs: small inputs that would take very long or very much, each against one dimension. The light ones run with all other hostile
//! projects; `.ci/long bombs` runs all of them, in the program as it is released, and measures.

mod asked;
mod definitions;
mod documents;
mod evaluations;
mod schemas;

use super::*;

/// A project, and what is asked of it.
pub(super) struct Bomb {
    pub(super) project: Hostile,
    /// What is asked of the program; nothing: `check`.
    pub(super) arguments: &'static [&'static str],
    /// Too much work for a debug build, so that only `.ci/long bombs` runs it.
    pub(super) heavy: bool,
}

fn light(project: Hostile) -> Bomb {
    Bomb { project, arguments: &[], heavy: false }
}

fn heavy(project: Hostile) -> Bomb {
    Bomb { project, arguments: &[], heavy: true }
}

fn asked(project: Hostile, arguments: &'static [&'static str]) -> Bomb {
    Bomb { project, arguments, heavy: true }
}

pub(super) fn bombs() -> Vec<Bomb> {
    [documents::bombs(), definitions::bombs(), schemas::bombs(), evaluations::bombs(), asked::bombs()].into_iter().flatten().collect()
}

#[test]
fn bombs_are_refused() {
    check(bombs().into_iter().filter(|bomb| !bomb.heavy).map(|bomb| bomb.project).collect());
}

/// Writes the corpus for `.ci/long bombs`: a folder for each bomb with its project, its arguments and the codes it is refused with.
#[test]
#[ignore = "writes files; `.ci/long bombs` runs it"]
fn write_corpus() {
    let folder = std::path::PathBuf::from(std::env::var("PLATC_BOMBS").expect("PLATC_BOMBS names a folder"));
    let others = all().into_iter().map(light);
    for (at, Bomb { project, arguments, .. }) in bombs().into_iter().chain(others).enumerate() {
        let own = folder.join(format!("{at:03}"));
        for (path, text) in &project.files {
            let path = own.join("project").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let arguments = if arguments.is_empty() { "build".to_owned() } else { arguments.join("\n") };
        std::fs::write(own.join("name"), project.name).unwrap();
        std::fs::write(own.join("arguments"), arguments).unwrap();
        std::fs::write(own.join("codes"), project.expected.join("\n")).unwrap();
    }
}
