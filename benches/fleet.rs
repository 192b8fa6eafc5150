//! Speed on a fleet, as ratios of one run: building against copying the same tree, building again against building, twice the fleet against
//! the fleet. Run with `cargo bench`, with a size as `cargo bench -- 250` (clusters; default 100). Absolute times are only for reading along.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark measures time, starts programs and prints"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Services on every cluster, in two environments.
const SERVICES: usize = 40;

/// How often each command runs; the fastest run counts, because nothing makes a run faster by accident.
const RUNS: usize = 3;

fn main() {
    let size = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(100);
    let scratch = tempfile::tempdir().unwrap();
    let mut rows = String::new();
    let mut before: Option<(f64, f64)> = None;
    for clusters in [size, 2 * size] {
        let project = scratch.path().join(format!("fleet-{clusters}"));
        generate(&project, clusters);
        let dist = project.join("dist");
        let copy = scratch.path().join("copy");
        let check = best(|| (), || platc(&project, &["check"]));
        let build = best(|| remove(&dist), || platc(&project, &["build"]));
        let again = best(|| (), || platc(&project, &["build"]));
        let path = format!("ops.clusters.c{}.services.s3.replicas", clusters / 2);
        let explain = best(|| (), || platc(&project, &["explain", &path]));
        let schema = best(|| (), || platc(&project, &["schema"]));
        let copied = best(|| remove(&copy), || run(Command::new("cp").arg("-r").arg(&dist).arg(&copy)));
        let files = count(&dist);
        writeln!(rows, "{clusters} clusters x {SERVICES} services x 2 environments, {files} files").unwrap();
        let mut row = |what: &str, seconds: f64, ratio: Option<(f64, &str)>| {
            let ratio = ratio.map_or_else(String::new, |(ratio, to)| format!("  {ratio:5.2} x {to}"));
            writeln!(rows, "  {what:<22} {seconds:7.2} s{ratio}").unwrap();
        };
        row("cp -r dist", copied, None);
        row("build", build, Some((build / copied, "cp -r")));
        row("build, nothing changed", again, Some((again / build, "build")));
        row("check", check, Some((check / build, "build")));
        row("explain one value", explain, Some((explain / check, "check")));
        row("schema", schema, Some((schema / check, "check")));
        if let Some((check_before, build_before)) = before {
            row("check of twice that", check, Some((check / check_before, "check of half")));
            row("build of twice that", build, Some((build / build_before, "build of half")));
        }
        before = Some((check, build));
    }
    println!("{rows}");
}

/// The fastest of some runs, in seconds.
fn best(prepare: impl Fn(), work: impl Fn()) -> f64 {
    (0..RUNS)
        .map(|_| {
            prepare();
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

fn platc(project: &Path, arguments: &[&str]) {
    run(Command::new(env!("CARGO_BIN_EXE_platc")).args(arguments).arg("-C").arg(project));
}

fn run(command: &mut Command) {
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn remove(path: &Path) {
    if path.exists() {
        std::fs::remove_dir_all(path).unwrap();
    }
}

fn count(path: &Path) -> usize {
    walkdir::WalkDir::new(path).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file()).count()
}

/// A fleet with classes of its own: three objects a service, an overlay for `ops`, one cluster with a word of its own for every service.
fn generate(project: &Path, clusters: usize) {
    std::fs::create_dir_all(project.join("clusters")).unwrap();
    let write = |path: &str, text: &str| std::fs::write(project.join(path), text).unwrap();
    write("platform.yaml", PLATFORM);
    write("classes.yaml", CLASSES);
    for at in 0..clusters {
        let text = format!("clusters:\n  c{at}:\n    class: plain\n    region: r{}\n    environments: {{ ops: {{ size: 1 }} }}\n", at % 7);
        write(&format!("clusters/c{at}.yaml"), &text);
    }
    let mut services = "services:\n".to_owned();
    for at in 0..SERVICES {
        let needs = if at % 5 == 0 { String::new() } else { format!("    dependsOn: [s{}]\n", at - 1) };
        let overlays = format!(
            "    environments: {{ ops: {{ replicas: 1 }} }}\n    clusters: {{ c{}: {{ image: \"registry.example.com/app:2\" }} }}\n",
            at % clusters
        );
        services.push_str(&format!("  s{at}:\n    class: web\n{needs}{overlays}"));
    }
    write("services.yaml", &services);
}

const PLATFORM: &str = "platform:
  name: acme
  domain: infra.example.com
  repository: { url: https://git.example.com/acme/platform.git }
  promotion: [ops, apps]
environments:
  apps: {}
  ops: { inherits: apps }
";

const CLASSES: &str = r#"classes:
  cluster:
    plain:
      schema: { region: string | required=true, size: integer | default=3 }
  service:
    web:
      schema:
        replicas: integer | default=2
        image: string | default="registry.example.com/app:1"
        port: integer | default=8080
      manifests:
        namespace: { apiVersion: v1, kind: Namespace, metadata: { name: "${self.name}" } }
        deployment:
          apiVersion: apps/v1
          kind: Deployment
          metadata: { name: "${self.name}", namespace: "${self.name}", labels: { app: "${self.name}" } }
          spec:
            replicas: ${self.replicas}
            selector: { matchLabels: { app: "${self.name}" } }
            template:
              metadata: { labels: { app: "${self.name}" } }
              spec:
                containers:
                  - name: main
                    image: ${self.image}
                    env: [{ name: CLUSTER, value: "${cluster.fullName}" }]
                    ports: [{ containerPort: "${self.port}" }]
        service:
          apiVersion: v1
          kind: Service
          metadata: { name: "${self.name}", namespace: "${self.name}" }
          spec: { selector: { app: "${self.name}" }, ports: [{ port: 80, targetPort: "${self.port}" }] }
"#;
