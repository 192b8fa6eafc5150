//! The bodies of stacks and the files they become.

use super::emit;
use crate::artifact::fixture::{Fixture, output, value};
use crate::name::Kind;
use expect_test::{Expect, expect};

/// One stack `gc0` with this body.
#[track_caller]
fn check(body: &str, expected: Expect) {
    let mut fixture = Fixture::new(&["apps"]);
    let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
    fixture.stack(0, "gc0", &[cluster], body);
    expected.assert_eq(&fixture.emit(emit));
}

/// The stacks `network`, with one output, and `gc0`, with this body.
#[track_caller]
fn check_two(backend: Option<&str>, body: &str, expected: Expect) {
    let mut fixture = Fixture::new(&["apps"]);
    let network = fixture.entity(0, Kind::Infrastructure, "network", None, "{}");
    let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
    let stack = fixture.stack(0, "network", &[network], "resource: {aws_vpc: {this: {cidr_block: 10.0.0.0/16}}}");
    stack.outputs.push(output("vpc", "!ref aws_vpc.this"));
    stack.backend = backend.map(value);
    fixture.stack(0, "gc0", &[cluster], body);
    expected.assert_eq(&fixture.emit(emit));
}

#[test]
fn a_body_is_split_sorted_and_escaped() {
    check(
        r#"
        terraform:
          required_providers: { aws: { version: ~> 6.25, source: hashicorp/aws } }
        provider: { aws: { region: eu-west-1 } }
        locals: { none: null }
        resource:
          aws_vpc:
            this: { tags: { "${owner}": "${aws:username}" }, cidr_block: 10.0.0.0/16, ipv6_cidr_block: null }
          aws_subnet:
            private-a:
              vpc_id: !ref aws_vpc.this.id
              depends_on: [!ref aws_vpc.this.id, aws_vpc.this]
              availability_zone: !late ["eu-", !raw "${local.none}", "${x}"]
              lifecycle: { replace_triggered_by: [!ref aws_vpc.this.id], ignore_changes: [tags] }
              list: [{ a: null }]
        output: { vpc: { value: !ref aws_vpc.this.id, sensitive: true } }
        "#,
        expect![[r##"
            # terraform/apps/gc0/main.tf.json
            {
              "locals": {
                "none": null
              },
              "resource": {
                "aws_subnet": {
                  "private-a": {
                    "availability_zone": "eu-${local.none}$${x}",
                    "depends_on": [
                      "aws_vpc.this"
                    ],
                    "lifecycle": {
                      "ignore_changes": [
                        "tags"
                      ],
                      "replace_triggered_by": [
                        "aws_vpc.this.id"
                      ]
                    },
                    "list": [
                      {
                        "a": null
                      }
                    ],
                    "vpc_id": "${aws_vpc.this.id}"
                  }
                },
                "aws_vpc": {
                  "this": {
                    "cidr_block": "10.0.0.0/16",
                    "tags": {
                      "$${owner}": "$${aws:username}"
                    }
                  }
                }
              }
            }
            # terraform/apps/gc0/outputs.tf.json
            {
              "output": {
                "vpc": {
                  "sensitive": true,
                  "value": "${aws_vpc.this.id}"
                }
              }
            }
            # terraform/apps/gc0/providers.tf.json
            {
              "provider": {
                "aws": {
                  "region": "eu-west-1"
                }
              }
            }
            # terraform/apps/gc0/terraform.tf.json
            {
              "terraform": {
                "required_providers": {
                  "aws": {
                    "source": "hashicorp/aws",
                    "version": "~> 6.25"
                  }
                },
                "required_version": ">= 1.6.0"
              }
            }
            # terraform/order.json
            {
              "apps": [
                {
                  "stack": "gc0",
                  "path": "terraform/apps/gc0",
                  "reads": []
                }
              ]
            }
        "##]],
    );
}

#[test]
fn outputs_of_members_take_what_the_body_says_about_them() {
    let mut fixture = Fixture::new(&["apps"]);
    let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
    let stack = fixture.stack(0, "gc0", &[cluster], "{resource: {aws_vpc: {this: {}}}, output: {id: {sensitive: true}}}");
    stack.outputs.push(output("id", "!ref aws_vpc.this.id"));
    stack.backend = Some(value("s3: {bucket: acme, key: apps/gc0.tfstate, use_lockfile: true}"));
    expect![[r##"
        # terraform/apps/gc0/main.tf.json
        {
          "resource": {
            "aws_vpc": {
              "this": {}
            }
          }
        }
        # terraform/apps/gc0/outputs.tf.json
        {
          "output": {
            "id": {
              "sensitive": true,
              "value": "${aws_vpc.this.id}"
            }
          }
        }
        # terraform/apps/gc0/terraform.tf.json
        {
          "terraform": {
            "backend": {
              "s3": {
                "bucket": "acme",
                "key": "apps/gc0.tfstate",
                "use_lockfile": true
              }
            },
            "required_version": ">= 1.10.0"
          }
        }
        # terraform/order.json
        {
          "apps": [
            {
              "stack": "gc0",
              "path": "terraform/apps/gc0",
              "reads": []
            }
          ]
        }
    "##]]
    .assert_eq(&fixture.emit(emit));
}

#[test]
fn references_to_other_stacks_read_their_state() {
    check_two(
        Some("s3: {bucket: acme, key: 'apps/${network}.tfstate', use_lockfile: true}"),
        r#"
        resource:
          aws_subnet:
            a:
              vpc_id: !ref [network, aws_vpc.this.id, vpc]
              depends_on: [!ref [network, aws_vpc.this.id, vpc]]
        "#,
        expect![[r##"
            # terraform/apps/gc0/main.tf.json
            {
              "data": {
                "terraform_remote_state": {
                  "network": {
                    "backend": "s3",
                    "config": {
                      "bucket": "acme",
                      "key": "apps/$${network}.tfstate"
                    }
                  }
                }
              },
              "resource": {
                "aws_subnet": {
                  "a": {
                    "depends_on": [
                      "data.terraform_remote_state.network"
                    ],
                    "vpc_id": "${data.terraform_remote_state.network.outputs.vpc.id}"
                  }
                }
              }
            }
            # terraform/apps/gc0/terraform.tf.json
            {
              "terraform": {
                "required_version": ">= 1.6.0"
              }
            }
            # terraform/apps/network/main.tf.json
            {
              "resource": {
                "aws_vpc": {
                  "this": {
                    "cidr_block": "10.0.0.0/16"
                  }
                }
              }
            }
            # terraform/apps/network/outputs.tf.json
            {
              "output": {
                "vpc": {
                  "value": "${aws_vpc.this}"
                }
              }
            }
            # terraform/apps/network/terraform.tf.json
            {
              "terraform": {
                "backend": {
                  "s3": {
                    "bucket": "acme",
                    "key": "apps/${network}.tfstate",
                    "use_lockfile": true
                  }
                },
                "required_version": ">= 1.10.0"
              }
            }
            # terraform/order.json
            {
              "apps": [
                {
                  "stack": "network",
                  "path": "terraform/apps/network",
                  "reads": []
                },
                {
                  "stack": "gc0",
                  "path": "terraform/apps/gc0",
                  "reads": [
                    "network"
                  ]
                }
              ]
            }
        "##]],
    );
}

#[test]
fn without_a_backend_states_lie_beside_each_other() {
    check_two(
        None,
        "resource: {aws_subnet: {a: {vpc_id: !late [x-, !ref [network, 'vpc[0].id', vpc]]}}}",
        expect![[r##"
            # terraform/apps/gc0/main.tf.json
            {
              "data": {
                "terraform_remote_state": {
                  "network": {
                    "backend": "local",
                    "config": {
                      "path": "../network/terraform.tfstate"
                    }
                  }
                }
              },
              "resource": {
                "aws_subnet": {
                  "a": {
                    "vpc_id": "x-${data.terraform_remote_state.network.outputs.vpc[0].id}"
                  }
                }
              }
            }
            # terraform/apps/gc0/terraform.tf.json
            {
              "terraform": {
                "required_version": ">= 1.6.0"
              }
            }
            # terraform/apps/network/main.tf.json
            {
              "resource": {
                "aws_vpc": {
                  "this": {
                    "cidr_block": "10.0.0.0/16"
                  }
                }
              }
            }
            # terraform/apps/network/outputs.tf.json
            {
              "output": {
                "vpc": {
                  "value": "${aws_vpc.this}"
                }
              }
            }
            # terraform/apps/network/terraform.tf.json
            {
              "terraform": {
                "required_version": ">= 1.6.0"
              }
            }
            # terraform/order.json
            {
              "apps": [
                {
                  "stack": "network",
                  "path": "terraform/apps/network",
                  "reads": []
                },
                {
                  "stack": "gc0",
                  "path": "terraform/apps/gc0",
                  "reads": [
                    "network"
                  ]
                }
              ]
            }
        "##]],
    );
}

#[test]
fn a_local_path_is_seen_from_the_reader() {
    check_two(
        Some("local: {path: state.json}"),
        "resource: {aws_subnet: {a: {vpc: !ref [network, aws_vpc.this, vpc]}}}",
        expect![[r##"
        # terraform/apps/gc0/main.tf.json
        {
          "data": {
            "terraform_remote_state": {
              "network": {
                "backend": "local",
                "config": {
                  "path": "../network/state.json"
                }
              }
            }
          },
          "resource": {
            "aws_subnet": {
              "a": {
                "vpc": "${data.terraform_remote_state.network.outputs.vpc}"
              }
            }
          }
        }
        # terraform/apps/gc0/terraform.tf.json
        {
          "terraform": {
            "required_version": ">= 1.6.0"
          }
        }
        # terraform/apps/network/main.tf.json
        {
          "resource": {
            "aws_vpc": {
              "this": {
                "cidr_block": "10.0.0.0/16"
              }
            }
          }
        }
        # terraform/apps/network/outputs.tf.json
        {
          "output": {
            "vpc": {
              "value": "${aws_vpc.this}"
            }
          }
        }
        # terraform/apps/network/terraform.tf.json
        {
          "terraform": {
            "backend": {
              "local": {
                "path": "state.json"
              }
            },
            "required_version": ">= 1.6.0"
          }
        }
        # terraform/order.json
        {
          "apps": [
            {
              "stack": "network",
              "path": "terraform/apps/network",
              "reads": []
            },
            {
              "stack": "gc0",
              "path": "terraform/apps/gc0",
              "reads": [
                "network"
              ]
            }
          ]
        }
    "##]],
    );
}

#[test]
fn what_another_stack_does_not_export_cannot_be_read() {
    check_two(
        None,
        r#"
        locals:
          a: !ref [network, aws_vpc.this.id]
          b: !ref [network, aws_vpc.this.id, vpcs]
          c: !ref [nowhere, aws_vpc.this.id, vpc]
        "#,
        expect![[r##"
            # terraform/apps/gc0/main.tf.json
            {
              "data": {
                "terraform_remote_state": {
                  "network": {
                    "backend": "local",
                    "config": {
                      "path": "../network/terraform.tfstate"
                    }
                  }
                }
              },
              "locals": {
                "a": "",
                "b": "",
                "c": ""
              }
            }
            # terraform/apps/gc0/terraform.tf.json
            {
              "terraform": {
                "required_version": ">= 1.6.0"
              }
            }
            # terraform/apps/network/main.tf.json
            {
              "resource": {
                "aws_vpc": {
                  "this": {
                    "cidr_block": "10.0.0.0/16"
                  }
                }
              }
            }
            # terraform/apps/network/outputs.tf.json
            {
              "output": {
                "vpc": {
                  "value": "${aws_vpc.this}"
                }
              }
            }
            # terraform/apps/network/terraform.tf.json
            {
              "terraform": {
                "required_version": ">= 1.6.0"
              }
            }
            # terraform/order.json
            {
              "apps": [
                {
                  "stack": "network",
                  "path": "terraform/apps/network",
                  "reads": []
                },
                {
                  "stack": "gc0",
                  "path": "terraform/apps/gc0",
                  "reads": [
                    "network"
                  ]
                }
              ]
            }
            Error late-value-not-exported: `aws_vpc.this.id` is in the Terraform state of stack `network`, which does not give it to other stacks [apps.clusters.gc0] (declare it under `outputs` of the class in stack `network` and read that output)
            Error late-value-not-exported: `vpc` is in the Terraform state of stack `nowhere`, which does not give it to other stacks [apps.clusters.gc0] (declare it under `outputs` of the class in stack `nowhere` and read that output)
            Error late-value-not-exported: `vpcs` is in the Terraform state of stack `network`, which does not give it to other stacks [apps.clusters.gc0] (did you mean the output `vpc`?)
        "##]],
    );
}

#[test]
fn wrong_bodies_are_refused() {
    check(
        r#"
        resources: {}
        resource: { aws_vpc: { "a.b": {}, c: 1 }, aws_subnet: 2 }
        locals: { x: !ref aws_vpcs.c.id, "1": 1 }
        moved: [{ from: aws_vpc.a, to: !ref [other, aws_vpc.c, x] }]
        terraform:
          required_version: !ref aws_vpc.c.id
          backend: { s3: { bucket: x, regoin: y }, gcs: {} }
        "#,
        expect![[r##"
            # terraform/apps/gc0/main.tf.json
            {
              "locals": {
                "1": 1,
                "x": "${aws_vpcs.c.id}"
              },
              "moved": [
                {
                  "from": "aws_vpc.a",
                  "to": ""
                }
              ],
              "resource": {
                "aws_subnet": null,
                "aws_vpc": {
                  "a.b": {},
                  "c": null
                }
              }
            }
            # terraform/apps/gc0/terraform.tf.json
            {
              "terraform": {
                "backend": {
                  "s3": {
                    "bucket": "x",
                    "regoin": "y"
                  }
                },
                "required_version": ""
              }
            }
            # terraform/order.json
            {
              "apps": [
                {
                  "stack": "gc0",
                  "path": "terraform/apps/gc0",
                  "reads": []
                }
              ]
            }
            Error invalid-terraform-name: `1` cannot be a name below `locals` in Terraform [apps.clusters.gc0] (build the name from parts that fit, for example with `${name.replace(".", "-")}` in the key)
            Error invalid-terraform-name: `a.b` cannot be a name below `resource.aws_vpc` in Terraform [apps.clusters.gc0] (build the name from parts that fit, for example with `${name.replace(".", "-")}` in the key)
            Error invalid-terraform-shape: Terraform needs a map of names for `resource.aws_subnet`, this is an integer [apps.clusters.gc0] ()
            Error invalid-terraform-shape: Terraform needs a map of arguments for `resource.aws_vpc.c`, this is an integer [apps.clusters.gc0] ()
            Error literal-required: Terraform cannot evaluate `aws_vpc.c` here, it needs plain text or an address of the same stack [apps.clusters.gc0] (write a value that is known when platc runs, such as a field of the definition)
            Error literal-required: Terraform cannot evaluate `aws_vpc.c.id` here, it needs plain text or an address of the same stack [apps.clusters.gc0] (write a value that is known when platc runs, such as a field of the definition)
            Error several-backends: a stack keeps its state in one backend, not in `s3` and `gcs` [apps.clusters.gc0] (write `backend=:` to replace an inherited backend instead of merging with it)
            Error unknown-backend-argument: the `s3` backend has no argument `regoin` [apps.clusters.gc0] (did you mean `region`?)
            Error unknown-resource: the Terraform of this stack has no `aws_vpcs.c` [apps.clusters.gc0] (did you mean `aws_vpc.c`?)
            Error unknown-terraform-block: Terraform has no block `resources` [apps.clusters.gc0] (did you mean `resource`?)
        "##]],
    );
}

#[test]
fn unknown_backends_are_refused() {
    check(
        "terraform: {backend: {S3: {}}}",
        expect![[r##"
        # terraform/apps/gc0/terraform.tf.json
        {
          "terraform": {
            "backend": {
              "S3": {}
            },
            "required_version": ">= 1.6.0"
          }
        }
        # terraform/order.json
        {
          "apps": [
            {
              "stack": "gc0",
              "path": "terraform/apps/gc0",
              "reads": []
            }
          ]
        }
        Error unknown-backend: Terraform has no state backend `S3` [apps.clusters.gc0] (did you mean `s3`?)
    "##]],
    );
}

#[test]
fn stack_names_cannot_leave_their_folder() {
    let mut fixture = Fixture::new(&["apps"]);
    let bucket = fixture.entity(0, Kind::Infrastructure, "bucket", None, "stack: ../x");
    fixture.stack(0, "../x", &[bucket], "{}");
    expect![[r##"
        # terraform/order.json
        {
          "apps": [
            {
              "stack": "../x",
              "path": "terraform/apps/../x",
              "reads": []
            }
          ]
        }
        Error invalid-stack-name: the stack `../x` cannot have a folder of that name [apps.infrastructure.bucket] (give the stack a name such as `network`)
    "##]].assert_eq(&fixture.emit(emit));
}
