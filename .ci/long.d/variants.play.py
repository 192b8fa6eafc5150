"""Plays variants of the examples and judges what platc says of them. In come the program, the checkers and seeds; out go a line for each variant, counts, and 1 if
anything was wrong. What differs of the output is looked for here, byte by byte; whether an edit that nobody names matters, by taking it back."""
import collections, importlib.util, json, os, random, re, shutil, subprocess, sys, time

home, tools, platc = os.environ["HOME_OF_TEST"], os.environ["TOOLS"], os.environ["PLATC"]
FAMILY = "examples/kubestack"
ALL = 200

def beside(name):
    """A module whose name is no name of a module."""
    spec = importlib.util.spec_from_file_location(name.replace(".", "_"), os.path.join(os.path.dirname(os.path.abspath(__file__)), name))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

words, edits, told = beside("variants.words.py").words, beside("variants.edits.py"), beside("variants.told.py")
tree, places, names_line = told.tree, told.places, told.names_line
EXAMPLES = {**{name: os.path.join(FAMILY, name) for name in sorted(os.listdir(FAMILY))},
    **{name: os.path.join("examples", name) for name in sorted(os.listdir("examples")) if name != "kubestack"}}
counts = {name: collections.Counter() for name in EXAMPLES}

def run(folder, *argv):
    return subprocess.run(argv, cwd=folder, text=True, capture_output=True)

def asked(folder, *argv):
    """An answer as JSON, and how the program ended."""
    done = run(folder, platc, *argv, "--format", "json")
    try:
        return json.loads(done.stdout), done.returncode
    except ValueError:
        return {"said": done.stdout[-800:] + done.stderr[-1500:]}, done.returncode

def sources(folder):
    found = {}
    for path in sorted(tree(folder)):
        # What a chart has is no definition.
        if path.endswith((".yaml", ".toml")) and not path.startswith(("dist/", "charts/", ".")):
            with open(os.path.join(folder, path)) as file:
                found[path] = file.read()
    return found

class Original:
    """An example as it is, built and committed, with all branches that somebody follows."""
    def __init__(self, name):
        self.name, self.folder = name, os.path.join(home, "originals", name)
        shutil.copytree(EXAMPLES[name], self.folder, ignore=shutil.ignore_patterns("dist", ".platc"))
        done = run(self.folder, platc, "build", "-q")
        if done.returncode:
            sys.exit(f"{name}: {done.stderr}")
        for argv in (["init", "-q", "-b", "first"], ["add", "-A", "-f"], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "one"]):
            run(self.folder, "git", *argv)
        self.sources = sources(self.folder)
        self.words = [word for file, text in self.sources.items() for word in words(file, text)]
        for revision in {word.text for word in self.words if word.role == "value" and word.path[-1] == "revision" and "$" not in word.text}:
            run(self.folder, "git", "branch", revision)
        folder = os.path.join(self.folder, "facts")
        self.facts = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        self.output = tree(os.path.join(self.folder, "dist"))
        answer, _ = asked(self.folder, "check")
        self.warnings = {one["code"] for one in answer["diagnostics"]}

class Edit:
    """An edit with the lines that are others by it: as they were, and as they are."""
    def __init__(self, group, span):
        self.group, self.span = group, span
        self.file, self.before, self.now = span[0], set(), set()

def applied(original, made):
    """Texts after edits; the lines of each are noted in it."""
    texts = {}
    for file, text in original.sources.items():
        out, at = "", 0
        for edit in sorted((one for one in made if one.file == file), key=lambda one: one.span[1:3]):
            _, start, end, new = edit.span
            out += text[at:start]
            # Blanks at its ends belong to lines that nobody has changed.
            first = out.count("\n") + 1 + len(new) - len(new.lstrip("\n"))
            if new.strip():
                edit.now = set(range(first, first + new.strip("\n ").count("\n") + 1))
            edit.before = set(range(text.count("\n", 0, start) + 1, text.count("\n", 0, max(start, end - 1)) + 2)) if end > start else set()
            out += new
            at = end
        texts[file] = out + text[at:]
    return texts

def write(folder, texts):
    for path, text in texts.items():
        with open(os.path.join(folder, path), "w") as file:
            file.write(text)

def moved(folder, groups):
    for group in groups:
        for old, new, *is_copy in group.moves:
            (shutil.copytree if is_copy else shutil.move)(os.path.join(folder, old), os.path.join(folder, new))

