"""What `.ci/long.d/examples` does with each example. In comes a stand with a world; out go a line for each thing that must hold, the counts of each example, and
1 if something does not hold."""
import json, os, re, shutil, sys, time
from edge import edge, states, vault
from pages import commands, literally
from settled import Api, applications, beside, going, is_done, objects
from worlds import end, get, holds, home, kubectl, of_world, platc, run, texts, told
import worlds

EXAMPLES, stand = beside("examples.edits.py").EXAMPLES, beside("examples.stand.py")
STARTER = "examples/kubestack/starter/README.md"
# So long a first installation, or a change, may take on a machine that others use as well.
PATIENCE = int(os.environ.get("EXAMPLES_PATIENCE", "1500"))

class Example:
    def __init__(self, name, row):
        self.name, self.row = name, row
        self.folder, self.environment, self.cluster = row["folder"], row["environment"], row["cluster"]
        self.project = os.path.join(home, name)
        self.clusters = row.get("clusters", ["main"])
        self.root = os.path.join(self.project, "dist/argocd", self.environment, self.cluster)

    def read(self, path):
        with open(os.path.join(self.project, path)) as file:
            return file.read()

    def write(self, changes):
        """Edits: in a file, a text for another; without one, the file is new, and without a new one either, it goes."""
        for path, old, new in changes:
            full = os.path.join(self.project, path)
            if old:
                text = self.read(path)
                if text.count(old) != 1:
                    sys.exit(f"{self.name}: {path} has {text.count(old)} times: {old}")
                new = text.replace(old, new)
            if new:
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w") as file:
                    file.write(new)
            else:
                os.remove(full)

    def build(self, *rest):
        done = run(platc, "build", "-C", self.project, "--color", "never", *rest, check=False)
        if done.returncode:
            sys.exit(f"{self.name}: {done.stdout}{done.stderr}")
        return " ".join((done.stdout + done.stderr).split())

    def output(self):
        """What was built, file by file."""
        found, top = {}, os.path.join(self.project, "dist")
        for root, _, names in os.walk(top):
            for name in names:
                with open(os.path.join(root, name), "rb") as file:
                    found[os.path.relpath(os.path.join(root, name), top)] = file.read()
        return found

    def defined(self):
        """The Applications that are to be there, and the clusters that the world does not have."""
        found = {self.app_of(os.path.join(self.root, "root.yaml"))}
        roots, absent = os.path.join(self.root, "roots"), []
        places = [self.root]
        for file in sorted(os.listdir(roots)) if os.path.isdir(roots) else []:
            environment, cluster = re.search(r"argocd/([^/]+)/([^/\s]+)\n", self.read(os.path.join(roots, file))).groups()
            if cluster in self.clusters:
                found.add(self.app_of(os.path.join(roots, file)))
                places.append(os.path.join(self.project, "dist/argocd", environment, cluster))
            else:
                absent.append(cluster)
        for place in places:
            names = os.path.join(place, "applications")
            found |= {self.app_of(os.path.join(names, file)) for file in (os.listdir(names) if os.path.isdir(names) else [])}
        return found, absent

    def app_of(self, path):
        return re.search(r"^  name: (\S+)$", self.read(path), re.M)[1].strip('"')

    def publish(self):
        """All that is committed, to each branch that is read; gives the commits."""
        def fill(folder):
            shutil.copytree(self.project, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".platc", "token.txt", ".helm"))
        return [worlds.publish(self.row["url"], fill, branch) for branch in self.row["branches"]]

    def others(self):
        """Repositories that are read beside the platform's own: each has what stands for what it has."""
        wanted, published = {}, set()
        for row in stand.rows("repository"):
            if row[0] == self.name:
                url, _, revision = row[1].partition("=")
                published.add(url)
                worlds.publish(url, texts(operator(row[2])), "main")
                of_world("publish", url, os.path.join(home, "repository"), "--tag", revision)
        for root, _, names in os.walk(os.path.join(self.project, "dist/argocd")):
            for name in names:
                text = self.read(os.path.join(root, name))
                if "kind: Application\n" not in text:
                    continue
                namespace = re.search(r"^    namespace: (\S+)$", text, re.M)[1]
                for url, path, revision in re.findall(r"repoURL: (https\S+)\n +path: (\S+)\n +targetRevision: (\S+)", text):
                    if url != self.row["url"] and url not in published:
                        manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name.removesuffix(".yaml"), "namespace": namespace}, "data": {"of": name}}
                        wanted.setdefault((url, revision), {})[f"{path}/all.yaml"] = json.dumps(manifest)
        for (url, revision), files in wanted.items():
            worlds.publish(url, texts(files), revision)

