"""The words of a project, each with its path and where it stands. In comes the text of a definition, YAML or TOML; nothing is understood of it, and nothing changed."""
import re
import yaml

class Word:
    """A key or a scalar. `path` ends with the key, of an item with `#`; `inner` is what stands behind a key: its kind and where it begins, or None."""
    def __init__(self, file, path, role, text, start, end, line, inner=None):
        self.file, self.path, self.role, self.text = file, path, role, text
        self.start, self.end, self.line, self.inner = start, end, line, inner

    def is_quoted(self, source):
        return source[self.start:self.start + 1] in ("'", '"')

def of_yaml(file, source):
    found = []
    def walk(node, path):
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                here = (*path, key.value)
                inner = None
                if isinstance(value, yaml.MappingNode):
                    kind = "flow" if value.flow_style else "block"
                    inner = (kind, value.start_mark.index, value.start_mark.column, bool(value.value))
                elif value.start_mark.index == value.end_mark.index:
                    inner = ("empty", key.end_mark.index, key.start_mark.column, False)
                found.append(Word(file, here, "key", key.value, key.start_mark.index, key.end_mark.index, key.start_mark.line + 1, inner))
                walk(value, here)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                walk(item, (*path, "#"))
        elif node.start_mark.index != node.end_mark.index:
            found.append(Word(file, path, "value", node.value, node.start_mark.index, node.end_mark.index, node.start_mark.line + 1))
    for node in yaml.compose_all(source):
        walk(node, ())
    return found

SEGMENT = r'(?:"[^"]*"|[A-Za-z0-9_-]+)'
SCALAR = re.compile(r'"[^"]*"|\b[0-9.]+\b|\btrue\b|\bfalse\b')

def of_toml(file, source):
    """As far as the examples use it: headers, and a value on one line."""
    found, header, at = [], (), 0
    def keys(text, start, line, base, inner):
        path = base
        for part in re.finditer(SEGMENT, text):
            path = (*path, part[0].strip('"'))
            is_last = part.end() == len(text.rstrip())
            found.append(Word(file, path, "key", path[-1], start + part.start(), start + part.end(), line, inner if is_last else None))
        return path
    for line, text in enumerate(source.splitlines(True), 1):
        if made := re.match(r"\[([^\]]+)\]", text):
            header = keys(made[1], at + 1, line, (), ("header", at + len(text), 0, True))
        elif made := re.match(rf"({SEGMENT}(?:\.{SEGMENT})*) *= *", text):
            path = keys(made[1], at, line, header, None)
            rest, begin = text[made.end():], at + made.end()
            items = rest.startswith("[")
            if rest.startswith("{"):
                for pair in re.finditer(rf'({SEGMENT}(?:\.{SEGMENT})*) *= *("[^"]*"|[0-9.]+)', rest):
                    inner = keys(pair[1], begin + pair.start(1), line, path, None)
                    found.append(Word(file, inner, "value", pair[2].strip('"'), begin + pair.start(2), begin + pair.end(2), line))
            else:
                for scalar in SCALAR.finditer(rest.split(" #")[0]):
                    found.append(Word(file, (*path, "#") if items else path, "value", scalar[0].strip('"'), begin + scalar.start(), begin + scalar.end(), line))
        at += len(text)
    return found

def words(file, source):
    return of_toml(file, source) if file.endswith(".toml") else of_yaml(file, source)