class Variant:
    def __init__(self, original, number):
        self.original, self.seed, self.wrong, self.told = original, f"{original.name}:{number}", [], []
        self.chance = random.Random(self.seed)
        self.folder = os.path.join(home, "variant")
        self.groups, self.skipped = edits.chosen(original.name, original.sources, original.words, original.facts, self.chance)
        self.made = [Edit(group, span) for group in self.groups for span in group.edits]
        self.counts = counts[original.name]
        self.kinds = {group.kind for group in self.groups}
        self.idle, self.is_from_nothing = set(), False

    def holds(self, what, is_right, detail=""):
        if not is_right:
            self.wrong.append(f"{what}{': ' if detail else ''}{detail}")
        return is_right

    def play(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.original.folder, self.folder, symlinks=True)
        write(self.folder, applied(self.original, self.made))
        moved(self.folder, self.groups)
        if not self.checked():
            return
        answer, code = asked(self.folder, "diff", "--against", "HEAD")
        if not self.holds("`diff` answers", "environments" in answer, str(answer)[:1500]):
            return
        touched, _ = asked(self.folder, "affected", "--against", "HEAD")
        receiver = self.chance.choice([row["second"] for row in answer["environments"] if "second" in row] or [""])
        promoted = asked(self.folder, "promotion", receiver)[0] if receiver else {"promotions": []}
        done = run(self.folder, platc, "build", "-q")
        if not self.holds("`build` works", done.returncode == 0, done.stdout + done.stderr):
            return
        self.explained(answer, code)
        self.outputs(answer, touched)
        self.promotions(answer, promoted)
        self.explains(answer)
        self.rendered()

    def clear(self, folder):
        for name in ("dist", ".platc"):
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)

    def checked(self):
        answer, _ = asked(self.folder, "check")
        errors = [one for one in answer.get("diagnostics", []) if one["severity"] == "error"]
        if errors and {one["code"] for one in errors} == {"data-without-word"} and "anew" in self.kinds:
            # What keeps data would be elsewhere. So it is built as another platform would be, from nothing.
            self.counts["asked for a word of data"] += 1
            self.holds("what keeps data is told how it stays the same", all("identity" in " ".join(one["notes"]) for one in errors), str(errors)[:900])
            self.is_from_nothing = True
            self.clear(self.folder)
            answer, _ = asked(self.folder, "check")
            errors = [one for one in answer.get("diagnostics", []) if one["severity"] == "error"]
        if not self.holds("`check` answers", "diagnostics" in answer, str(answer)[:1500]):
            return False
        if not self.holds("`check` finds no errors", not errors, "; ".join(f"{one['code']}: {one['message']} ({(one['primary'] or {}).get('file')}:{(one['primary'] or {}).get('line')})" for one in errors[:4])):
            return False
        # What is elsewhere now has another root, which a person applies; and in a zone less, less.
        known = self.original.warnings | ({"applied-by-hand", "resources-leave", "installed-stays", "stacks-stay"} if self.kinds & {"replaced", "anew"} else set())
        self.told = answer["diagnostics"]
        waiting, waits = {group.waits for group in self.groups if group.waits}, [one for one in self.told if one["code"] == "waits-for-facts"]
        without = sorted(name for name in waiting if not any(f"of `{name}`" in one["message"] for one in waits))
        self.holds("`check` tells what waits for facts", not without, str(without))
        due = [one for one in waits if any(f"of `{name}`" in one["message"] for name in waiting)]
        # Which Applications are called otherwise is known once it is built.
        new = [one for one in self.told if one["code"] not in {*known, "replaced-by-name"} and one not in due]
        return self.holds("`check` warns of nothing more", not new, "; ".join(f"{one['code']}: {one['message']}" for one in new[:4])) or True

    def shown(self, folder):
        answer, code = asked(folder, "show")
        return answer if code == 0 else None

    def matters(self, edit):
        """Whether anything that is there before and after is another without an edit."""
        other = os.path.join(home, "without")
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(self.folder, other, symlinks=True)
        write(other, applied(self.original, [one for one in self.made if one is not edit]))
        applied(self.original, self.made)
        one, two = self.shown(self.folder), self.shown(other)
        if one is None or two is None:
            return True
        new = {name for group in self.groups if group.kind == "anew" for name in group.names}
        strip = lambda answer: {key: value for key, value in answer.get("environments", answer).items() if key not in new}
        return strip(one) != strip(two)

    def explained(self, answer, code):
        found, text = places(answer), json.dumps(answer)
        for edit in self.made:
            if edit.group.is_named:
                continue
            self.counts["lines"] += 1
            if names_line(found, edit):
                continue
            if self.matters(edit):
                self.holds(f"`diff` names {edit.file}:{sorted(edit.now or edit.before)[:1]}", False, f"{edit.group.what}")
            else:
                self.counts["lines that change nothing"] += 1
                self.idle.add(edit)
        for group in self.groups:
            if group.is_named:
                self.counts["names"] += 1
                is_told = any(re.search(rf'["./`\[]{re.escape(name)}["./`\]]', text) for name in group.names)
                self.holds(f"`diff` names `{', '.join(group.names)}`", is_told, group.what)
        is_idle = len(self.idle) == len(self.made)
        self.holds(f"`diff` ends with {0 if is_idle else 1}", code == (0 if is_idle else 1), str(code))

    def outputs(self, answer, touched):
        now, old = tree(os.path.join(self.folder, "dist")), self.original.output
        differs = {path: "added" if path not in old else "removed" if path not in now else "changed" for path in {*now, *old} if now.get(path) != old.get(path) and path != "platc.json"}
        if not self.holds("`affected` answers", "outputs" in touched, str(touched)[:1500]):
            return
        listed = {file["path"]: file["change"] for one in touched["outputs"] for file in one["files"]}
        self.counts["files that differ"] += len(differs)
        # The order of stacks is read by pipelines, and is no output of a thing.
        less = {path: change for path, change in differs.items() if path not in listed and path != "terraform/order.json"}
        self.holds("`affected` lists what differs", not less, str(sorted(less.items())[:6]))
        more = {path: change for path, change in listed.items() if differs.get(path) != change}
        self.holds("what `affected` lists differs", not more, str(sorted(more.items())[:6]))
        files = set(answer["files"])
        self.holds("`diff` lists what differs", files - {"terraform/order.json"} == set(differs) - {"terraform/order.json"}, f"less {sorted(set(differs) - files)[:4]}, more {sorted(files - set(differs))[:4]}")
        self.called_otherwise(differs, now)
        without, by_facts, carried = [], [], self.carried()
        for one in touched["outputs"]:
            found = places(one["reasons"])
            if any(names_line(found, edit) for edit in self.made):
                continue
            if any(names_line(found, edit) for edit in carried):
                by_facts.append(one)
            else:
                without.append(f"{one['path']} because of {[(reason['what'], (reason['now'] or reason['before'] or {}).get('file'), (reason['now'] or reason['before'] or {}).get('line')) for reason in one['reasons']][:3]}")
        self.holds("each output has a reason at a line that was edited", not without, f"{len(without)}: " + "; ".join(without[:4]))
        if by_facts:
            self.counts["outputs because of facts alone"] += len(by_facts)
            other = self.left()
            same = [one["path"] for one in by_facts if all(other.get(file["path"]) == now.get(file["path"]) for file in one["files"])]
            self.holds("what has facts as its only reason is another one without them", not same, str(same[:4]))
        if self.kinds == {"renamed"}:
            self.counts["renames that differ in no file"] += 1
            self.holds("a rename with identity changes no file", not differs and now == old, str(sorted(path for path in {*now, *old} if now.get(path) != old.get(path))[:6]))

    def carried(self):
        """Facts that go along with an environment, as edits of whole files."""
        found = []
        for group in self.groups:
            for old, new, *is_copy in group.moves:
                for path, text in tree(os.path.join(self.original.folder, old)).items():
                    there, here = (Edit(group, (os.path.join(folder, path),)) for folder in (old, new))
                    here.now = set(range(1, text.count(b"\n") + 2))
                    there.before = set() if is_copy else here.now
                    found += [there, here]
        return found

    def left(self):
        """The output if the facts were left where they were."""
        other = os.path.join(home, "without")
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(self.original.folder, other, symlinks=True)
        write(other, applied(self.original, self.made))
        if self.is_from_nothing:
            self.clear(other)
        done = run(other, platc, "build", "-q")
        self.holds("`build` works without facts", done.returncode == 0, done.stderr[-900:])
        return tree(os.path.join(other, "dist"))

    def called_otherwise(self, differs, now):
        renamed = told.renamed(differs, self.original.output, now)
        some, many = told.of_renamed(self.told)
        if renamed:
            self.counts["Applications called otherwise"] += len(renamed)
        is_right = some <= renamed and many == len(renamed)
        self.holds("`check` tells which Applications are called otherwise", is_right, f"told {many}, {sorted(some)}, are {len(renamed)}, {sorted(renamed)[:4]}")

    def values(self, rows):
        return {(entity, value["path"], json.dumps(value["second"] and value["second"]["value"])) for row in rows for changed in row.get("changed", []) for entity in changed["entities"] for value in changed["values"]}

    def promotions(self, answer, promoted):
        if not self.holds("`promotion` answers", "promotions" in promoted, str(promoted)[:900]):
            return
        rows = {row["environment"]: row.get("environments", []) for row in promoted["promotions"]}
        for row in answer["environments"]:
            name = row.get("second")
            if name in rows:
                self.counts["promotions"] += 1
                one, other = self.values([row]), self.values(rows[name])
                self.holds(f"`promotion` of `{name}` tells what `diff` tells", one == other, f"{sorted(one ^ other, key=str)[:4]}")

    def called(self, row, path):
        """How a thing is called now that `diff` calls by its name at the revision."""
        for pair in row["renamed"]:
            old, new = pair["first"]["entity"], pair["second"]["entity"]
            if path == old or path.startswith(old + "."):
                return new + path[len(old):]
        return path

    def explains(self, answer):
        """Asks about values at lines that were edited."""
        found = []
        for row in answer["environments"]:
            for changed in row.get("changed", []):
                for value in changed["values"]:
                    place = (value["second"] or {}).get("place") or {}
                    lines = set(range(place.get("line", 0), place.get("endLine", 0) + 1))
                    if any(edit.file == place.get("file") and edit.now & lines for edit in self.made):
                        found.append((f"{row['second']}.{self.called(row, changed['entities'][0])}.{value['path']}", place))
        for path, place in self.chance.sample(found, min(1, len(found))):
            self.counts["explained"] += 1
            said, code = asked(self.folder, "explain", path)
            self.holds(f"`explain {path}` names the line", code == 0 and place["line"] in places(said)[place["file"]], str(said)[:600])

    def rendered(self):
        folder = os.path.join(self.folder, "dist")
        overlays = sorted({root for root, _, names in os.walk(os.path.join(folder, "kustomize")) if "kustomization.yaml" in names and "/overlays/" in root})
        rendered = []
        for overlay in self.chance.sample(overlays, min(5, len(overlays))):
            self.counts["overlays"] += 1
            done = run(folder, "kubectl", "kustomize", overlay)
            if self.holds(f"`kubectl kustomize {os.path.relpath(overlay, folder)}` renders", done.returncode == 0, done.stderr[-600:]) and done.stdout.strip():
                path = os.path.join(home, "rendered", f"{len(rendered)}.yaml")
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w") as file:
                    file.write(done.stdout)
                rendered.append(path)
        sites = sorted(root for root, _, names in os.walk(os.path.join(folder, "argocd")) if "root.yaml" in names)
        site = self.chance.choice(sites) if sites else ""
        parts = [path for path in (os.path.join(site, part) for part in ("root.yaml", "projects", "applications", "bootstrap")) if site and os.path.exists(path)]
        checker = [sys.executable, os.path.join(tools, "k8s_validate.py"), "--lint-scalars", "--unknown-kinds", "skip", "--exclude", "kustomization.yaml", "--exclude", "argocd-cm-*patch.yaml"]
        if rendered or parts:
            done = run(folder, *checker, *rendered, *parts)
            self.holds("the objects are valid", done.returncode == 0, done.stdout[-900:] + done.stderr[-500:])
        stacks = sorted(root for root, _, names in os.walk(os.path.join(folder, "terraform")) if "terraform.tf.json" in names)
        if stacks:
            done = run(folder, sys.executable, os.path.join(tools, "tf_validate.py"), "--quiet", *stacks)
            self.holds("the Terraform is valid", done.returncode == 0, done.stdout[-900:] + done.stderr[-500:])

