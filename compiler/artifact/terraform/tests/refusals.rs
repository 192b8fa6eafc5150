//! What Terraform would not take.

use super::{check, emit};
use crate::artifact::fixture::Fixture;
use crate::name::Kind;
use expect_test::expect;

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
            [
              {
                "environment": "apps",
                "stack": "gc0",
                "path": "terraform/apps/gc0",
                "reads": []
              }
            ]
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
            [
              {
                "environment": "apps",
                "stack": "gc0",
                "path": "terraform/apps/gc0",
                "reads": []
              }
            ]
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
        [
          {
            "environment": "apps",
            "stack": "../x",
            "path": "terraform/apps/../x",
            "reads": []
          }
        ]
        Error invalid-stack-name: the stack `../x` cannot have a folder of that name [apps.infrastructure.bucket] (give the stack a name such as `network`)
    "##]].assert_eq(&fixture.emit(emit));
}
