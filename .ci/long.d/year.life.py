"""The year that `.ci/long.d/year` has a platform live. In comes a world that is up; out go a line for each edit, the counts, and 1 if something was replaced or lost that
`diff --against` had not named, or was named in vain."""
import concurrent.futures, difflib, json, os, random, re, shutil, sys, time
from worlds import end, holds, home, kubectl, platc, run, texts, tools
from settled import applications, beside, going, is_done, objects
import worlds

edits, told_of = beside("year.edits.py"), beside("year.told.py")
project, states, clouds = os.path.join(home, "project"), os.path.join(home, "states"), os.path.join(tools, "clouds/clouds.py")
key_of = beside(clouds).key_of
URL = "https://git.example.com/acme/year.git"
GIT = ["git", "-C", project, "-c", "user.name=a", "-c", "user.email=a@example.com"]
# So long a change may take until the cluster has taken it or refused it.
PATIENCE = 240
counts = dict.fromkeys(["edits", "accepted", "refused by platc", "refused by the cluster", "refused by Terraform", "foretold", "happened", "missed", "in vain"], 0)

def refusal(app, tries):
    """What a cluster or Argo CD says against an Application, after so many tries."""
    status = app.get("status", {})
    said = [condition["message"] for condition in status.get("conditions", []) if condition["type"].endswith("Error")]
    state = status.get("operationState", {})
    if state.get("phase") in ("Failed", "Error") or state.get("retryCount", 0) >= tries:
        said.append(state.get("message", ""))
    return " ".join(" ".join(said).split())

def settle(commit, tries=2):
    """Waits until all is as the commit wants it, or something is refused so many times and nothing moves any more; gives what is refused, by Application."""
    deadline, last, since = time.time() + PATIENCE, None, time.time()
    while time.time() < deadline:
        apps = applications()
        left = [app for app in apps if not is_done(app, URL, [commit])]
        leaving = going()
        if not left and not leaving:
            return {}
        refused = {app["metadata"]["name"]: said for app in left if (said := refusal(app, tries))}
        now = json.dumps([sorted(app["metadata"]["name"] for app in left), sorted(leaving), sorted(refused)])
        if now != last:
            last, since = now, time.time()
        # The root waits for nobody but the first installation, so what is left beside what is refused goes on meanwhile.
        if refused and time.time() - since > (3 if tries < 2 else 12):
            return refused
        time.sleep(0.4)
    return {app["metadata"]["name"]: refusal(app, 0) or "does not end: " + json.dumps(app.get("status", {}).get("sync", {}).get("status")) for app in left} | {name: "namespace does not go" for name in leaving}

def publish():
    return worlds.publish(URL, worlds.output(project))

def stacks():
    """The live environment's stacks with what they hold, in order."""
    folder, found = os.path.join(project, "dist/terraform"), {}
    with open(os.path.join(folder, "order.json")) as file: order = json.load(file)
    for entry in order if isinstance(order, list) else order["stacks"]:
        if entry["environment"] == "apps":
            path = os.path.join(project, "dist", entry["path"])
            found[entry["stack"]] = "".join(open(os.path.join(path, name)).read() for name in sorted(os.listdir(path)))
    return found

def state_of(stack):
    """Where the state of a stack is kept, by what its files say."""
    start = re.search(r'"backend":\s*{', stack).end() - 1
    return key_of(json.JSONDecoder().raw_decode(stack[start:])[0])

def move(old, new):
    """Moves states that are looked for elsewhere, as `terraform init -migrate-state` would; gives the stacks."""
    moved = []
    for stack in set(old) & set(new):
        one, other = os.path.join(states, state_of(old[stack])), os.path.join(states, state_of(new[stack]))
        if one != other:
            os.makedirs(os.path.dirname(other), exist_ok=True)
            os.replace(one, other)
            moved.append(stack)
    return sorted(moved)

def manifests():
    """What Argo CD is given, file by file."""
    found, top = {}, os.path.join(project, "dist")
    for folder in ("argocd", "kustomize"):
        for root, _, names in os.walk(os.path.join(top, folder)):
            for name in names:
                with open(os.path.join(root, name)) as file: found[os.path.relpath(os.path.join(root, name), top)] = file.read()
    return found

