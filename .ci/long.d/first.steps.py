"""The first steps that `.ci/long.d/first` takes. Out go a line for each thing that must hold, and 1 if one does not."""
import json, os, shutil, sys
from edge import asked, clouds, edge, states
from pages import commands, literally
from worlds import get, holds, home, is_fine, kubeconfig, kubectl, live, of_world, output, platc, publish, run, told
import worlds

def until(what, test, seconds=240):
    told(what, worlds.until(what, test, seconds))

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
    settings = get("configmap", "-n", "argocd", "argocd-cm", cluster=cluster)
    own = {"kustomize.buildOptions": "--load-restrictor LoadRestrictionsRootOnly", "accounts.ci": "apiKey"}
    made = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "argocd-cm", "namespace": "argocd", "labels": settings["metadata"]["labels"]}, "data": {**settings["data"], **own}}
    kubectl("apply", "-f", "-", cluster=cluster, input=json.dumps(made))
    # The world binds its controller to a role that no installation has; which one cannot be changed.
    kubectl("delete", "clusterrolebinding", "argocd-application-controller", cluster=cluster)
    kept = lambda: all(get("configmap", "-n", "argocd", "argocd-cm", cluster=cluster)["data"].get(key) == value for key, value in own.items())

    run(platc, "build", "-C", project)
    shop = os.path.join(home, "shop")
    os.makedirs(os.path.join(shop, "deploy", "ops"))
    with open(os.path.join(shop, "deploy", "ops", "shop.yaml"), "w") as file:
        json.dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop", "namespace": "team-a-shop"}, "data": {}}, file)
    of_world("publish", "https://git.example.com/team-a/shop.git", shop)
    publish("https://git.example.com/acme/platform.git", output(project))
    with open(os.path.join(project, "token.txt"), "w") as file:
        file.write("hunter2")

    blocks = commands(os.path.join(project, "README.md"))
    holds("the chapter has its blocks", len(blocks) == 5)
    before = {}
    for at, block in enumerate(blocks):
        if "root.yaml" in block:
            before = uids("argocd")
        literally(f"block {at + 1} of the README", block, project, cluster)
    with open(asked) as file:
        calls = file.read()
    with open(os.path.join(project, "dist/terraform/ops/gc0/terraform.tf.json")) as file:
        backend = json.load(file)["terraform"]["backend"]["s3"]
    holds("the bucket that was made is the one that Terraform uses", f"--bucket {backend['bucket']} --region {backend['region']}" in calls)
    plan = run(sys.executable, clouds, "plan", os.path.join(project, "dist"), "-e", "ops", "--states", states).stdout
    holds("Terraform has nothing left to do", "0 add, 0 change, 0 replace, 0 destroy" in plan)
    names = [line.removesuffix(".yaml") for line in os.listdir(os.path.join(project, "dist/argocd/ops/gc0/applications"))]
    until(f"all {len(names)} Applications and their root are synced and healthy", lambda: all(is_fine(name, cluster=cluster) for name in [*names, "root-gc0-ops-eu-west-1"]), 900)
    after = uids("argocd")
    other = [key for key, uid in before.items() if after.get(key) != uid]
    holds(f"Argo CD has taken over its own {len(before)} objects and recreated none", len(before) > 40 and not other)
    print("".join(f"         {key}\n" for key in other), end="", flush=True)
    holds("settings of the installation are kept", kept())
    default = get("appprojects.argoproj.io", "-n", "argocd", "default", cluster=cluster)
    holds("the project `default` is as it was", default["spec"]["sourceRepos"] == ["*"])

    with open(os.path.join(project, "services.toml")) as file:
        said = file.read()
    with open(os.path.join(project, "services.toml"), "w") as file:
        file.write(said.replace("[services.argo-cd]\n", "[services.argo-cd]\nvalues.server.replicas = 3\nvalues.configs.cm = { \"exec.enabled\" = true }\n"))
    run(platc, "build", "-C", project)
    publish("https://git.example.com/acme/platform.git", output(project))
    until("a commit changes Argo CD itself", lambda: get("deployment", "-n", "argocd", "argocd-server", cluster=cluster)["spec"]["replicas"] == 3)
    until("and its settings", lambda: get("configmap", "-n", "argocd", "argocd-cm", cluster=cluster)["data"].get("exec.enabled") == "true")
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
    publish("https://git.example.com/acme/hub.git", output(project))
    # What brings Secrets from a store does not run here: its kind, and what it would do.
    with open(os.path.join(project, "externalsecrets.json")) as file:
        kubectl("apply", "-f", "-", cluster="hub", input=file.read())
    folder = f"{dist}/argocd/apps/gc0"
    kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "--patch-file", f"{folder}/bootstrap/argocd-cm-patch.yaml", cluster="hub")
    kubectl("apply", "-k", f"{folder}/bootstrap", cluster="hub")
    kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "--patch-file", f"{folder}/bootstrap/argocd-cm-impersonation-patch.yaml", cluster="hub")
    kubectl("apply", "-f", f"{folder}/root.yaml", cluster="hub")
    mark = lambda cluster: (get("configmap", "mark", cluster=cluster) or {}).get("data", {}).get("on")
    until("the hub's own service is there", lambda: mark("hub") == "gc0")
    external = lambda: get("externalsecrets.external-secrets.io", "-n", "argocd", "cluster-gc1-apps", cluster="hub")
    until("what tells of the other cluster is there", external)
    holds("nothing is on the other cluster yet", mark("spoke") is None)

    kubectl("apply", "-k", f"{dist}/argocd/apps/gc1/bootstrap", cluster="spoke")
    until("the other cluster has a token", lambda: "token" in (get("secret", "-n", "kube-system", "argocd-manager", cluster="spoke") or {}).get("data", {}))
    import base64
    token = base64.b64decode(get("secret", "-n", "kube-system", "argocd-manager", cluster="spoke")["data"]["token"]).decode()
    target = external()["spec"]["target"]
    data = {key: text.replace("{{ .token }}", token) for key, text in target["template"]["data"].items()}
    made = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": target["name"], "namespace": "argocd", **target["template"]["metadata"]}, "stringData": data}
    kubectl("apply", "-f", "-", cluster="hub", input=json.dumps(made))
    until("the service of the other cluster arrives there", lambda: mark("spoke") == "gc1")
    until("its Application is fine", lambda: is_fine("gc1-apps-mark", cluster="hub"))
    holds("the hub's own service is where it was", mark("hub") == "gc0")
    leaves(project, build, mark)
    of_world("down")

