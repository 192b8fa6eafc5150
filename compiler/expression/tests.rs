//! What the tests of this room share: a host with a small platform, and evaluation to text. Then the cases that belong to no single file.

use super::*;
use crate::span::{FileId, Span};
use expect_test::{Expect, expect};

/// A host with named values; nodes are positions in its list.
#[derive(Default)]
pub(crate) struct Names {
    names: Vec<(Arc<str>, Val)>,
    nodes: Vec<Val>,
}

impl Names {
    fn node(&mut self, value: Val) -> Val {
        self.nodes.push(value);
        Val::Node(Node(self.nodes.len() as u64 - 1))
    }

    fn at(&self, node: Node) -> &Val {
        &self.nodes[usize::try_from(node.0).unwrap()]
    }
}

impl Host for Names {
    fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
        if name == "broken" {
            return Err(Fault::Reported);
        }
        Ok(self.names.iter().find(|(known, _)| &**known == name).map(|(_, value)| value.clone()))
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.names.iter().map(|(name, _)| Arc::clone(name)).collect()
    }

    fn field(&self, node: Node, key: &str) -> Result<Option<Val>, Fault> {
        let Val::Map(map) = self.at(node) else { return Ok(None) };
        Ok(map.get(&Key::String(key.into())).cloned())
    }

    fn fields(&self, node: Node) -> Vec<Arc<str>> {
        let Val::Map(map) = self.at(node) else { return Vec::new() };
        map.entries().iter().map(|(key, _)| key.to_string().into()).collect()
    }

    fn force(&self, node: Node) -> Result<Val, Fault> {
        Ok(self.at(node).clone())
    }
}

fn map(entries: Vec<(&str, Val)>) -> Val {
    Val::map(entries.into_iter().map(|(key, value)| (Key::String(key.into()), value)))
}

fn texts(items: &[&str]) -> Val {
    Val::list(items.iter().map(|item| Val::string(*item)).collect())
}

/// A platform in miniature.
pub(crate) fn platform() -> Names {
    let mut host = Names::default();
    let zones = host.node(texts(&["eu-west-1a", "eu-west-1b"]));
    let network = host.node(map(vec![("cidr", Val::string("10.0.0.0/16"))]));
    let this = host.node(map(vec![
        ("region", Val::string("eu-west-1")),
        ("zones", zones),
        ("network", network),
        ("replicas", Val::Int(3)),
        ("empty", Val::Null),
    ]));
    let certs = host.node(map(vec![("namespace", Val::string("certs"))]));
    let services = host.node(map(vec![("cert-manager", certs)]));
    let reference = LateReference {
        stack: "gc0".into(),
        address: "aws_eks_cluster.this".into(),
        output: None,
        span: Span { file: FileId(0), start: 0, end: 0 },
    };
    let late = Val::Late(Arc::new(Late::reference(reference)));
    host.names = vec![("self".into(), this), ("services".into(), services), ("late".into(), late), ("name".into(), Val::string("gc0"))];
    host
}

fn value(expression: &str, host: &dyn Host) -> Result<Val, Fault> {
    let map = TextMap::verbatim(FileId(0), 0, expression.len());
    let expr = parse(expression, &map).map_err(Fault::Diagnostic)?;
    evaluate(&expr, host)
}

/// The text that an expression evaluates to.
pub(crate) fn string(expression: &str) -> String {
    match value(expression, &platform()) {
        Ok(Val::String(text)) => text.to_string(),
        other => panic!("{other:?}"),
    }
}

/// What an expression evaluates to, or its error with the texts it points at.
pub(crate) fn evaluated(expression: &str) -> String {
    show(expression, value(expression, &platform()))
}

fn show(text: &str, outcome: Result<Val, Fault>) -> String {
    match outcome {
        Ok(Val::String(text)) => text.to_string(),
        Ok(Val::Late(late)) => late.pieces.iter().map(piece).collect::<Vec<_>>().join(" + "),
        Ok(value) => spelled(&value, &platform()),
        Err(Fault::Reported) => "reported".to_owned(),
        Err(Fault::Diagnostic(diagnostic)) => shown(text, &diagnostic),
    }
}

fn piece(piece: &LatePiece) -> String {
    match piece {
        LatePiece::Text(text) => format!("text {text:?}"),
        LatePiece::Raw(text) => format!("raw {text:?}"),
        LatePiece::Reference(reference) => format!("reference {}", reference.address),
    }
}

