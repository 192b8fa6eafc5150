"""What `.ci/long.d/charts` asks of what helm makes of each chart service. Out go a line for each service and one for each fault, and 1 if there is a fault that
`charts.exceptions` does not know, or if it knows one that is none any more."""
import collections, concurrent.futures, copy, fnmatch, json, os, pathlib, re, shutil, subprocess, sys, tempfile
import yaml
sys.path.insert(0, os.environ["CHARTS"])
import facts

home, platc, helm, charts = pathlib.Path(os.environ["HOME_OF_TEST"]), os.environ["PLATC"], os.environ["HELM"], pathlib.Path(os.environ["CHARTS"])
chosen = set(sys.argv[1:])
# What a cluster with all of the library knows beside Kubernetes; charts ask for it.
KNOWN = ["monitoring.coreos.com/v1", "cert-manager.io/v1", "gateway.networking.k8s.io/v1"]
# Where nobody's namespaces are: what Kubernetes itself has labels no level.
SYSTEM = {"kube-system": "privileged"}
faults = collections.OrderedDict()

def fault(unit, what, about, text):
    """A fault of a service: what is wrong, the object, key or pod that it is about, and a sentence. It is told once for all variants."""
    faults.setdefault((unit.service, what, about), f"{text}  [{unit.line or 'as it is'}, {unit.cluster}]")

# --- What platc emits

Unit = collections.namedtuple("Unit", "service cluster line chart version release namespace values levels differences backends project")

def documents(path):
    return yaml.load(path.read_text(), Loader=facts.L)

def options():
    """The lines of fields.txt that are about a service of the project alone: `.` splits a path, ` | ` one setting from the next."""
    for line in open("tests/data/fields.txt"):
        if line.startswith("services.") and all(setting.split(".")[0] in ("services", "platform") for setting in line.split(" | ")):
            yield line.split(".")[1].split("=")[0], line.strip()

def built(line, services):
    """Builds the project with some services and the settings of a line; what it complains of, if it does."""
    (home / "project" / "services.yaml").write_text("\n".join(services) + "\n")
    # What was there before is asked about data that goes.
    shutil.rmtree(home / "project" / "dist", ignore_errors=True)
    settings = [word for setting in line.split(" | ") if setting for word in ("--set", setting)]
    done = subprocess.run([platc, "build", "--quiet", "-C", home / "project", *settings], capture_output=True, text=True)
    return done.stderr if done.returncode else ""

def backends(folder):
    """The Services, by name and port, that Ingresses beside a chart lead to."""
    for path in sorted(folder.glob("ingress-*.yaml")):
        for rule in documents(path)["spec"]["rules"]:
            for way in rule["http"]["paths"]:
                service = way["backend"]["service"]
                yield service["name"], service["port"]["number"]

def emitted(line, read):
    """What is there of each service on each cluster. `read` remembers texts that were read before."""
    dist = home / "project" / "dist"
    for folder in sorted((dist / "argocd" / "apps").iterdir()):
        levels = dict(SYSTEM)
        for path in sorted((dist / "kustomize").glob(f"*/*/overlays/apps/{folder.name}/namespace-*.yaml")):
            namespace = documents(path)["metadata"]
            levels[namespace["name"]] = namespace["labels"].get("pod-security.kubernetes.io/enforce", "privileged")
        for path in sorted((folder / "applications").iterdir()):
            values = folder / "values" / path.name
            text = path.read_text(), values.read_text() if values.exists() else "{}", tuple(sorted(levels.items()))
            if (folder.name, text) in read:
                continue
            read.add((folder.name, text))
            spec = yaml.load(text[0], Loader=facts.L)["spec"]
            for source in spec.get("sources", [spec.get("source")]):
                if "chart" in source:
                    yield Unit(path.stem, folder.name, line, source["chart"], source["targetRevision"], source["helm"]["releaseName"], spec["destination"]["namespace"],
                               text[1], text[2], json.dumps(spec.get("ignoreDifferences", [])), tuple(backends(dist / "kustomize" / "services" / path.stem / "overlays" / "apps" / folder.name)),
                               folder / "projects" / "platform.yaml")

