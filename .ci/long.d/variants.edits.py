"""Edits of an example, chosen by a seed: what a person could make of it. In come its words; out go texts in other places, in groups, each with what it does. No edit
touches what another does. What an example does not allow is said, and left out."""
import fnmatch, re

AWS = ["eu-west-1", "eu-central-1", "eu-north-1", "us-east-1", "us-west-2", "ap-southeast-1"]
GOOGLE = {"europe-west1": "bcd", "europe-west4": "abc", "us-central1": "abc", "europe-north1": "abc"}
AZURE = ["westeurope", "northeurope", "swedencentral", "eastus2"]
OCEAN = ["fra1", "ams3", "nyc3", "sgp1"]
MACHINES = [["t3a.large", "t3a.xlarge", "t3a.2xlarge", "m7i.large", "m7i.xlarge", "m7a.xlarge", "m6a.xlarge"], ["g5.xlarge", "g5.2xlarge", "g6.xlarge"],
    ["e2-standard-4", "e2-standard-8", "n2-standard-4", "n2-standard-8"], ["Standard_D4as_v5", "Standard_D8as_v5", "Standard_D2as_v5"],
    ["s-4vcpu-8gb", "s-8vcpu-16gb", "g-4vcpu-16gb", "g-2vcpu-8gb"], ["db.t4g.micro", "db.t4g.medium", "db.m7g.large", "db.m7g.xlarge"]]
# Keys of what is larger or smaller.
COUNTS = {"replicas", "replicaCount", "expireDays", "pods", "min", "max", "cpu", "requests.cpu"}
AMOUNTS = {"storage", "size", "disk", "memory", "requests.memory", "limits.memory", "storageLimit"}
# Fields that refer to things by name, and the kinds that may stand there. `owner` is none of them: it is a part of a path outside, so an identity.
REFERENCES = {"placement": ["clusters"], "hub": ["clusters"], "dependsOn": ["services", "infrastructure"], "connectsTo": ["applications", "services"],
    "acceptsFrom": ["applications"], "uses": ["infrastructure", "applications"], "ingress": ["services"], "tenant": ["tenants"],
    "of": ["infrastructure"], "parent": ["infrastructure"], "allowFrom": []}
KINDS = ["clusters", "services", "tenants", "infrastructure"]
CLOUDS = {
    "eks": {"region": "eu-west-1", "zones": "[eu-west-1a, eu-west-1b, eu-west-1c]", "machine": "t3a.xlarge",
        "access": '{ platform: { principalArn: "arn:aws:iam::111122223333:role/platform", policy: AmazonEKSClusterAdminPolicy } }'},
    "aks": {"region": "westeurope", "zones": '["1", "2", "3"]', "machine": "Standard_D4as_v5",
        "access": "{ platform: { principalId: 11111111-1111-1111-1111-111111111111, role: Azure Kubernetes Service RBAC Cluster Admin } }"},
    "gke": {"region": "europe-west1", "zones": "[europe-west1-b, europe-west1-c, europe-west1-d]", "machine": "e2-standard-8", "project": "acme-${environment.name}"},
}
# What has nothing of its cloud but the cluster itself.
MOVABLE = {"multi-cloud": ["aws0", "azure0", "gcp0"], "shared-environment": ["gc0"], "customers": ["gc0"]}
# What is said of one environment by `onlyIn`, and so is not in an heir.
BOUND = {"k3s-fleet": "its clusters say in which environment they are"}

class Group:
    """Edits that do one thing. `is_named`: it is told by its name, not by its lines. `waits`: an environment without the facts that the one has that it inherits."""
    def __init__(self, what, kind, edits, is_named=False, names=(), moves=(), waits=None):
        self.what, self.kind, self.edits, self.is_named, self.names, self.moves, self.waits = what, kind, edits, is_named, list(names), list(moves), waits

