"""What `.ci/long.d/clouds` asks Terraform. Each part builds a platform, has it applied, changes what people change, builds again, and has it planned.
Out go a line for each question, and 1 if an answer is wrong."""
import copy, hashlib, json, os, shutil, subprocess, sys, time
from foretold import foretold as stacks_foretold

home, platc, clouds = os.environ["HOME_OF_TEST"], os.path.abspath(os.environ["PLATC"]), os.environ["CLOUDS"]
wrong = []
# What only ever changes in place when a cluster gets a zone: it knows its subnets.
KNOW_SUBNETS = {"aws_eks_cluster.this", "aws_vpc_endpoint.s3"}

CLASSES = {
    "infrastructure": {
        "bucket": {
            "data": True,
            "provider": "aws",
            "providers": {"aws": {"region": "eu-west-1"}},
            "terraform": {"resource": {"aws_s3_bucket": {"${self.name}": {"bucket": "${environment.name}-${self.name}"}}}},
            "outputs": {"arn": "${resource.aws_s3_bucket[self.name].arn}"},
        },
        "queue": {
            "provider": "aws",
            "schema": {"of": "ref(infrastructure)"},
            "providers": {"aws": {"region": "eu-west-1"}},
            "terraform": {"resource": {"aws_sqs_queue": {"${self.name}": {"name": "${environment.name}-${self.name}", "tags": {"for": "${has(self.of) ? self.of.outputs.arn : ''}"}}}}},
        },
    },
    "tenant": {"tenant": {"inherits": "tenant", "provider": "aws", "terraform": {"resource": {"aws_sqs_queue": {"tenant-${self.name}": {"name": "${cluster.fullName}-${self.name}"}}}}}},
    "application": {"worker": {"inherits": "application", "provider": "aws", "terraform": {"resource": {"aws_sqs_queue": {"${tenant.name}-${self.name}": {"name": "${cluster.fullName}-${tenant.name}-${self.name}"}}}}}},
}

def cluster(zones, **more):
    pools = {name: {"instanceTypes": [machine], "size": {"min": 1, "max": 3}} for name, machine in [("default", "t3a.large"), ("gpu", "g5.xlarge")]}
    return {"class": "eks", "region": "eu-west-1", "zones": [f"eu-west-1{zone}" for zone in zones], "nodePools": pools, **more}

def platform():
    """One environment or two, two clusters, and something of every kind that has Terraform."""
    return {
        "platform": {
            "name": "acme", "domain": "infra.example.com", "repository": {"url": "https://git.example.com/acme/platform.git"}, "promotion": ["ops", "apps"],
            "terraform": {"backend": {"s3": {"bucket": "acme", "region": "eu-west-1", "key": "${environment.name}/${stack.name}"}}},
        },
        "environments": {"apps": {}, "ops": {"inherits": "apps"}},
        "classes": copy.deepcopy(CLASSES),
        "clusters": {"gc0": cluster("abc"), "gc1": cluster("ab")},
        "services": {"external-dns": {}, "cluster-autoscaler": {}},
        "infrastructure": {
            "uploads": {"class": "bucket"}, "backups": {"class": "bucket", "placement": "all"},
            "jobs": {"class": "queue", "of": "uploads"}, "mails": {"class": "queue", "stack": "jobs"},
        },
        "tenants": {
            team: {
                "policies": None, "namespaces": {"web": {}}, "repositories": ["https://git.example.com/*"],
                "applications": {"shop": {"class": "worker", "namespace": "web", "repository": "https://git.example.com/shop", "path": "."}},
            }
            for team in ("red", "blue")
        },
    }

