//! What git's index says of the files of a project, which is what a commit would hold. In comes the project's root, out go paths below it; the
//! index is read, never written.

use super::find;
use std::collections::BTreeSet;
use std::path::Path;

/// Files that a commit would not hold, and that git does not ignore.
pub(crate) fn untracked(root: &Path) -> Result<BTreeSet<String>, String> {
    let files = list(root, &["--others", "--exclude-standard"], "")?;
    Ok(files.into_iter().collect())
}

/// Files of a directory with the line ends of Windows here, and those of others in the index: git has made them so, and nobody else.
pub(crate) fn checked_out(root: &Path, directory: &str) -> Result<BTreeSet<String>, String> {
    let lines = list(root, &["--cached", "--eol"], directory)?;
    let made = |line: String| {
        let (ends, path) = line.split_once('\t')?;
        let mut ends = ends.split_whitespace();
        (ends.next() == Some("i/lf") && ends.next() == Some("w/crlf")).then(|| path.to_owned())
    };
    Ok(lines.into_iter().filter_map(made).collect())
}

/// What `git ls-files` lists of a directory of the project, without the folders that lead to the project.
fn list(root: &Path, arguments: &[&str], directory: &str) -> Result<Vec<String>, String> {
    let (repository, folders) = find(root)?;
    let project = folders.iter().fold(String::new(), |path, folder| path + folder + "/");
    let place = format!(":(top,literal){project}{directory}");
    let mut command = vec!["ls-files", "-z"];
    command.extend(arguments);
    // The whole repository has no name that git takes.
    if !(project.is_empty() && directory.is_empty()) {
        command.extend(["--", &place]);
    }
    let answer = repository.index(&command)?;
    let lines = answer.split('\0').filter(|line| !line.is_empty());
    // Before the path may stand what else is told of it.
    let below = |line: &str| {
        let at = line.rfind('\t').map_or(0, |tab| tab + 1);
        let (told, path) = line.split_at(at);
        path.strip_prefix(project.as_str()).map(|path| format!("{told}{path}"))
    };
    Ok(lines.filter_map(below).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn git(root: &Path, arguments: &[&str]) {
        let output = Command::new("git").arg("-C").arg(root).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    #[test]
    fn tells_what_a_commit_would_not_hold() {
        let home = tempfile::tempdir().unwrap();
        let project = home.path().join("infra");
        std::fs::create_dir_all(project.join("dist/deep er")).unwrap();
        for path in ["infra/a.yaml", "infra/dist/old.yaml", "infra/dist/deep er/ä.yaml", "infra/log.txt", "beside.yaml"] {
            std::fs::write(home.path().join(path), "a\n").unwrap();
        }
        std::fs::write(home.path().join(".gitignore"), "*.txt\n").unwrap();
        git(home.path(), &["init", "--quiet"]);
        git(home.path(), &["add", "infra/dist/old.yaml"]);
        let found: Vec<String> = untracked(&project).unwrap().into_iter().collect();
        assert_eq!(found, ["a.yaml", "dist/deep er/ä.yaml"]);
        assert!(untracked(home.path()).unwrap().contains("beside.yaml"));
    }

    #[test]
    fn tells_line_ends_that_git_has_made() {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("dist")).unwrap();
        git(home.path(), &["init", "--quiet"]);
        for (path, text) in [("dist/made.yaml", "a\nb\n"), ("dist/edited.yaml", "a\r\nb\r\n"), ("dist/same.yaml", "a\n")] {
            std::fs::write(home.path().join(path), text).unwrap();
        }
        git(home.path(), &["add", "."]);
        std::fs::write(home.path().join("dist/made.yaml"), "a\r\nb\r\n").unwrap();
        let found: Vec<String> = checked_out(home.path(), "dist").unwrap().into_iter().collect();
        assert_eq!(found, ["dist/made.yaml"]);
    }
}
