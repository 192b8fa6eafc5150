//! What types tell editors and readers.

use super::compiled;
use crate::schema::{json_schema, reference};
use crate::source::Sources;
use expect_test::{Expect, expect};

const CLASS: &str = "\
schema:
  region: string | required=true pattern=\"^[a-z]+$\" replaces=true description=\"AWS region.\"
  size:
    min: integer | default=1 minimum=0
    max: integer | required=true
  memory: quantity | default=2Gi minimum=1Gi
  note: string | nullable=true deprecated=\"use `description`\"
  title: string
  taints: '[]taint'
  labels: map[string]string | maxItems=3
  free: object | default={}
  mode: string | enum=[a, b] examples=[a]
  hosts: '[]string | listType=set'
  tree: tree
types:
  taint: { key: string | required=true, effect: string | default=NoSchedule }
  tree: { children: '[]tree' }
";

#[test]
fn json() {
    let mut sources = Sources::default();
    let type_ = compiled(&mut sources, "class.yaml", CLASS);
    let text = serde_json::to_string_pretty(&json_schema(&type_)).unwrap();
    expect![[r##"
        {
          "additionalProperties": false,
          "patternProperties": {
            "^(region|size|memory|note|title|taints|labels|free|mode|hosts|tree)[-+=!]$": {}
          },
          "properties": {
            "free": {
              "anyOf": [
                {
                  "type": "object"
                },
                {
                  "pattern": "\\$\\{",
                  "type": "string"
                },
                {
                  "$ref": "#/definitions/taken-file"
                }
              ],
              "default": {}
            },
            "hosts": {
              "anyOf": [
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
            },
            "labels": {
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
                  "maxProperties": 3,
                  "patternProperties": {
                    "[-+=!]$": {}
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
            "memory": {
              "anyOf": [
                {
                  "type": [
                    "string",
                    "number"
                  ]
                },
                {
                  "pattern": "\\$\\{",
                  "type": "string"
                },
                {
                  "$ref": "#/definitions/taken-file"
                }
              ],
              "default": "2Gi",
              "description": "(quantity, at least 1Gi)"
            },
            "mode": {
              "anyOf": [
                {
                  "enum": [
                    "a",
                    "b"
                  ],
                  "type": "string"
                },
                {
                  "pattern": "\\$\\{",
                  "type": "string"
                },
                {
                  "$ref": "#/definitions/taken-file"
                }
              ],
              "examples": [
                "a"
              ]
            },
            "note": {
              "anyOf": [
                {
                  "type": "string"
                },
                {
                  "type": "null"
                },
                {
                  "pattern": "\\$\\{",
                  "type": "string"
                },
                {
                  "$ref": "#/definitions/taken-file"
                }
              ],
              "deprecated": true,
              "description": "(deprecated: use `description`)"
            },
            "region": {
              "anyOf": [
                {
                  "pattern": "^[a-z]+$",
                  "type": "string"
                },
                {
                  "pattern": "\\$\\{",
                  "type": "string"
                },
                {
                  "$ref": "#/definitions/taken-file"
                }
              ],
              "description": "AWS region. (required; changing it replaces the thing)"
            },
            "size": {
              "anyOf": [
                {
                  "additionalProperties": false,
                  "patternProperties": {
                    "^(min|max)[-+=!]$": {}
                  },
                  "properties": {
                    "max": {
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
                    },
                    "min": {
                      "anyOf": [
                        {
                          "minimum": 0,
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
                      "default": 1
                    }
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
            "taints": {
              "anyOf": [
                {
                  "items": {
                    "anyOf": [
                      {
                        "additionalProperties": false,
                        "patternProperties": {
                          "^(key|effect)[-+=!]$": {}
                        },
                        "properties": {
                          "effect": {
                            "anyOf": [
                              {
                                "type": "string"
                              },
                              {
                                "$ref": "#/definitions/taken-file"
                              }
                            ],
                            "default": "NoSchedule"
                          },
                          "key": {
                            "anyOf": [
                              {
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
                          "key"
                        ],
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
            },
            "title": {
              "anyOf": [
                {
                  "type": "string"
                },
                {
                  "$ref": "#/definitions/taken-file"
                }
              ]
            },
            "tree": {
              "anyOf": [
                {
                  "additionalProperties": false,
                  "patternProperties": {
                    "^(children)[-+=!]$": {}
                  },
                  "properties": {
                    "children": {
                      "anyOf": [
                        {
                          "items": {},
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

fn check(class: &str, expected: Expect) {
    let mut sources = Sources::default();
    expected.assert_eq(&reference(&compiled(&mut sources, "class.yaml", class)));
}

#[test]
fn tables() {
    check(
        CLASS,
        expect![[r#"
            | field | type | default | description |
            |---|---|---|---|
            | `region` | `string` | required | AWS region. Matches `^[a-z]+$`; changing it replaces the thing. |
            | `size` | `map` |  |  |
            | `size.min` | `integer` | `1` | At least 0. |
            | `size.max` | `integer` | required |  |
            | `memory` | `quantity` | `"2Gi"` | At least 1Gi. |
            | `note` | `string` |  | May be null. Deprecated: use `description`. |
            | `title` | `string` |  |  |
            | `taints` | `[]taint` |  |  |
            | `taints[].key` | `string` | required |  |
            | `taints[].effect` | `string` | `"NoSchedule"` |  |
            | `labels` | `map[string]string` |  | At most 3 entries. |
            | `free` | `object` | `{}` |  |
            | `mode` | `string` |  | One of "a", "b". For example `"a"`. |
            | `hosts` | `[]string` |  | Layers add items. |
            | `tree` | `tree` |  |  |
            | `tree.children` | `[]tree` |  |  |
        "#]],
    );
    check(
        "schema:\n  a: string | description=\"x | y\" pattern=\"a|b\"\n",
        expect![[r#"
        | field | type | default | description |
        |---|---|---|---|
        | `a` | `string` |  | X \| y. Matches `a\|b`. |
    "#]],
    );
}
