#!/usr/bin/env python3
"""What platc is made of, told from Cargo.lock and the sources of its crates. Needs Python 3.11, cargo and `cargo fetch --locked`.

    dependencies.py notices > THIRD-PARTY-NOTICES    licences of everything that goes into a release, of data of others too
    dependencies.py sbom TARGET                      a bill of materials for one target, as CycloneDX 1.6 in JSON
    dependencies.py msrv                             fails if a crate needs a newer Rust than `rust-version` in Cargo.toml says

The same commit gives the same bytes. The only thing read from the environment is SOURCE_DATE_EPOCH, the time that a bill names.
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Matched from the start of a file's name or of the folder that it is in.
TEXTS = re.compile(r"[.]?(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)
RULE = "=" * 100


def main(command, *arguments):
    releases = tomllib.loads((ROOT / "deny.toml").read_text())["graph"]["targets"]
    if command == "notices":
        sys.stdout.write(notices(Graph(releases)))
    elif command == "sbom":
        json.dump(sbom(Graph(arguments), *arguments), sys.stdout, indent=1, sort_keys=True)
        print()
    elif command == "msrv":
        msrv(Graph(releases))
    else:
        sys.exit(__doc__)


class Graph:
    """The crates that are built into the program for some targets, or that build it; not those that only test it."""

    def __init__(self, targets):
        filters = [word for target in targets for word in ("--filter-platform", target)]
        line = ["cargo", "metadata", "--offline", "--locked", "--format-version", "1", *filters]
        metadata = json.loads(subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
        crates = {crate["id"]: crate for crate in metadata["packages"]}
        needs = {
            node["id"]: [need["pkg"] for need in node["deps"] if any(kind["kind"] != "dev" for kind in need["dep_kinds"])]
            for node in metadata["resolve"]["nodes"]
        }
        reached, open_ = set(), [metadata["resolve"]["root"]]
        while open_:
            crate = open_.pop()
            if crate not in reached:
                reached.add(crate)
                open_ += needs[crate]
        self.root = crates[metadata["resolve"]["root"]]
        self.crates = sorted((crates[crate] for crate in reached), key=lambda crate: (crate["name"], crate["version"]))
        self.others = [crate for crate in self.crates if crate is not self.root]
        self.all = list(crates.values())
        self.needs = {crate: [crates[need] for need in needs[crate]] for crate in reached}


def licence(crate):
    return (crate["license"] or "see its licence file").replace("/", " OR ")


def words(text):
    return " ".join(text.split())


def terms(text):
    """What is fixed in the text of Apache-2.0; around it some print a title, a form and an address with or without TLS."""
    found = re.search(r"TERMS AND CONDITIONS FOR USE.*END OF TERMS AND CONDITIONS", words(text).replace("https:", "http:"))
    return found.group() if found and "Exceptions" not in text else None


def notices(graph):
    own = terms((ROOT / "LICENSE").read_text())
    texts, listed = {}, []
    for crate in graph.others:
        folder = pathlib.Path(crate["manifest_path"]).parent
        found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".rs")
        files = [path for path in found if any(TEXTS.match(part) for part in path.relative_to(folder).parts[-2:])]
        if not files:
            sys.exit(f"{crate['name']} {crate['version']} has no licence file; its authors and text have to be named in release/notices.txt")
        listed.append(f"{crate['name']} {crate['version']}: {licence(crate)}")
        for path in files:
            text = path.read_text()
            if terms(text) != own:
                # Compared without layout, so that a text that many share stands here once.
                texts.setdefault(words(text), (text, []))[1].append(f"{crate['name']} {crate['version']}")
    parts = [(ROOT / "release/notices.txt").read_text().rstrip(), "\n".join(listed)]
    for text, names in texts.values():
        lines = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
        parts.append(f"{RULE}\n{', '.join(dict.fromkeys(names))}\n\n{lines}")
    return "\n\n".join(parts) + "\n"


def sbom(graph, target):
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    digests = {(entry["name"], entry["version"]): entry.get("checksum") for entry in lock}

    def purl(crate):
        return f"pkg:cargo/{crate['name']}@{crate['version'].replace('+', '%2B')}"

    def component(crate):
        told = {
            "bom-ref": purl(crate),
            "purl": purl(crate),
            "type": "application" if crate is graph.root else "library",
            "name": crate["name"],
            "version": crate["version"],
            "description": words(crate["description"] or ""),
            "licenses": [{"expression": licence(crate)}],
        }
        if digest := digests[crate["name"], crate["version"]]:
            told["hashes"] = [{"alg": "SHA-256", "content": digest}]
        if crate["repository"]:
            told["externalReferences"] = [{"type": "vcs", "url": crate["repository"]}]
        return told

    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": component(graph.root), "properties": [{"name": "cargo:target", "value": target}]},
        "components": [component(crate) for crate in graph.others],
        "dependencies": [
            {"ref": purl(crate), "dependsOn": sorted({purl(need) for need in graph.needs[crate["id"]]})} for crate in graph.crates
        ],
    }
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        bill["metadata"]["timestamp"] = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # A number that names this content, instead of a random one.
    bill["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(bill, sort_keys=True))}"
    return bill


def msrv(graph):
    """Crates that only test are asked too: `cargo test` is promised with the oldest Rust."""

    def version(text):
        return [int(part) for part in (text or "1").split(".")][:2]

    ours = graph.root["rust_version"]
    newer = [
        f"{crate['name']} {crate['version']} needs Rust {crate['rust_version']}, and `rust-version` in Cargo.toml says {ours}"
        for crate in graph.all
        if version(crate["rust_version"]) > version(ours)
    ]
    if newer:
        sys.exit("\n".join(newer))


main(*sys.argv[1:] or [""])