def units():
    """What is to be rendered: each once, whichever clusters and options lead to it."""
    os.makedirs(home, exist_ok=True)
    shutil.copytree("tests/data/services", home / "project", dirs_exist_ok=True)
    root = home / "project" / "platform.yaml"
    root.write_text(root.read_text().replace("platform:\n", "platform:\n  kustomize: { layout: rendered }\n", 1))
    read, found = set(), {}
    lines = [("", "")] + [option for option in options() if not chosen or option[0] in chosen]
    services = pathlib.Path("tests/data/services/services.yaml").read_text().splitlines()
    def some(names):
        """Those with what they may need."""
        return [line for line in services if not line.startswith("  ") or line.endswith("# others need it") or line.split(":")[0].strip() in names]
    known = {line.split(":")[0].strip() for line in services if line.startswith("  ")}
    for service, line in lines:
        if service and service not in known:
            continue
        if complaint := built(line, some({service} if service else chosen or known)):
            sys.exit(f"{line or 'the project as it is'}:\n{complaint}")
        for unit in emitted(line, read):
            # An option of one that others need is rendered for itself.
            if unit.service in ({service} if service else chosen or known):
                # What clusters are called makes no difference to a chart.
                values = re.sub(rf"\b{unit.cluster}-apps-[a-z0-9-]+(\.[a-z.]*infra\.example\.com)?", "CLUSTER", unit.values)
                found.setdefault((unit.chart, unit.version, unit.release, unit.namespace, values, dict(unit.levels).get(unit.namespace), unit.differences, unit.backends), unit)
    return list(found.values())

# --- What helm makes of it

CHANCE = re.compile(r"\b(rand[A-Z]\w+|gen[A-Z]\w+|uuidv4|shuffle|htpasswd|bcrypt|derivePassword|encryptAES|now|lookup|getHostByName)\b")

class Chart:
    """A package, by name and version of the chart."""
    def __init__(self, path):
        self.path, self.files = path, facts.tar_texts(path)
        self.root = min((name for name in self.files if name.endswith("/Chart.yaml")), key=lambda name: name.count("/"))[:-len("Chart.yaml")]
        self.schema = json.loads(self.files.get(self.root + "values.schema.json", "{}"))
        self.values = self.defaults(self.root)
        # Templates that ask neither chance nor time nor the cluster give the same each time.
        self.varies = any(CHANCE.search(text) for name, text in self.files.items() if "/templates/" in name)

    def defaults(self, root):
        """The values of a chart, those of charts in it below their names."""
        own = yaml.load(self.files.get(root + "values.yaml", ""), Loader=facts.L) or {}
        own = facts.merge(copy.deepcopy(own.get("_internal_defaults_do_not_set") or own.get("defaults") or {}), own)
        for name in {name for name in self.files if name.startswith(root + "charts/") and name.count("/") >= root.count("/") + 2}:
            folder = name[len(root):].split("/")[1]
            inner = f"{root}charts/{folder}/"
            if name != inner + "values.yaml":
                continue
            about = yaml.load(self.files[inner + "Chart.yaml"], Loader=facts.L)["name"]
            aliases = [one.get("alias") or one["name"] for one in self.of(root).get("dependencies") or [] if one["name"] == about]
            for alias in aliases or [about]:
                own[alias] = facts.merge(self.defaults(inner), own.get(alias) or {})
        return own

    def reads(self, path):
        """Whether a template names a key in full."""
        named = re.compile(r"\.Values\." + re.escape(".".join(path)) + r"\b")
        return any(named.search(text) for name, text in self.files.items() if name.startswith(self.root + "templates/"))

    def of(self, root):
        return yaml.load(self.files[root + "Chart.yaml"], Loader=facts.L)

def packages():
    found = {}
    for path in charts.glob("facts-*.json"):
        for entry in json.loads(path.read_text()):
            if entry.get("file"):
                found[entry["chart"], entry["packed_version"].lstrip("v")] = charts / entry["file"]
    return found

