//! The same for other programs: GitHub, JSON, SARIF.

use super::*;
use crate::render::{github, json, sarif};
use expect_test::expect;

#[test]
fn machines_get_the_same() {
    let world = sample();
    let view = View { sources: &world.sources, prefix: "" };
    let diagnostic = Diagnostic::error(Code::ForeignFile, "100% wrong, really: yes", world.span(0, "maxNodes"), "this")
        .label(world.span(1, "size:"), "declared")
        .hint("write `max`")
        .replace(world.span(0, "maxNodes"), "max");
    let all = [diagnostic, Diagnostic::general(Code::MissingPlatform, "nothing")];
    expect![[r#"
        ::error file=clusters/gc0.yaml,line=5,endLine=5,col=7,endColumn=15,title=foreign-file::100%25 wrong, really: yes: this%0Astd/cluster/eks.yaml:2:3: declared%0Ahelp: write `max`
        ::error title=missing-platform::nothing
    "#]].assert_eq(&github::render(&all, &view));
    expect![[r#"
        {
          "diagnostics": [
            {
              "affects": [],
              "code": "foreign-file",
              "hint": "write `max`",
              "labels": [
                {
                  "column": 3,
                  "endColumn": 8,
                  "endLine": 2,
                  "file": "std/cluster/eks.yaml",
                  "line": 2,
                  "text": "declared"
                }
              ],
              "message": "100% wrong, really: yes",
              "notes": [],
              "path": null,
              "primary": {
                "column": 7,
                "endColumn": 15,
                "endLine": 5,
                "file": "clusters/gc0.yaml",
                "line": 5,
                "text": "this"
              },
              "replacement": {
                "column": 7,
                "endColumn": 15,
                "endLine": 5,
                "file": "clusters/gc0.yaml",
                "line": 5,
                "text": "max"
              },
              "severity": "error"
            },
            {
              "affects": [],
              "code": "missing-platform",
              "hint": null,
              "labels": [],
              "message": "nothing",
              "notes": [],
              "path": null,
              "primary": null,
              "replacement": null,
              "severity": "error"
            }
          ],
          "errors": 2,
          "warnings": 0
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&json::render(&all, &view)).unwrap());
    let mut sarif = sarif::render(&all, &view);
    for rule in sarif["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        rule.as_object_mut().unwrap().remove("help");
    }
    expect![[r#"
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "runs": [
            {
              "columnKind": "unicodeCodePoints",
              "results": [
                {
                  "fixes": [
                    {
                      "artifactChanges": [
                        {
                          "artifactLocation": {
                            "uri": "clusters/gc0.yaml"
                          },
                          "replacements": [
                            {
                              "deletedRegion": {
                                "endColumn": 15,
                                "endLine": 5,
                                "startColumn": 7,
                                "startLine": 5
                              },
                              "insertedContent": {
                                "text": "max"
                              }
                            }
                          ]
                        }
                      ]
                    }
                  ],
                  "level": "error",
                  "locations": [
                    {
                      "message": {
                        "text": "this"
                      },
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "clusters/gc0.yaml"
                        },
                        "region": {
                          "endColumn": 15,
                          "endLine": 5,
                          "startColumn": 7,
                          "startLine": 5
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "100% wrong, really: yes\nhelp: write `max`"
                  },
                  "relatedLocations": [
                    {
                      "message": {
                        "text": "declared"
                      },
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "std/cluster/eks.yaml"
                        },
                        "region": {
                          "endColumn": 8,
                          "endLine": 2,
                          "startColumn": 3,
                          "startLine": 2
                        }
                      }
                    }
                  ],
                  "ruleId": "foreign-file"
                },
                {
                  "level": "error",
                  "locations": [],
                  "message": {
                    "text": "nothing"
                  },
                  "ruleId": "missing-platform"
                }
              ],
              "tool": {
                "driver": {
                  "name": "platc",
                  "rules": [
                    {
                      "id": "foreign-file",
                      "shortDescription": {
                        "text": "A file is to be written where there is already a file, with other content, that platc did not write."
                      }
                    },
                    {
                      "id": "missing-platform",
                      "shortDescription": {
                        "text": "No `platform.yaml` or `platform.toml` stands at the root of the project, or neither defines `platform`."
                      }
                    }
                  ],
                  "semanticVersion": "0.1.0"
                }
              }
            }
          ],
          "version": "2.1.0"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&sarif).unwrap());
}
