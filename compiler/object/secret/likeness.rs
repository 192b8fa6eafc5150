//! Texts that are no YAML yet, because Helm fills them in first: whether they look like a Secret with data. In comes a text, out goes a guess
//! from the fields `kind` and `data` that stand beside each other. It knows no values.

/// A field in a line of a text.
struct TextField<'t> {
    line: usize,
    /// Where its key stands in the line.
    column: usize,
    /// Whether it stands between braces, or behind an instruction of a template, so that its column says nothing.
    is_flow: bool,
    /// What follows in the line.
    value: &'t str,
}

/// Whether a text has a `kind: Secret` and `data` that may belong to it.
pub(super) fn is_like_a_secret(text: &str) -> bool {
    let text = without_escapes(text);
    let lines: Vec<&str> = text.lines().collect();
    let find = |key: &'static str| lines.iter().enumerate().flat_map(move |(at, line)| fields(at, line, key));
    let kinds: Vec<TextField<'_>> = find("kind").filter(|kind| is_secret(kind.value)).collect();
    let data: Vec<TextField<'_>> = find("data").chain(find("stringData")).filter(|data| !is_empty(data.value)).collect();
    let is_merged = text.contains("<<");
    kinds.iter().any(|kind| data.iter().any(|data| is_merged || kind.is_flow || data.is_flow || are_beside(kind, data, &lines)))
}

/// Whether two fields of a block stand in the same map.
fn are_beside(one: &TextField<'_>, other: &TextField<'_>, lines: &[&str]) -> bool {
    let (first, last) = (one.line.min(other.line) + 1, one.line.max(other.line));
    let between = lines.get(first..=last).unwrap_or_default().iter();
    let mut between = between.filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with(['#', '{']));
    one.column == other.column && between.all(|line| line.len() - line.trim_start().len() >= one.column && is_yaml(line))
}

/// Whether a line is one of a map or list, not of prose.
fn is_yaml(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with(['-', '"', '\'', '}', ']', '{'])
        || line.split_once(':').is_some_and(|(key, _)| !key.trim_end().contains(' '))
        || !line.contains(' ')
}

/// The fields of a key in a line.
fn fields<'t>(at: usize, line: &'t str, key: &str) -> Vec<TextField<'t>> {
    let field = |(column, _): (usize, &str)| {
        let before = line.get(..column)?;
        let unquoted = before.strip_suffix(['"', '\'']).unwrap_or(before);
        let rest = line.get(column + key.len()..)?;
        let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start();
        let value = rest.strip_prefix(':')?;
        let is_flow = match unquoted.trim_end().chars().next_back() {
            None => false,
            Some('{' | ',' | '}') => true,
            Some('-' | '?') if unquoted.trim_start().starts_with(['-', '?']) => false,
            Some(_) => return None,
        };
        Some(TextField { line: at, column: unquoted.len(), is_flow, value })
    };
    line.match_indices(key).filter_map(field).collect()
}

/// Whether a value is the kind of a Secret, or of a list of them; tags, anchors and comments aside.
fn is_secret(value: &str) -> bool {
    let mut words = value.split_whitespace().skip_while(|word| word.starts_with(['&', '!']));
    let word = words.next().unwrap_or("").trim_start_matches(['"', '\'']);
    let kind = word.split(|char: char| !char.is_alphanumeric()).next().unwrap_or("");
    matches!(kind, "Secret" | "SecretList")
}

fn is_empty(value: &str) -> bool {
    let value = value.trim_start();
    let is = |word: &str| value.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    value.starts_with("{}") || is("null") || is("~")
}

/// A text with the escapes of JSON and YAML for letters undone.
pub(super) fn without_escapes(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        result.push_str(before);
        let length = match after.chars().next() {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            Some(_) | None => 0,
        };
        let digits = after.get(1..=length).filter(|_| length > 0);
        let char = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        match char {
            Some(char) => {
                result.push(char);
                rest = after.get(length + 1..).unwrap_or_default();
            }
            None => {
                result.push('\\');
                rest = after;
            }
        }
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_is_of_fields_beside_each_other() {
        for (text, expected) in [
            ("kind: Secret # a\ndata:\n  a: {{ b }}\n", true),
            ("- kind: !!str Secret\n  data:\n    a: {{ b }}\n", true),
            ("{{- if a }}kind: Secret{{ end }}\ndata: {a: b}\n", true),
            ("data:\n  a: {{ b }}\nkind: \"Secret\"\n", true),
            ("kind: Secret\n{{- with a }}\ndata: { b: c }\n", true),
            ("x: {kind: Secret, data: {a: b}}", true),
            ("kind: Secret\ndata: {}\n", false),
            ("kind: Secretary\ndata: { a: b }\n", false),
            ("- kind: Secret\n- kind: ConfigMap\n  data: { a: b }\n", false),
            ("of this kind: Secret, data: many", false),
            ("kind: Secret\nis what you write, then\ndata: as you like\n", false),
        ] {
            assert_eq!(is_like_a_secret(text), expected, "{text}");
        }
        assert_eq!(without_escapes("\\u0053e\\x63\\q\\u00"), "Sec\\q\\u00");
    }
}
