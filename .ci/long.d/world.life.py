"""The life that `.ci/long.d/world` has a platform live. In comes a world that is up; out go a line for each part, with its seconds, and 1 if one is wrong."""
import json, os, shutil, subprocess, sys, time

home, platc, world = os.environ["HOME_OF_TEST"], os.environ["PLATC"], os.environ["WORLD"]
project, repository = os.path.join(home, "project"), os.path.join(home, "repository")
url = "https://git.example.com/acme/life.git"
ROOT = "root-gc0-apps"
wrong = []

def run(*argv, text=None, check=True):
    done = subprocess.run(argv, input=text, text=True, capture_output=True)
    if check and done.returncode:
        sys.exit(f"{' '.join(argv)}\n{done.stdout}{done.stderr}")
    return done.stdout if check else done

def kubectl(*arguments, **rest):
    return run("kubectl", "--kubeconfig", os.path.join(os.environ["WORLD_DIR"], "main.kubeconfig"), *arguments, **rest)

def get(*what):
    done = kubectl("get", *what, "-o", "json", check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None

def application(name):
    return get("applications.argoproj.io", "-n", "argocd", name)

def build(services, tenants=None):
    """Builds the platform with these services; gives what the build said."""
    with open(os.path.join(project, "services.yaml"), "w") as file:
        json.dump({"services": services, "tenants": tenants or {}}, file)
    done = run(platc, "build", "-C", project, "--color", "never", check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout + done.stderr

def publish(edit=None, branch="main"):
    """What was built becomes the branch, perhaps with an accident, and Argo CD looks at it as after a webhook."""
    shutil.rmtree(repository, ignore_errors=True)
    os.makedirs(repository)
    shutil.copytree(os.path.join(project, "dist"), os.path.join(repository, "dist"))
    if edit:
        edit(os.path.join(repository, "dist"))
    run(sys.executable, world, "publish", url, repository, "--branch", branch)
    run(sys.executable, world, "refresh")

def commit(services, tenants=None, edit=None):
    said = build(services, tenants)
    publish(edit)
    return said

def until(what, test, seconds=180):
    """Waits, and gives the seconds it took."""
    start = time.time()
    while time.time() - start < seconds:
        if test():
            return time.time() - start
        time.sleep(1)
    wrong.append(what)
    print(f"WRONG  {what}: not within {seconds} s", flush=True)
    print(run(sys.executable, world, "status", check=False).stdout, flush=True)
    return seconds

def told(what, seconds):
    print(f"{seconds:6.0f} s  {what}", flush=True)

def holds(what, test):
    if not test:
        wrong.append(what)
    print(f"{'   yes  ' if test else 'WRONG   '} {what}", flush=True)

def text(name):
    found = get("configmap", name)
    return found and found["data"]["text"]

def is_fine(name):
    status = (application(name) or {}).get("status", {})
    return status.get("sync", {}).get("status") == "Synced" and status.get("health", {}).get("status") == "Healthy"

def phase(name):
    return (application(name) or {}).get("status", {}).get("operationState", {}).get("phase")

def is_installed(name):
    """Fine, and no operation is still at it."""
    return is_fine(name) and phase(name) == "Succeeded"

BASE = {"mark": {"class": "mark"}, "server": {"class": "server"}, "chart": {"class": "chart"}}

def began():
    """The first installation, by the commands of the documentation, on an Argo CD that has settings of its own."""
    shutil.copytree("tests/data/life", project)
    build(BASE)
    publish()
    folder = os.path.join(project, "dist/argocd/apps/gc0")
    before = get("configmap", "-n", "argocd", "argocd-cm")["data"]
    for _ in range(2):
        kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "--patch-file", f"{folder}/bootstrap/argocd-cm-patch.yaml")
        kubectl("apply", "-k", f"{folder}/bootstrap")
    after = get("configmap", "-n", "argocd", "argocd-cm")["data"]
    holds("settings of the installation are kept", all(after.get(key) == value for key, value in before.items()) and len(after) > len(before))
    kubectl("apply", "-f", f"{folder}/root.yaml")
    told("the first installation", until("the first installation", lambda: all(map(is_installed, [ROOT, *BASE])), 300))

def old_version():
    """An Argo CD before 3.2 does not know `retry.refresh`: kubectl refuses the root."""
    crd = get("crd", "applications.argoproj.io")
    was = json.dumps(crd)
    retry = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["syncPolicy"]["properties"]["retry"]["properties"]
    retry.pop("refresh")
    kubectl("replace", "-f", "-", text=json.dumps(crd))
    root = os.path.join(project, "dist/argocd/apps/gc0/root.yaml")
    refused = lambda: (done := kubectl("apply", "--dry-run=server", "-f", root, check=False)).returncode != 0 and "refresh" in done.stderr
    until("an older Argo CD refuses the root", refused, 30)
    holds("an older Argo CD refuses the root", refused())
    back = json.loads(was)
    back["metadata"]["resourceVersion"] = get("crd", "applications.argoproj.io")["metadata"]["resourceVersion"]
    kubectl("replace", "-f", "-", text=json.dumps(back))
    until("the kinds are back", lambda: not refused(), 30)
    # Whatever was written meanwhile has lost the field.
    kubectl("apply", "-f", root)
    until("the root says `refresh` again", lambda: application(ROOT)["spec"]["syncPolicy"]["retry"].get("refresh"), 30)

def mended(what, broken, fixed, arrived, is_broken, edit=None):
    """A broken commit, then its fix."""
    commit(broken, edit=edit)
    until(f"{what}: is broken", is_broken, 90)
    time.sleep(20)
    commit(fixed)
    told(f"{what}: until the fix is live", until(f"{what}: the fix", arrived))
    commit(BASE)
    until(f"{what}: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def differs(name):
    return lambda: not is_installed(name)

def broken_root():
    def accident(dist):
        path = f"{dist}/argocd/apps/gc0/applications/mark.yaml"
        with open(path) as file: whole = file.read()
        with open(path, "w") as file: file.write(whole.replace("  project: platform\n", ""))
    fixed = {**BASE, "more": {"class": "mark"}}
    mended("root", fixed, fixed, lambda: text("more") == "one" and is_installed(ROOT), differs(ROOT), accident)

def unreadable_root():
    def accident(dist):
        with open(f"{dist}/argocd/apps/gc0/kustomization.yaml", "a") as file: file.write("<<<<<<< HEAD\n")
    fixed = {**BASE, "more": {"class": "mark"}}
    mended("root that cannot be read", fixed, fixed, lambda: text("more") == "one" and is_installed(ROOT), lambda: not is_fine(ROOT), accident)

def broken_values():
    broken = {**BASE, "chart": {"class": "chart", "values": {"replicaCount": -1}}}
    fixed = {**BASE, "chart": {"class": "chart", "values": {"replicaCount": 2}}}
    arrived = lambda: get("deployment", "-n", "chart", "chart-adminer")["spec"]["replicas"] == 2 and is_installed("chart")
    mended("values of a chart", broken, fixed, arrived, lambda: not is_fine("chart"))

def new_broken_values():
    """The chart is new, so nothing can be compared before it is tried: a sync fails and is tried again."""
    broken = {**BASE, "other": {"class": "chart", "values": {"replicaCount": -1}}}
    fixed = {**BASE, "other": {"class": "chart", "values": {"replicaCount": 2}}}
    arrived = lambda: (get("deployment", "-n", "other", "other-adminer") or {}).get("spec", {}).get("replicas") == 2 and is_installed("other")
    mended("values of a new chart", broken, fixed, arrived, lambda: "Running" == phase("other") and not is_fine("other"))

def broken_version():
    broken = {**BASE, "chart": {"class": "chart", "version": "9.9.9"}}
    fixed = {**BASE, "chart": {"class": "chart", "values": {"replicaCount": 3}}}
    arrived = lambda: get("deployment", "-n", "chart", "chart-adminer")["spec"]["replicas"] == 3 and is_installed("chart")
    mended("version of a chart", broken, fixed, arrived, lambda: not is_fine("chart"))

def broken_overlay():
    broken, fixed = ({**BASE, "server": {"class": "server", "replicas": replicas, "text": f"of-{abs(replicas)}"}} for replicas in (-1, 2))
    arrived = lambda: get("deployment", "server")["spec"]["replicas"] == 2 and is_installed("server")
    mended("overlay", broken, fixed, arrived, lambda: not is_fine("server"))

def new_broken_overlay():
    broken, fixed = ({**BASE, "late": {"class": "server", "replicas": replicas}} for replicas in (-1, 2))
    arrived = lambda: (get("deployment", "late") or {}).get("spec", {}).get("replicas") == 2 and is_installed("late")
    mended("overlay of a new service", broken, fixed, arrived, lambda: phase("late") == "Running")

def stuck_hook():
    """A sync that waits takes no commit; the documented way ends it."""
    commit({**BASE, "hook": {"class": "hook"}})
    until("hook: installed", lambda: is_installed("hook"))
    commit({**BASE, "hook": {"class": "hook", "cpu": 1000, "text": "two"}})
    until("hook: hangs", lambda: phase("hook") == "Running")
    time.sleep(10)
    commit({**BASE, "hook": {"class": "hook", "text": "three"}, "more": {"class": "mark"}})
    told("hook that hangs: until another change is live", until("hook: another change", lambda: text("more") == "one"))
    kubectl("patch", "applications.argoproj.io", "hook", "-n", "argocd", "--type", "merge", "-p", '{"status":{"operationState":{"phase":"Terminating"}}}')
    until("hook: has ended", lambda: phase("hook") == "Failed")
    # Of paths that did not change since it looked last, Argo CD begins no sync by itself once one has failed.
    kubectl("patch", "applications.argoproj.io", "hook", "-n", "argocd", "--type", "merge", "-p", '{"operation":{"sync":{"prune":true,"syncOptions":["ServerSideApply=true"]}}}')
    told("hook that hangs: until the fix is live, ended and synced by hand", until("hook: the fix", lambda: text("hook") == "three"))
    commit(BASE)
    until("hook: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def first_installation():
    """A service that never gets healthy, and one behind it."""
    stuck = {"class": "server", "of": "StatefulSet", "cpu": 1000}
    behind = {"class": "mark", "dependsOn": ["slow"]}
    commit({**BASE, "slow": stuck, "behind": behind})
    until("first installation: it is there", lambda: get("statefulset", "slow"))
    time.sleep(15)
    holds("what comes after it waits", text("behind") is None)
    commit({**BASE, "slow": {**stuck, "cpu": 1}, "behind": behind, "more": {"class": "mark"}})
    start = time.time()
    until("first installation: the fix is applied", lambda: get("statefulset", "slow")["spec"]["template"]["spec"]["containers"][0]["resources"]["requests"]["cpu"] == "1")
    # A StatefulSet leaves a pod of before that never got ready.
    kubectl("delete", "pod", "slow-0", check=False)
    until("first installation: the fix", lambda: is_fine("slow"))
    told("first installation: until the fix is live", time.time() - start)
    told("first installation: until what comes after it is live", until("first installation: behind", lambda: text("behind") == "one" and text("more") == "one"))
    commit(BASE)
    until("first installation: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def given_up():
    """As before, but nobody mends it: after its time it holds up nobody."""
    key = "resource.customizations.health.argoproj.io_Application"
    script = get("configmap", "-n", "argocd", "argocd-cm")["data"][key]
    holds("the time for a first installation is in the settings", "os.time() - 900" in script)
    kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "-p", json.dumps({"data": {key: script.replace("- 900", "- 60")}}))
    stuck = {"class": "server", "of": "StatefulSet", "cpu": 1000}
    commit({**BASE, "slow": stuck, "behind": {"class": "mark", "dependsOn": ["slow"]}})
    told("first installation that never ends, with 60 s for it: until the rest is live", until("given up", lambda: text("behind") == "one", 240))
    commit({**BASE, "slow": stuck, "behind": {"class": "mark", "dependsOn": ["slow"]}, "more": {"class": "mark"}})
    told("then: until another change is live", until("after giving up", lambda: text("more") == "one"))
    kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "-p", json.dumps({"data": {key: script}}))
    commit(BASE)
    until("given up: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def sick_child():
    """A child that fell ill by itself, an update that never gets healthy, and unrelated changes."""
    ill = {**BASE, "server": {"class": "server", "cpu": 1000, "text": "ill"}}
    commit(ill)
    until("sick child: is sick", lambda: not is_fine("server"))
    commit({**ill, "more": {"class": "mark"}})
    told("sick child: until an unrelated new service is live", until("sick child: unrelated", lambda: text("more") == "one"))
    commit({**BASE, "more": {"class": "mark"}})
    told("sick child: until its fix is live", until("sick child: the fix", lambda: is_fine("server")))
    commit(BASE)
    until("sick child: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def paused():
    """People pause a child; what Git changes in it arrives all the same."""
    kubectl("patch", "applications.argoproj.io", "mark", "-n", "argocd", "--type", "merge", "-p", '{"spec":{"syncPolicy":{"automated":{"enabled":false}}}}')
    kubectl("patch", "configmap", "mark", "--type", "merge", "-p", '{"data":{"text":"by hand"}}')
    commit({**BASE, "mark": {"class": "mark", "dependsOn": ["server"]}, "more": {"class": "mark"}})
    until("paused: a change beside it", lambda: text("more") == "one")
    time.sleep(10)
    mark = application("mark")
    holds("what Git changes in a paused child arrives", mark["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "10")
    holds("a paused child stays paused", mark["spec"]["syncPolicy"]["automated"].get("enabled") is False and text("mark") == "by hand")
    kubectl("patch", "applications.argoproj.io", "mark", "-n", "argocd", "--type", "merge", "-p", '{"spec":{"syncPolicy":{"automated":{"enabled":true}}}}')
    told("paused: until it heals when it goes on", until("paused: goes on", lambda: text("mark") == "one"))
    commit(BASE)
    until("paused: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def jobs():
    one = {**BASE, "job": {"class": "job"}}
    commit(one)
    until("jobs: installed", lambda: is_installed("job"))
    uid = get("job", "job")["metadata"]["uid"]
    commit({**BASE, "job": {"class": "job", "text": "two"}})
    until("jobs: a change beside it", lambda: text("job") == "two" and is_installed("job"))
    holds("a job is not run again by a change beside it", get("job", "job")["metadata"]["uid"] == uid)
    commit({**BASE, "job": {"class": "job", "text": "two", "image": "two"}})
    image = lambda: (get("job", "job") or {"spec": {"template": {"spec": {"containers": [{}]}}}})["spec"]["template"]["spec"]["containers"][0].get("image")
    told("jobs: until a changed one is made anew", until("jobs: changed", lambda: image() == "two" and is_installed("job")))
    commit(BASE)
    until("jobs: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def removed():
    """A removed service leaves its CRDs; what keeps data leaves its namespace."""
    commit({**BASE, "wide": {"class": "wide"}, "store": {"class": "store"}})
    until("removed: installed", lambda: is_installed("wide") and is_installed("store"))
    said = commit({**BASE, "store": {"class": "store", "enabled": False}})
    gone = lambda: not any([get("namespace", "wide"), get("ingressclass", "wide"), get("clusterrole", "wide"), application("wide"), application("store")])
    told("removed service: until all of it is gone", until("removed: gone", gone))
    holds("its CRD stays, and the build says so", bool(get("crd", "wides.example.com")) and "kubectl delete" in said and "wides.example.com" in said)
    holds("the namespace that keeps data stays, with its claim", bool(get("namespace", "store")) and bool(get("persistentvolumeclaim", "-n", "store", "store")))
    holds("the build says how it goes", "kubectl delete namespace store" in said)
    commit(BASE)
    until("removed: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def renamed():
    """A renamed tenant keeps every object."""
    tenant = {"namespaces": {"main": {}}, "access": {"developers": "edit"}, "groups": ["developers"]}
    commit(BASE, {"team": tenant})
    until("renamed: installed", lambda: is_installed("tenant-team"))
    uids = lambda: {line.split()[1] + " " + line.split()[2]: line.split()[3] for line in run(sys.executable, world, "objects").splitlines()
                    if "team" in line}
    before = uids()
    commit(BASE, {"crew": {**tenant, "identity": "team", "labels": {"a": "b"}}})
    time.sleep(10)
    until("renamed: installed again", lambda: is_installed("tenant-team") and is_installed(ROOT))
    after = uids()
    holds(f"a renamed tenant keeps the uids of its {len(before)} objects", before == after and len(before) > 5)

def down():
    """The documented way down, with a tenant and what keeps data."""
    kubectl("patch", "applications.argoproj.io", ROOT, "-n", "argocd", "--type", "merge", "-p", '{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}')
    kubectl("delete", "applications.argoproj.io", ROOT, "-n", "argocd", "--wait=false")
    left = lambda: [one["metadata"]["name"] for one in get("applications.argoproj.io", "-n", "argocd")["items"]]
    told("the way down", until("the way down", lambda: not left()))
    holds("the tenant's namespace stays", bool(get("namespace", "team-main")))

PARTS = [began, old_version, broken_root, unreadable_root, broken_values, new_broken_values, broken_version, broken_overlay, new_broken_overlay, stuck_hook,
         first_installation, given_up, sick_child, paused, jobs, removed, renamed, down]
known = {part.__name__: part for part in PARTS}
unknown = [name for name in sys.argv[1:] if name not in known]
if unknown:
    sys.exit(f"there is no part {unknown}; there are: {' '.join(known)}")
start = time.time()
for part in PARTS:
    if part is began or not sys.argv[1:] or part.__name__ in sys.argv[1:]:
        part()
print(f"{time.time() - start:.0f} s in all; " + (f"{len(wrong)} wrong: {wrong}" if wrong else "all as it should be"))
sys.exit(1 if wrong else 0)
