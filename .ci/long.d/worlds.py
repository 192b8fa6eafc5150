"""What the long parts have in common that live in a world: its clusters and repositories, waiting, and telling what holds. It reads what `world.sh` exports;
`wrong` is what did not hold, and `end` makes the result of the part of it."""
import json, os, shutil, subprocess, sys, time

home, platc, world, tools = (os.environ[name] for name in ("HOME_OF_TEST", "PLATC", "WORLD", "TOOLS"))
wrong = []
began_at = time.time()

def run(*argv, check=True, **rest):
    """A program, with what it said. One that fails ends the part, unless that is looked at."""
    done = subprocess.run(argv, text=True, capture_output=True, **rest)
    if check and done.returncode:
        sys.exit(f"{' '.join(argv)}\n{done.stdout}{done.stderr}")
    return done

def of_world(*argv, **rest):
    return run(sys.executable, world, *argv, **rest)

def kubeconfig(cluster="main"):
    return os.path.join(os.environ["WORLD_DIR"], f"{cluster}.kubeconfig")

def kubectl(*argv, cluster="main", **rest):
    return run("kubectl", "--kubeconfig", kubeconfig(cluster), *argv, **rest)

def get(*what, cluster="main"):
    done = kubectl("get", *what, "-o", "json", cluster=cluster, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None

def application(name, cluster="main"):
    return get("applications.argoproj.io", "-n", "argocd", name, cluster=cluster)

def status(name, cluster="main"):
    return (application(name, cluster) or {}).get("status", {})

def is_fine(name, cluster="main"):
    now = status(name, cluster)
    return now.get("sync", {}).get("status") == "Synced" and now.get("health", {}).get("status") == "Healthy"

def phase(name, cluster="main"):
    return status(name, cluster).get("operationState", {}).get("phase")

def moment():
    """Now, as Argo CD writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

def is_operated(name, since=""):
    """Whether something was tried since then. What is tried again and again goes on under the time of its first attempt, and ends with its last."""
    operation = status(name).get("operationState", {})
    return operation.get("phase") == "Running" or (operation.get("phase") in ("Failed", "Error", "Succeeded") and (operation.get("finishedAt") or operation.get("startedAt", "")) >= since)

def refresh():
    """Has Argo CD look at git; an Application that goes in between is asked for no more."""
    for _ in range(5):
        if of_world("refresh", check=False).returncode == 0:
            return
    of_world("refresh")

def publish(url, fill, branch="main"):
    """What `fill` puts into a folder becomes the branch, and Argo CD looks at it as after a webhook; gives the commit."""
    folder = os.path.join(home, "repository")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    fill(folder)
    commit = of_world("publish", url, folder, "--branch", branch).stdout.strip()
    refresh()
    return commit

def texts(files):
    """To publish: texts by path."""
    def fill(folder):
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
            with open(os.path.join(folder, path), "w") as file:
                file.write(text)
    return fill

def output(project, edit=None):
    """To publish: what was built of a project, perhaps with an accident."""
    def fill(folder):
        shutil.copytree(os.path.join(project, "dist"), os.path.join(folder, "dist"))
        if edit:
            edit(os.path.join(folder, "dist"))
    return fill

def until(what, test, seconds=180):
    """Waits, and gives the seconds it took."""
    start = time.time()
    while time.time() - start < seconds:
        if test():
            return time.time() - start
        time.sleep(1)
    wrong.append(what)
    print(f"WRONG    {what}: not within {seconds} s\n{of_world('status', check=False).stdout[:4000]}", flush=True)
    return seconds

def told(what, seconds):
    print(f"{seconds:6.0f} s  {what}", flush=True)

def holds(what, test, said="", quiet=False):
    """Tells whether something is so; `said` is told only if it is not, and all of it only then if `quiet`."""
    if not test:
        wrong.append(what)
        print(f"WRONG    {what} {said}".rstrip(), flush=True)
    elif not quiet:
        print(f"   yes   {what}", flush=True)

def end(well="all as it should be"):
    print(f"{time.time() - began_at:.0f} s in all; " + (f"{len(wrong)} wrong: {wrong}" if wrong else well))
    sys.exit(1 if wrong else 0)

def live(parts, always=()):
    """Runs the parts that the arguments name, and those that all others begin with; without arguments, all."""
    names = [part.__name__ for part in parts]
    unknown = [name for name in sys.argv[1:] if name not in names]
    if unknown:
        sys.exit(f"there is no part {unknown}; there are: {' '.join(names)}")
    for part in parts:
        if part in always or not sys.argv[1:] or part.__name__ in sys.argv[1:]:
            part()
    end()
