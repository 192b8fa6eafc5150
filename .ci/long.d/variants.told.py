"""What a folder holds, and what answers say of it. In come files and answers of platc, out go places and names; nothing is judged here."""
import collections, os, re
import yaml

def tree(folder):
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found

def places(answer):
    """Lines that an answer names, by file; files of a revision begin with it."""
    found = collections.defaultdict(set)
    def walk(node):
        if isinstance(node, dict):
            if "file" in node and "line" in node:
                revision, _, path = node["file"].rpartition(":")
                found[f"HEAD:{path}" if revision else path].update(range(node["line"], node.get("endLine", node["line"]) + 1))
            node = list(node.values())
        if isinstance(node, list):
            for one in node:
                walk(one)
    walk(answer)
    return found

def names_line(found, edit):
    return bool(found[edit.file] & edit.now or found["HEAD:" + edit.file] & edit.before)

def renamed(differs, old, now):
    """Applications of Argo CD that come where one goes that had the same labels, with the names of both: what that has installed is deleted."""
    found = {"removed": {}, "added": {}}
    for path, change in differs.items():
        if path.startswith("argocd/") and "/applications/" in path and change in found:
            metadata = yaml.safe_load((now if change == "added" else old)[path])["metadata"]
            found[change][os.path.dirname(path), *sorted(metadata["labels"].items())] = metadata["name"]
    return {(name, found["added"][key]) for key, name in found["removed"].items() if key in found["added"]}

def of_renamed(diagnostics):
    """What `check` tells of these: some by their names, and how many."""
    notes = "\n".join(note for one in diagnostics if one["code"] == "replaced-by-name" for note in one["notes"])
    some = set(re.findall(r"^`(.+)` becomes `(.+)`, in namespace", notes, re.M))
    return some, len(some) + sum(map(int, re.findall(r"^and (\d+) more", notes, re.M)))
