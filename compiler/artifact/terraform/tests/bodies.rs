//! Which file a part of a body goes to, and how it is written there.

use super::{check, emit};
use crate::artifact::fixture::{Fixture, output, value};
use crate::name::Kind;
use expect_test::expect;

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
            [
              {
                "environment": "apps",
                "stack": "gc0",
                "path": "terraform/apps/gc0",
                "reads": []
              }
            ]
        "##]],
    );
}

/// What a template passes on for Terraform to evaluate loses its braces where Terraform wants an address, and keeps them elsewhere.
#[test]
fn passed_on_expressions_stand_bare_where_addresses_do() {
    check(
        r#"
        resource:
          random_id:
            this:
              byte_length: !raw "${ var.length }"
              depends_on: [!raw "${ module.keys }"]
              lifecycle: { ignore_changes: [!raw "${ keepers }"], create_before_destroy: !raw "${ var.kept }" }
        "#,
        expect![[r##"
            # terraform/apps/gc0/main.tf.json
            {
              "resource": {
                "random_id": {
                  "this": {
                    "byte_length": "${ var.length }",
                    "depends_on": [
                      "module.keys"
                    ],
                    "lifecycle": {
                      "create_before_destroy": "${ var.kept }",
                      "ignore_changes": [
                        "keepers"
                      ]
                    }
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
            # terraform/order.json
            [
              {
                "environment": "apps",
                "stack": "gc0",
                "path": "terraform/apps/gc0",
                "reads": []
              }
            ]
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
        [
          {
            "environment": "apps",
            "stack": "gc0",
            "path": "terraform/apps/gc0",
            "reads": []
          }
        ]
    "##]]
    .assert_eq(&fixture.emit(emit));
}
