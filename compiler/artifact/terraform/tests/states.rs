//! Stacks that read what others keep in their states.

use super::emit;
use crate::artifact::fixture::{Fixture, output, value};
use crate::name::Kind;
use expect_test::{Expect, expect};

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