def rendered(unit, package, values):
    """The text that helm gives, and its complaint if it gives none."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", dir=home) as file:
        file.write(values)
        file.flush()
        apis = [word for api in KNOWN for word in ("--api-versions", api)]
        done = subprocess.run([helm, "template", unit.release, package, "--namespace", unit.namespace, "--include-crds", "--kube-version", "1.34.0", "--values", file.name, *apis],
                              capture_output=True, text=True, env={**os.environ, "HELM_CACHE_HOME": str(home), "HELM_CONFIG_HOME": str(home), "HELM_DATA_HOME": str(home)})
    return (done.stdout, "") if done.returncode == 0 else (None, done.stderr.strip())

def objects(text):
    return [found for found in facts.load_all(text) if not facts.is_test(found)]

# --- What is asked of it

def declared(unit):
    """The namespaces that its class says a chart uses beside its own."""
    path = pathlib.Path(f"stdlib/service/{unit.service}.yaml")
    said = documents(path)["classes"]["service"][unit.service] if path.exists() else {}
    return set((said.get("argocd") or {}).get("namespaces") or [])

def placed(unit, found):
    """Namespaces are its own or declared; the project lets in what is cluster-wide; nothing is made of a kind that is Argo CD's to own."""
    spec = documents(unit.project)["spec"]
    scopes = {f"{one['spec']['group']}/{one['spec']['names']['kind']}": one["spec"].get("scope") for one in found if facts.gk(one) == facts.CRD}
    kinds, places = spec["clusterResourceWhitelist"], {one["namespace"] for one in spec["destinations"]}
    for one in found:
        kind, namespace = facts.gk(one), (one.get("metadata") or {}).get("namespace")
        group = "" if kind.startswith("core/") else kind.split("/")[0]
        if kind == facts.CRD or kind in facts.CLUSTER or scopes.get(kind) == "Cluster":
            if not any(allowed["group"] in ("*", group) and allowed["kind"] in ("*", one["kind"]) for allowed in kinds):
                fault(unit, "kind", kind, "the project does not allow this kind")
        elif namespace and namespace != unit.namespace:
            if namespace not in declared(unit):
                fault(unit, "namespace", namespace, f"{facts.ident(one)} is in a namespace that `argocd.namespaces` of the class does not name")
        if not places & {"*", namespace or unit.namespace}:
            fault(unit, "namespace", namespace or unit.namespace, "the project does not allow this namespace")
        if kind == "core/Namespace" and one["metadata"]["name"] == unit.namespace:
            fault(unit, "namespace", unit.namespace, "the chart makes the namespace that platc makes")

def secure(unit, found):
    """Its pods are let in where they run."""
    levels = dict(unit.levels)
    for place, level in facts.pods_of(found, unit.namespace)[0].items():
        enforced = levels.get(place)
        if enforced is None:
            fault(unit, "pods", place, "pods run in a namespace that nobody has made")
        elif facts.LEVELS.index(level) > facts.LEVELS.index(enforced):
            needs = [f"{pod['workload']}: {', '.join(pod['why'])}" for pod in facts.pods_of(found, unit.namespace)[1] if pod["level"] == level]
            fault(unit, "pods", place, f"the namespace enforces {enforced} and pods need {level}: {'; '.join(needs)[:400]}")

def secret(unit, found):
    """No Secret has data. What is no secret in one is an exception, with the reason."""
    for one in found:
        if facts.gk(one) == "core/Secret":
            data = {**(one.get("data") or {}), **(one.get("stringData") or {})}
            if keys := sorted(key for key, value in data.items() if value):
                fault(unit, "secret", one["metadata"]["name"], f"a Secret with data: {', '.join(keys)}")

def covered(differences, one):
    """Whether Argo CD is told to see no difference in an object, at least in a part of it."""
    kind = facts.gk(one)
    group = "" if kind.startswith("core/") else kind.split("/")[0]
    return any(rule.get("group", "") == group and rule["kind"] == one["kind"] and rule.get("name", one["metadata"]["name"]) == one["metadata"]["name"] for rule in differences)

def steady(unit, found, again):
    """What two renderings give is one, or it is known that it is not."""
    changed, twice = facts.changes(found, again)
    named = {facts.ident(one): one for one in found}
    for change in changed:
        if change["object"] not in named or not covered(json.loads(unit.differences), named[change["object"]]):
            fault(unit, "random", change["object"], f"is another one with each rendering: {', '.join(change['paths'])}")
    for name in twice:
        fault(unit, "twice", name, "is rendered twice")

def reached(unit, found):
    """Where an Ingress beside the chart leads to, there is a Service."""
    there = {(one["metadata"]["name"], port["port"]) for one in found if facts.gk(one) == "core/Service" for port in one["spec"]["ports"]}
    for name, port in unit.backends:
        if (name, port) not in there:
            fault(unit, "backend", f"{name}:{port}", f"an Ingress leads there, and the Services are {', '.join(f'{name}:{port}' for name, port in sorted(there))}")

