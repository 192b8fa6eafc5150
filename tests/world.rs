//! A short life under a real Argo CD on a real API server: first installation, a service that goes, names that change. `.ci/long world` lives all of it.

use crate::support;
use std::process::Command;

#[test]
fn a_platform_comes_up_loses_a_service_and_is_renamed() {
    let world = ["../shared", "../../shared"].map(|shared| support::root().join(shared).join("tools/world/world.py"));
    if !world.iter().any(|world| world.is_file()) {
        return support::skipped("world.py not found beside the checkout");
    }
    if !support::has("kubectl", "version") || !support::has("python3", "--version") {
        return;
    }
    let home = support::scratch();
    // Several checkouts may be tested at once.
    let port = 20_000 + 100 * (std::process::id() % 100);
    let output = Command::new(support::root().join(".ci/long.d/world"))
        .args(["removed", "renamed"])
        .current_dir(support::root())
        .env("PLATC", env!("CARGO_BIN_EXE_platc"))
        .env("WORLD_DIR", home.path().join("world"))
        .env("WORLD_PORT", port.to_string())
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("all as it should be"), "{said}");
}
