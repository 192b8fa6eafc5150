"""What `.ci/long.d/grow` asks Terraform: a line for each step, and 1 if one is wrong."""
import json, os, shutil, subprocess, sys

home, platc, clouds = os.environ["HOME_OF_TEST"], os.path.abspath(os.environ["PLATC"]), os.environ["CLOUDS"]
ARCHITECTURES = ["starter", "node-pools", "multi-cluster", "three-environments"]
# A platform that is there, in a cloud beside its own.
SECOND_CLOUD = {
    "clusters/gcp0.yaml": """clusters:
  gcp0:
    class: gke
    project: acme-${environment.name}
    region: europe-west1
    zones: [europe-west1-b, europe-west1-c]
    endpoint: { publicCidrs: [203.0.113.0/24] }
    nodePools: { default: { instanceTypes: [n2d-standard-4], size: { min: 1, max: 3 } } }
"""
}
wrong = 0

def ask(verb, project, states):
    done = subprocess.run([sys.executable, clouds, verb, f"{project}/dist", "--states", states, "--json"], text=True, capture_output=True)
    if done.returncode == 2 or not done.stdout: sys.exit(done.stdout + done.stderr)
    return {f"{row['environment']}/{row['stack']}" if "stack" in row else row["state"]: row for row in json.loads(done.stdout)}

def holds(what, test, why=""):
    global wrong
    wrong += not test
    print(f"{'   yes  ' if test else 'WRONG   '} {what}" + ("" if test else f"\n{why}"), flush=True)

def touched(rows):
    """What a plan does to what was there."""
    return {name: {kind: row[kind] for kind in ("change", "replace", "destroy", "moved") if row.get(kind)} for name, row in rows.items() if "orphan" in row or any(row.get(kind) for kind in ("change", "replace", "destroy", "moved"))}

def build(example, project, more={}):
    """The sources of the example in the place of those that were there; the output stays and is built anew."""
    for entry in os.listdir(project) if os.path.isdir(project) else []:
        if entry != "dist":
            path = os.path.join(project, entry)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
    shutil.copytree(f"examples/kubestack/{example}", project, dirs_exist_ok=True, ignore=shutil.ignore_patterns("dist"))
    for path, text in more.items():
        with open(os.path.join(project, path), "w") as file: file.write(text)
    if more:
        path = os.path.join(project, "services.toml")
        with open(path) as file: text = file.read()
        with open(path, "w") as file: file.write(text.replace("[services.cluster-autoscaler]", '[services.cluster-autoscaler]\nplacement = ["gc0", "gc1"]'))
    done = subprocess.run([platc, "-C", project, "build", "--quiet"], text=True, capture_output=True)
    if done.returncode or done.stderr: sys.exit(done.stdout + done.stderr)

def rests(what, project, states):
    rows = ask("plan", project, states)
    holds(what, not touched(rows) and not any(row.get("add") for row in rows.values()), json.dumps(rows, indent=1)[:3000])

project, states = os.path.join(home, "platform"), os.path.join(home, "states")
for number, (name, more) in enumerate([*((name, {}) for name in ARCHITECTURES), ("three-environments", SECOND_CLOUD)]):
    build(name, project, more)
    rows = ask("plan", project, states)
    added = sum(len(row["add"]) if isinstance(row["add"], list) else row["add"] for row in rows.values() if row.get("add"))
    holds(f"{'begin with ' * (number == 0)}{name}{' and another cloud' * bool(more)}: {added} resources are added, and nothing else happens", added > 0 and not touched(rows), json.dumps(touched(rows), indent=1)[:3000])
    ask("apply", project, states)
    rests("   applied, a plan finds nothing", project, states)
project, states = os.path.join(home, "clouds"), os.path.join(home, "clouds-states")
build("multi-cloud", project)
applied = ask("apply", project, states)
holds(f"three clouds, four environments: {len(applied)} stacks", len(applied) == 12)
rests("   applied, a plan finds nothing", project, states)
sys.exit(1 if wrong else 0)