class Edits:
    def __init__(self, example, sources, words, facts, chance):
        self.example, self.sources, self.words, self.facts, self.chance = example, sources, words, facts, chance
        self.groups, self.taken, self.skipped = [], [], []

    def add(self, group):
        """Takes a group, unless it touches what is taken."""
        spans = [(file, start, end) for file, start, end, _ in group.edits]
        if not spans or any(one[0] == other[0] and one[1] < max(other[2], other[1] + 1) and other[1] < max(one[2], one[1] + 1) for one in spans for other in self.taken):
            return False
        self.taken += spans
        self.groups.append(group)
        return True

    def put(self, word, text):
        """A text in the place of a word, quoted as that is."""
        source = self.sources[word.file]
        quote = source[word.start] if word.is_quoted(source) else ""
        return (word.file, word.start, word.end, f"{quote}{text}{quote}")

    def within(self, word, pattern, text):
        """Parts of a word that match."""
        raw = self.sources[word.file][word.start:word.end]
        return [(word.file, word.start + part.start(1), word.start + part.end(1), text) for part in re.finditer(pattern, raw)]

    def into(self, key, fields):
        """Fields that come first behind a key."""
        kind, at, column, has_some = key.inner
        if kind == "header":
            return (key.file, at, at, "".join(f'{name} = "{value}"\n' for name, value in fields))
        if kind == "flow":
            return (key.file, at + 1, at + 1, " " + ", ".join(f"{name}: {value}" for name, value in fields) + (", " if has_some else " "))
        if kind == "block":
            return (key.file, at, at, "".join(f"{name}: {value}\n{' ' * column}" for name, value in fields))
        return None

    def free(self, stem):
        """A name that nothing has."""
        text = "\n".join(self.sources.values())
        return next(name for name in (f"{self.chance.choice(['new', 'our', 'alt'])}{stem[:5].strip('-')}{number or ''}".replace("_", "-") for number in range(99)) if name not in text)

    def bodies(self):
        """Words that are not those of classes."""
        return [word for word in self.words if word.path[0] != "classes"]

    # Environments

    def environments(self):
        return [word for word in self.bodies() if word.role == "key" and len(word.path) == 2 and word.path[0] == "environments"]

    def of_environment(self, name):
        """Words that mean an environment."""
        for word in self.words:
            path = word.path
            if word.text != name:
                continue
            if word.role == "key" and len(path) > 1 and path[-2] == "environments":
                yield word
            elif word.role == "value" and (path[0] == "environments" and path[2:] == ("inherits",) or any(key in ("onlyIn", "notIn", "promotion") for key in path[-2:])):
                yield word

    def rename_environment(self, has_identity):
        if not self.environments():
            return
        key = self.chance.choice(self.environments())
        name, new = key.text, self.free(key.text)
        edits = [self.put(word, new) for word in self.of_environment(name)]
        for word in self.words:
            if word.role == "value" and "${" in word.text:
                edits += self.within(word, rf'"({re.escape(name)})"', new)
        if has_identity:
            made = self.into(key, [("identity", name)])
            if made is None:
                return
            edits.append(made)
        # Facts are of an identity.
        moves = [(f"facts/{name}", f"facts/{new}")] if name in self.facts and not has_identity else []
        self.add(Group(f"environment `{name}` is `{new}`, {'with' if has_identity else 'without'} identity", "renamed" if has_identity else "anew", edits, True, [new], moves))

    def new_environment(self):
        if self.example in BOUND:
            self.skipped.append(f"a new environment: {BOUND[self.example]}")
            return
        shared = {word.path[1] for word in self.words if word.path[0] == "environments" and word.path[2:] == ("shared",)}
        heirs = [key for key in self.environments() if key.text not in shared]
        key = self.chance.choice(heirs)
        new, source = self.free(key.text), self.sources[key.file]
        # Where it comes from in Git is not inherited.
        followed = next((word.text for word in self.words if word.role == "value" and word.path == ("environments", key.text, "argocd", "revision")), None)
        revision = f", argocd: {{ revision: {followed} }}" if followed else ""
        if key.file.endswith(".toml"):
            edits = [(key.file, len(source), len(source), f'\n[environments.{new}]\ninherits = "{key.text}"\n')]
        else:
            at = source.rindex("\n", 0, key.start) + 1
            edits = [(key.file, at, at, f"{source[at:key.start]}{new}: {{ inherits: {key.text}{revision} }}\n")]
        order = [word for word in self.words if word.path[-2:] == ("promotion", "#")]
        if order:
            quote = '"' if order[-1].is_quoted(self.sources[order[-1].file]) else ""
            edits.append((order[-1].file, order[-1].end, order[-1].end, f", {quote}{new}{quote}"))
        copies = [(f"facts/{key.text}", f"facts/{new}", "copy")] if key.text in self.facts and self.chance.random() < 0.7 else []
        waits = new if key.text in self.facts and not copies else None
        self.add(Group(f"environment `{new}` inherits `{key.text}`{', without its facts' if waits else ''}", "anew", edits, True, [new], copies, waits))

    # Things

    def things(self):
        """Keys that define things, with their kind."""
        for word in self.bodies():
            if word.role != "key" or "$" in word.text or "*" in word.text or word.inner is None or word.inner[0] == "empty":
                continue
            if len(word.path) == 2 and word.path[0] in KINDS and not self.is_bound(word.file):
                # What says nothing but applications only adds to a tenant.
                if word.path[0] == "tenants" and {other.path[2] for other in self.words if other.file == word.file and other.path[:2] == word.path and len(other.path) > 2} == {"applications"}:
                    continue
                yield word.path[0], word
            elif len(word.path) == 4 and word.path[0] == "tenants" and word.path[2] == "applications" and not self.is_bound(word.file):
                yield "applications", word

    def is_bound(self, file):
        """Whether a file lies in a folder that a tenant has, where nothing has an identity."""
        return any(word.role == "key" and word.path[:2] == ("platform", "folders") and len(word.path) == 3 and fnmatch.fnmatch(file, word.text) for word in self.words)

    def has(self, path, *fields):
        return any(word.role == "key" and word.path[:len(path)] == path and word.path[len(path):] in [(field,) for field in fields] for word in self.words)

    def rename_thing(self):
        kind, key = self.chance.choice(list(self.things()))
        name, path = key.text, key.path
        if self.has(path, "abstract") or self.has(path, "identity") or (kind == "infrastructure" and any(name.startswith(f"{other.path[1]}-") for _, other in self.things() if other.path[0] == "tenants")):
            return
        new = self.free(name)
        fields = [("identity", name)]
        if kind == "services" and not self.has(path, "class"):
            fields.append(("class", name))
        edits = [self.into(key, fields)]
        tenant = path[1] if kind == "applications" else None
        for word in self.words:
            if word.role == "key":
                if len(word.path) == len(path) and word.path == path:
                    edits.append(self.put(word, new))
                elif kind == "tenants" and word.path[:1] == ("infrastructure",) and len(word.path) == 2 and name + "-" in word.text[:len(name) + 1]:
                    edits.append(self.put(word, new + word.text[len(name):]))
                elif kind == "applications" and word.path[:2] == path[:2] and word.path[-2:] == ("applications", name):
                    edits.append(self.put(word, new))
                continue
            field = next((part for part in reversed(word.path) if part != "#"), "")
            is_own = kind != "applications" or word.path[:2] == ("tenants", tenant)
            if field in REFERENCES and word.text == name and kind in REFERENCES[field] and is_own:
                edits.append(self.put(word, new))
            elif field == "inherits" and word.text == name and word.path[:-1][:len(path) - 1] == path[:-1] and len(word.path) == len(path) + 1:
                edits.append(self.put(word, new))
            else:
                edits += self.mentions(word, kind, name, new, tenant)
        self.add(Group(f"{kind} `{'.'.join(path[1:])}` is `{new}`, with identity", "renamed", edits, True, [new]))

    def mentions(self, word, kind, name, new, tenant):
        """Paths and expressions in a text that mean a thing."""
        one = re.escape(name)
        if kind == "applications":
            made = self.within(word, rf"tenants\.{re.escape(tenant)}\.applications\.({one})(?![\w-])", new)
            return made + (self.within(word, rf"tenant\.applications\.({one})(?![\w-])", new) if word.path[:2] == ("tenants", tenant) or word.path[0] == "applications" else [])
        made = self.within(word, rf"(?<![\w.-]){kind}\.({one})(?![\w-])", new)
        if kind in ("clusters", "services", "infrastructure"):
            made += self.within(word, rf"{kind}\[[\"']({one})[\"']\]", new)
        if kind == "tenants":
            made += self.within(word, rf"infrastructure\.({one})-\*", new)
        return made

    # Regions, zones and clouds

    def clusters(self):
        return [word for word in self.bodies() if word.role == "key" and len(word.path) == 2 and word.path[0] == "clusters"]

    def region(self):
        """Another region of the same cloud, for a cluster and those zones that stand in it."""
        found = [word for word in self.bodies() if word.role == "value" and len(word.path) == 3 and word.path[0] == "clusters" and word.path[2] == "region"]
        if not found:
            return
        word = self.chance.choice(found)
        old, cluster = word.text, word.path[1]
        zones = [other for other in self.bodies() if other.role == "value" and other.path[:2] == ("clusters", cluster) and other.path[-2:] == ("zones", "#")]
        if old in AWS:
            new = self.chance.choice([name for name in AWS if name != old])
            edits = [self.put(zone, new + zone.text[len(old):]) for zone in zones if zone.text.startswith(old)]
        elif old in GOOGLE:
            new = self.chance.choice([name for name in GOOGLE if name != old])
            edits = [self.put(zone, f"{new}-{GOOGLE[new][GOOGLE[old].index(zone.text[-1])]}") for zone in zones]
        else:
            table = AZURE if old in AZURE else OCEAN if old in OCEAN else [old, "dc2", "dc3"]
            new, edits = self.chance.choice([name for name in table if name != old]), []
        # What inherits this cluster says its own zones.
        self.add(Group(f"cluster `{cluster}` is in {new}, no longer in {old}", "replaced", [self.put(word, new), *edits]))

    def zones(self):
        """One zone more, or one less."""
        found = {}
        for word in self.bodies():
            if word.role == "value" and len(word.path) == 4 and word.path[0] == "clusters" and word.path[2:] == ("zones", "#"):
                found.setdefault(word.path[1], []).append(word)
        found = {name: zones for name, zones in found.items() if re.match(r"[a-z]+-[a-z]+-\d[a-z]$", zones[0].text)}
        if not found:
            return
        cluster = self.chance.choice(list(found))
        last = found[cluster][-1]
        if len(found[cluster]) == 2:
            self.add(Group(f"cluster `{cluster}` has a further zone", "replaced", [(last.file, last.end, last.end, f", {last.text[:-1]}{chr(ord(last.text[-1]) + 1)}")]))
            return
        pools = [word for word in self.bodies() if word.role == "value" and word.path[0] == "clusters" and word.path[2:3] == ("nodePools",) and word.path[-2:] == ("zones", "#")]
        gone = [last, *[word for word in pools if word.text == last.text]]
        edits = []
        for word in gone:
            source = self.sources[word.file]
            start = source.rindex(",", 0, word.start)
            edits.append((word.file, start, word.end, ""))
        self.add(Group(f"cluster `{cluster}` has one zone less", "replaced", edits))

    def cloud(self):
        """A cluster of another cloud, with the fields that it has there."""
        allowed = MOVABLE.get(self.example)
        if not allowed:
            self.skipped.append("a cluster of another cloud: services, access or infrastructure are those of its cloud")
            return
        cluster = self.chance.choice(allowed)
        own = [word for word in self.words if word.path[:2] == ("clusters", cluster)]
        kind = next(word for word in own if word.path[2:] == ("class",) and word.role == "value")
        new = self.chance.choice([name for name in CLOUDS if name != kind.text])
        row, edits, source = CLOUDS[new], [self.put(kind, new)], self.sources[kind.file]
        for word in own:
            field = word.path[2:]
            if word.role == "value" and field == ("region",):
                edits.append(self.put(word, row["region"]))
            elif word.role == "value" and field == ("nodePools", "default", "instanceTypes", "#"):
                edits.append(self.put(word, row["machine"]))
            elif word.role == "key" and field in (("zones",), ("access",), ("project",)):
                start = source.rindex("\n", 0, word.start) + 1
                end = source.index("\n", start) + 1
                value = row.get(field[0])
                edits.append((word.file, start, end, f"    {field[0]}: {value}\n" if value else ""))
        for field in ("access", "project"):
            if field in row and not self.has(("clusters", cluster), field):
                at = source.rindex("\n", 0, kind.start) + 1
                edits.append((kind.file, at, at, f"    {field}: {row[field]}\n"))
        self.add(Group(f"cluster `{cluster}` is of class {new}, no longer {kind.text}", "replaced", edits))

    # Sizes

    def sizes(self):
        for word in self.bodies():
            if word.role != "value" or "$" in word.text:
                continue
            field = next((part for part in reversed(word.path) if part != "#"), "")
            if field in COUNTS | AMOUNTS and re.fullmatch(r"\d+([KMGT]i)?", word.text):
                yield word
            elif any(word.text in row for row in MACHINES) and field in ("instanceTypes", "instanceClass"):
                yield word
            elif field == "tag" and re.fullmatch(r"\d+\.\d+\.\d+", word.text):
                yield word

    def size(self):
        found = list(self.sizes())
        if not found:
            return
        word = self.chance.choice(found)
        field = next(part for part in reversed(word.path) if part != "#")
        row = next((row for row in MACHINES if word.text in row), None)
        if row:
            beside = {other.text for other in self.words if other.path == word.path}
            new = self.chance.choice([name for name in row if name not in beside])
        elif field == "tag":
            major, _, patch = word.text.split(".")
            new = f"{major}.{self.chance.randint(20, 29)}.{patch}"
        elif field == "min":
            most = next((int(other.text) for other in self.words if other.role == "value" and other.path == (*word.path[:-1], "max")), 99)
            new = str(int(word.text) + 1 if int(word.text) + 1 <= most else int(word.text) - 1)
        else:
            number, unit = re.fullmatch(r"(\d+)(.*)", word.text).groups()
            grown = int(number) * 2 if unit else int(number) + self.chance.randint(1, 4)
            new = f"{grown}{unit}"
        self.add(Group(f"`{'.'.join(word.path)}` is {new}, no longer {word.text}", "size", [self.put(word, new)]))

    def disk(self):
        """A size for the disks of a pool that says none."""
        eks = {word.path[1] for word in self.bodies() if word.role == "value" and word.path[0] == "clusters" and word.path[2:] == ("class",) and word.text == "eks"}
        pools = [word for word in self.bodies() if word.role == "key" and len(word.path) == 4 and word.path[0] == "clusters" and word.path[1] in eks and word.path[2] == "nodePools"]
        pools = [word for word in pools if word.inner and not self.has(word.path, "disk")]
        if not pools:
            return
        pool = self.chance.choice(pools)
        self.add(Group(f"`{'.'.join(pool.path)}` has larger disks", "size", [self.into(pool, [("disk", f"{{ size: {self.chance.choice([60, 80, 120])} }}")])]))

def chosen(example, sources, words, facts, chance):
    """Groups for a variant, and what was left out. Where only names change that keep their identity, nothing may differ."""
    edits = Edits(example, sources, words, facts, chance)
    form = chance.choice(["names", "sizes", "sizes", "place", "cloud", "anew", "environment", "all"])
    if form in ("names", "all"):
        if chance.random() < 0.5:
            edits.rename_environment(True)
        for _ in range(chance.randint(1, 3)):
            edits.rename_thing()
    if form in ("sizes", "place", "all"):
        for _ in range(chance.randint(1, 4)):
            edits.size()
        if chance.random() < 0.3:
            edits.disk()
    if form in ("place", "all"):
        chance.choice([edits.region, edits.zones])()
    if form == "cloud":
        edits.cloud()
    if form == "anew":
        edits.rename_environment(False)
    if form == "environment":
        edits.new_environment()
    # Nothing could be made of that.
    for _ in range(20):
        if edits.groups:
            break
        chance.choice([edits.size, edits.rename_thing])()
    return edits.groups, edits.skipped
