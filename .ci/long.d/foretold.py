"""What `diff --against` foretells of the starter's stacks against what Terraform plans, edit by edit: the same resources replaced and destroyed, all of them and no
other. In come the program and the clouds; out go pairs of an edit and what is wrong with it, nothing if nothing is."""
import json, os, re, shutil, subprocess, sys

GC0 = "clusters/gc0.yaml"
FLOWS, SIZE = "network: { flowLogs: {} }", "size: { min: 3, max: 9 }"
EDITS = [
    (GC0, FLOWS, "network: { flowLogs: {}, cidr: 10.4.0.0/16 }"),
    (GC0, FLOWS, "network: { flowLogs: {}, nat: single }"),
    (GC0, FLOWS, "network: { flowLogs: {}, slots: { eu-west-1c: 5 } }"),
    (GC0, f"    {FLOWS}\n", ""),
    (GC0, "region: eu-west-1", "prefix: big\n    region: eu-west-1"),
    (GC0, "zones: [eu-west-1a, eu-west-1b, eu-west-1c]   #", "zones: [eu-west-1a, eu-west-1b]   #"),
    (GC0, "zones: [eu-west-1a, eu-west-1b, eu-west-1c]\n", "zones: [eu-west-1c, eu-west-1b, eu-west-1a]\n"),
    (GC0, "instanceTypes: [t3a.xlarge]", "instanceTypes: [t3a.2xlarge]"),
    (GC0, SIZE, f"{SIZE}\n        capacity: spot"),
    (GC0, SIZE, f"{SIZE}\n        disk: {{ size: 80 }}"),
    (GC0, "      gpu:\n        inherits", "      cards:\n        inherits"),
    (GC0, "role/team-a-leads", "role/team-a-heads"),
    (GC0, "policy: AmazonEKSClusterAdminPolicy", "policy: AmazonEKSAdminPolicy"),
    (GC0, 'version: "1.36"', 'version: "1.37"'),
    ("platform.yaml", "domain: infra.example.com", "domain: other.example.com"),
    ("services.toml", "[services.external-dns]", "[services.external-dns]\nenabled = false"),
]

def addresses(texts):
    """Addresses in backquotes, without what stands in brackets behind them, and how many more there are."""
    text = re.sub(r"\([^)]*\)", "", "\n".join(texts))
    return set(re.findall(r"`(aws_[a-z0-9_]+\.[A-Za-z0-9_-]+)`", text)), sum(map(int, re.findall(r"and (\d+) more", text)))

def foretold(home, platc, clouds, most=None):
    project, states = os.path.join(home, "foretold"), os.path.join(home, "foretold-states")
    shutil.copytree("examples/kubestack/starter", project, ignore=shutil.ignore_patterns("dist"))
    def run(*argv):
        return subprocess.run(argv, text=True, capture_output=True, cwd=project).stdout
    def ask(verb):
        return json.loads(run(sys.executable, clouds, verb, "dist", "-e", "apps", "--states", states, "--json"))
    run(platc, "build", "-q")
    for argv in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "one"]):
        run("git", *argv)
    ask("apply")
    for path, old, new in EDITS[:most]:
        path = os.path.join(project, path)
        with open(path) as file: before = file.read()
        assert old in before, old
        after = before.replace(old, new, 1)
        if "cards:" in new:
            after = after.replace("gpu: { enabled", "cards: { enabled")
        with open(path, "w") as file: file.write(after)
        replaced, destroyed, more = set(), set(), 0
        for said in json.loads(run(platc, "diff", "--against", "HEAD", "apps", "--format", "json"))["diagnostics"]:
            texts = [text for text in [said["message"], *said["notes"]] if "data is held" not in text]
            found, rest = addresses(texts)
            if said["code"] in ("replaced-resource", "replaced-by-name"): replaced |= found
            elif said["code"] == "resources-destroyed": destroyed |= found
            else: rest = 0
            more += rest
        run(platc, "build", "-q")
        rows = ask("plan")
        planned = [{one.split(" ")[0] for row in rows for one in row[kind]} for kind in ("replace", "destroy")]
        is_right = replaced <= planned[0] and destroyed <= planned[1] and len(replaced | destroyed) + more == len(planned[0] | planned[1])
        yield new.strip() or old.strip(), "" if is_right else f"told {sorted(replaced)}, {sorted(destroyed)} and {more} more; planned {list(map(sorted, planned))}"
        with open(path, "w") as file: file.write(before)
