//! What is said about values that do not fit.

mod layers;
mod limits;
mod unknown;

use super::about;
use super::{Mode, compiled, judged, read, shown};
use crate::diagnostic::Diagnostics;
use crate::origin::Origin;
use crate::schema::{Checked, check as check_value};
use crate::source::Sources;
use crate::value::{Data, Value};
use expect_test::{Expect, expect};
use std::sync::Arc;

const POOL: &str = "\
schema:
  instanceTypes: '[]string | required=true minItems=1 uniqueItems=true aliases=[machineType] description=\"Types of machines.\"'
  size:
    min: integer | default=1 minimum=0 aliases=[min_size]
    max: integer | required=true minimum=1 maximum=1000
  version: string | pattern=\"^1[.][0-9]+$\" examples=[\"1.33\"]
  capacity: string | default=on-demand enum=[on-demand, spot]
  memory: quantity
  spot: boolean | deprecated=\"set `capacity` to spot\"
  labels: map[string]string
  zones: '[]string'
  disk:
    encrypted: boolean
    type: string
  ports: '[]port | listType=map listMapKey=name'
  password: string | secret=true minLength=8
types:
  port: { name: string, port: integer }
";

fn check(value: &str, expected: Expect) {
    expected.assert_eq(&judged(POOL, "a.yaml", &format!("instanceTypes: [a]\n{value}\n"), Mode::Complete));
}

fn check_layer(value: &str, expected: Expect) {
    expected.assert_eq(&judged(POOL, "a.yaml", value, Mode::Layer));
}

fn check_toml(value: &str, expected: Expect) {
    expected.assert_eq(&judged(POOL, "a.toml", &format!("instanceTypes = ['a']\n{value}\n"), Mode::Complete));
}
