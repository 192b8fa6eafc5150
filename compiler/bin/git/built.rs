//! What was built and committed: the files of an output directory at a revision, as far as its index there lists them. In comes the project's root, out go
//! texts by path; files of others beside them are not looked at.

use super::{AT_ONCE, Entry, Reader, Wanted, project};
use platc::output::{self, INDEX};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;

/// Most bytes of one output: a large fleet has some hundred MiB.
const BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// The files that a build had written into a directory of the project in `root` at `revision`, its index among them; none if there is no index.
pub(crate) fn built(root: &Path, revision: &str, directory: &str) -> Result<Option<BTreeMap<String, String>>, String> {
    let Some((mut reader, mut tree)) = project(root, revision)? else { return Ok(None) };
    reader.most = (BYTES, "the files that were built");
    for folder in directory.split('/').filter(|folder| !folder.is_empty()) {
        match reader.inner(tree, folder)? {
            Some(inner) => tree = inner,
            None => return Ok(None),
        }
    }
    reader.built(tree)
}

impl Reader {
    fn built(&mut self, root: String) -> Result<Option<BTreeMap<String, String>>, String> {
        let mut files = BTreeMap::new();
        let mut listed = None;
        let mut folders = vec![Wanted { object: root, path: String::new() }];
        // The first folder has the index, which says what is read of all others.
        while let Some(folder) = folders.pop() {
            let tree = self.objects(std::slice::from_ref(&folder), "tree")?;
            let entries = tree.first().map(|tree| self.entries(&folder, tree)).transpose()?.unwrap_or_default();
            if listed.is_none() {
                let Some(index) = entries.iter().find(|entry| entry.name == INDEX.as_bytes() && !entry.is_folder) else { return Ok(None) };
                let index = [Wanted { object: index.object.clone(), path: INDEX.to_owned() }];
                let text = self.objects(&index, "blob")?.into_iter().next().unwrap_or_default();
                let Some(written) = output::written(Some(&text), None) else { return Ok(None) };
                files.insert(INDEX.to_owned(), String::from_utf8_lossy(&text).into_owned());
                listed = Some(written);
            }
            let is_listed = |path: &str| listed.as_ref().is_some_and(|written| written.contains(path));
            // What others have beside it may be large, and is not opened.
            let has_listed = |folder: &str| {
                let mut within = listed.iter().flat_map(|written| written.range::<str, _>((Bound::Included(folder), Bound::Unbounded)));
                within.next().is_some_and(|path| path.starts_with(folder))
            };
            let mut texts = Vec::new();
            for Entry { name, object, is_folder } in entries {
                let Ok(name) = String::from_utf8(name) else { continue };
                let path = format!("{}{name}", folder.path);
                let inner = format!("{path}/");
                if is_folder && has_listed(&inner) {
                    self.spend(path.len() as u64)?;
                    folders.push(Wanted { object, path: inner });
                } else if !is_folder && is_listed(&path) {
                    texts.push(Wanted { object, path });
                }
            }
            for some in texts.chunks(AT_ONCE) {
                for (wanted, text) in some.iter().zip(self.objects(some, "blob")?) {
                    files.insert(wanted.path.clone(), String::from_utf8_lossy(&text).into_owned());
                }
            }
        }
        Ok(Some(files))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn folders_of_others_are_not_opened() {
        let home = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = home.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put("platform.yaml", "a: 1\n");
        put("dist/platc.json", r#"{"version": 2, "facts": [{"file": "x/y.yaml"}]}"#);
        put("dist/x/y.yaml", "built\n");
        put("dist/x/z.yaml", "of others\n");
        put("dist/xx/y.yaml", "of others\n");
        let git = |arguments: &[&str]| {
            let name = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
            let output = Command::new("git").arg("-C").arg(home.path()).args(name).args(arguments).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        git(&["init", "--quiet"]);
        git(&["add", "-A"]);
        git(&["commit", "--quiet", "-m", "one"]);
        // Whoever opens it notices.
        let object = git(&["rev-parse", "HEAD:dist/xx"]);
        std::fs::remove_file(home.path().join(".git/objects").join(&object[..2]).join(&object[2..])).unwrap();
        let files = built(home.path(), "HEAD", "dist").unwrap().unwrap();
        assert_eq!(files.keys().collect::<Vec<_>>(), [INDEX, "x/y.yaml"]);
    }
}
