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
            [
              {
                "environment": "apps",
                "stack": "network",
                "path": "terraform/apps/network",
                "reads": []
              },
              {
                "environment": "apps",
                "stack": "gc0",
                "path": "terraform/apps/gc0",
                "reads": [
                  {
                    "environment": "apps",
                    "stack": "network"
                  }
                ]
              }
            ]
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
            [
              {
                "environment": "apps",
                "stack": "network",
                "path": "terraform/apps/network",
                "reads": []
              },
              {
                "environment": "apps",
                "stack": "gc0",
                "path": "terraform/apps/gc0",
                "reads": [
                  {
                    "environment": "apps",
                    "stack": "network"
                  }
                ]
              }
            ]
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
            [
              {
                "environment": "apps",
                "stack": "network",
                "path": "terraform/apps/network",
                "reads": []
              },
              {
                "environment": "apps",
                "stack": "gc0",
                "path": "terraform/apps/gc0",
                "reads": [
                  {
                    "environment": "apps",
                    "stack": "network"
                  }
                ]
              }
            ]
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
            [
              {
                "environment": "apps",
                "stack": "network",
                "path": "terraform/apps/network",
                "reads": []
              },
              {
                "environment": "apps",
                "stack": "gc0",
                "path": "terraform/apps/gc0",
                "reads": [
                  {
                    "environment": "apps",
                    "stack": "network"
                  }
                ]
              }
            ]
            Error late-value-not-exported: `aws_vpc.this.id` is in the Terraform state of stack `network`, which does not give it to other stacks [apps.clusters.gc0] (declare it under `outputs` of the class in stack `network` and read that output)
            Error late-value-not-exported: `vpc` is in the Terraform state of stack `nowhere`, which does not give it to other stacks [apps.clusters.gc0] (declare it under `outputs` of the class in stack `nowhere` and read that output)
            Error late-value-not-exported: `vpcs` is in the Terraform state of stack `network`, which does not give it to other stacks [apps.clusters.gc0] (did you mean the output `vpc`?)
        "##]],
    );
}

/// A stack of another environment is read by the names of both, and where that of an own one is spelled alike, by a digest too.
#[test]
fn states_of_other_environments_are_read_on_their_own_way() {
    let mut fixture = Fixture::new(&["shared", "apps"]);
    let registry = fixture.entity(0, Kind::Infrastructure, "registry", None, "{}");
    let twin = fixture.entity(1, Kind::Infrastructure, "shared-registry", None, "{}");
    let cluster = fixture.entity(1, Kind::Cluster, "gc0", None, "{}");
    fixture.stack(0, "registry", &[registry], "{}").outputs.push(output("url", "!ref aws_ecr_repository.this"));
    let read = "!late [!ref [registry, url, url, shared]]";
    fixture.stack(1, "gc0", &[cluster], &format!("locals: {{ url: {read} }}"));
    let found = fixture.emit(emit);
    assert!(found.contains("${data.terraform_remote_state.shared-registry.outputs.url}"), "{found}");
    assert!(found.contains(r#""path": "../../shared/registry/terraform.tfstate""#), "{found}");
    fixture.stack(1, "shared-registry", &[twin], "{}").outputs.push(output("url", "!ref aws_ecr_repository.this"));
    let body = format!("locals: {{ url: {read}, own: !late [!ref [shared-registry, url, url]] }}");
    fixture.stack(1, "gc1", &[cluster], &body);
    let found = fixture.emit(emit);
    let digest = |text: &str| -> String {
        use sha2::Digest;
        sha2::Sha256::digest(text.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    };
    for (name, path) in [("shared/registry", "../../shared/registry"), ("shared-registry", "../shared-registry")] {
        let digest = digest(name);
        assert!(found.contains(&format!("${{data.terraform_remote_state.shared-registry_{digest}.outputs.url}}")), "{digest} {found}");
        assert!(found.contains(&format!(r#""path": "{path}/terraform.tfstate""#)), "{found}");
    }
}
