//! Types of several forms, and fields that exclude each other: what is taken, what is told to editors and readers, what an heir may say.

use super::{compiled, faults, judged, shown};
use crate::diagnostic::Diagnostics;
use crate::schema::{Mode, json_schema, reference, tightens};
use crate::source::Sources;
use expect_test::{Expect, expect};

const CLASS: &str = "\
schema:
  $exactlyOne: [path, chart]
  path: string
  chart: string
  machine: \"string or []string | pattern='^m' minItems=2 replaces=${new != old}\"
  ports: 'map[string]integer or [](string or port)'
  keys: map[string]string | keyPattern=\"^[a-z]+$\"
types:
  port: { number: integer | required=true }
";

#[test]
fn editors_and_readers_are_told() {
    let mut sources = Sources::default();
    let type_ = compiled(&mut sources, "class.yaml", CLASS);
    expect![[r#"
        | field | type | default | description |
        |---|---|---|---|
        | `path` | `string` |  | Exactly one of `path` and `chart`. |
        | `chart` | `string` |  | Exactly one of `path` and `chart`. |
        | `machine` | `string or []string` |  | At least 2 items; matches `^m`; some changes of it replace the thing. |
        | `ports` | `map[string]integer or [](string or port)` |  |  |
        | `ports[].number` | `integer` | required |  |
        | `keys` | `map[string]string` |  |  |
    "#]]
    .assert_eq(&reference(&type_));
    let text = serde_json::to_string_pretty(&json_schema(&type_)).unwrap();
    expect![[r##"
        {
          "additionalProperties": false,
          "allOf": [
            {
              "not": {
                "required": [
                  "path",
                  "chart"
                ]
              }
            }
          ],
          "patternProperties": {
            "^(path|chart|machine|ports|keys)[-+=!]$": {}
          },
          "properties": {
            "chart": {
              "anyOf": [
                {
                  "type": "string"
                },
                {
                  "$ref": "#/definitions/taken-file"
                }
              ]
            },
            "keys": {
              "anyOf": [
                {
                  "additionalProperties": {
                    "anyOf": [
                      {
                        "type": "string"
                      },
                      {
                        "$ref": "#/definitions/taken-file"
                      }
                    ]
                  },
                  "patternProperties": {
                    "[-+=!]$": {}
                  },
                  "propertyNames": {
                    "anyOf": [
                      {
                        "pattern": "^[a-z]+$"
                      },
                      {
                        "pattern": "[-+=!]$"
                      }
                    ]
                  },
                  "type": "object"
                },
                {
                  "pattern": "\\$\\{",
                  "type": "string"
                },
                {
                  "$ref": "#/definitions/taken-file"
                }
              ]
            },
            "machine": {
              "anyOf": [
                {
                  "pattern": "^m",
                  "type": "string"
                },
                {
                  "items": {
                    "anyOf": [
                      {
                        "type": "string"
                      },
                      {
                        "$ref": "#/definitions/taken-file"
                      }
                    ]
                  },
                  "minItems": 2,
                  "type": "array"
                },
                {
                  "pattern": "\\$\\{",
                  "type": "string"
                },
                {
                  "$ref": "#/definitions/taken-file"
                }
              ],
              "description": "(some changes of it replace the thing)"
            },
            "path": {
              "anyOf": [
                {
                  "type": "string"
                },
                {
                  "$ref": "#/definitions/taken-file"
                }
              ]
            },
            "ports": {
              "anyOf": [
                {
                  "additionalProperties": {
                    "anyOf": [
                      {
                        "type": "integer"
                      },
                      {
                        "pattern": "\\$\\{",
                        "type": "string"
                      },
                      {
                        "$ref": "#/definitions/taken-file"
                      }
                    ]
                  },
                  "patternProperties": {
                    "[-+=!]$": {}
                  },
                  "type": "object"
                },
                {
                  "items": {
                    "anyOf": [
                      {
                        "type": "string"
                      },
                      {
                        "additionalProperties": false,
                        "patternProperties": {
                          "^(number)[-+=!]$": {}
                        },
                        "properties": {
                          "number": {
                            "anyOf": [
                              {
                                "type": "integer"
                              },
                              {
                                "pattern": "\\$\\{",
                                "type": "string"
                              },
                              {
                                "$ref": "#/definitions/taken-file"
                              }
                            ],
                            "description": "(required)"
                          }
                        },
                        "required": [
                          "number"
                        ],
                        "type": "object"
                      },
                      {
                        "$ref": "#/definitions/taken-file"
                      }
                    ]
                  },
                  "type": "array"
                },
                {
                  "pattern": "\\$\\{",
                  "type": "string"
                },
                {
                  "$ref": "#/definitions/taken-file"
                }
              ]
            }
          },
          "type": "object"
        }"##]]
    .assert_eq(&text);
}

#[test]
fn values_are_of_one_of_the_types() {
    for value in ["machine: m5\npath: a", "machine: [m5, x]\nchart: a", "ports: { a: 1 }\npath: a", "ports: [a, { number: 1 }]\npath: a"] {
        assert_eq!(judged(CLASS, "a.yaml", value, Mode::Complete), "", "{value}");
    }
    let wrong = "machine: t3\nports: [{ nmber: 1 }, 3]\nkeys: { A: a }\npath: a\nchart: b\n";
    expect![[r#"
        pattern-mismatch: `machine` cannot be "t3"
          ^ a.yaml:1:10 `t3` must match `^m`
          - std/nodePool/eks.yaml:5:42 `'^m'` because of this `pattern`
          path: apps.clusters.gc0.nodePools.a.machine
        unknown-field: `ports[0]` has no field `nmber`
          ^ a.yaml:2:11 `nmber` not a field of `ports[0]` in class `nodePool/eks`
          path: apps.clusters.gc0.nodePools.a.ports[0].nmber
          hint: did you mean `number`? (`integer`)
          edit: `nmber` to `number`
        wrong-type: `ports[1]` must be a string, found the integer 3
          ^ a.yaml:2:23 `3` put it in quotes
          - std/nodePool/eks.yaml:6:36 `string` declared as `string`
          path: apps.clusters.gc0.nodePools.a.ports[1]
          edit: `3` to `"3"`
        pattern-mismatch: `keys` cannot have the key `A`
          ^ a.yaml:3:9 `A` keys must match `^[a-z]+$`
          - std/nodePool/eks.yaml:7:40 `"^[a-z]+$"` because of this `keyPattern`
          path: apps.clusters.gc0.nodePools.a.keys.A
        exclusive-fields: `path` and `chart` exclude each other
          ^ a.yaml:5:1 `chart` set here
          - a.yaml:4:1 `path` `path` is set here
          - std/nodePool/eks.yaml:2:16 `[path, chart]` exactly one of `path` and `chart`
          path: apps.clusters.gc0.nodePools.a
          hint: remove one of the two; a stronger layer that sets `chart` removes `path` by itself
    "#]]
    .assert_eq(&judged(CLASS, "a.yaml", wrong, Mode::Complete));
}

fn heir(parent: &str, child: &str, expected: Expect) {
    let mut sources = Sources::default();
    let class = |fields: &str| format!("schema:\n  {fields}\n");
    let parent = compiled(&mut sources, "std/a.yaml", &class(parent));
    let child = compiled(&mut sources, "b.yaml", &class(child));
    let mut diagnostics = Diagnostics::default();
    tightens(&parent, &child, "", &mut diagnostics);
    expected.assert_eq(&shown(&diagnostics, &sources));
}

#[test]
fn an_heir_may_leave_types_out() {
    heir("a: string or []string", "a: string", expect![[""]]);
    heir("a: number or []string | nullable=true", "a: \"[]string or integer | minItems=1\"", expect![[""]]);
    heir("a: string or []string | required=true", "a: string | default=x", expect![[""]]);
    heir(
        "a: string",
        "a: string or []string",
        expect![[r#"
        looser-schema: `a` is `string or []string` now, unlike in the class it inherits from
          ^ b.yaml:2:6 `string or []string` asks for less
          - std/a.yaml:2:6 `string` was `string`
          hint: ask for the same or for more: what works with the inherited class must work with this one
    "#]],
    );
    heir(
        "a: string or []string | pattern=\"^a\"",
        "a: string or map[string]string | nullable=true",
        expect![[r#"
        looser-schema: `a` is `string or map[string]string` now, unlike in the class it inherits from
          ^ b.yaml:2:6 `string or map[string]string | nullable=t` asks for less
          - std/a.yaml:2:6 `string or []string | pattern="^a"` was `string or []string`
          hint: ask for the same or for more: what works with the inherited class must work with this one
    "#]],
    );
    heir(
        "a: string or []string | pattern=\"^a\"",
        "a: string | nullable=true",
        expect![[r#"
        looser-schema: `a` has no `pattern`, unlike in the class it inherits from
          ^ b.yaml:2:6 `string | nullable=true` asks for less
          - std/a.yaml:2:35 `"^a"` what it inherits
          hint: ask for the same or for more: what works with the inherited class must work with this one
        looser-schema: `a` may be null, unlike in the class it inherits from
          ^ b.yaml:2:24 `true` asks for less
          - std/a.yaml:2:6 `string or []string | pattern="^a"` could not be null
          hint: ask for the same or for more: what works with the inherited class must work with this one
    "#]],
    );
}

#[test]
fn types_that_hold_themselves_end() {
    expect![[r#"
        schema-syntax: `u` cannot be one type among others in `u`
          ^ class.yaml:2:6 `u` a union itself
          hint: write its types here, each with `or` between them
        schema-syntax: `class` says nothing about a list
          ^ class.yaml:7:16 `x` `c` is declared `[]l`
          note: `class` goes with ref(…) and lists of it
    "#]]
    .assert_eq(&faults("types:\n  u: u or []u\n  l: '[]l'\nschema:\n  a: u\n  b: l\n  c: l | class=x\n"));
}
