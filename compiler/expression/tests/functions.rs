//! Our own functions.

use super::*;

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