def wanted(arguments):
    """Names of examples and numbers of their variants."""
    seeds, names, many = [], [], None
    for one in arguments:
        name, _, number = one.partition(":")
        if one.isdigit():
            many = int(one)
        elif name not in EXAMPLES or (number and not number.isdigit()):
            sys.exit(f"there is no example `{one}`; there are: {' '.join(EXAMPLES)}")
        elif number:
            seeds.append((name, int(number)))
        else:
            names.append(name)
    if seeds and not names and many is None:
        return seeds
    names, first = names or list(EXAMPLES), int(os.environ.get("VARIANTS_FROM", "1"))
    # Which one comes first is no matter, so that each has some when it is stopped.
    rows = [(name, number) for number in range(first, first + (many or ALL)) for name in names]
    return seeds + (rows if many else rows[:ALL])

def main():
    originals, failures = {}, []
    for name, number in wanted(sys.argv[1:]):
        if name not in originals:
            originals[name] = Original(name)
        start, one = time.time(), Variant(originals[name], number)
        one.play()
        counts[name]["variants"] += 1
        for what in one.skipped:
            counts[name]["left out"] += 1
            print(f"         {one.seed}: left out: {what}", flush=True)
        print(f"{time.time() - start:6.1f} s  {one.seed}: {'; '.join(group.what for group in one.groups)}", flush=True)
        if one.wrong:
            counts[name]["failures"] += 1
            failures.append(one.seed)
            for what in one.wrong:
                print(f"         FAILED {one.seed}: {what}", flush=True)
    for name, row in counts.items():
        if row:
            print(f"{name}: {', '.join(f'{value} {what}' for what, value in row.items())}")
    print(f"{sum(row['variants'] for row in counts.values())} variants, {len(failures)} failures{': ' if failures else ''}{' '.join(failures)}")
    sys.exit(1 if failures else 0)

main()
