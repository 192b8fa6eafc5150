"""What `diff --against` foretells of an edit, and how that compares with what has happened: on the cluster object by object, in the states by address. In come the answer as
JSON, objects before and after, and plans; out go what was missed and what was told in vain."""
import re
from foretold import addresses

GRAVE = ("destroys-data", "replaces")

def names(text):
    return set(re.findall(r"`([^`]+)`", text))

class Foretold:
    def __init__(self, answer, known):
        self.said, self.files = answer["diagnostics"], answer["files"]
        self.applications = {path: name for name, path in known.items()}
        self.gone, self.marks = set(), []
        for environment in answer["environments"]:
            if environment.get("identity"):
                self.gone.add("apps")
            for only in environment.get("onlyInFirst", []):
                self.gone.update("apps." + path for path in only["entities"])
            for pair in environment.get("anotherIdentity", []):
                self.gone.add("apps." + pair["first"]["entity"])
            for changed in environment.get("changed", []):
                for value in changed["values"]:
                    if value["replacement"] == "yes":
                        self.marks += [f"{path}.{value['path']}" for path in changed["entities"]]

    def is_refused(self):
        return bool(self.refusals())

    def refusals(self):
        """What a cluster or Terraform refuses; what waits for a person is another matter, and what a class has found to be hazardous its own."""
        return [one for one in self.said if one.get("level") == "refused" and one["code"] not in ("hazardous-change", "applied-by-hand", "stacks-stay")]

    def by_hand(self):
        """The commands that a person is told to give."""
        texts = [note for one in self.said if one["code"] == "applied-by-hand" for note in one["notes"]]
        return [command for text in texts for command in re.findall(r"`(kubectl [^`]+)`", text)]

    def mismarked(self, lines):
        """What is marked as changed at a line that is as it was; lines by file."""
        marks = [(one["message"], one["primary"]) for one in self.said if one["primary"] and one["primary"]["text"] == "changed here"]
        return [f"{mark['file']}:{mark['line']}, {said}" for said, mark in marks if not set(range(mark["line"], mark["endLine"] + 1)) & lines.get(mark["file"], set())]

    def paths(self, one):
        return [path for path in [one["path"], *one["affects"]] if path]

    def names_object(self, thing, path, is_lost):
        """Whether somebody who reads the answer knows that an object goes."""
        if path and any(path == gone or path.startswith(gone + ".") for gone in self.gone):
            return True
        for one in self.said:
            text = " ".join([one["message"], *one["notes"], one["hint"] or ""])
            of_it = path in self.paths(one) and one.get("level") in GRAVE
            if of_it or thing.name in names(text) or f"{thing.namespace}/{thing.name}" in names(text):
                return True
        # What is only taken out is told by its file, which bears its name.
        own = re.compile(f"/({thing.kind.lower()}-)?{re.escape(thing.name)}(-{re.escape(thing.namespace)})?\\.yaml$")
        return is_lost and any(map(own.search, self.files))