def terraform(verb, names):
    rows = []
    for name in names:
        done = run(sys.executable, clouds, verb, os.path.join(project, "dist"), "-e", "apps", "-s", name, "--states", states, "--json", check=False)
        if done.returncode == 2 or not done.stdout:
            rows.append({"failed": done.stderr[-1500:], "stack": name, "replace": [], "destroy": []})
            break
        rows += json.loads(done.stdout)
    return rows

def build():
    return run(platc, "build", "-q", "-C", project, "--color", "never", check=False)

def read(path):
    """A file of the project; one that is not there is empty."""
    path = os.path.join(project, path)
    if not os.path.exists(path):
        return ""
    with open(path) as file: return file.read()

def write(changes):
    """Makes an edit, or takes one back; gives the lines that are others than before, by file."""
    changed = {}
    for path, old, new in changes:
        before = read(path)
        make(path, old, new)
        parts = difflib.SequenceMatcher(None, before.splitlines(), read(path).splitlines(), autojunk=False).get_opcodes()
        changed.setdefault(path, set()).update(line for tag, _, _, start, end in parts if tag != "equal" for line in range(start + 1, end + 1))
    return changed

def make(path, old, new):
    """Puts a text in place of another."""
    text, path = read(path), os.path.join(project, path)
    assert text.count(old) == 1 or not old, (path, old, text.count(old))
    text = text.replace(old, new) if old else new
    if text:
        with open(path, "w") as file: file.write(text)
    else:
        os.remove(path)

def applies(changes):
    """Whether an edit can be made of what is there."""
    for path, old, new in changes:
        text = read(path)
        is_made = len(new) > len(old) and old in new and new in text
        if (old and text.count(old) != 1) or (not old and text) or is_made:
            return False
    return True

def back(changes):
    return [(path, new, old) for path, old, new in reversed(changes)]

def began():
    """The first installation, and the first apply."""
    shutil.copytree("tests/data/year", project)
    for source in ("team-a/shop", ):
        manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop"}, "data": {"text": "one"}}
        worlds.publish(f"https://git.example.com/{source}.git", texts({"deploy/shop.yaml": json.dumps(manifest), "next/shop.yaml": json.dumps(manifest)}))
    done = build()
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    for argv in (["init", "-q"], ["add", "-A", "--", ":!dist", ":!.platc"], ["commit", "-qm", "one"]):
        run(*GIT, *argv)
    for row in terraform("apply", stacks()):
        if "failed" in row:
            sys.exit(row["failed"])
    commit = publish()
    folder = os.path.join(project, "dist/argocd/apps/gc0")
    kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "--patch-file", f"{folder}/bootstrap/argocd-cm-patch.yaml")
    kubectl("apply", "-k", f"{folder}/bootstrap")
    kubectl("apply", "-f", f"{folder}/root.yaml")
    start = time.time()
    refused = settle(commit, 9)
    if refused:
        sys.exit(f"the first installation: {json.dumps(refused, indent=1)}")
    print(f"{time.time() - start:6.0f} s  the first installation", flush=True)

def applied_by_hand(foretold, files, new):
    """What only a person applies that is another thing than before; does as a person would who was told how."""
    found = [path for path in sorted(files.keys() | new.keys()) if re.search(r"^argocd/apps/gc0/(root\.yaml|bootstrap/)", path) and files.get(path) != new.get(path)]
    commands = foretold.by_hand()
    for command in commands:
        kubectl(*command.split()[1:], cwd=project)
    if commands and (left := settle(publish(), 2)):
        sys.exit(f"{commands} were given, and still: {json.dumps(left, indent=1)}")
    return found

def things():
    """Paths of things by what Argo CD calls their Applications."""
    rows = json.loads(run(platc, "-C", project, "list", "--format", "json", "-e", "apps").stdout)
    identity = {row["path"]: row["identity"] for row in rows}
    found = {}
    for row in rows:
        if row["kind"] == "service":
            found[row["identity"]] = row["path"]
        elif row["kind"] == "tenant":
            found[f"tenant-{row['identity']}"] = row["path"]
        elif row["kind"] == "application":
            found[f"{identity[row['path'].split('.applications.')[0]]}-{row['identity']}"] = row["path"]
    return found

