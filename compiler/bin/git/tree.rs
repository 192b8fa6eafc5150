//! A tree object: git's own form of a folder, for each entry `mode name\0object`. Read here and not by `git ls-tree`, so that only
//! folders with sources are opened and a tree without end is noticed.

/// One entry of a folder. Links and submodules are not listed.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    /// The object's name, in hexadecimal.
    pub(super) object: String,
    /// A folder, or else a regular file.
    pub(super) is_folder: bool,
}

/// The entries of a tree whose own name is `object`; none if it is broken.
pub(super) fn entries(mut tree: &[u8], object: &str) -> Option<Vec<Entry>> {
    let length = object.len() / 2;
    let mut entries = Vec::new();
    while !tree.is_empty() {
        let (head, rest) = tree.split_at_checked(tree.iter().position(|byte| *byte == 0)?)?;
        let (binary, next) = rest.get(1..)?.split_at_checked(length)?;
        let (mode, name) = head.split_at_checked(head.iter().position(|byte| *byte == b' ')?)?;
        let name = name.get(1..)?;
        if name.is_empty() || name.contains(&b'/') {
            return None;
        }
        let is_folder = mode == b"40000";
        if is_folder || mode.starts_with(b"100") {
            entries.push(Entry { name: name.to_vec(), object: binary.iter().map(|byte| format!("{byte:02x}")).collect(), is_folder });
        }
        tree = next;
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBJECT: &str = "00000000000000000000";

    #[test]
    fn lists_files_and_folders_only() {
        let tree =
            b"100644 a.yaml\x00AAAAAAAAAA120000 link\x00BBBBBBBBBB40000 c d\x00CCCCCCCCCC160000 sub\x00DDDDDDDDDD100755 e\x00EEEEEEEEEE";
        let found: Vec<(String, String, bool)> = entries(tree, OBJECT)
            .unwrap()
            .into_iter()
            .map(|entry| (String::from_utf8(entry.name).unwrap(), entry.object, entry.is_folder))
            .collect();
        let expected = [("a.yaml", "41", false), ("c d", "43", true), ("e", "45", false)];
        assert_eq!(found, expected.map(|(name, byte, folder)| (name.to_owned(), byte.repeat(10), folder)));
    }

    #[test]
    fn every_part_of_a_tree_that_is_cut_is_broken() {
        let tree = b"100644 a\x00AAAAAAAAAA40000 b\x00BBBBBBBBBB";
        for length in (1..tree.len()).filter(|length| *length != 19) {
            assert_eq!(entries(&tree[..length], OBJECT), None, "{length}");
        }
        assert_eq!(entries(b"100644 a/b\x00AAAAAAAAAA", OBJECT), None);
        assert_eq!(entries(b"100644 \x00AAAAAAAAAA", OBJECT), None);
    }
}
