"""The first steps that `.ci/long.d/first` takes. Out go a line for each thing that must hold, and 1 if one does not."""
import json, os, re, shutil, subprocess, sys, time

home, platc, tools = os.environ["HOME_OF_TEST"], os.environ["PLATC"], os.environ["TOOLS"]
world, clouds = os.path.join(tools, "world", "world.py"), os.path.join(tools, "clouds", "clouds.py")
programs, states = os.path.join(home, "programs"), os.path.join(home, "states")
wrong = []

def run(*argv, check=True, **rest):
    done = subprocess.run(argv, text=True, capture_output=True, **rest)
    if check and done.returncode:
        sys.exit(f"{' '.join(argv)}\n{done.stdout}{done.stderr}")
    return done

def of_world(*argv, **rest):
    return run(sys.executable, world, *argv, **rest)

def kubectl(*argv, cluster=None, **rest):
    return run("kubectl", "--kubeconfig", os.path.join(os.environ["WORLD_DIR"], f"{cluster}.kubeconfig"), *argv, **rest)

def get(cluster, *what):
    done = kubectl("get", *what, "-o", "json", cluster=cluster, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None

def holds(what, test):
    if not test:
        wrong.append(what)
    print(f"{'   yes  ' if test else 'WRONG   '} {what}", flush=True)

def until(what, test, seconds=240):
    start = time.time()
    while time.time() - start < seconds:
        if test():
            print(f"{time.time() - start:6.0f} s  {what}", flush=True)
            return
        time.sleep(1)
    wrong.append(what)
    print(f"WRONG    {what}: not within {seconds} s\n{of_world('status', check=False).stdout}", flush=True)

def publish(url, project, branch="main"):
    """What was built becomes the branch, and Argo CD looks at it as after a webhook."""
    repository = os.path.join(home, "repository")
    shutil.rmtree(repository, ignore_errors=True)
    shutil.copytree(os.path.join(project, "dist"), os.path.join(repository, "dist"))
    of_world("publish", url, repository, "--branch", branch)
    of_world("refresh")

def is_fine(cluster, name):
    status = (get(cluster, "applications.argoproj.io", "-n", "argocd", name) or {}).get("status", {})
    return status.get("sync", {}).get("status") == "Synced" and status.get("health", {}).get("status") == "Healthy"

def program(name, text):
    path = os.path.join(programs, name)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o755)

def edge():
    """The programs that a person has, as far as they would leave the machine: `aws` only remembers what it was asked; `terraform` is the real one on
    simulated clouds; `helm` is the real one, which reads charts from the world and was built without knowing its version of Kubernetes."""
    os.makedirs(programs, exist_ok=True)
    program("aws", f'#!/bin/sh\necho "$@" >> {home}/asked\n')
    ports = int(os.environ["WORLD_PORT"])
    inner = os.environ["WORLD_DIR"]
    program("helm", f'#!/bin/sh\nHTTPS_PROXY=http://127.0.0.1:{ports + 4} SSL_CERT_FILE={inner}/authority/ca.crt exec {inner}/tools/helm "$@" --kube-version 1.34.0\n')
    program("terraform", f"""#!{sys.executable}
import os, subprocess, sys
chdir, verb = sys.argv[1:3]
dist, _, environment, stack = chdir.removeprefix("-chdir=").split("/")
verb = {{"init": "plan", "apply": "apply"}}[verb]
path = os.environ["PATH"].split(":", 1)[1]
done = subprocess.run([sys.executable, {clouds!r}, verb, dist, "-e", environment, "-s", stack, "--states", {states!r}], env={{**os.environ, "PATH": path}})
sys.exit(done.returncode)
""")

def commands(readme):
    """The blocks of the chapter, in order."""
    with open(readme) as file:
        chapter = re.search(r"^## From nothing to running$(.*?)^## ", file.read(), re.M | re.S)[1]
    return re.findall(r"^```console\n(.*?)^```$", chapter, re.M | re.S)