# What is on the cluster, where nothing has happened since that was asked for.
seen = {}

def played(name, changes, is_right):
    """An edit, from the question to what has come of it: in words, and whether it stands."""
    counts["edits"] += 1
    before, old, known, files = dict(seen) or objects(), stacks(), things(), manifests()
    seen.clear()
    lines = write(changes)
    done = run(platc, "diff", "--against", "HEAD", "apps", "--format", "json", check=False, cwd=project)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = {}
    if "environments" not in answer:
        counts["refused by platc"] += 1
        write(back(changes))
        return "refused by platc: " + (answer.get("diagnostics") or [{"message": done.stdout + done.stderr}])[0]["message"], False
    done = build()
    if done.returncode:
        counts["refused by platc"] += 1
        write(back(changes))
        return "refused by platc: " + next((line for line in done.stderr.splitlines() if line.startswith("error")), done.stderr), False
    new = stacks()
    known = known | things()
    changed = [stack for stack in new if new[stack] != old.get(stack)]
    foretold = told_of.Foretold(answer, known)
    moved = move(old, new)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        planned = pool.submit(terraform, "apply", changed)
        # Where no file differs, nothing can happen.
        is_same = manifests() == files
        refused = {} if is_same else settle(publish(), 1 if foretold.is_refused() else 2)
        planned = planned.result()
    by_hand = [] if refused else applied_by_hand(foretold, files, manifests())
    after = before if is_same else objects()
    orphans = [stack for stack in old if stack not in new]
    verdict = told_of.Verdict(foretold, (before, after), refused, planned, orphans, moved, known)
    verdict.hands(foretold, by_hand, bool(refused))
    if refused or any("failed" in row for row in planned):
        counts["refused by the cluster" if refused else "refused by Terraform"] += 1
        write(back(changes))
        build()
        move(new, stacks())
        # What was refused is tried anew until it has the commit that takes it back.
        again = settle(publish(), 99)
        if again:
            sys.exit(f"{name}: it was refused, and taken back, and still: {json.dumps(again, indent=1)}")
        terraform("apply", changed)
    else:
        counts["accepted"] += 1
        seen.update(after)
        run(*GIT, "add", "-A", "--", ":!dist", ":!.platc")
        run(*GIT, "commit", "-q", "--allow-empty", "-m", name)
    counts["foretold"] += verdict.foretold
    counts["happened"] += verdict.happened
    counts["missed"] += len(verdict.missed)
    counts["in vain"] += len(verdict.vain)
    for what in foretold.mismarked(lines):
        is_right(f"{name}: is marked as it should: {what}", False)
    for what in verdict.missed:
        is_right(f"{name}: was told: {what}", False)
    for what in verdict.vain:
        is_right(f"{name}: came about: {what}", False)
    return verdict.words(), not refused and not any("failed" in row for row in planned)

def main():
    count, chance = int(os.environ.get("YEAR_EDITS", "200")), random.Random(os.environ.get("YEAR_SEED", "2026"))
    only = os.environ.get("YEAR_ONLY", "")
    rows = [(name, changes) for name, changes in edits.EDITS if re.search(only, name)]
    began()
    number, played_of, standing = 0, {name: 0 for name, _ in rows}, set()
    while number < count:
        # Each is made, and later taken back; those first that were played least.
        ready = [(name, changes) for name, changes in rows if applies(changes)]
        made = [(f"{name}, back", back(changes)) for name, changes in rows if name in standing and applies(back(changes))]
        least = min((played_of[name] for name, _ in ready), default=0)
        ready = [row for row in ready if played_of[row[0]] == least]
        if not ready and not made:
            break
        name, changes = chance.choice(made if made and (not ready or chance.random() < 0.4) else ready)
        number, start, own = number + 1, time.time(), name.removesuffix(", back")
        said, stands = played(name, changes, holds)
        played_of[own] += 1
        if stands:
            standing.symmetric_difference_update([own])
        elif name != own:
            # It cannot be taken back: what it has brought keeps data.
            standing.discard(own)
        print(f"{time.time() - start:6.0f} s  {number:3} {name}: {said}", flush=True)
    print(", ".join(f"{value} {key}" for key, value in counts.items()))
    end()

main()
