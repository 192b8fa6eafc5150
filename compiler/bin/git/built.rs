//! What was built and committed: the files of an output directory at a revision, as far as its index there lists them. In comes the project's root, out go
//! texts by path; files of others beside them are not looked at.

use super::{AT_ONCE, Entry, Reader, Wanted, project};
use platc::output::{self, INDEX};
use std::collections::BTreeMap;
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
            let mut texts = Vec::new();
            for Entry { name, object, is_folder } in entries {
                let Ok(name) = String::from_utf8(name) else { continue };
                let path = format!("{}{name}", folder.path);
                if is_folder {
                    self.spend(path.len() as u64)?;
                    folders.push(Wanted { object, path: path + "/" });
                } else if is_listed(&path) {
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