def uids(namespace):
    rows = (line.split() for line in of_world("objects").stdout.splitlines())
    # What a chart runs before each sync is made anew by each.
    return {f"{row[1]} {row[2]}": row[3] for row in rows if row[2].startswith(f"{namespace}/") and "redis-secret-init" not in row[2]}

def starter():
    project, cluster = os.path.join(home, "starter"), "main"
    of_world("up")
    shutil.copytree("examples/kubestack/starter", project)
    edge()
    # An Argo CD that somebody has installed and set up, as `kubectl apply` does it.
    settings = get(cluster, "configmap", "-n", "argocd", "argocd-cm")
    own = {"kustomize.buildOptions": "--load-restrictor LoadRestrictionsRootOnly", "accounts.ci": "apiKey"}
    made = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "argocd-cm", "namespace": "argocd", "labels": settings["metadata"]["labels"]}, "data": {**settings["data"], **own}}
    kubectl("apply", "-f", "-", cluster=cluster, input=json.dumps(made))
    # The world binds its controller to a role that no installation has; which one cannot be changed.
    kubectl("delete", "clusterrolebinding", "argocd-application-controller", cluster=cluster)
    kept = lambda: all(get(cluster, "configmap", "-n", "argocd", "argocd-cm")["data"].get(key) == value for key, value in own.items())

    run(platc, "build", "-C", project)
    shop = os.path.join(home, "shop")
    os.makedirs(os.path.join(shop, "deploy", "ops"))
    with open(os.path.join(shop, "deploy", "ops", "shop.yaml"), "w") as file:
        json.dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop", "namespace": "team-a-shop"}, "data": {}}, file)
    of_world("publish", "https://git.example.com/team-a/shop.git", shop)
    publish("https://git.example.com/acme/platform.git", project)
    with open(os.path.join(project, "token.txt"), "w") as file:
        file.write("hunter2")

    env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "KUBECONFIG": os.path.join(os.environ["WORLD_DIR"], f"{cluster}.kubeconfig")}
    blocks = commands(os.path.join(project, "README.md"))
    holds("the chapter has its blocks", len(blocks) == 5)
    before = {}
    for at, block in enumerate(blocks):
        if "root.yaml" in block:
            before = uids("argocd")
        start = time.time()
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=project, env=env, text=True, capture_output=True)
        first = block.splitlines()[0]
        print(f"{time.time() - start:6.0f} s  {first[:100]}", flush=True)
        holds(f"block {at + 1} of the README works", done.returncode == 0)
        if done.returncode:
            print(done.stdout[-3000:] + done.stderr[-3000:])
    with open(os.path.join(home, "asked")) as file:
        asked = file.read()
    with open(os.path.join(project, "dist/terraform/ops/gc0/terraform.tf.json")) as file:
        backend = json.load(file)["terraform"]["backend"]["s3"]
    holds("the bucket that was made is the one that Terraform uses", f"--bucket {backend['bucket']} --region {backend['region']}" in asked)
    plan = run(sys.executable, clouds, "plan", os.path.join(project, "dist"), "-e", "ops", "--states", states).stdout
    holds("Terraform has nothing left to do", "0 add, 0 change, 0 replace, 0 destroy" in plan)
    names = [line.removesuffix(".yaml") for line in os.listdir(os.path.join(project, "dist/argocd/ops/gc0/applications"))]
    until(f"all {len(names)} Applications and their root are synced and healthy", lambda: all(is_fine(cluster, name) for name in [*names, "root-gc0-ops-eu-west-1"]), 900)
    after = uids("argocd")
    other = [key for key, uid in before.items() if after.get(key) != uid]
    holds(f"Argo CD has taken over its own {len(before)} objects and recreated none", len(before) > 40 and not other)
    print("".join(f"         {key}\n" for key in other), end="", flush=True)
    holds("settings of the installation are kept", kept())
    default = get(cluster, "appprojects.argoproj.io", "-n", "argocd", "default")
    holds("the project `default` is as it was", default["spec"]["sourceRepos"] == ["*"])

    with open(os.path.join(project, "services.toml")) as file:
        said = file.read()
    with open(os.path.join(project, "services.toml"), "w") as file:
        file.write(said.replace("[services.argo-cd]\n", "[services.argo-cd]\nvalues.server.replicas = 3\nvalues.configs.cm = { \"exec.enabled\" = true }\n"))
    run(platc, "build", "-C", project)
    publish("https://git.example.com/acme/platform.git", project)
    until("a commit changes Argo CD itself", lambda: get(cluster, "deployment", "-n", "argocd", "argocd-server")["spec"]["replicas"] == 3)
    until("and its settings", lambda: get(cluster, "configmap", "-n", "argocd", "argocd-cm")["data"].get("exec.enabled") == "true")
    holds("settings of the installation are still kept", kept())
    of_world("down")

