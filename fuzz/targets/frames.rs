//! Projects with holes: what a text stands for that is split at U+0001, and a text to begin with. All passes up to the artifacts are run over what
//! comes of it.

use crate::{build, indented};

/// A project with holes.
pub struct Frame {
    /// What is there anyway.
    project: &'static str,
    /// What stands before each piece, and how far that is indented.
    before: &'static [(&'static str, usize)],
    /// A text to begin with.
    pub seed: &'static str,
}

impl Frame {
    /// Builds the project with the pieces of a text in it.
    pub fn build(&self, text: &str) {
        let mut pieces = text.splitn(self.before.len().max(1), '\u{1}');
        let mut classes = String::new();
        for (before, indent) in self.before {
            classes.push_str(before);
            classes.push_str(&indented(pieces.next().unwrap_or(""), &" ".repeat(*indent)));
        }
        build(&[("platform.yaml", self.project), ("classes.yaml", &classes)]);
    }
}

const ONE_SERVICE: &str = "\
platform: {name: acme, domain: infra.example.com}
environments: {apps: {}}
clusters: {gc0: {class: plain, region: eu-west-1}}
services: {web: {class: own, size: 3, zones: [a, b], open: {x: 1, y: {z: [true, '2']}}}}
";

/// What a parent, its child and an overlay of the child say, under a schema with atomic, set and keyed lists.
pub const MERGE: Frame = Frame {
    project: "\
platform: {name: acme, domain: infra.example.com}
environments: {apps: {}, ops: {inherits: apps}}
classes:
  infrastructure:
    thing:
      types: {tree: {name: string, size: integer | default=1, below: map[string]tree}}
      schema:
        a: object
        b: '[]string | listType=set'
        c: {$type: '[]tree', $listType: map, $listMapKey: name}
        d: map[string]tree
        e: {x: integer | default=1, y: {z: string}}
        f: '[]integer'
",
    before: &[
        ("infrastructure:\n  base:\n    class: thing\n    abstract: true\n", 4),
        ("  own:\n    inherits: base\n", 4),
        ("    environments:\n      ops:\n", 8),
    ],
    seed: "a: {x: [1]}\nb: [p]\nc: [{name: a, size: 2}]\nd: {k: {name: n}}\ne: {y: {z: q}}\u{1}b+: [r]\nc-: [a]\nd: '${{\"x\": {\"name\": \"y\"}}}'\u{1}a=: {}\nb-: [p]\ne!: {x: 3}\nf: [1]",
};

/// The templates of a class: `manifests`, `let` and `terraform`.
pub const TEMPLATE: Frame = Frame {
    project: ONE_SERVICE,
    before: &[
        (
            "classes:\n  cluster:\n    plain:\n      schema: {region: string}\n  service:\n    own:\n      schema: {size: integer, zones: '[]string', open: object}\n      manifests:\n",
            8,
        ),
        ("      let:\n", 8),
        ("      terraform:\n", 8),
    ],
    seed: "page: {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: b}, data: {'${zone}': {$for: {zone: '${self.zones}'}, $value: '${let.one}'}}}\u{1}one: '${string(self.size)}'\u{1}resource: {aws_s3_bucket: {this: {bucket: '${self.name}'}}}",
};

/// The words of templates, in every section that has them: `files`, `let`, `outputs`, and a class that inherits them.
pub const WORDS: Frame = Frame {
    project: ONE_SERVICE,
    before: &[
        (
            "classes:\n  cluster:\n    plain:\n      schema: {region: string}\n  service:\n    base:\n      schema: {size: integer, zones: '[]string', open: object, none: string}\n      files:\n        a.yaml:\n",
            10,
        ),
        ("      let:\n", 8),
        ("      outputs:\n", 8),
        ("    own:\n      inherits: base\n      files:\n        a.yaml:\n", 10),
    ],
    seed: "'${zone}-${index.zone}': {$for: {zone: '${self.zones}'}, $if: '${zone != \"a\"}', x: '${zone}'}\nlist: [{$for: {e: '${entries(self.open)}'}, $value: '${e.key}'}, '${self.?none}']\nall: {$spread: '${self.open}', y: {$verbatim: '${x}'}}\u{1}a: {$if: '${self.size > 2}', $value: 3}\nb: {'${k}': {$for: {k: '${self.zones}'}, $value: '${let.?a}'}}\u{1}host: {$value: '${let.b.a}', $sensitive: true}\nmore: {$spread: '${let.b}'}\u{1}list+: [x]\nall: {$if: '${false}', y-: }",
};

