//! Late values: what functions and operators become of them, and what cannot.

use super::*;

#[test]
fn late_values_are_passed_on() {
    check("late.endpoint", expect!["reference aws_eks_cluster.this.endpoint"]);
    check("late.vpc[0][\"a key\"].id", expect![[r#"reference aws_eks_cluster.this.vpc[0]["a key"].id"#]]);
    check("[late.id, {'a': late.id}.a]", expect!["[known after Terraform has run, known after Terraform has run]"]);
    check("true ? late : 1", expect!["reference aws_eks_cluster.this"]);
    check("optional.of(late).orValue(1)", expect!["reference aws_eks_cluster.this"]);
    check("self.zones.map(zone, late[zone])", expect!["[known after Terraform has run, known after Terraform has run]"]);
    check("size([late.id, 1])", expect!["2"]);
    check("'a' in {'a': late.id}", expect!["true"]);
    check("merge({'a': late.id}, {'b': 1})", expect!["{a: known after Terraform has run, b: 1}"]);
}

#[test]
fn functions_become_expressions() {
    check("late.id + '-x'", expect![[r#"reference aws_eks_cluster.this.id + text "-x""#]]);
    check("('${a}\"' + late.id).trim()", expect![[r#"made trimspace("$${a}\"${aws_eks_cluster.this.id}")"#]]);
    check(
        "json.encode({'a': late.id, 'b': 1})",
        expect![[
            r#"text "{\"a\":" + made replace(replace(replace(replace(replace(replace(replace(jsonencode(aws_eks_cluster.this.id), "\\\\", "\u0001"), "\\u003c", "<"), "\\u003e", ">"), "\\u0026", "&"), "\\u2028", "\u2028"), "\\u2029", "\u2029"), "\u0001", "\\\\") + text ",\"b\":1}""#
        ]],
    );
    check("late.id == 'a' ? 1 : 'b'", expect![[r#"made jsondecode((aws_eks_cluster.this.id == "a") ? jsonencode(1) : jsonencode("b"))"#]]);
    check(
        "late.id == 'a' || late.name == 'b' && !late.deletion_protection",
        expect![[
            r#"made (aws_eks_cluster.this.id == "a") || ((aws_eks_cluster.this.name == "b") && (!aws_eks_cluster.this.deletion_protection))"#
        ]],
    );
    check(
        "late.vpc_config[0].subnet_ids.map(each, each + name)",
        expect![[r#"made [for item in aws_eks_cluster.this.vpc_config[0].subnet_ids : "${item}gc0"]"#]],
    );
    check("late.vpc_config.map(config, config.vpc_id)", expect!["made [for config in aws_eks_cluster.this.vpc_config : config.vpc_id]"]);
    check(
        "late.vpc_config[0].subnet_ids.map(id, late.vpc_config[0].subnet_ids.filter(id, id != name))",
        expect![[
            r#"made [for id in aws_eks_cluster.this.vpc_config[0].subnet_ids : [for id2 in aws_eks_cluster.this.vpc_config[0].subnet_ids : id2 if id2 != "gc0"]]"#
        ]],
    );
    check(
        "late.tags.transformMap(key, value, value.upperAscii())",
        expect![[
            r#"made {for key, value in aws_eks_cluster.this.tags : key => join("", [for part in regexall("[\\x00-\\x7F]+|[^\\x00-\\x7F]+", value) : (length(regexall("[^\\x00-\\x7F]", part)) == 0) ? upper(part) : part])}"#
        ]],
    );
    check("late.id in ['a', 'b']", expect![[r#"made contains(["a", "b"], aws_eks_cluster.this.id)"#]]);
    check("[late.id].distinct()", expect!["made distinct([aws_eks_cluster.this.id])"]);
    check("late.id.split(',')[0]", expect![[r#"made split(",", aws_eks_cluster.this.id)[0]"#]]);
    check(
        "string(base64.decode(late.certificate_authority[0].data))",
        expect!["made base64decode(aws_eks_cluster.this.certificate_authority[0].data)"],
    );
    check(
        "self.zones[int(late.unknown)]",
        expect![[r#"made ["eu-west-1a", "eu-west-1b"][parseint(tostring(aws_eks_cluster.this.unknown), 10)]"#]],
    );
}

#[test]
fn what_terraform_does_otherwise_is_refused() {
    check(
        "late == late.x",
        expect![[r#"
        late-value-function: this value is known only after Terraform has run
          "late" `==` would mean something else in Terraform
          note: it comes from `aws_eks_cluster.this`
          note: Terraform compares the types of collections too
          = `platc explain late-value-function` lists what means the same"#]],
    );
    check(
        "late.x + late.y",
        expect![[r#"
        late-value-function: the type of this late value is not known
          "late.x" `+` depends on its type, which is not known
          note: it comes from `aws_eks_cluster.this.x`
          = say what it is: `string(…)`, `int(…)`, `double(…)` or `bool(…)` around it"#]],
    );
    check(
        "size(late.id)",
        expect![[r#"
        late-value-function: this value is known only after Terraform has run
          "late.id" `size` would mean something else in Terraform
          note: it comes from `aws_eks_cluster.this.id`
          note: Terraform counts text in other units
          = `platc explain late-value-function` lists what means the same"#]],
    );
    check(
        "late.id.substring(1)",
        expect![[r#"
        late-value-function: this value is known only after Terraform has run
          "late.id" `substring` needs it now
          note: it comes from `aws_eks_cluster.this.id`
          = over such values Terraform can do `+`, `-`, `*`, `/`, `%`, `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `!`, `&&`, `||`, `string`, `int`, `double`, `bool`, `join`, `split`, `replace`, `lowerAscii`, `upperAscii`, `trim`, `startsWith`, `endsWith`, `contains`, `format`, `size`, `sort`, `distinct`, `flatten`, `slice`, `reverse`, `min`, `max`, `math.least`, `math.greatest`, `math.abs`, `math.sign`, `math.ceil`, `math.floor`, `merge`, `keys`, `values`, `entries`, `json.encode`, `base64.encode`, `base64.decode`, `sha256`, `cidr.subnet`, `cidr.host`, `? :`, `map`, `filter`, `all`, `exists`, `exists_one`, `transformList`, `transformMap`"#]],
    );
    check(
        "late.id + 1",
        expect![[r#"
        late-value-function: this value is known only after Terraform has run
          "late.id" Terraform has no `+` for these operands
          note: it comes from `aws_eks_cluster.this.id`
          = over such values it can do `text + text`, `int + int`, `list + list`"#]],
    );
    check(
        "late.id.replace('/a/', 'b')",
        expect![[r#"
        late-value-function: this value is known only after Terraform has run
          "late.id" `replace` would mean something else in Terraform
          note: it comes from `aws_eks_cluster.this.id`
          note: Terraform takes what stands between slashes for a regular expression
          = `platc explain late-value-function` lists what means the same"#]],
    );
    check(
        "late.unknown.map(x, x)",
        expect![[r#"
        late-value-function: the type of this late value is not known
          "late.unknown" `map` depends on its type, which is not known
          note: it comes from `aws_eks_cluster.this.unknown`
          = with two variables it means the same for lists and maps: `values.transformList(position, item, …)`"#]],
    );
    check(
        "has(late.id)",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" `has` needs it now
          note: it comes from `aws_eks_cluster.this`
          = what decides whether something is there, or what it is called, must be known when platc runs; pass the value on as it is"#]],
    );
    check(
        "late.?id",
        expect![[r#"
        late-value-misplaced: this value is known only after Terraform has run
          "late" `?` needs it now
          note: it comes from `aws_eks_cluster.this`
          = what decides whether something is there, or what it is called, must be known when platc runs; pass the value on as it is"#]],
    );
    check(
        "late.id ? 1 : 2",
        expect![[r#"
        wrong-operands: `?` needs true or false, not a string
          "late.id" a string"#]],
    );
    check(
        "late.vpc_config[0].subnet_ids.sortBy(x, x)",
        expect![[r#"
        late-value-function: this value is known only after Terraform has run
          "late.vpc_config[0].subnet_ids" `sortBy` needs it now
          note: it comes from `aws_eks_cluster.this.vpc_config[0].subnet_ids`
          = over such values Terraform can do `+`, `-`, `*`, `/`, `%`, `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `!`, `&&`, `||`, `string`, `int`, `double`, `bool`, `join`, `split`, `replace`, `lowerAscii`, `upperAscii`, `trim`, `startsWith`, `endsWith`, `contains`, `format`, `size`, `sort`, `distinct`, `flatten`, `slice`, `reverse`, `min`, `max`, `math.least`, `math.greatest`, `math.abs`, `math.sign`, `math.ceil`, `math.floor`, `merge`, `keys`, `values`, `entries`, `json.encode`, `base64.encode`, `base64.decode`, `sha256`, `cidr.subnet`, `cidr.host`, `? :`, `map`, `filter`, `all`, `exists`, `exists_one`, `transformList`, `transformMap`"#]],
    );
    check(
        "late.id == self.network",
        expect![[r#"
        late-value-function: this value is known only after Terraform has run
          "late.id" Terraform has no `==` for these operands
          note: it comes from `aws_eks_cluster.this.id`
          = over such values it can do `scalar == scalar`"#]],
    );
    check(
        "'%x'.format([late.id])",
        expect![[r#"
        late-value-function: this value is known only after Terraform has run
          "'%x'" `format` would mean something else in Terraform
          note: of the verbs of `format`, `%s` and `%d` mean the same in Terraform
          = `platc explain late-value-function` lists what means the same"#]],
    );
}

#[test]
fn what_is_known_of_late_values_goes_along() {
    let known = |expression: &str| {
        let mut host = platform();
        let reference = |address: &str| LateReference {
            environment: "".into(),
            stack: "gc0".into(),
            address: address.into(),
            output: Some("o".into()),
            sensitive: None,
            private: None,
            span: Span { file: FileId(0), start: 0, end: 0 },
        };
        let late = |address: &str, type_: Ty, known: Option<Val>| {
            Val::Late(Arc::new(Late::reference(reference(address)).typed(type_).known(known)))
        };
        host.names.extend([
            ("text".into(), late("text", Ty::String, Some(Val::string("ab")))),
            ("none".into(), late("none", Ty::list(Ty::String), Some(Val::list(Vec::new())))),
            ("open".into(), late("open", Ty::String, None)),
        ]);
        match value(expression, &host) {
            Ok(Val::Late(late)) => late.known.as_ref().map_or_else(|| "not known".to_owned(), |known| spelled(known, &host)),
            other => show(expression, other),
        }
    };
    let found: Vec<String> = [
        "text + 'c'",
        "text + open",
        "size(none) > 0 && none[0] == 'a'",
        "size(none) > 0 ? none[0] : text",
        "text == 'ab' ? open : text",
        "none.map(x, x[99])",
        "none[0]",
        "json.encode({'b': text, 'a': 1})",
        "['x', text].filter(x, x == text)",
        "text.split('')[1]",
        "size([text, open])",
    ]
    .iter()
    .map(|expression| format!("{expression}: {}", known(expression)))
    .collect();
    expect![[r#"
        text + 'c': "abc"
        text + open: not known
        size(none) > 0 && none[0] == 'a': false
        size(none) > 0 ? none[0] : text: "ab"
        text == 'ab' ? open : text: not known
        none.map(x, x[99]): []
        none[0]: not known
        json.encode({'b': text, 'a': 1}): "{"b":"ab","a":1}"
        ['x', text].filter(x, x == text): ["ab"]
        text.split('')[1]: "b"
        size([text, open]): 2"#]]
    .assert_eq(&found.join("\n"));
}

#[test]
fn what_is_left_to_terraform_is_bounded() {
    use crate::limit::{LATE_BYTES, LATE_DEPTH};
    let is_fine = |expression: &str| !evaluated(expression).starts_with("expression-too-costly");
    let deep = |times: usize| (0..times).fold("late.id".to_owned(), |text, _| format!("cel.bind(a, {text}.trim(), a)"));
    assert!(is_fine(&deep(20)));
    // Expressions nest less deep than that, so what is made of one is taken further by the next.
    let trims = |times: usize| format!("late.id{}", ".trim()".repeat(times));
    assert!(is_fine(&trims(LATE_DEPTH - 1)));
    assert!(!is_fine(&trims(LATE_DEPTH)));
    let wide = |bytes: usize| format!("late.id + '{}'", "x".repeat(bytes));
    assert!(is_fine(&wide(60_000)));
    let doubled = |times: usize| (0..times).fold(wide(30_000), |text, _| format!("cel.bind(a, {text}, a + a)"));
    assert!(is_fine(&doubled(2)), "120 KiB");
    const { assert!(30_000 << 4 > LATE_BYTES) };
    assert!(!is_fine(&doubled(4)));
}