def hub():
    of_world("up", "--clusters", "hub,spoke")
    project = os.path.join(home, "hub")
    shutil.copytree("tests/data/hub", project)
    spoke = f"clusters.gc1.server=https://127.0.0.1:{int(os.environ['WORLD_PORT']) + 30}"
    build = lambda: run(platc, "build", "-C", project, "--set", spoke)
    build()
    dist = os.path.join(project, "dist")
    publish("https://git.example.com/acme/hub.git", project)
    # What brings Secrets from a store does not run here: its kind, and what it would do.
    with open(os.path.join(project, "externalsecrets.json")) as file:
        kubectl("apply", "-f", "-", cluster="hub", input=file.read())
    folder = f"{dist}/argocd/apps/gc0"
    kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "--patch-file", f"{folder}/bootstrap/argocd-cm-patch.yaml", cluster="hub")
    kubectl("apply", "-k", f"{folder}/bootstrap", cluster="hub")
    kubectl("apply", "-f", f"{folder}/root.yaml", cluster="hub")
    mark = lambda cluster: (get(cluster, "configmap", "mark") or {}).get("data", {}).get("on")
    until("the hub's own service is there", lambda: mark("hub") == "gc0")
    external = lambda: get("hub", "externalsecrets.external-secrets.io", "-n", "argocd", "cluster-gc1-apps")
    until("what tells of the other cluster is there", external)
    holds("nothing is on the other cluster yet", mark("spoke") is None)

    kubectl("apply", "-k", f"{dist}/argocd/apps/gc1/bootstrap", cluster="spoke")
    until("the other cluster has a token", lambda: "token" in (get("spoke", "secret", "-n", "kube-system", "argocd-manager") or {}).get("data", {}))
    import base64
    token = base64.b64decode(get("spoke", "secret", "-n", "kube-system", "argocd-manager")["data"]["token"]).decode()
    target = external()["spec"]["target"]
    data = {key: text.replace("{{ .token }}", token) for key, text in target["template"]["data"].items()}
    made = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": target["name"], "namespace": "argocd", **target["template"]["metadata"]}, "stringData": data}
    kubectl("apply", "-f", "-", cluster="hub", input=json.dumps(made))
    until("the service of the other cluster arrives there", lambda: mark("spoke") == "gc1")
    until("its Application is fine", lambda: is_fine("hub", "gc1-apps-mark"))
    holds("the hub's own service is where it was", mark("hub") == "gc0")
    of_world("down")

PARTS = [starter, hub]
known = {part.__name__: part for part in PARTS}
unknown = [name for name in sys.argv[1:] if name not in known]
if unknown:
    sys.exit(f"there is no part {unknown}; there are: {' '.join(known)}")
start = time.time()
for part in PARTS:
    if not sys.argv[1:] or part.__name__ in sys.argv[1:]:
        part()
print(f"{time.time() - start:.0f} s in all; " + (f"{len(wrong)} wrong: {wrong}" if wrong else "all as it should be"))
sys.exit(1 if wrong else 0)