/// Two fragments, of which the second may use the first, and a class that uses both.
pub const FRAGMENT: Frame = Frame {
    project: ONE_SERVICE,
    before: &[
        ("classes:\n  fragment:\n    one:\n", 6),
        ("    two:\n", 6),
        (
            "  cluster:\n    plain:\n      schema: {region: string}\n  service:\n    base:\n      schema: {size: integer, zones: '[]string', open: object}\n    own:\n      inherits: base\n",
            6,
        ),
    ],
    seed: "schema: {a: string | required=true, b: {c: 'integer | default=2'}}\nrules: [{assert: '${self.b.c > 1}', message: no}]\ntemplate: {x: '${self.a}', y: [{$if: '${has(self.b)}', z: '${self.b.c}'}]}\u{1}schema: {$use: one, d: '[]one'}\ntemplate: {$use: one, list: [{$for: {o: '${self.d}'}, $use: {one: '${o}'}}]}\u{1}schema: {$use: two}\nfiles: {a.yaml: {$use: [two, {one: {a: q}}], x-: , k: '${self.size}'}}",
};

/// What a class makes and what it is made of, and what a definition of such a thing says.
pub const MAKER: Frame = Frame {
    project: "\
platform: {name: acme, domain: infra.example.com}
environments: {apps: {}, ops: {inherits: apps}}
clusters: {gc0: {class: plain}}
services: {web: {class: own, size: 3, zones: [a, b], things: {x: {path: p, list: [1]}, y: {}}, one: {chart: c}, environments: {ops: {things: {x: {list: [2]}}}}}}
",
    before: &[
        (
            "classes:\n  cluster:\n    plain: {}\n  service:\n    own:\n      schema: {size: integer, none: string, zones: '[]string', things: 'map[string]definition(infrastructure, thing)', one: 'definition(infrastructure, thing) or string'}\n      entities:\n",
            8,
        ),
        ("      outputs:\n", 8),
        (
            "  infrastructure:\n    thing:\n      schema: {$atMostOne: [path, chart], path: string, chart: string, size: 'integer | default=1', list: '[]integer | listType=set', open: object, near: ref(infrastructure)}\n      outputs: {host: '${self.name}', path: '${self.?path}'}\ninfrastructure:\n  web-x:\n",
            4,
        ),
    ],
    seed: "infrastructure:\n  '${t.key}': {$for: {t: '${self.things}'}, chart: d, $spread: '${t.value}', size: '${self.?none}', open: {a: '${self.size}', b: ['${self.?none}']}}\n  left: {$if: '${size(self.zones) > 1}', class: thing, near: '${entities.infrastructure.x}'}\n  one: {$if: '${type(self.one) == map}', $value: '${self.one}'}\n\u{1}host: '${entities.infrastructure.?left.?outputs.?host.orValue(\"\")}'\u{1}size: 4\nlist-: [1]\nenvironments: {ops: {open: {c: 1}}}",
};

/// What a definition, its overlay and defaults override, with a fragment to use.
pub const OVERRIDE: Frame = Frame {
    project: "\
environments: {apps: {}, ops: {inherits: apps}}
clusters: {gc0: {class: plain}}
classes:
  cluster: {plain: {}}
  fragment:
    part: {schema: {a: 'string | default=x', b: integer}, template: {x: '${self.a}', y: {z: ['${entity.name}', {$if: '${has(self.b)}', $value: '${self.b}'}]}}}
  service:
    own:
      schema: {$use: part, size: 'integer | default=3'}
      manifests:
        page:
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: page, namespace: web, labels: {a: b}}
          spec: {replicas: '${self.size}', selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: page, image: a, args: [p], env: [{name: A, value: b}]}]}}}
      files: {a.yaml: {x: 1, list: [1, 2], map: {k: v}}}
      terraform: {resource: {aws_s3_bucket: {'${self.name}': {bucket: a}}}}
      argocd: {namespace: web}
",
    before: &[
        ("platform:\n  name: acme\n  domain: infra.example.com\n  defaults:\n    services:\n      override:\n", 8),
        ("services:\n  web:\n    class: own\n    override:\n", 6),
        ("    environments:\n      ops:\n        override:\n", 10),
    ],
    seed: "manifests: {page: {metadata: {annotations: {t: '${self.name}'}}}, other-: }\u{1}manifests: {page: {spec: {template: {spec: {containers: [{name: page, args+: [q], env-: [A]}, {$for: {i: '${[1, 2]}'}, name: 'c${i}', $use: part}]}}}}, more: {$use: {part: {a: q}}, apiVersion: v1, kind: ConfigMap, metadata: {name: m, namespace: n}}}\nfiles: {a.yaml: {$use: part, list-: [1]}, b.yaml: {$if: '${self.size > 1}', $spread: {z: 1}}}\u{1}manifests: {page=: {$use: part}, more-: }\nterraform: {resource: {aws_s3_bucket-: [web]}}\nargocd: {syncOptions: [Prune=false]}",
};
