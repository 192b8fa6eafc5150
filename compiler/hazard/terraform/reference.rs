//! References in texts of Terraform: `${aws_vpc.this.id}` leads to the attribute `id` of `aws_vpc.this`.

/// Where a reference leads: an address, and the attribute that is read first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct EmittedReference {
    pub(super) address: String,
    pub(super) attribute: Option<String>,
}

/// The part of an address that names a whole object: `aws_vpc.this` of `aws_vpc.this["a"].id`.
pub(super) fn object(address: &str) -> String {
    chain(address).map_or_else(|| address.to_owned(), |(reference, _)| reference.address)
}

/// What a text refers to, inside of `${…}`; what is no template refers to nothing.
pub(super) fn references(text: &str) -> Vec<EmittedReference> {
    let mut found = Vec::new();
    for part in text.split("${").skip(1) {
        scan(part, &mut found);
    }
    found
}

/// What a bare address leads to, as `replace_triggered_by` has it.
pub(super) fn bare(text: &str) -> Option<EmittedReference> {
    chain(text).map(|(reference, _)| reference)
}

fn scan(mut text: &str, found: &mut Vec<EmittedReference>) {
    while let Some(start) = text.find(|char: char| char.is_ascii_alphabetic() || char == '_' || char == '"') {
        text = text.get(start..).unwrap_or_default();
        if let Some(quoted) = text.strip_prefix('"') {
            // Text in an expression; what stands in its own `${…}` was split off.
            text = quoted.split_once('"').map_or("", |(_, rest)| rest);
            continue;
        }
        if let Some((reference, rest)) = chain(text) {
            found.push(reference);
            text = rest;
        } else {
            text = text.trim_start_matches(is_name);
        }
    }
}

fn is_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '-')
}

/// The reference that a text begins with, and what stands behind it.
fn chain(text: &str) -> Option<(EmittedReference, &str)> {
    let mut parts: Vec<&str> = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(|char| !is_name(char)).unwrap_or(rest.len());
        let (part, behind) = rest.split_at_checked(end)?;
        if part.is_empty() {
            break;
        }
        parts.push(part);
        rest = behind;
        while let Some(index) = rest.strip_prefix('[') {
            rest = index.split_once(']')?.1;
        }
        match rest.strip_prefix('.') {
            Some(next) => rest = next,
            None => break,
        }
    }
    let (names, prefix) = match *parts.first()? {
        "data" => (3, true),
        "each" | "count" | "self" | "path" | "terraform" | "var" => return None,
        "local" | "module" => (2, true),
        _ => (2, false),
    };
    // A function or a word of the language is no address.
    if parts.len() < names || (!prefix && !parts.first()?.contains('_')) {
        return None;
    }
    let attribute = parts.get(names).map(|part| (*part).to_owned());
    Some((EmittedReference { address: parts.get(..names)?.join("."), attribute }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_texts_refer_to() {
        for (text, expected) in [
            ("plain aws_vpc.this.id", ""),
            ("${aws_vpc.this.id}", "aws_vpc.this:id"),
            ("a-${aws_subnet.nodes-a[0].arn}/${data.aws_ami.x.id}", "aws_subnet.nodes-a:arn data.aws_ami.x:id"),
            ("${aws_subnet.this[\"a.b\"].id}", "aws_subnet.this:id"),
            ("${jsonencode({a = local.zone, b = \"aws_x.y.z\"})}", "local.zone:"),
            ("${length(module.net.ids) > 1 ? each.key : aws_x.y}", "module.net:ids aws_x.y:"),
        ] {
            let found: Vec<String> = references(text)
                .into_iter()
                .map(|reference| format!("{}:{}", reference.address, reference.attribute.unwrap_or_default()))
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
        assert_eq!(object("aws_vpc.this[0]"), "aws_vpc.this");
        assert_eq!(object("module.a"), "module.a");
    }
}
