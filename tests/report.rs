//! The page of `platc report` in a real browser, where one is here: it works from a file, its script runs under its own policy, and nothing is asked of a
//! network. What stands in it is in `tests/cli/report.txt`.

use crate::support;
use std::process::Command;

#[test]
fn a_page_works_from_a_file() {
    if !support::has("chromium", "--version") {
        return;
    }
    let starter = support::root().join("examples/kubestack/starter");
    let page = Command::new(env!("CARGO_BIN_EXE_platc")).arg("-C").arg(&starter).arg("report").output().unwrap();
    assert!(page.status.success());
    let scratch = support::scratch();
    let path = scratch.path().join("report.html");
    std::fs::write(&path, &page.stdout).unwrap();
    let dom = Command::new("chromium")
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", scratch.path().join("profile").display()))
        .arg(format!("file://{}#clusters.gc0", path.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8(dom.stdout).unwrap();
    // What the address names is open, and nothing else of the matrix.
    let opened: Vec<&str> = dom
        .split("<section class=\"thing\"")
        .skip(1)
        .filter_map(|thing| thing.split("</section>").next())
        .filter(|thing| thing.contains("<details open"))
        .collect();
    assert_eq!(opened.len(), 1, "{} things are open", opened.len());
    assert!(opened[0].contains("id=\"clusters.gc0\""));
    assert!(dom.contains("<svg") && dom.contains("marker-end"));
    // Addresses are values of the platform, never something that the page loads.
    for loads in ["src=", "@import", "<link", "href=\"http", "url(http"] {
        assert!(!dom.contains(loads), "{loads}");
    }
}