class Life:
    """A project with the states of what was applied."""
    def __init__(self, name, written):
        self.folder, self.states, self.known = os.path.join(home, name), os.path.join(home, name + "-states"), {}
        os.makedirs(self.folder)
        self.build(written)
        self.git("init", "-q")
        self.ask("apply")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "before")

    def git(self, *arguments):
        subprocess.run(["git", "-C", self.folder, "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments], check=True, capture_output=True)

    def platc(self, *arguments):
        return subprocess.run([platc, "-C", self.folder, "--color", "never", *arguments], text=True, capture_output=True)

    def write(self, written):
        with open(os.path.join(self.folder, "platform.yaml"), "w") as file:
            json.dump(written, file)

    def build(self, written):
        self.write(written)
        done = self.platc("build")
        if done.returncode:
            sys.exit(done.stdout + done.stderr)

    def read(self, path):
        with open(os.path.join(self.folder, "dist", path)) as file:
            return file.read()

    def ask(self, verb):
        done = subprocess.run([sys.executable, clouds, verb, os.path.join(self.folder, "dist"), "--states", self.states, "--json"], text=True, capture_output=True)
        if done.returncode == 2 or not done.stdout:
            sys.exit(done.stdout + done.stderr)
        return json.loads(done.stdout)

    def plan(self, written):
        """What Terraform would do; files that it has planned before, byte for byte, it is not asked about again, unless `every` is among the arguments."""
        self.build(written)
        digest, folder = hashlib.sha256(), os.path.join(self.folder, "dist", "terraform")
        for root, folders, files in os.walk(folder):
            folders.sort()
            for name in sorted(files):
                with open(os.path.join(root, name), "rb") as file:
                    digest.update(os.path.relpath(os.path.join(root, name), folder).encode() + b"\0" + file.read() + b"\0")
        key = digest.digest()
        if key not in self.known or is_thorough:
            self.known[key] = self.ask("plan")
        return self.known[key]

def holds(what, test, why=""):
    if not test:
        wrong.append(what)
    print(f"{'   yes  ' if test else 'WRONG   '} {what}" + ("" if test else f"\n{why}"), flush=True)

def is_nothing(rows):
    return all("orphan" not in row and not any(row[kind] for kind in ("add", "change", "replace", "destroy", "moved")) for row in rows)

def said(rows):
    """What of a plan is no answer to `nothing`."""
    return json.dumps([{key: row[key] for key in row if row[key] and key != "state"} for row in rows], indent=1)

def renamed(things, **names):
    """Things under other names, each with the identity that it has."""
    return {names.get(name, name): {**thing, "identity": thing.get("identity", name)} if name in names else thing for name, thing in things.items()}

def rename(written, kind, **names):
    written = copy.deepcopy(written)
    # Where it is said by a text who it is.
    if kind == "services":
        for name in names:
            written["services"][name] = {"class": name, **written["services"][name]}
    if kind == "environments":
        written["platform"]["promotion"] = [names.get(name, name) for name in written["platform"]["promotion"]]
        for body in written["environments"].values():
            if "inherits" in body:
                body["inherits"] = names.get(body["inherits"], body["inherits"])
    if kind == "infrastructure":
        for body in written["infrastructure"].values():
            for field in ("of", "stack"):
                if body.get(field) in names:
                    body[field] = names[body[field]]
    if kind == "nodePools":
        for body in written["clusters"].values():
            body["nodePools"] = renamed(body["nodePools"], **names)
    elif kind == "applications":
        for body in written["tenants"].values():
            body["applications"] = renamed(body["applications"], **names)
    else:
        written[kind] = renamed(written[kind], **names)
    return written

# Each kind with a rename, a swap where there are two, and a chain, which ends with the name that it began with.
NAMES = {
    "clusters": ("gc0", "gc1"), "nodePools": ("default", "gpu"), "infrastructure": ("uploads", "jobs"), "environments": ("apps", "ops"),
    "services": ("external-dns", "cluster-autoscaler"), "tenants": ("red", "blue"), "applications": ("shop", None),
}

def renames(short=False):
    before = platform()
    if short:
        before["environments"], before["platform"]["promotion"] = {"apps": {}}, ["apps"]
        del before["clusters"]["gc1"]
    life = Life("renames", before)
    asked = lambda what, written: holds(what, is_nothing(rows := life.plan(written)), said(rows))
    asked("what was built twice is what was applied", before)
    both = copy.deepcopy(before)
    for kind, (one, other) in NAMES.items():
        once = rename(before, kind, **{one: "alpha"})
        if not short:
            asked(f"{kind}: a rename changes nothing", once)
            asked(f"{kind}: neither does a second one", rename(once, kind, alpha="omega"))
        if other and not short:
            asked(f"{kind}: two that swap their names are who they were", rename(before, kind, **{one: other, other: one}))
            asked(f"{kind}: a name that moves on to the next is nobody else's", rename(rename(before, kind, **{other: "omega"}), kind, **{one: other}))
        both = rename(both, kind, **{one: "alpha"})
    asked("everything at once", both)
    asked("and back", before)
    if short:
        return
    # Together with a move to another stack, which is another state: of what keeps data it is refused, of anything else it is told.
    moved = rename(before, "infrastructure", uploads="alpha")
    moved["infrastructure"]["alpha"]["stack"] = "jobs"
    moved["infrastructure"]["alpha"].pop("of", None)
    life.write(moved)
    done = life.platc("build")
    holds("a rename that moves data to another stack is refused, with what to do", done.returncode == 1 and "data-without-word" in done.stderr and "enabled: forget" in done.stderr, done.stderr)
    moved = rename(before, "infrastructure", mails="alpha")
    del moved["infrastructure"]["alpha"]["stack"]
    life.write(moved)
    done = life.platc("diff", "--against", "HEAD", "apps")
    line = next((line for line in done.stdout.splitlines() if line.startswith("  stack ")), "")
    holds("of what keeps no data, `diff` says that it is replaced", line.endswith("replaces"), done.stdout + done.stderr)

def zones(short=False):
    pinned = lambda letters: {"nodePools": {"default": {"instanceTypes": ["t3a.large"], "size": {"min": 1, "max": 3}, "zones": [f"eu-west-1{zone}" for zone in letters]}}}
    def written(letters, pin="bc", **network):
        written = platform()
        written["environments"], written["platform"]["promotion"] = {"apps": {}}, ["apps"]
        written["tenants"], written["infrastructure"], written["services"] = {}, {}, {}
        one, other = cluster(letters), cluster(letters, network={"nat": "single", **network})
        if pin:
            one["nodePools"], other["nodePools"] = pinned(pin)["nodePools"], pinned(pin)["nodePools"]
        written["clusters"] = {"gc0": one, "gc1": other}
        return written
    life = Life("zones", written("bc"))
    for what, letters, network in [
        ("in front, its gateway written", "abc", {"natZone": "eu-west-1b"}), ("at the end", "bcd", {}), ("in between, in another order", "cdb", {}),
    ][: 1 if short else 3]:
        rows = life.plan(written(letters, **network))
        only = all(row["add"] and not row["replace"] and not row["destroy"] and set(row["change"]) <= KNOW_SUBNETS for row in rows)
        holds(f"zones: another one {what} adds, and moves nothing", only, said(rows))
    holds("zones: their order means nothing", is_nothing(rows := life.plan(written("cb"))), said(rows))
    if short:
        return
    life = Life("unpinned", written("bc", pin=None))
    life.write(written("bcd", pin=None))
    done = life.platc("diff", "--against", "HEAD", "apps")
    holds("zones: `diff` says that pools which pin none are replaced, and how they are pinned", "replaces" in done.stdout and "zones: [eu-west-1b, eu-west-1c]`" in done.stdout, done.stdout)
    replaced = [line.split(" ")[0] for row in life.plan(written("bcd", pin=None)) for line in row["replace"]]
    holds("zones: and so says Terraform", sorted(set(replaced)) == ["aws_eks_node_group.default", "aws_eks_node_group.gpu"], str(replaced))
    holds("zones: pinned as `diff` says, nothing changes", is_nothing(rows := life.plan(pin_all(written("bc", pin=None), "bc"))), said(rows))
    rows = life.plan(pin_all(written("bcd", pin=None), "bc"))
    holds("zones: then the zone comes, and pools stay", all(row["add"] and not row["replace"] and not row["destroy"] for row in rows), said(rows))

def pin_all(written, letters):
    for body in written["clusters"].values():
        for pool in body["nodePools"].values():
            pool["zones"] = [f"eu-west-1{zone}" for zone in letters]
    return written

def minimum(short=False):
    """More nodes at least: with an autoscaler Terraform leaves alone how many there are, without one it says so."""
    def written(least, **size):
        written = platform()
        written["environments"], written["platform"]["promotion"] = {"apps": {}}, ["apps"]
        written["tenants"], written["infrastructure"], written["services"], written["clusters"] = {}, {}, {}, {"gc0": cluster("ab")}
        written["clusters"]["gc0"]["nodePools"]["default"]["size"] = {"min": least, "max": 5, **size}
        return written
    life = Life("minimum", written(1, autoscaled=False))
    rows = life.plan(written(3, autoscaled=False))
    holds("minimum: it changes in place", all(row["change"] == ["aws_eks_node_group.default"] and not row["replace"] for row in rows), said(rows))
    with open(os.path.join(life.folder, "dist/terraform/apps/gc0/main.tf.json")) as file:
        pool = json.load(file)["resource"]["aws_eks_node_group"]["default"]
    holds("minimum: and so many there are", pool["scaling_config"] == {"min_size": 3, "max_size": 5, "desired_size": 3} and "ignore_changes" not in pool["lifecycle"], json.dumps(pool))

    life = Life("autoscaled", written(1))
    rows = life.plan(written(3))
    told = life.platc("diff", "--against", "HEAD").stderr
    command = "aws eks update-nodegroup-config --cluster-name gc0-apps-eu-west-1 --nodegroup-name $(terraform output -raw nodePool_default_nodeGroupName) --scaling-config minSize=3,maxSize=5,desiredSize=3"
    holds("minimum: with an autoscaler `diff` says what to do first", "hazardous-change" in told and command in told, told)
    holds("minimum: and Terraform would change the minimum alone", all(row["change"] == ["aws_eks_node_group.default"] and not row["replace"] for row in rows), said(rows))
    holds("minimum: the stack has the output that the command asks for", "nodePool_default_nodeGroupName" in life.read("terraform/apps/gc0/outputs.tf.json"))

def called(short=False):
    """A cluster that is called differently, and one that is called as before by another word; a state that is looked for elsewhere."""
    def written(**more):
        written = platform()
        written["environments"], written["platform"]["promotion"] = {"apps": {}}, ["apps"]
        written["tenants"], written["infrastructure"], written["services"], written["clusters"] = {}, {}, {}, {"gc0": {**cluster("ab"), **more}}
        return written
    life = Life("called", written())
    for what, more in [("prefix", {"prefix": "big"}), ("region", {"region": "eu-central-1", "zones": ["eu-central-1a", "eu-central-1b"]})]:
        rows = life.plan(written(**more))
        told = life.platc("diff", "--against", "HEAD").stderr
        holds(f"called: with another {what} the cluster is replaced", any(one.startswith("aws_eks_cluster.this ") for row in rows for one in row["replace"]), said(rows))
        holds(f"called: and `diff` says so of {what}", "replaced-by-name" in told, told)
    holds("called: as `diff` says, the cluster keeps its name and all it has", is_nothing(life.plan(written(identity="gc0", prefix="gc0"))))
    moved = written()
    moved["platform"]["terraform"]["backend"]["s3"]["key"] = "states/${environment.name}/${stack.name}"
    life.build(moved)
    told = life.platc("diff", "--against", "HEAD").stderr
    holds("called: `diff` says that the state is looked for elsewhere", "state-moves" in told, told)

def foretold(short):
    """All that `diff` foretells of the starter is what Terraform plans."""
    for edit, why in stacks_foretold(home, platc, clouds, 1 if short else None):
        holds(f"foretold: {' '.join(edit.split())}", not why, why)

PARTS = {"renames": renames, "zones": zones, "minimum": minimum, "called": called, "foretold": foretold}
arguments = sys.argv[1:]
is_short, is_thorough = "short" in arguments, "every" in arguments
for part in [name for name in arguments if name not in ("short", "every")] or PARTS:
    start = time.time()
    if part not in PARTS:
        sys.exit(f"there is no part `{part}`; there are: {' '.join(PARTS)}")
    PARTS[part](is_short)
    print(f"{time.time() - start:6.0f} s  {part}", flush=True)
shutil.rmtree(home, ignore_errors=True)
sys.exit(f"wrong: {', '.join(wrong)}" if wrong else 0)