def operator(path):
    """A kustomization with a kind that takes everything, and a Deployment: what stands for the repository of PostgreSQL's operator."""
    version = {"name": "v1", "served": True, "storage": True, "subresources": {"status": {}}, "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}
    names = {"kind": "PostgresCluster", "plural": "postgresclusters", "singular": "postgrescluster", "listKind": "PostgresClusterList"}
    crd = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "postgresclusters.postgres-operator.crunchydata.com"},
           "spec": {"group": "postgres-operator.crunchydata.com", "scope": "Namespaced", "names": names, "versions": [version, {**version, "name": "v1beta1", "storage": False}]}}
    labels = {"app": "pgo"}
    security = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "operator", "image": "registry.example.com/pgo:1", "securityContext": security}]}}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "pgo", "namespace": "postgres-operator"}, "spec": {"selector": {"matchLabels": labels}, "template": pod}}
    return {f"{path}/kustomization.yaml": json.dumps({"resources": ["kind.yaml", "deployment.yaml"]}), f"{path}/kind.yaml": json.dumps(crd), f"{path}/deployment.yaml": json.dumps(deployment)}

class Unsettled(Exception):
    """It did not become what it should, so nothing can be said of what would come after it."""

def settled(what, example, commits):
    """Waits until all is as the commits want it, and nothing goes any more."""
    names, absent = example.defined()
    def test():
        try:
            apps = {app["metadata"]["name"]: app for app in applications()}
            leaving = [name for at in range(len(example.clusters)) for name in going(Api(at))]
        except OSError:
            # The server has no time.
            return False
        mine = {name for name in apps if not is_elsewhere(apps[name], absent)}
        return mine == names and not leaving and all(is_done(apps[name], example.row["url"], commits) for name in names)
    before = len(worlds.wrong)
    seconds = worlds.until(f"{example.name}: {what}", test, PATIENCE)
    if len(worlds.wrong) > before:
        raise Unsettled
    told(f"{example.name}: {what}: {len(names)} Applications", seconds)

def is_elsewhere(app, absent):
    """Whether an Application is for a cluster that the world does not have, or the root of one."""
    return any(label.endswith("/cluster") and value in absent for label, value in (app["metadata"].get("labels") or {}).items())

def everything(example):
    found = {}
    for at, cluster in enumerate(example.clusters):
        found.update({(cluster, *key): one for key, one in objects(Api(at)).items()})
    return found

def words(example):
    """The starter's chapter, with the example's own names in place of its."""
    own = example.row.get("words", {})
    def said(block, environment=example.environment):
        for old, new in {**own.get("lines", {}), "gc0-ops-eu-west-1": own.get("full", "main"), '"ops"': f'"{environment}"', "ops/gc0": f"{environment}/{example.cluster}", "/ops/": f"/{environment}/",
                         "https://git.example.com/acme/platform.git": example.row["url"], "eu-west-1": own.get("region", "eu-west-1"), "acme-state": own.get("bucket", "acme-state")}.items():
            block = block.replace(old, new)
        return block
    return said