fn spelled(value: &Val, host: &Names) -> String {
    if let Val::Node(node) = value {
        spelled(host.at(*node), host)
    } else if let Val::List(items) = value {
        format!("[{}]", items.iter().map(|item| spelled(item, host)).collect::<Vec<_>>().join(", "))
    } else if let Val::Map(map) = value {
        let entries = map.entries().iter().map(|(key, value)| format!("{key}: {}", spelled(value, host)));
        format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
    } else if let Val::Optional(Some(value)) = value {
        format!("optional {}", spelled(value, host))
    } else {
        words::short(value)
    }
}

/// A diagnostic with the texts it points at.
pub(crate) fn shown(text: &str, diagnostic: &Diagnostic) -> String {
    let mut out = format!("{}: {}", diagnostic.code.word(), diagnostic.message);
    for label in diagnostic.primary.iter().chain(&diagnostic.labels) {
        let place = text.get(label.span.start as usize..label.span.end as usize).unwrap_or("(no such place)");
        out.push_str(&format!("\n  {place:?} {}", label.text));
    }
    for note in &diagnostic.notes {
        out.push_str(&format!("\n  note: {note}"));
    }
    if let Some(hint) = &diagnostic.hint {
        out.push_str(&format!("\n  = {hint}"));
    }
    if let Some(replacement) = &diagnostic.replacement {
        out.push_str(&format!("\n  -> {}", replacement.text));
    }
    out
}

fn check(expression: &str, expected: Expect) {
    expected.assert_eq(&evaluated(expression));
}

fn check_template(text: &str, target: Target, expected: Expect) {
    let map = TextMap::verbatim(FileId(0), 0, text.len());
    let found = match Template::parse(text, &map) {
        Ok(None) => "no template".to_owned(),
        Ok(Some(template)) => show(text, template.evaluate(&platform(), target)),
        Err(faults) => faults.iter().map(|fault| shown(text, fault)).collect::<Vec<_>>().join("\n"),
    };
    expected.assert_eq(&found);
}