def leaves(project, build, mark):
    """The other cluster leaves the platform, by the commands that the build gives: with what they say before the commit, and once more with what they say after it."""
    with open(os.path.join(project, "platform.yaml")) as file: platform = file.read()
    def platform_is(text):
        with open(os.path.join(project, "platform.yaml"), "w") as file: file.write(text)
    alone = platform.replace("  gc1: { class: reached }\n", "")
    is_known = lambda: get("externalsecrets.external-secrets.io", "-n", "argocd", "cluster-gc1-apps", cluster="hub")
    applications = lambda: json.loads(kubectl("get", "applications.argoproj.io", "-n", "argocd", "-o", "json", cluster="hub").stdout)["items"]
    of_spoke = lambda: [one["metadata"]["name"] for one in applications() if "gc1" in one["metadata"]["name"]]
    publish_now = lambda: publish("https://git.example.com/acme/hub.git", output(project))
    def given(command):
        done = run("bash", "-c", command, env={**os.environ, "KUBECONFIG": kubeconfig("hub")}, check=False)
        holds(f"`{command}`", done.returncode == 0, done.stderr)
    for when in ("before", "after"):
        platform_is(alone)
        done = run(platc, "build", "-C", project, "--color", "never")
        said = " ".join((done.stdout + done.stderr).split())
        commands = [part for part in said.split("`") if part.startswith("kubectl ")]
        [patch, delete, forget] = commands
        if when == "before":
            given(patch)
        publish_now()
        if when == "after":
            until("after: its root is gone", lambda: not get("applications.argoproj.io", "-n", "argocd", "root-gc1-apps", cluster="hub"))
            given(delete)
        until(f"{when}: all of the other cluster is gone", lambda: not of_spoke() and mark("spoke") is None)
        holds(f"{when}: what the hub knows it by stays", is_known())
        given(forget)
        holds(f"{when}: and goes by its command", not is_known())
        holds(f"{when}: the hub's own service is where it was", mark("hub") == "gc0")
        platform_is(platform)
        if when == "before":
            build()
            publish_now()
            until("the other cluster is there again", lambda: mark("spoke") == "gc1")

PARTS = [starter, hub]
live(PARTS)
