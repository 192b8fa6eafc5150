//! Arguments of Terraform, and references to attributes.

use super::*;

#[test]
fn misspelt_arguments() {
    terraform(
        r#"
resource:
  aws_eks_cluster:
    this:
      name: a
      role_arn: b
      versoin: "1.34"
      subnet_ids: [a]
      vpc_config: { subnet_id: [a], subnet_ids: [a] }
      access_config: [{ authentication_mod: API }]
      quux: 1
      lifecycle: { ignore_change: [tags] }
      "//": a comment
data:
  aws_vpc:
    this: { cidr: 10.0.0.0/8 }
"#
        .trim(),
        &expect![[r#"
            unknown-field: `aws_eks_cluster` has no argument `versoin`
              `versoin` no such argument
              hint: did you mean `version`?
              `versoin` → `version`
            unknown-field: `aws_eks_cluster` has no argument `subnet_ids`
              `subnet_ids` no such argument
              hint: `subnet_ids` stands in `vpc_config`
            unknown-field: `aws_eks_cluster` has no argument `subnet_id` in `vpc_config`
              `subnet_id` no such argument
              hint: did you mean `subnet_ids`?
              `subnet_id` → `subnet_ids`
            unknown-field: `aws_eks_cluster` has no argument `authentication_mod` in `access_config[]`
              `authentication_mod` no such argument
              hint: did you mean `authentication_mode`?
              `authentication_mod` → `authentication_mode`
            unknown-field: `aws_eks_cluster` has no argument `quux`
              `quux` no such argument
              note: known are the arguments of hashicorp/aws 6.25.0; what is newer can be brought by `$spread`
              hint: it has `timeouts`, `compute_config`, `outpost_config`, `force_update_version`, `enabled_cluster_log_types`, `kubernetes_network_config`, `access_config`, `bootstrap_self_managed_addons` and 15 more
            unknown-field: `aws_eks_cluster` has no argument `ignore_change` in `lifecycle`
              `ignore_change` no such argument
              hint: did you mean `ignore_changes`?
              `ignore_change` → `ignore_changes`
            unknown-field: `aws_vpc` has no argument `cidr`
              `cidr` no such argument
              hint: did you mean `cidr_block`?
        "#]],
    );
}

#[test]
fn arguments_of_the_wrong_type() {
    terraform(
        r#"
resource:
  aws_eks_cluster:
    "${self.name}":
      name: [a]
      role_arn: 1
      deletion_protection: "yes"
      bootstrap_self_managed_addons: ${self.count}
      enabled_cluster_log_types: api
      tags: ${self.names}
      timeouts: 5m
      vpc_config: { subnet_ids: "${self.name}", endpoint_public_access: "true" }
      arn: a
      lifecycle: { prevent_destroy: [] }
  aws_cloudwatch_log_group:
    this: { name: a, retention_in_days: "90" }
    that: { name: a, retention_in_days: ninety }
    third: { name: "${self.on}", retention_in_days: "$${local.days}" }
"#
        .trim(),
        &expect![[r#"
            wrong-type: `name` of `aws_eks_cluster` must be a string, found a list
              `[a]` expected a string
            wrong-type: `deletion_protection` of `aws_eks_cluster` must be true or false, found the string "yes"
              `"yes"` expected true or false
            wrong-type: `bootstrap_self_managed_addons` of `aws_eks_cluster` must be true or false, this expression gives an integer
              `${self.count}` expected true or false
            wrong-type: `enabled_cluster_log_types` of `aws_eks_cluster` must be a list, found the string "api"
              `api` expected a list
            wrong-type: `tags` of `aws_eks_cluster` must be a map, this expression gives a list
              `${self.names}` expected a map
            wrong-type: `timeouts` of `aws_eks_cluster` must be a map, found the string "5m"
              `5m` expected a map
            wrong-type: `vpc_config.subnet_ids` of `aws_eks_cluster` must be a list, this expression gives a string
              `${self.name}` expected a list
              hint: make it a list: `[…]`
            read-only-attribute: `arn` of `aws_eks_cluster` cannot be set, the provider sets it
              `arn` can only be read
              hint: leave it out; what needs it can read it from here
            wrong-type: `lifecycle.prevent_destroy` of `aws_eks_cluster` must be true or false, found a list
              `[]` expected true or false
            wrong-type: `retention_in_days` of `aws_cloudwatch_log_group` must be a number, found the string "ninety"
              `ninety` expected a number
        "#]],
    );
}

#[test]
fn missing_arguments() {
    terraform(
        r#"
resource:
  aws_eks_cluster:
    this: { name: a, vpc_config: {} }
    that: { name: a, role_arn: b, $spread: "${self.free}" }
    third: { name: a, role_arn: b, dynamic: { vpc_config: { for_each: [1], content: { subnet: [a] } }, vpc: {} } }
"#
        .trim(),
        &expect![[r#"
            missing-field: `aws_eks_cluster` needs the argument `role_arn`
              `this` `role_arn` is missing
              hint: set it; a class that leaves it to those that inherit from it is `abstract`
            missing-field: `aws_eks_cluster` needs the argument `subnet_ids` in `vpc_config`
              `vpc_config` `subnet_ids` is missing
              hint: set it; a class that leaves it to those that inherit from it is `abstract`
            unknown-field: `aws_eks_cluster` has no argument `subnet` in `vpc_config`
              `subnet` no such argument
              hint: did you mean `subnet_ids`?
            unknown-field: `aws_eks_cluster` has no argument `vpc`
              `vpc` no such argument
              hint: did you mean `vpc_config`?
        "#]],
    );
}

#[test]
fn references_to_attributes() {
    terraform(
        r#"
resource:
  aws_vpc:
    this: { cidr_block: 10.0.0.0/16 }
  aws_eip:
    "${zone}": { $for: { zone: "${self.names}" }, domain: vpc }
  aws_subnet:
    one: { vpc_id: "${resource.aws_vpc.this.idd}", cidr_block: "${resource.aws_vpc.this.cidr_block}" }
    two: { vpc_id: "vpc-${resource.aws_vpc[\"this\"].arm}-x", availability_zone: "${resource.aws_eip[self.name].public_api}" }
    three: { vpc_id: "${data.aws_vpc.this.xyz}", tags: { a: "${self.names.map(name, resource.aws_eip[name].idx).join(\",\")}" } }
    four: { vpc_id: "${resource.aws_eks_cluster.this.vpc_config.vpc_id}", ipv6_cidr_block: "${resource.aws_other.this.anything}" }
    five: { vpc_id: "${resource.aws_eks_cluster.this.vpc_config[0].vpcid}", ipv6_cidr_block: "${resource.aws_vpc.this.tags.anything}" }
    six: { vpc_id: "${resource.aws_vpc.this[0].id}" }
"#
        .trim(),
        &expect![[r#"
            unknown-field: `aws_vpc` has no attribute `idd`
              `idd` no such attribute
              hint: did you mean `id`?
              `idd` → `id`
            unknown-field: `aws_vpc` has no attribute `arm`
              `arm` no such attribute
              hint: it has `arn`, `tags`, `owner_id`, `tags_all`, `enable_dns_support`, `main_route_table_id`, `cidr_block`, `enable_dns_hostnames` and 16 more
            unknown-field: `aws_eip` has no attribute `public_api`
              `public_api` no such attribute
              hint: did you mean `public_ip`?
              `public_api` → `public_ip`
            unknown-field: `aws_vpc` has no attribute `xyz`
              `xyz` no such attribute
              hint: it has `arn`, `cidr_block`, `cidr_block_associations`, `default`, `dhcp_options_id`, `enable_dns_hostnames`, `enable_dns_support`, `enable_network_address_usage_metrics` and 11 more
            unknown-field: `aws_eip` has no attribute `idx`
              `idx` no such attribute
              hint: did you mean `id`?
              `idx` → `id`
            unknown-field: `vpc_config` of `aws_eks_cluster` is a list, it has no attribute `vpc_id`
              `vpc_id` attribute of a list
              hint: take its first item: `vpc_config[0].vpc_id`
            unknown-field: `aws_eks_cluster` has no attribute `vpcid` in `vpc_config`
              `vpcid` no such attribute
              hint: did you mean `vpc_id`?
              `vpcid` → `vpc_id`
        "#]],
    );
}