#[test]
fn own_functions() {
    check("merge({'a': {'x': 1, 'y': 2}, 'b': 1}, {'a': {'y': 3}}, {'b': [1]})", expect!["{a: {x: 1, y: 3}, b: [1]}"]);
    check("self.network.merge({'size': 1}).entries()", expect![[r#"[{key: "cidr", value: "10.0.0.0/16"}, {key: "size", value: 1}]"#]]);
    check("{'b': 1, 'a': 2}.keys() + [3]", expect![[r#"["b", "a", 3]"#]]);
    check(
        "json.encode({'a': [1, 2.5, null, 'x\"'], 'b': self.network})",
        expect![[r#"{"a":[1,2.5,null,"x\""],"b":{"cidr":"10.0.0.0/16"}}"#]],
    );
    check("sha256('abc')", expect!["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"]);
    check("dns.label('My Service', 20) + ' ' + dns.label('a-very-long-name-of-a-service', 20)", expect!["my-service a-very-long-320a166d"]);
    check(
        "cidr.subnet(self.network.cidr, 8, 2) + ' ' + cidr.subnet('fd00::/48', 16, 10) + ' ' + cidr.host('10.1.2.0/24', -2)",
        expect!["10.0.2.0/24 fd00:0:0:a::/64 10.1.2.254"],
    );
    check("if(self.replicas > 2, 'many', 'few')", expect!["many"]);
    check("self.zones.map(zone, zone.substring(8)).join(',')", expect!["1a,1b"]);
    check("[3, 1, 2, 1].distinct().sort() == [1, 2, 3] && [[1], [2, [3]]].flatten() == [1, 2, [3]]", expect!["true"]);
    check("lists.range(5).slice(1, 4).reverse()", expect!["[3, 2, 1]"]);
    check("[{'n': 2}, {'n': 1}].sortBy(x, x.n).map(x, x.n)", expect!["[1, 2]"]);
    check("quantity('1Gi').add(quantity('512Mi'))", expect!["1536Mi"]);
    check(
        "[quantity('0.5') == quantity('500m'), quantity('1Gi') > quantity('1G'), quantity('1e3') == quantity('1k')]",
        expect!["[true, true, true]"],
    );
    check(
        "[semver('1.10.0') > semver('1.9.3'), semver('1.0.0-rc.1') < semver('1.0.0'), semver('v1.33', true) == semver('1.33.0')]",
        expect!["[true, true, true]"],
    );
    check(
        "[regex.extract('v1.33.2', r'(\\d+)\\.\\d+').value(), regex.replace('a-b-c', '-(.)', r'+\\1', 1)]",
        expect![[r#"["1", "a+b-c"]"#]],
    );
    check("[cidr('10.0.0.0/8').containsCIDR(self.network.cidr), isIP('::1'), isCIDR('10.0.0.0')]", expect!["[true, true, false]"]);
}

#[test]
fn unknown_names() {
    check(
        "slef.region",
        expect![[r#"
        unknown-name: there is no `slef` here
          "slef" unknown name
          = did you mean `self`?
          -> self"#]],
    );
    check(
        "self.regoin",
        expect![[r#"
        unknown-field: `self` has no field `regoin`
          "regoin" unknown field
          = did you mean `region`?
          -> region"#]],
    );
    check(
        "self.network.size.x",
        expect![[r#"
        unknown-field: `self.network` has no field `size`
          "size" unknown field
          = it has `cidr`"#]],
    );
    check(
        "[1].map(zone, zones)",
        expect![[r#"
        unknown-name: there is no `zones` here
          "zones" unknown name
          = did you mean `zone`?
          -> zone"#]],
    );
    check(
        "services.cert-manager",
        expect![[r#"
        unknown-field: `services` has no field `cert`
          "cert" unknown field
          = a dash is a minus; write `services["cert-manager"]`
          -> services["cert-manager"]"#]],
    );
    check(
        "services.cert-manager.namespace",
        expect![[r#"
        unknown-field: `services` has no field `cert`
          "cert" unknown field
          = a dash is a minus; write `services["cert-manager"].namespace`
          -> services["cert-manager"].namespace"#]],
    );
    check("services[\"cert-manager\"].namespace + services.`cert-manager`.namespace", expect!["certscerts"]);
    check(
        "my-name",
        expect![[r#"
        unknown-name: there is no `my` here
          "my" unknown name
          = a dash is a minus; names in expressions have none"#]],
    );
    check(
        "services - manager",
        expect![[r#"
        unknown-name: there is no `manager` here
          "manager" unknown name
          = names in scope are `self`, `services`, `late`, `name`; text stands in quotes"#]],
    );
    check(
        "self.region.trimm()",
        expect![[r#"
        unknown-function: there is no function `trimm`
          "trimm" unknown function
          = did you mean `trim`?
          -> trim"#]],
    );
    check(
        "math.lest(1, 2)",
        expect![[r#"
        unknown-function: there is no function `math.lest`
          "math.lest" unknown function
          = did you mean `math.least`?
          -> math.least"#]],
    );
    check(
        "trim(self.region)",
        expect![[r#"
        wrong-arguments: `trim` is not called like this
          "trim" called in another way
          = write `string.trim()`"#]],
    );
    check(
        "{'b': 1}.a",
        expect![[r#"
        no-such-key: this map has no key `a`
          "a" not in the map
          note: `.?key.orValue(other)` gives another value where the key is missing, and `has(map.key)` tells whether it is there
          = it has `b`"#]],
    );
    check(
        "self.zones[2]",
        expect![[r#"
        no-such-key: `self.zones` has no item 2
          "2" the list has 2 items, counted from 0
          = `[?index].orValue(other)` gives another value where the item is missing"#]],
    );
    check(
        "self.zones.first",
        expect![[r#"
        wrong-operands: a list has no fields, so there is no `first`
          "first" no such field
          "self.zones" a list: `[…] (2 items)`
          = it is a function: write `.first()`"#]],
    );
    check("broken.x || true", expect!["true"]);
    check("broken.x", expect!["reported"]);
}

#[test]
fn fields_that_may_be_missing() {
    check("[has(self.region), has(self.x), has(self.network.x), has(services[\"cert-manager\"])]", expect!["[true, false, false, true]"]);
    check("self.?network.?size.orValue(4)", expect!["4"]);
    check("self.?x.y.z.orValue(4)", expect!["4"]);
    check("self.zones[?1]", expect![[r#"optional "eu-west-1b""#]]);
    check(
        "self.region.?x",
        expect![[r#"
        wrong-operands: a string has no fields, so there is no `x`
          "x" no such field
          "self.region" a string: `"eu-west-1"`"#]],
    );
    check(
        "optional.none().value()",
        expect![[r#"
        no-such-key: this optional value is none
          "optional.none().value()" `value()` needs a value
          = `.orValue(other)` gives another value instead"#]],
    );
    check("['region' in self, 'x' in self, 'eu-west-1a' in self.zones, size(self)]", expect!["[true, false, true, 5]"]);
}

#[test]
fn wrong_types() {
    check(
        "self.region + self.replicas",
        expect![[r#"
        wrong-operands: `+` does not go with a string and an integer
          "+" 
          "self.region" a string: `"eu-west-1"`
          "self.replicas" an integer: `3`
          = convert with `string(…)`, or write text around the `${…}`"#]],
    );
    check(
        "1 + 1u + 2",
        expect![[r#"
        wrong-operands: `+` does not go with an integer and an unsigned integer
          "+" 
          "1" an integer: `1`
          "1u" an unsigned integer: `1u`
          = convert one side: `int(…)`, `double(…)` and `string(…)` convert"#]],
    );
    check(
        "self.replicas && true",
        expect![[r#"
        wrong-operands: `&&` needs true or false, not an integer
          "self.replicas" an integer: `3`"#]],
    );
    check(
        "self.region.substring('a')",
        expect![[r#"
        wrong-operands: `substring` of a string does not take a string
          "substring" 
          "self.region" a string: `"eu-west-1"`
          "'a'" a string: `"a"`
          = write `string.substring(integer)` or `string.substring(integer, integer)`"#]],
    );
    check(
        "size()",
        expect![[r#"
        wrong-arguments: `size` is called without arguments
          "size" given no arguments
          = write `size(string)` or `size(bytes)` or `size(list)`"#]],
    );
    check(
        "size(1)",
        expect![[r#"
        wrong-operands: `size` does not take an integer
          "size" 
          "1" an integer: `1`
          = write `size(string)` or `size(bytes)` or `size(list)`"#]],
    );
    check(
        "-self.region",
        expect![[r#"
        wrong-operands: `-` needs a number, not a string
          "self.region" a string: `"eu-west-1"`"#]],
    );
    check(
        "'a' in 'abc'",
        expect![[r#"
        wrong-operands: `in` cannot look for a string in a string
          "in" 
          "'a'" a string: `"a"`
          "'abc'" a string: `"abc"`
          = `in` takes a list or a map on its right; for text use `text.contains(part)`"#]],
    );
    check(
        "self.replicas.name",
        expect![[r#"
        wrong-operands: an integer has no fields, so there is no `name`
          "name" no such field
          "self.replicas" an integer: `3`"#]],
    );
    check(
        "self.zones['a']",
        expect![[r#"
        wrong-operands: a list cannot be indexed with a string
          "'a'" a string: `"a"`
          "self.zones" a list: `[…] (2 items)`
          = lists take an integer, maps take their key"#]],
    );
    check(
        "1 / 0",
        expect![[r#"
        arithmetic: division by zero
          "1 / 0" 
          = guard it with a condition: `n == 0 ? 0 : total / n`"#]],
    );
    check(
        "2 * 9223372036854775807",
        expect![[r#"
        arithmetic: the outcome of `*` does not fit into 64 bits
          "2 * 9223372036854775807" "#]],
    );
    check(
        "int('1x')",
        expect![[r#"
        bad-argument: this text is not an integer
          "'1x'" this is `"1x"`"#]],
    );
    check(
        "'a'.matches('(')",
        expect![[r#"
        bad-argument: this is not a regular expression: unclosed group
          "'('" this is `"("`"#]],
    );
    check(
        "{'a': 1, 'a': 2}",
        expect![[r#"
        bad-argument: the key `a` is there twice
          "'a'" the second one
          = keys of a map are unique; `1` and `1u` are the same key"#]],
    );
    check(
        "[1, 'a'].sort()",
        expect![[r#"
        bad-argument: `sort` cannot order an integer and a string
          "[1, 'a']" this is `[…] (2 items)`"#]],
    );
    check(
        "cidr.subnet('10.0.0.0/24', 2, 4)",
        expect![[r#"
        bad-argument: with 2 new bits the block `10.0.0.0/24` has 4 subnets, counted from 0
          "4" this is `4`"#]],
    );
    check(
        "self.zones.map(1, 2)",
        expect![[r#"
        expression-syntax: a name for the variable is expected here
          "1" not a plain name
          = the first argument names what the others are computed with: `zones.map(zone, zone + "-1")`"#]],
    );
    check(
        "self.zones.all(zone)",
        expect![[r#"
        wrong-arguments: `all` does not take 1 argument
          "all" given 1 argument
          = write `list.all(item, condition)`"#]],
    );
    check(
        "has(self)",
        expect![[r#"
        wrong-arguments: `has` takes a field
          "self" not a field of something
          = write `has(self.network.cidr)` or `has(labels["key"])`"#]],
    );
}

#[test]
fn syntax() {
    check(
        "1 +",
        expect![[r#"
        expression-syntax: expected a value, found the end of the expression
          "" expected a value"#]],
    );
    check(
        "(1",
        expect![[r#"
        expression-syntax: expected `)`, found the end of the expression
          "" expected `)`"#]],
    );
    check(
        "[1 2]",
        expect![[r#"
        expression-syntax: expected `,` or `]`, found a number
          "2" expected `,` or `]`"#]],
    );
    check(
        "a ? b",
        expect![[r#"
        expression-syntax: expected `:` and the value for the other case, found the end of the expression
          "" expected `:` and the value for the other case"#]],
    );
    check(
        "for",
        expect![[r#"
        expression-syntax: `for` is a reserved word
          "for" cannot be used as a name
          = choose another name; after a dot it is allowed"#]],
    );
    check(
        "a = 1",
        expect![[r#"
        expression-syntax: `=` has no meaning in an expression
          "=" not expected here
          = compare with `==`"#]],
    );
    check(
        "'abc",
        expect![[r#"
        expression-syntax: a string in this expression is never closed
          "'" opened here
          = close it with the same quote; a quote inside of a string is written with a backslash before it"#]],
    );
    check(
        "'\\d'",
        expect![[r#"
        expression-syntax: `\d` is not an escape
          "\\d" means nothing in a string
          = write `\\` for a backslash, or put `r` before the string to take every character as it is: `r'\d+'`"#]],
    );
    check(
        "99999999999999999999",
        expect![[r#"
        expression-syntax: `99999999999999999999` is not a number
          "99999999999999999999" cannot be read as a number
          = integers have 64 bits; hexadecimal ones begin with `0x`, unsigned ones end in `u`"#]],
    );
    check(
        "1x",
        expect![[r#"
        expression-syntax: `1x` is not a number
          "1x" cannot be read as a number
          = integers have 64 bits; hexadecimal ones begin with `0x`, unsigned ones end in `u`"#]],
    );
    check(
        "",
        expect![[r#"
        expression-syntax: this expression is empty
          "" nothing to evaluate
          = write an expression between the braces, or `$${` for a literal `${`"#]],
    );
    check(
        "a.",
        expect![[r#"
        expression-syntax: expected the name of a field or function, found the end of the expression
          "" expected the name of a field or function"#]],
    );
}

#[test]
fn late_values() {
    check("late.endpoint", expect!["reference aws_eks_cluster.this.endpoint"]);
    check("late.vpc[0][\"a key\"].id", expect![[r#"reference aws_eks_cluster.this.vpc[0]["a key"].id"#]]);
    check("[late.id, {'a': late.id}.a]", expect!["[known after Terraform has run, known after Terraform has run]"]);
    check(
        "late.id + '-x'",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late.id" `+` needs it now
          note: it comes from `aws_eks_cluster.this.id`
          note: text can stand around it outside of the braces: `prefix-${…}`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check(
        "late == 1",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" `==` needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check(
        "late ? 1 : 2",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" `?` needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check("true ? late : 1", expect!["reference aws_eks_cluster.this"]);
    check(
        "size(late)",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" `size` needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check(
        "json.encode({'a': late.id})",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "json.encode({'a': late.id})" `json.encode` needs it now
          note: it comes from `aws_eks_cluster.this.id`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check(
        "late.map(x, x)",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" a loop needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check("optional.of(late).orValue(1)", expect!["reference aws_eks_cluster.this"]);
    check("self.zones.map(zone, late[zone])", expect!["[known after Terraform has run, known after Terraform has run]"]);
    check(
        "late in [1]",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" `in` needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
    check(
        "[late].distinct()",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "[late].distinct()" `distinct` needs it now
          note: it comes from `aws_eks_cluster.this`
          = pass it on as it is, or write a Terraform expression with `$${…}`"#]],
    );
}

#[test]
fn templates() {
    use Target::{Plain, Terraform};
    check_template("plain $5 {x}", Plain, expect!["no template"]);
    check_template("${self.replicas}", Plain, expect!["3"]);
    check_template("${name}-${self.replicas}-${1.5}-${true}", Plain, expect!["gc0-3-1.5-true"]);
    check_template("a $${b} ${ {'}': \"}\"}['}'] } c", Plain, expect!["a ${b} } c"]);
    check_template(
        "x-${self.zones}",
        Plain,
        expect![[r#"
        not-text: a list cannot be part of a text
          "self.zones" a list: `[…] (2 items)`
          = join its items with `.join(", ")`, encode it with `json.encode(…)`, or let the expression be the whole value"#]],
    );
    check_template(
        "x-${self.empty}",
        Plain,
        expect![[r#"
        not-text: null cannot be part of a text
          "self.empty" null: `null`
          = give a text for the case that there is no value: `self.?field.orValue("")`"#]],
    );
    check_template(
        "x-${late.id}",
        Plain,
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late.id" this text needs it now
          note: it comes from `aws_eks_cluster.this.id`
          = late values can go into Terraform only; bring it into the cluster with External Secrets, for example"#]],
    );
    check_template("${late.id}", Plain, expect!["reference aws_eks_cluster.this.id"]);
    check_template(
        "a ${name",
        Plain,
        expect![[r#"
        unterminated-expression: `${` is never closed
          "${" opened here
          = close it with `}`, or write `$${` for a literal `${`"#]],
    );
    check_template(
        "a ${'x} b ${1 +} c",
        Plain,
        expect![[r#"
        expression-syntax: a string in this expression is never closed
          "'" opened here
          = close it with the same quote; a quote inside of a string is written with a backslash before it"#]],
    );
    check_template(
        "a ${1 +} b ${} c ${2 2}",
        Plain,
        expect![[r#"
        expression-syntax: expected a value, found the end of the expression
          "}" expected a value
        expression-syntax: this expression is empty
          "${}" nothing to evaluate
          = write an expression between the braces, or `$${` for a literal `${`
        expression-syntax: expected an operator or the end of the expression, found a number
          "2" expected an operator or the end of the expression"#]],
    );
    check_template("x-${late.id}-${name}", Terraform, expect![[r#"text "x-" + reference aws_eks_cluster.this.id + text "-gc0""#]]);
    check_template("x-${name}", Terraform, expect!["x-gc0"]);
    check_template(
        "a $${length(\"}${late.id}\") + { x = 1 }.x} b ${name}",
        Terraform,
        expect![[r#"text "a " + raw "${length(\"}" + reference aws_eks_cluster.this.id + raw "\") + { x = 1 }.x}" + text " b gc0""#]],
    );
    check_template(
        "a $${length(x)",
        Terraform,
        expect![[r#"
        unterminated-expression: the Terraform expression after `$${` is never closed
          "a $${length(x)" in this text
          = close it with `}`; in templates of Terraform, `$${…}` passes an expression on to Terraform"#]],
    );
}

#[test]
fn references() {
    let check = |text: &str, expected: Expect| {
        let map = TextMap::verbatim(FileId(0), 0, text.len());
        let expr = parse(text, &map).unwrap();
        let lines: Vec<String> = expr
            .references()
            .iter()
            .map(|reference| {
                let steps = crate::path::Path::from(reference.steps.clone());
                format!("{steps} {:?}", &text[reference.span.start as usize..reference.span.end as usize])
            })
            .collect();
        expected.assert_eq(&lines.join("\n"));
    };
    check(
        "services[\"cert-manager\"].values.a + clusters.gc0.name",
        expect![[r#"
            services.cert-manager.values.a "services[\"cert-manager\"].values.a"
            clusters.gc0.name "clusters.gc0.name""#]],
    );
    check(
        "self.zones.map(zone, zone + other.x[index.zone].y)",
        expect![[r#"
            self.zones "self.zones"
            other.x "other.x"
            index.zone "index.zone""#]],
    );
    check(
        "cel.bind(x, a.b, x.c + d) ? has(e.f) : [g[0].h, {i: j.?k}]",
        expect![[r#"
            a.b "a.b"
            d "d"
            e.f "e.f"
            g[0].h "g[0].h"
            i "i"
            j.k "j.?k""#]],
    );
    check(
        "x.exists(x, x == .x) && cidr.subnet(self.cidr, 1, n)",
        expect![[r#"
            x "x"
            x ".x"
            self.cidr "self.cidr"
            n "n""#]],
    );
    let map = TextMap::verbatim(FileId(0), 0, 100);
    assert_eq!(parse("a.b[0][\"c\"]", &map).unwrap().path().unwrap().len(), 4);
    assert_eq!(parse("a.b[i]", &map).unwrap().path(), None);
}

/// Evaluates on a thread with a small stack.
fn on_small_stack(expression: String) -> String {
    let run = move || {
        let mut shown = evaluated(&expression);
        shown.truncate(200);
        shown
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap()
}

#[test]
fn hostile_shapes() {
    let deep = |open: &str, close: &str, count: usize| format!("{}1{}", open.repeat(count), close.repeat(count));
    for (open, close) in
        [("(", ")"), ("[", "]"), ("-(", ")"), ("!", ""), ("{1: ", "}"), ("size([", "])"), ("true ? 1 : ", ""), ("[1].map(x, ", ")")]
    {
        for count in [100, 1000, 10_000] {
            on_small_stack(deep(open, close, count.min(60_000 / (open.len() + close.len()))));
        }
    }
    expect!["15001"].assert_eq(&on_small_stack(format!("1{}", " + 1".repeat(15_000))));
    expect!["true"].assert_eq(&on_small_stack(format!("true{}", " && true".repeat(8_000))));
    expect![[r#"
        expression-too-costly: this expression nests more than 128 levels deep
          "." this is one level too many
          = name a part of it under `let` and use the name"#]]
    .assert_eq(&on_small_stack(format!("self{}", ".a".repeat(30_000))));
    expect![[r#"
        expression-too-costly: this expression nests more than 128 levels deep
          "." this is one level too many
          = name a part of it under `let` and use the name"#]]
    .assert_eq(&on_small_stack(format!("{}self{}", "(".repeat(100), format!("{})", ".a".repeat(100)).repeat(100))));
    expect![[r#"
        expression-too-costly: this expression nests more than 128 levels deep
          "." this is one level too many
          = name a part of it under `let` and use the name"#]]
    .assert_eq(&on_small_stack(format!("'a'{}", ".trim()".repeat(9_000))));
    expect![[r#"
        expression-too-costly: a text with expressions is longer than 64 KiB
          "11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111"#]].assert_eq(&on_small_stack("1".repeat(70_000)));
}

#[test]
fn bounded_cost() {
    let range = "lists.range(1000)";
    check(
        &format!("{range}.map(a, {range}.map(b, {range}.map(c, a + b + c)))"),
        expect![[r#"
        expression-too-costly: evaluating this expression takes more than a million steps
          "b" given up here
          = every evaluation is bounded; use fewer nested loops, or smaller lists and texts"#]],
    );
    check(
        &format!("false || {range}.exists(a, {range}.exists(b, {range}.exists(c, a + b + c < 0)))"),
        expect![[r#"
        expression-too-costly: evaluating this expression takes more than a million steps
          "a" given up here
          = every evaluation is bounded; use fewer nested loops, or smaller lists and texts"#]],
    );
    check(
        "lists.range(9223372036854775807)",
        expect![[r#"
        expression-too-costly: evaluating this expression needs more than 64 MiB for its texts and lists
          "lists.range(9223372036854775807)" given up here
          = every evaluation is bounded; use fewer nested loops, or smaller lists and texts"#]],
    );
    let doubled = (0..40).fold("'x'".to_owned(), |text, _| format!("cel.bind(s, {text}, s + s)"));
    check(
        &doubled,
        expect![[r#"
        expression-too-costly: evaluating this expression takes more than a million steps
          "s" given up here
          = every evaluation is bounded; use fewer nested loops, or smaller lists and texts"#]],
    );
    check(
        &format!("{range}.map(a, {range}).flatten().sort().size()"),
        expect![[r#"
        expression-too-costly: evaluating this expression takes more than a million steps
          "lists.range(1000).map(a, lists.range(1000)).flatten()" given up here
          = every evaluation is bounded; use fewer nested loops, or smaller lists and texts"#]],
    );
    check("('a'.replace('', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).replace('a', 'bbbb').size()", expect!["292"]);
}