def leaves(values, path=()):
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, path + (str(key),))
        elif value != {}:
            yield path + (str(key),)

def without(values, path):
    values = copy.deepcopy(values)
    at = values
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return values

def has(values, path):
    """Whether values of a chart have a key, or a free map above it."""
    for key in path:
        if values == {}:
            return True
        if not isinstance(values, dict) or key not in values:
            return False
        values = values[key]
    return True

def in_schema(schema, path):
    """Whether a schema has a key by name, or lets in any where it says so."""
    for key in path:
        if "$ref" in schema or not isinstance(schema.get("properties"), dict):
            return isinstance(schema.get("additionalProperties"), dict)
        if key not in schema["properties"]:
            return False
        schema = schema["properties"][key]
    return True

def unread(unit, chart, found):
    """Keys that the chart does not know: neither its values nor its schema nor its templates have them, and without them the same comes out."""
    values = yaml.load(unit.values, Loader=facts.L) or {}
    for path in leaves(values):
        if has(chart.values, path) or in_schema(chart.schema, path) or chart.reads(path):
            continue
        text, _ = rendered(unit, chart.path, json.dumps(without(values, path)))
        if text is not None and not facts.changes(found, objects(text))[0]:
            fault(unit, "key", ".".join(path), "the chart has no such key, and without it the same comes out")

def judged(unit, chart):
    text, complaint = rendered(unit, chart.path, unit.values)
    if text is None:
        fault(unit, "helm", unit.chart, complaint[-900:])
        return unit, []
    found = objects(text)
    placed(unit, found)
    secure(unit, found)
    secret(unit, found)
    reached(unit, found)
    unread(unit, chart, found)
    steady(unit, found, objects(rendered(unit, chart.path, unit.values)[0]) if chart.varies else found)
    return unit, found

def owned(base):
    """Two services of one cluster never bring the same object."""
    owners = {}
    for unit, found in base:
        for one in found:
            namespaced = facts.gk(one) not in facts.CLUSTER and facts.gk(one) != facts.CRD
            name = facts.ident(one) if not namespaced else f"{(one.get('metadata') or {}).get('namespace') or unit.namespace} {facts.gk(one)} {one['metadata'].get('name')}"
            owner = owners.setdefault((unit.cluster, name), unit.service)
            if owner != unit.service:
                fault(unit, "owner", facts.ident(one), f"is in `{owner}`, too")

def exceptions():
    """(service, what, about), each with a reason; a star stands for any text."""
    lines = [line.split(maxsplit=3) for line in open(".ci/long.d/charts.exceptions") if line.strip() and not line.startswith("#")]
    if any(len(line) < 4 for line in lines):
        sys.exit("an exception without a reason")
    return {tuple(line[:3]) for line in lines}

def excepts(exception, key):
    return exception[:2] == key[:2] and fnmatch.fnmatchcase(key[2], exception[2])

def main():
    wanted, have = units(), packages()
    missing = {unit.service: f"{unit.chart} {unit.version}" for unit in wanted if (unit.chart, unit.version.lstrip("v")) not in have}
    wanted = [unit for unit in wanted if unit.service not in missing]
    loaded = {key: Chart(have[key]) for key in {(unit.chart, unit.version.lstrip("v")) for unit in wanted}}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda unit: judged(unit, loaded[unit.chart, unit.version.lstrip("v")]), wanted))
    owned([(unit, found) for unit, found in done if not unit.line])
    sums = collections.OrderedDict()
    for unit, found in done:
        sums.setdefault(unit.service, []).append(len(found))
    for service, counts in sorted(sums.items()):
        print(f"{service}: {len(counts)} rendering(s), {max(counts)} objects at most")
    for service, chart in sorted(missing.items()):
        print(f"{service}: not judged, there is no package of {chart}")
    excepted = exceptions()
    wrong = [f"{' '.join(key)}: {text}" for key, text in faults.items() if not any(excepts(exception, key) for exception in excepted)]
    wrong += [f"no longer found: {' '.join(exception)}" for exception in sorted(excepted) if exception[0] in sums and not any(excepts(exception, key) for key in faults)]
    print(f"{len(sums)} services, {sum(map(len, sums.values()))} renderings, {len(missing)} without a package, {len(faults)} faults and exceptions, {len(wrong)} wrong")
    if wrong:
        sys.exit("\n".join(wrong))

main()
