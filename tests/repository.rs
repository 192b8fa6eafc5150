//! Repositories that mean harm. `platc diff --against` reads them and runs nothing: each attack leaves a file behind if it succeeds, and
//! plain git, with which each is tried first, shows that it would.

use crate::support::{self, Project};
use std::path::PathBuf;
use std::process::{Command, Output};

const PLATFORM: &str = "platform: { name: acme, domain: infra.example.com, repository: { url: https://git.example.com/a.git } }\n";

/// A repository with a project in the folder `project`, which has changed since the one commit.
struct Attack {
    home: tempfile::TempDir,
}

impl Attack {
    fn new() -> Option<Self> {
        if !support::has("git", "--version") {
            return None;
        }
        let attack = Self { home: support::scratch() };
        attack.put("project/platform.yaml", &format!("{PLATFORM}environments: {{ old: {{}} }}\n"));
        attack.sh("git init -q . && git add -A && git commit -qm one && git tag one");
        attack.put("project/platform.yaml", &format!("{PLATFORM}environments: {{ new: {{}} }}\n"));
        Some(attack)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let files = [(path.to_owned(), text.to_owned())].into();
        Project { files }.write(self.home.path());
    }

    /// Runs a script that has to succeed. The user's own configuration of git plays no part.
    fn sh(&self, script: &str) {
        let output = self.try_sh(script);
        assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
    }

    fn try_sh(&self, script: &str) -> Output {
        let name = "-c user.name=a -c user.email=a@example.com -c commit.gpgsign=false -c protocol.ext.allow=always";
        let script = format!("git() {{ command git {name} \"$@\"; }}; {script}");
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir(self.home.path()).env("HOME", self.home.path()).env("CANARY", self.path("canary"));
        command.output().unwrap()
    }

    /// The blob of the project's source goes, and a remote is to bring it back, with what `config` says of it.
    fn lose(&self, config: &str) {
        self.sh("blob=$(git rev-parse one:project/platform.yaml) && rm -f .git/objects/$(echo $blob | sed 's,..,&/,')");
        self.put("more", &format!("[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = o\n{config}"));
        self.sh("cat more >> .git/config");
    }

    fn sprung(&self) -> bool {
        let sprung = self.path("canary").exists();
        std::fs::remove_file(self.path("canary")).ok();
        sprung
    }

