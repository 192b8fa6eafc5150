"""What `.ci/long.d/evolve` plays: each story on a copy of its example that is applied. Out go a line for each step, a table, and 1 if something happened that was not
told before, was told in vain, or is not what the story says."""
import importlib.util, json, os, re, shutil, subprocess, sys, time

home, platc = os.environ["HOME_OF_TEST"], os.path.abspath(os.environ["PLATC"])
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.quotePath=false")
# What of a change is made undone by nothing: to it a diagnostic must have been said that names it.
KEEPS = {("", "PersistentVolumeClaim"), ("", "Namespace"), ("apps", "StatefulSet"), ("postgresql.cnpg.io", "Cluster"), ("postgresql.cnpg.io", "Database"),
    ("postgres-operator.crunchydata.com", "PostgresCluster"), ("apiextensions.k8s.io", "CustomResourceDefinition")}
OF_TERRAFORM = {"replaced-resource", "replaced-by-name", "resources-destroyed", "resources-leave"}

def beside(path):
    """A program whose name is no name of a module."""
    spec = importlib.util.spec_from_file_location(os.path.basename(path).replace(".", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

class Failed(Exception):
    """Terraform, or platc, did not do it."""

def fail(message):
    raise Failed(message)

clouds = beside(os.environ["CLOUDS"])
clouds.fail = fail
STORIES = beside(os.path.join(os.path.dirname(os.path.abspath(__file__)), "evolve.stories.py")).STORIES

def run(*argv, cwd=None):
    return subprocess.run(argv, text=True, capture_output=True, cwd=cwd)

def git(folder, *argv):
    done = run(*GIT, *argv, cwd=folder)
    if done.returncode:
        fail(done.stdout + done.stderr)
    return done.stdout

class Platform:
    """An example, or a copy of it, with the states of what was applied."""
    def __init__(self, folder):
        self.folder, self.dist, self.states = folder, os.path.join(folder, "dist"), folder + "-states"

    def platc(self, *argv):
        return run(platc, *argv, "--color", "never", cwd=self.folder)

    def build(self):
        done = self.platc("build", "-q")
        if done.returncode:
            fail(done.stdout + done.stderr)

    def commit(self):
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "--allow-empty", "-m", "a day")

    def stacks(self):
        """Stacks in their order, as paths below `dist`, with the place of their states."""
        found = {}
        for entry in clouds.stacks(self.dist):
            path, state = os.path.join(self.dist, entry["path"]), None
            for name in sorted(os.listdir(path)):
                if name.endswith(".tf.json"):
                    with open(os.path.join(path, name)) as file: backend = json.load(file).get("terraform", {}).get("backend")
                    state = clouds.key_of(backend) if backend else state
            found[entry["path"]] = (entry, state)
        return found

    def resources(self, path):
        """How many resources a stack has, by its files."""
        count = 0
        for name in os.listdir(os.path.join(self.dist, path)):
            if name.endswith(".tf.json"):
                with open(os.path.join(self.dist, path, name)) as file: count += sum(map(len, json.load(file).get("resource", {}).values()))
        return count

    def apply(self, paths, is_last=False):
        """Plans and applies stacks in their order, and gives what Terraform planned; the last time, it applies only what others read.
        Nothing keeps it from destroying here: what it would refuse is seen as what it would do."""
        rows, plugins, work = [], clouds.mirror(), os.path.join(home, "work")
        shutil.rmtree(work, ignore_errors=True)
        read = {(one["environment"], one["stack"]) for path, (entry, _) in self.stacks().items() if path in paths for one in entry["reads"]}
        for path, (entry, _) in self.stacks().items():
            if path in paths:
                stack = clouds.Stack(self.dist, entry, self.states, work)
                unlock(stack.folder)
                rows.append(stack.plan(plugins))
                if not is_last or (entry["environment"], entry["stack"]) in read:
                    stack.must("apply", "-input=false", "-no-color", "plan")
                shutil.rmtree(os.path.join(stack.folder, ".terraform"), ignore_errors=True)
        return rows

    def install(self, paths):
        """Applies stacks as they are, with those that they read, unless they have been; gives the places of their states."""
        stacks, plugins, work = self.stacks(), clouds.mirror(), os.path.join(home, "work")
        wanted, more = set(), {path for path in paths if path in stacks}
        while more - wanted:
            wanted |= more
            read = {(one["environment"], one["stack"]) for path in wanted for one in stacks[path][0]["reads"]}
            more = {path for path, (entry, _) in stacks.items() if (entry["environment"], entry["stack"]) in read}
        shutil.rmtree(work, ignore_errors=True)
        for path, (entry, state) in stacks.items():
            if path in wanted and not os.path.exists(os.path.join(self.states, state)):
                stack = clouds.Stack(self.dist, entry, self.states, work)
                unlock(stack.folder)
                stack.must("init", "-input=false", "-no-color", f"-plugin-dir={plugins}")
                stack.must("apply", "-input=false", "-no-color", "-auto-approve", "-refresh=false")
        return [stacks[path][1] for path in wanted]

    def objects(self):
        """The identities of all that is installed, by place: environment, cluster, group, kind, namespace, name."""
        found, top = set(), os.path.join(self.dist, "kustomize")
        for root, _, names in os.walk(top):
            place = re.search(r"/overlays/([^/]+)/([^/]+)$", root)
            if place and "kustomization.yaml" in names:
                found |= {(*place.groups(), *one) for one in identities(root)}
        return found

    def applications(self):
        found, top = set(), os.path.join(self.dist, "argocd")
        for root, _, names in os.walk(top):
            if root.endswith("/applications"):
                environment, cluster = os.path.relpath(root, top).split(os.sep)[:2]
                found |= {(environment, cluster, name.removesuffix(".yaml")) for name in names}
        return found

def unlock(folder):
    """A copy of a stack without what keeps Terraform from destroying, and with what its provider would take from where it runs."""
    for name in sorted(os.listdir(folder)):
        if name.endswith(".tf.json"):
            path = os.path.join(folder, name)
            with open(path) as file: text = file.read()
            said = json.loads(re.sub(r'"prevent_destroy": *true', '"prevent_destroy": false', text))
            if "opennebula" in said.get("provider", {}):
                said["provider"]["opennebula"]["password"] = "simulated"
            with open(path, "w") as file: json.dump(said, file)

def identities(folder):
    """What a kustomization has, as far as that can be read off its files: nothing of what platc writes changes names."""
    with open(os.path.join(folder, "kustomization.yaml")) as file: text = file.read()
    found, section = set(), ""
    for line in text.splitlines():
        section = line if re.match(r"\S+:", line) and not line.startswith("- ") else section
        if section.startswith("resources:") and line.startswith("- "):
            path = os.path.normpath(os.path.join(folder, line[2:].strip().strip('"')))
            if os.path.isdir(path):
                found |= identities(path)
            elif os.path.exists(path):
                found.add(identity(path))
    for name in re.findall(r"^- path: (\S+)$", text, re.M):
        with open(os.path.join(folder, name.strip('"'))) as file: patch = file.read()
        if "$patch: delete" in patch:
            found.discard(identity(os.path.join(folder, name.strip('"'))))
    return found

known = {}
def identity(path):
    stamp = (path, os.stat(path).st_mtime_ns, os.stat(path).st_size)
    if stamp not in known:
        with open(path) as file: text = file.read()
        head = lambda key: (re.search(rf"^{key}: *(\S+)", text, re.M) or [0, ""])[1].strip('"')
        meta = (re.search(r"^metadata:\n((?:[ ].*\n?)+)", text, re.M) or [0, ""])[1]
        of = lambda key: (re.search(rf"^  {key}: *(\S+)", meta, re.M) or [0, ""])[1].strip('"')
        known[stamp] = (head("apiVersion").rpartition("/")[0], head("kind"), of("namespace"), of("name"))
    return known[stamp]

def begun(example):
    """The example as it was installed, once."""
    one = Platform(os.path.join(home, example.replace("/", "-")))
    if not os.path.exists(os.path.join(one.folder, "done")):
        start = time.time()
        for folder in (one.folder, one.states):
            shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(one.states)
        shutil.copytree(f"examples/{example}", one.folder, ignore=shutil.ignore_patterns("dist", ".platc"))
        one.build()
        git(one.folder, "init", "-q")
        one.commit()
        with open(os.path.join(one.folder, ".git/info/exclude"), "a") as file: file.write("done\n")
        with open(os.path.join(one.folder, "done"), "w"): pass
        print(f"{time.time() - start:6.0f} s  {example}, built from nothing: {len(one.stacks())} stacks", flush=True)
    return one

def copy(one):
    """A platform for a story."""
    other = Platform(os.path.join(home, "story"))
    for source, target in ((one.folder, other.folder), (one.states, other.states)):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
    return other

def write(folder, edits):
    """Edits as `examples.edits.py` has them: in a file, a text for another; without one, the file is new, and without a new one either, it goes."""
    for path, old, new in edits:
        full = os.path.join(folder, path)
        if old:
            with open(full) as file: text = file.read()
            if text.count(old) != 1:
                fail(f"the story: {path} has {text.count(old)} times: {old}")
            new = text.replace(old, new)
        if new:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w") as file: file.write(new)
        else:
            os.remove(full)

def lines(folder):
    """How many lines people have written and taken away."""
    git(folder, "add", "-A")
    rows = [row.split("\t") for row in git(folder, "diff", "--cached", "--numstat", "--", ".", ":!dist", ":!facts", ":!.platc").splitlines()]
    return sum(int(one) + int(other) for one, other, _ in rows)

def addresses(texts):
    text = re.sub(r"\([^)]*\)", "", "\n".join(texts))
    return set(re.findall(r"`((?:aws|azurerm|azuread|google|digitalocean|opennebula|random|tls|time)_[a-z0-9_]+\.[A-Za-z0-9_-]+)`", text)), sum(map(int, re.findall(r"and (\d+) more", text)))

def environments_of(one, names):
    text = " ".join([path + "." for path in (one["path"], *one["affects"]) if path])
    found = {name for name in names if re.search(rf"(^| ){name}\.", text) or re.search(rf"`{name}[/`]", one["message"])}
    return found or set(names)

def compared(said, rows, names):
    """What Terraform plans against what was told, environment by environment."""
    wrong, told, more = [], {name: set() for name in names}, dict.fromkeys(names, 0)
    for one in said:
        if one["code"] in OF_TERRAFORM:
            for text in [one["message"], *one["notes"]]:
                if re.search("data is held|prevent_destroy|deletion_protection", text):
                    continue
                found, rest = addresses([text])
                # A note may be of some places alone: `in stage.clusters.main: with it go …`.
                own = re.match(r"in (\S+(?:, \S+)*)(?: and \d+ more)?: ", text)
                some = [name for name in names if own and re.search(rf"(^| ){name}\.", own[1])]
                for name in some or environments_of(one, names):
                    told[name] |= found
                    more[name] += rest
    for name in names:
        planned = {re.sub(r"\[.*\]$", "", line.split(" ")[0]) for row in rows if row["environment"] == name for kind in ("replace", "destroy") for line in row[kind]}
        missed = planned - told[name]
        if len(missed) > more[name]:
            wrong.append(f"{name}: not told, but Terraform replaces or destroys {', '.join(sorted(missed))}")
        if told[name] - planned:
            wrong.append(f"{name}: told in vain: {', '.join(sorted(told[name] - planned))}")
    return wrong

def texts(one):
    return " ".join([one["message"], *one["notes"], one["hint"] or "", one["path"] or "", *one["affects"]])

def names_it(said, word):
    return any(re.search(rf"(?<![A-Za-z0-9-]){re.escape(word)}(?![A-Za-z0-9-])", texts(one)) for one in said)

def lost(said, before, after, of_before, of_after, answer):
    """Objects that hold something and are not where they were, and Applications, of which nobody was told."""
    wrong = []
    left = {place[:2] for place in of_before} - {place[:2] for place in of_after}
    for one in sorted(before - after):
        environment, cluster, group, kind, namespace, name = one
        if (group, kind) in KEEPS and not names_it(said, name) and not ((environment, cluster) in left and names_it(said, cluster)):
            wrong.append(f"{environment}/{cluster}: {kind} {namespace + '/' if namespace else ''}{name} is gone, and nobody was told")
    for environment, cluster, name in sorted(of_before - of_after):
        parts = name.removeprefix(f"{cluster}-").removeprefix("tenant-")
        if not any(part in answer for part in (name, parts, parts.partition("-")[2] or parts)):
            wrong.append(f"{environment}/{cluster}: Application {name} is gone, and nobody was told")
    return wrong

def refused(step, said):
    """A step that may not be built: what was told of it, and what is wrong."""
    codes, text = sorted({one["code"] for one in said if one["severity"] == "error"}), "\n".join(map(texts, said))
    wrong = [] if codes == sorted(step["refused"]) else [f"refused: {' '.join(codes)}\n{text[:3000]}"]
    return ["refused:" + " ".join(codes)], wrong + [f"does not say: {words}" for words in step["says"] if words not in text]

def stepped(begin, one, step, is_last, what):
    """A step: edits, what is told of them, and what comes of them. Gives lines, what was told, and what is wrong."""
    wrong = []
    write(one.folder, step["edits"])
    for environment, stack in step["facts"]:
        outputs = run(sys.executable, os.environ["CLOUDS"], "outputs", one.dist, "-e", environment, "-s", stack, "--states", one.states)
        done = subprocess.run([platc, "facts", "record", environment, stack], input=outputs.stdout, text=True, capture_output=True, cwd=one.folder)
        if done.returncode:
            fail(done.stdout + done.stderr + outputs.stderr)
    count = lines(one.folder)
    asked = one.platc("diff", "--against", "HEAD", "--format", "json")
    answer = json.loads(asked.stdout or "{}")
    if "environments" not in answer:
        return count, *refused(step, answer.get("diagnostics", []))
    said = answer["diagnostics"]
    text = "\n".join(map(texts, said))
    before, of_before, was = one.objects(), one.applications(), one.stacks()
    full = {path: one.resources(path) for path in was}
    built = one.platc("build", "-q", "--format", "json")
    if built.returncode:
        print(f"         {what}: {count} lines; refused", flush=True)
        return count, *refused(step, json.loads(built.stdout)["diagnostics"])
    if step["refused"]:
        wrong.append(f"not refused, but should be: {' '.join(step['refused'])}")
    changed = {"/".join(path.split("/")[1:4]) for path in git(one.folder, "status", "--porcelain", "--no-renames", "-uall", "-z", "--", "dist/terraform").replace("\0", "\n").splitlines()
        for path in [path[3:]] if path.count("/") > 3}
    now = one.stacks()
    changed &= set(now)
    affected = {path.split("dist/", 1)[1] for path in one.platc("affected", "--against", "HEAD", "--matrix", "stacks").stdout.split()} if changed else set()
    if changed != affected & set(now):
        wrong.append(f"`affected` says {' '.join(sorted(affected))}, and these are changed: {' '.join(sorted(changed))}")
    planned = changed | (affected & set(now))
    # A stack that comes reads stacks that are there.
    read = {(one_read["environment"], one_read["stack"]) for path in planned for one_read in now[path][0]["reads"]}
    beside = {path for path, (entry, _) in now.items() if (entry["environment"], entry["stack"]) in read}
    for state in () if is_short else begin.install(planned | beside):
        if not os.path.exists(os.path.join(one.states, state)):
            os.makedirs(os.path.dirname(os.path.join(one.states, state)), exist_ok=True)
            shutil.copy(os.path.join(begin.states, state), os.path.join(one.states, state))
    rows = [] if is_short else one.apply(planned, is_last)
    names = sorted({entry["environment"] for entry, _ in [*was.values(), *now.values()]})
    wrong += [] if is_short else compared(said, rows, names)
    wrong += lost(said, before, one.objects(), of_before, one.applications(), asked.stdout)
    for path, (entry, state) in was.items():
        place = f"{entry['environment']}/{entry['stack']}"
        if path in now and state != now[path][1] and "state-moves" not in {one["code"] for one in said}:
            wrong.append(f"the state of {place} is looked for elsewhere, and nobody was told")
        if path not in now and full[path] and not names_it(said, entry["stack"]):
            wrong.append(f"{full[path]} resources of {place} are left behind, and nobody was told")
    grave = sorted({one["code"] for one in said if one.get("level")})
    if grave != sorted(step["hurts"]):
        wrong.append(f"told gravely: {' '.join(grave) or 'nothing'}; the story has: {' '.join(step.get('hurts', [])) or 'nothing'}\n"
            + "\n".join(f"          {one['code']} ({one['level']}): {texts(one)[:600]}" for one in said if one.get("level")))
    wrong += [f"does not say: {words}" for words in step["says"] if words not in text]
    touched = {kind: sum(len(row[kind]) for row in rows) for kind in ("add", "change", "replace", "destroy", "moved")}
    did = ", ".join(f"{number} {kind}" for kind, number in touched.items() if number) or ("Terraform is not asked" if is_short and planned else "Terraform does nothing")
    gone = len(of_before - one.applications()), len(one.applications() - of_before)
    print(f"         {what}: {count} lines; {did}; {gone[1]} Applications come, {gone[0]} go", flush=True)
    other = sorted({one["code"] for one in said if not one.get("level")} - set(grave))
    one.commit()
    return count, [*(f"{code}!" for code in grave), *other], wrong

def played(story):
    start, total, told, wrong = time.time(), 0, [], []
    try:
        begin = begun(story["example"])
        start = time.time()
        one = copy(begin)
        for number, step in enumerate(story["steps"], 1):
            if is_short and step["facts"]:
                continue
            count, said, found = stepped(begin, one, step, number == len(story["steps"]), story["name"] + f", step {number}" * (len(story["steps"]) > 1))
            total, told = total + count, told + [code for code in said if code not in told]
            wrong += [f"step {number}: {text}" for text in found]
    except Failed as failed:
        wrong.append(str(failed)[-3000:])
    for text in wrong:
        print(f"WRONG    {story['name']}: {text}", flush=True)
    print(f"{time.time() - start:6.0f} s  {story['name']}: {' '.join(told) or 'nothing told'}", flush=True)
    return (story["name"], story["example"], total, time.time() - start, told, wrong)

def screen():
    """What the two environments of the fleet differ in fits a screen."""
    start, one = time.time(), begun("k3s-fleet")
    done = one.platc("diff", "dev", "prod")
    height = len(done.stdout.splitlines())
    wrong = [] if height <= 50 else [f"{height} lines"]
    return ("`diff dev prod` of the fleet fits a screen", "k3s-fleet", height, time.time() - start, [], wrong)

is_short = "short" in sys.argv
words = [word.lower() for word in sys.argv[1:] if word != "short"]
chosen = [story for story in STORIES if not words or any(word in (story["name"] + " " + story["example"]).lower() for word in words)]
results = [played(story) for story in chosen]
if not words or "screen" in words:
    results.append(screen())
if not results:
    sys.exit("no story has these words; there are:\n" + "\n".join(story["name"] for story in STORIES))
print(f"\n{'lines':>5} {'s':>5}  {'story':<62} {'example':<24} told before (! is grave)")
for name, example, count, seconds, told, wrong in results:
    print(f"{count:5} {seconds:5.0f}  {name:<62} {example:<24} {' '.join(told) or '-'}{'   WRONG' if wrong else ''}")
sys.exit(f"{sum(bool(row[-1]) for row in results)} of {len(results)} are wrong" if any(row[-1] for row in results) else 0)