class Verdict:
    def __init__(self, foretold, sides, refused, planned, orphans, moved, known):
        self.missed, self.vain, self.parts = [], [], []
        self.happened = self.foretold = 0
        self.objects(foretold, sides, refused, known)
        self.refusals(foretold, refused)
        self.stacks(foretold, planned, orphans)
        is_told = any(one["code"] == "state-moves" for one in foretold.said)
        self.foretold += is_told
        self.happened += bool(moved)
        if moved and not is_told:
            self.missed.append(f"states of {moved} are looked for elsewhere")
        if is_told and not moved:
            self.vain.append("state-moves")

    def objects(self, foretold, sides, refused, known):
        before, after = sides
        gone = {one.uid for key, one in before.items() if key not in after or after[key].uid != one.uid}
        spaces = {one.name for one in before.values() if one.kind == "Namespace" and one.uid in gone}
        touched = set()
        for key, one in before.items():
            if one.uid not in gone:
                continue
            path = known.get(one.application)
            if path:
                touched.add(path)
            # What goes with its owner or its namespace is told with that.
            if one.namespace in spaces or any(owner in gone for owner in one.owners):
                continue
            is_lost = key not in after
            if one.kind in ("Application", "AppProject"):
                path = known.get(one.name)
            if not is_lost and one.is_anew:
                self.parts.append(f"{one} anew by its own word")
                continue
            self.happened += 1
            if not foretold.names_object(one, path, is_lost):
                self.missed.append(f"{one} is {'lost' if is_lost else 'replaced'}")
            else:
                self.parts.append(f"{one} {'lost' if is_lost else 'replaced'}")
        if refused:
            return
        for one in foretold.said:
            paths = [path for path in foretold.paths(one) if path in foretold.applications]
            is_of_terraform = addresses([one["message"], *one["notes"]])[0] or one["code"] in ("state-moves", "hazardous-change", "stacks-stay")
            if one.get("level") in GRAVE and paths and not is_of_terraform:
                self.foretold += 1
                if not touched.intersection(paths):
                    self.vain.append(f"{one['code']}: {one['message']}")

    def refusals(self, foretold, refused):
        wanted = foretold.refusals()
        blamed = set()
        for one in wanted:
            self.foretold += 1
            names = {foretold.applications.get(path) for path in foretold.paths(one)}
            blamed |= names
            if not names & set(refused):
                self.vain.append(f"{one['code']}: {one['message']}")
        for name, said in refused.items():
            self.happened += 1
            self.parts.append(f"`{name}` refused")
            # The root says so of what it waits for.
            if name not in blamed:
                self.missed.append(f"`{name}` is refused: {said[:600]}")

    def stacks(self, foretold, planned, orphans):
        replaced, destroyed, more = set(), set(), 0
        for one in foretold.said:
            # Of what is named in these, something else is told; that it goes stands in the others.
            else_told = ("data is held", "prevent_destroy", "force_destroy", "deletion_protection")
            texts = [text for text in [one["message"], *one["notes"]] if not any(word in text for word in else_told)]
            found, rest = addresses(texts)
            if one["code"] in ("replaced-resource", "replaced-by-name"): replaced |= found
            elif one["code"] == "resources-destroyed": destroyed |= found
            else: rest = 0
            more += rest
        failed = [row for row in planned if "failed" in row]
        for row in failed:
            if not any(one.get("level") == "refused" for one in foretold.said):
                self.missed.append(f"Terraform fails: {row['failed'][-900:]}")
        plans = [{one.split(" ")[0] for row in planned for one in row[kind]} for kind in ("replace", "destroy")]
        self.foretold += len(replaced | destroyed) + more
        self.happened += len(plans[0] | plans[1])
        if plans[0] | plans[1]:
            self.parts.append(f"{len(plans[0])} replaced and {len(plans[1])} destroyed by Terraform")
        if failed:
            return
        self.vain += [f"{one} is replaced" for one in sorted(replaced - plans[0])] + [f"{one} is destroyed" for one in sorted(destroyed - plans[1])]
        short = len(plans[0] | plans[1]) - len(replaced | destroyed) - more
        if short > 0:
            self.missed.append(f"Terraform replaces {sorted(plans[0] - replaced)} and destroys {sorted(plans[1] - destroyed)}")
        elif short < 0 and not self.vain:
            self.vain.append(f"{-short} resources more than Terraform replaces or destroys")
        if foretold.marks and not plans[0] | plans[1]:
            self.vain.append(f"marked as replacing: {foretold.marks}")
        for one in foretold.said:
            if one["code"] == "stacks-stay":
                self.foretold += 1
                if not any(f"`apps/{stack}`" in one["message"] for stack in orphans):
                    self.vain.append(f"{one['code']}: {one['message']}")
        for stack in orphans:
            self.happened += 1
            if not any(f"{stack}" in one["message"] for one in foretold.said):
                self.missed.append(f"the state of stack `{stack}` is left behind")

    def hands(self, foretold, by_hand, is_refused):
        """What a person has to apply: told where the cluster has another thing, and only there."""
        is_told = bool(foretold.by_hand())
        self.foretold += is_told
        self.happened += bool(by_hand)
        if by_hand:
            self.parts.append(f"{len(by_hand)} files applied by hand")
            if not is_told:
                self.missed.append(f"{by_hand} are to be applied by hand")
        elif is_told and not is_refused:
            self.vain.append("applied-by-hand")

    def words(self):
        return ", ".join(self.parts) or "nothing replaced, nothing lost"