    fn diff(&self, revision: &str, environment: &[(&str, &str)]) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_platc"));
        command.arg("-C").arg(self.path("project")).args(["diff", "--color", "never"]).arg(format!("--against={revision}"));
        let output = command.envs(environment.iter().copied()).env("HOME", self.home.path()).env("CANARY", self.path("canary")).output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.code(), said.replace(self.home.path().to_str().unwrap(), "HOME"))
    }

    /// The comparison succeeds, with the project that was committed.
    fn compares(&self, revision: &str, environment: &[(&str, &str)]) {
        let (code, said) = self.diff(revision, environment);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(&format!("environment old is only at {revision}")), "{said}");
        assert!(!self.sprung());
    }

    fn refuses(&self, revision: &str, expected: &str) {
        let (code, said) = self.diff(revision, &[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
        assert!(!self.sprung());
    }
}

/// Anybody can commit a folder that looks like a repository from the inside.
#[test]
fn a_planted_repository_is_not_opened() {
    let Some(attack) = Attack::new() else { return };
    attack.sh(
        "git clone -q --bare . bare && cd bare && blob=$(git rev-parse one:project/platform.yaml) && git unpack-objects -q < /dev/null; \
         rm -rf objects/pack && rm -f objects/$(echo $blob | sed 's,..,&/,') && git config core.repositoryformatversion 1 \
         && git config extensions.partialClone o && git config remote.o.promisor true && git config remote.o.url .. \
         && git config remote.o.uploadpack 'touch \"$CANARY\"; false' && git config core.fsmonitor 'touch \"$CANARY\"; false' \
         && cd .. && mv bare/* project/ && rmdir bare",
    );
    attack.try_sh("cd project && git cat-file -p one:project/platform.yaml");
    assert!(attack.sprung(), "plain git runs it");
    attack.compares("one", &[]);
    // Committed, as in a pull request, and with the rest of the disguise.
    attack.sh("git add -A -f && git commit -qm two");
    attack.compares("HEAD~1", &[]);
    attack.sh("mv .git elsewhere && mkdir .git && echo 'ref: refs/heads/x' > .git/HEAD && cp -r project/* . ");
    // The words of a git that knows `safe.bareRepository`, or ours.
    attack.refuses("one", "repository");
}

/// Whoever can write `.git/config` decides what git runs, except here.
#[test]
fn a_repository_fetches_nothing() {
    let canary = "touch \\\"$CANARY\\\"; false";
    let allow = "[protocol]\n\tallow = always\n[protocol \"file\"]\n\tallow = always\n[protocol \"ext\"]\n\tallow = always\n";
    for (name, config) in [
        ("a local remote", format!("{allow}[remote \"o\"]\n\tpromisor = true\n\turl = .\n\tuploadpack = \"{canary}\"\n")),
        (
            "a filter without a promise",
            format!("{allow}[remote \"o\"]\n\tpartialCloneFilter = blob:none\n\turl = .\n\tuploadpack = \"{canary}\"\n"),
        ),
        ("ssh", format!("{allow}[remote \"o\"]\n\tpromisor = true\n\turl = ssh://x/y\n[core]\n\tsshCommand = \"{canary}\"\n")),
        ("a proxy", format!("{allow}[remote \"o\"]\n\tpromisor = true\n\turl = git://x/y\n[core]\n\tgitProxy = ./proxy\n")),
        ("a command for an address", format!("{allow}[remote \"o\"]\n\tpromisor = true\n\turl = \"ext::sh proxy\"\n")),
        ("another file", "[include]\n\tpath = ../included\n".to_owned()),
    ] {
        let Some(attack) = Attack::new() else { return };
        attack.put("included", &format!("[remote \"o\"]\n\tpromisor = true\n\turl = .\n\tuploadpack = \"{canary}\"\n"));
        attack.put("proxy", "#!/bin/sh\ntouch \"$CANARY\"");
        attack.sh("chmod +x proxy");
        attack.lose(&config);
        attack.try_sh("git cat-file -p one:project/platform.yaml");
        assert!(attack.sprung(), "plain git runs it: {name}");
        attack.refuses("one", "this is a partial clone, and platc fetches nothing");
    }
}

#[test]
fn a_repository_runs_no_hook_and_no_monitor() {
    let Some(attack) = Attack::new() else { return };
    attack.sh("git config core.fsmonitor 'touch \"$CANARY\"; false' && git config diff.external 'touch \"$CANARY\"; false'");
    attack.sh("git config core.pager 'touch \"$CANARY\"' && git config alias.cat-file '!touch \"$CANARY\"'");
    attack.sh("git config filter.x.smudge 'touch \"$CANARY\"' && git config diff.x.textconv 'touch \"$CANARY\"'");
    attack.put(".gitattributes", "* filter=x diff=x\n");
    for plain in ["git status", "git diff", "git cat-file --filters one:project/platform.yaml"] {
        attack.try_sh(plain);
        assert!(attack.sprung(), "plain git runs it: {plain}");
    }
    attack.compares("one", &[]);
    attack.compares("HEAD", &[]);
    for revision in [":project/platform.yaml", ":/one", "HEAD@{0}", "@{upstream}", "HEAD^{/one}"] {
        attack.diff(revision, &[]);
        assert!(!attack.sprung(), "{revision}");
    }
}

#[test]
fn the_environment_decides_nothing() {
    let Some(attack) = Attack::new() else { return };
    let canary = attack.path("canary").display().to_string();
    attack.sh("git clone -q --bare . other && mkdir bin && printf '#!/bin/sh\\ntouch \"$CANARY\"\\n' > bin/git-cat-file && chmod +x bin/*");
    let (other, bin) = (attack.path("other").display().to_string(), attack.path("bin").display().to_string());
    for variables in [
        vec![("GIT_TRACE", canary.as_str())],
        vec![("GIT_TRACE2_EVENT", canary.as_str())],
        vec![("GIT_DIR", other.as_str()), ("GIT_TRACE_SETUP", canary.as_str())],
        vec![("GIT_OBJECT_DIRECTORY", bin.as_str())],
        vec![("GIT_WORK_TREE", bin.as_str()), ("GIT_INDEX_FILE", bin.as_str())],
        vec![("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "include.path"), ("GIT_CONFIG_VALUE_0", "/dev/full")],
        vec![("GIT_CONFIG_PARAMETERS", "'core.repositoryformatversion'='7'")],
        vec![("GIT_EXEC_PATH", bin.as_str()), ("GIT_EXTERNAL_DIFF", "touch $CANARY"), ("GIT_PAGER", "touch $CANARY")],
        vec![("GIT_NAMESPACE", "x"), ("GIT_CEILING_DIRECTORIES", "/"), ("GIT_REPLACE_REF_BASE", "refs/tags/")],
        vec![("GIT_DEFAULT_HASH", "nonsense"), ("GIT_ALLOW_PROTOCOL", "ext:file"), ("GIT_NO_LAZY_FETCH", "0")],
    ] {
        attack.compares("one", &variables);
    }
    attack.try_sh("GIT_TRACE=$CANARY git rev-parse one");
    assert!(attack.sprung(), "plain git writes where it is told to");
}

/// A few objects can make up a tree without end, and a few bytes an object of any size.
#[test]
fn what_is_large_is_refused() {
    let Some(attack) = Attack::new() else { return };
    attack.sh("tree=$(git rev-parse one:project) && for level in 1 2 3 4 5 6 7 8 9 10; do \
         tree=$(for name in a b c d e f g h i j; do printf '040000 tree %s\\t%s\\n' $tree $name; done | git mktree); done && \
         git tag endless $(git commit-tree -m endless $(printf '040000 tree %s\\tproject\\n' $tree | git mktree))");
    attack.refuses("endless", "the project has more than 20000 folders and sources");
    attack.sh(
        "blob=$(head -c 16777217 /dev/zero | git hash-object -w --stdin) && tree=$(printf '100644 blob %s\\tx.yaml\\n' $blob | git mktree) && \
         git tag large $(git commit-tree -m large $(printf '040000 tree %s\\tproject\\n' $tree | git mktree))",
    );
    attack.refuses("large", "git cannot read `x.yaml` at `large`: larger than 16 MiB");
    attack.sh("blob=$(head -c 16777215 /dev/zero | git hash-object -w --stdin) && \
         tree=$(for name in 1 2 3 4 5 6 7 8 9; do printf '100644 blob %s\\t%s.yaml\\n' $blob $name; done | git mktree) && \
         git tag heavy $(git commit-tree -m heavy $(printf '040000 tree %s\\tproject\\n' $tree | git mktree))");
    attack.refuses("heavy", "the sources of the project have more than 32 MiB");
}

#[test]
fn what_is_lost_or_broken_is_told() {
    let Some(attack) = Attack::new() else { return };
    attack.refuses("nowhere", "git knows no revision `nowhere`");
    attack.refuses("--output=canary", "git knows no revision `--output=canary`");
    attack.sh("git clone -q . copy && blob=$(git rev-parse one:project/platform.yaml) && echo $blob | sed 's,..,.git/objects/&/,' > lost");
    attack.sh("chmod +w $(cat lost) && echo broken > $(cat lost)");
    let (code, said) = attack.diff("one", &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.starts_with("error: git cannot read `platform.yaml` at `one`: "), "{said}");
    attack.sh("rm $(cat lost)");
    attack.refuses("one", "git cannot read `platform.yaml` at `one`: the repository has lost it; `git fsck` says more");
    attack.sh("rm -f .git/objects/*/*");
    attack.refuses("one", "git knows no revision `one`");
    attack.sh("rm .git/HEAD");
    attack.refuses("one", "git cannot read `one`: ");
}

#[test]
fn worktrees_and_other_hashes_are_read() {
    let Some(attack) = Attack::new() else { return };
    attack.sh("git worktree add -q tree one && cp project/platform.yaml tree/project/ && mv project hidden && ln -s tree/project project");
    attack.compares("one", &[]);
    if attack.try_sh("git init -q --object-format=sha256 other").status.success() {
        attack.sh("cp -r tree/project other/ && rm project && ln -s other/project project && cd other && git add -A && git commit -qm new");
        let (code, said) = attack.diff("HEAD", &[]);
        assert_eq!((code, said.contains("nothing differs")), (Some(0), true), "{said}");
    }
}

#[test]
fn without_git_there_is_an_error() {
    let Some(attack) = Attack::new() else { return };
    let (code, said) = attack.diff("one", &[("PATH", "/nowhere")]);
    assert_eq!(code, Some(2));
    assert_eq!(said, "error: git cannot read `one`: cannot run git: no such file or directory\n");
}