def installed(example):
    """From nothing, by the commands of the README: the starter's, or those of its own chapter."""
    if "hub" in example.row:
        return driven(example)
    bucket, cloud, argo, repository, platform = commands(STARTER)
    said, project, first = words(example), example.project, example.clusters[0]
    has_own = example.row.get("installsArgo", True)
    if has_own:
        # The world binds its controller to a role that no installation has; which one cannot be changed.
        kubectl("delete", "clusterrolebinding", "argocd-application-controller", cluster=first)
    literally(f"{example.name}: the bucket", said(bucket), project, first)
    for environment in [*example.row.get("before", []), example.environment]:
        literally(f"{example.name}: the cloud of {environment}", said(cloud, environment), project, first)
    if "facts" in example.row:
        literally(f"{example.name}: its facts", commands(os.path.join(project, "README.md"))[example.row["facts"]], project, first)
    recorded(example, example.row.get("stacks", []))
    commits = example.publish()
    if has_own:
        literally(f"{example.name}: Argo CD", said(argo), project, first)
    with open(os.path.join(project, "token.txt"), "w") as file:
        file.write("hunter2")
    literally(f"{example.name}: the repository", said(repository), project, first)
    literally(f"{example.name}: the platform", said(platform), project, first)
    return commits

def driven(example):
    """A hub and clusters that it drives, by the chapters of their README; what brings Secrets from a store does not run here, so its work is done by us."""
    project, hub = example.project, example.clusters[0]
    own, further = commands(os.path.join(project, "README.md")), commands(os.path.join(project, "README.md"), "A new cluster")
    kubectl("delete", "clusterrolebinding", "argocd-application-controller", cluster=hub)
    cloud = commands(STARTER)[1].split("aws eks")[0]
    for environment in (example.environment, example.row["hub"]["environment"]):
        literally(f"{example.name}: the cloud of {environment}", words(example)(cloud, environment), project, hub)
    commits = example.publish()
    literally(f"{example.name}: the hub", own[0], project, hub)
    for cluster in example.clusters[1:]:
        block = further[-1].replace(example.row["hub"]["like"], cluster)
        literally(f"{example.name}: {cluster}", block, project, cluster)
        name = f"cluster-{cluster}"
        external = lambda: get("externalsecrets.external-secrets.io", "-n", "argocd", name, cluster=hub)
        told(f"{example.name}: what the hub knows {cluster} by", worlds.until(f"{example.name}: {name}", external, PATIENCE))
        with open(os.path.join(vault, "secret/argocd", cluster)) as file:
            token = file.read()
        template = external()["spec"]["target"]["template"]
        # Where it is, and by which certificate, the world says.
        data = {"name": cluster, "server": Api(example.clusters.index(cluster)).base, "config": json.dumps({"bearerToken": token, "tlsClientConfig": {"insecure": True}})}
        made = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": "argocd", **template["metadata"]}, "stringData": data}
        kubectl("apply", "-f", "-", cluster=hub, input=json.dumps(made))
    return commits

def recorded(example, stacks, is_new=False):
    """Has Terraform's facts recorded, as the examples with facts say it, and builds what waited for them."""
    for stack in stacks:
        at = f"terraform -chdir=dist/terraform/{example.environment}/{stack}"
        block = f"{at} output -json | platc facts record {example.environment} {stack}\n"
        literally(f"{example.name}: facts of {stack}", f"{at} init\n{at} apply\n{block}" if is_new else block, example.project, example.clusters[0])
    if stacks:
        holds(f"{example.name}: nothing of {example.environment} waits for facts", f"of `{example.environment}`" not in example.build())

def compared(example, what, before, come, gone, may=()):
    """Tells what a change has done to objects; what was not asked for is wrong. Asked for are the Applications that come or go, with all that is theirs."""
    after = everything(example)
    new = {key: one for key, one in after.items() if key not in before or before[key].uid != one.uid}
    old = {key: one for key, one in before.items() if key not in after or after[key].uid != one.uid}
    apps = [{key[4] for key in side if key[1] == "Application"} for side in (new, old)]
    holds(f"{example.name}: {what}: Applications that come and go are those that were asked for", apps == [come, gone], f"{apps} instead of {[come, gone]}", quiet=True)
    namespaces = {(key[0], key[4]) for side in (new, old) for key, one in side.items() if key[1] == "Namespace" and one.application in come | gone | set(may)}
    def is_asked(key, one):
        named = key[1] in ("Application", "AppProject") and key[4] in come | gone | set(may)
        return named or one.application in come | gone | set(may) or (key[0], key[3]) in namespaces or (key[1] == "Namespace" and (key[0], key[4]) in namespaces) or bool(one.owners)
    for side, word in ((new, "came"), (old, "went")):
        for key, one in side.items():
            holds(f"{example.name}: {what}: {key[0]} {one} of {one.application or 'nobody'} {word}", is_asked(key, one), quiet=True)
    print(f"         {example.name}: {what}: {len(new)} objects came, {len(old)} went, {len(set(before) & set(after)) - len(set(new) & set(old))} have the uid that they had", flush=True)
    return after

def ended(example, said):
    """Deletes what stays of a tenant, by the commands of the build, where it is."""
    commands_of = [part for part in said.split("`") if re.match("kubectl delete (namespace|appproject)", part)]
    holds(f"{example.name}: the build says how what stays is deleted", commands_of)
    for command in dict.fromkeys(commands_of):
        for cluster in example.clusters:
            if kubectl(*command.split()[1:], "--dry-run=server", cluster=cluster, check=False).returncode == 0:
                literally(f"{example.name}: `{command}`", command, example.project, cluster)

def lived(example):
    started = time.time()
    shutil.copytree(example.folder, example.project, ignore=shutil.ignore_patterns("dist", ".platc"))
    # A world that had no time to start is started anew.
    for attempt in range(3):
        if of_world("up", "--clusters", ",".join(example.clusters), check=attempt == 2).returncode == 0:
            break
        of_world("down")
    edge()
    example.write(example.row.get("exceptions", []))
    for name in example.row.get("without", []):
        shutil.rmtree(os.path.join(example.project, name))
    example.build()
    example.others()
    settled("from nothing", example, installed(example))
    up = time.time() - started
    seen = everything(example)
    names, absent = example.defined()
    counts = {"Applications": len(names), "objects": len(seen), "seconds until it is up": round(up), "clusters that the world does not have": absent}
    for what in ("add", "rename", "remove"):
        if what not in example.row:
            continue
        step = example.row[what]
        built = example.output()
        example.write(step["edits"])
        said = example.build()
        if what == "rename":
            differs = sorted(path for path, data in example.output().items() if built.get(path) != data)
            holds(f"{example.name}: a rename changes no file of the output", example.output() == built, f"{differs}")
        if "stacks" in step:
            recorded(example, step["stacks"], True)
        example.others()
        settled(what, example, example.publish())
        seen = compared(example, what, seen, set(step.get("come", [])), set(step.get("gone", [])), step.get("may", []))
        if what == "remove":
            ended(example, said)
            example.write(step["then"])
            example.build()
            settled("and its lines", example, example.publish())
            compared(example, "and its lines", seen, set(), set(), [*step.get("gone", []), *step.get("may", [])])
    told(f"{example.name}: {', '.join(f'{value} {key}' for key, value in counts.items() if value != [])}", time.time() - started)

def main():
    unknown = [name for name in sys.argv[1:] if name not in EXAMPLES]
    if unknown:
        sys.exit(f"there is no example {unknown}; there are: {' '.join(EXAMPLES)}")
    for name in sys.argv[1:] or EXAMPLES:
        try:
            lived(Example(name, EXAMPLES[name]))
        except Unsettled:
            pass
        of_world("down", check=False)
        shutil.rmtree(states, ignore_errors=True)
    end()

main()
