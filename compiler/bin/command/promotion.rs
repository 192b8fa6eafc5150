//! `platc promotion`: what environments would receive that follow another revision than the one at hand.

use super::answer::Answer;
use super::change::{Change, EmittedVersion};
use super::selected::Selected;
use super::{AnswerForm, Exit, Failure, Session, known};
use crate::git::{self, Commit};
use crate::render::lines::Lines;
use crate::render::markdown::{Page, Rank, code_of, prose};
use crate::render::plural;
use platc::Options;
use platc::model::Model;
use platc::query::diff::diff;
use platc::query::parity::Parity;
use platc::system::MemorySystem;
use platc::value::Value;
use serde_json::{Value as Json, json};

/// So many commits are named.
const COMMITS: usize = 20;

/// Show what an environment would receive
///
/// Compares an environment as it is here with what it is at the revision that it follows (`argocd.revision`, else
/// `platform.repository.revision`): the commits in between, what differs,
/// what that does outside, and where the environment then differs from the one before it in `platform.promotion` in more than `platform.parity`
/// allows. Without a name: each environment that follows a revision. Exits with 1 if one would receive anything.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc promotion                        # before the branch of an environment is moved\n  platc promotion apps\n  platc promotion apps --stat"
)]
pub(crate) struct Arguments {
    /// Environments; behind these, paths of what is to be compared: services.shop
    #[arg(value_name = "ENVIRONMENT|PATH")]
    names: Vec<String>,
    /// Show what follows from each difference, too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    selected: Selected,
}

/// An environment and the revision that it follows.
struct Following {
    environment: String,
    revision: String,
    /// The one that changes reach before it.
    before: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let form = session.answer_form()?;
    let machine = form == AnswerForm::Json;
    let (names, selected) = arguments.selected.of(&arguments.names)?;
    let Some(version) = Change::version(session.compile(&Options::default()), session)? else { return Ok(Exit::No) };
    let now = &version.0;
    let environments = || now.model.environments.iter().map(|environment| &*environment.name);
    names.iter().try_for_each(|name| known("environment", name, environments()))?;
    selected.check(&[&now.model])?;
    let following = following(&now.model, names)?;
    let mut state = Some(PromotionState::Not(version));
    let mut promotions = Vec::new();
    let mut comment = Page::default();
    let mut exit = Exit::Fine;
    for Following { environment, revision, before } in following {
        let Some((revision, commits)) = git::behind(&session.project.root, &revision).map_err(Failure::Usage)? else {
            let hint = format!("`{environment}` follows `{revision}`, and git knows no revision of that name here: fetch it, or create it");
            return Err(Failure::Usage(hint));
        };
        let Some(known) = state.take() else { return Ok(Exit::No) };
        let Some((mut change, former)) = known.with(&revision, session)? else { return Ok(Exit::No) };
        let one = std::slice::from_ref(&environment);
        let said = change.leaving(one, &selected, session);
        let answer = match change.answer(one, &selected, arguments.all, session) {
            Ok(answer) => answer,
            Err(lost) => return session.lose(&lost),
        };
        let forbidden = match before.map(|before| forbidden(&change, (&before, &environment), &selected)).transpose() {
            Ok(found) => found.flatten(),
            Err(lost) => return session.lose(&lost),
        };
        let mut told = head(&environment, &revision, &commits);
        match answer.differs {
            true => told.append(&answer.text),
            false => told.line("  nothing that it would receive"),
        }
        forbidden.iter().for_each(|line| told.line(line));
        let mut members = json!({
            "environment": environment,
            "revision": revision,
            "commits": commits.iter().map(|commit| json!({ "commit": commit.hash, "subject": commit.subject })).collect::<Vec<_>>(),
            "forbidden": forbidden,
        });
        if let (Some(members), Json::Object(answer)) = (members.as_object_mut(), answer.json) {
            members.extend(answer);
            if machine {
                members.extend(crate::render::json::render(&said, &session.view(&change.now)));
            }
        }
        promotions.push(members);
        if !machine {
            let mut page = Page::default();
            page.paragraph(
                Rank::Head,
                &format!("It follows {}; {} between that and here.", code_of(&revision), plural(commits.len(), "commit")),
            );
            let commit = |commit: &Commit| format!("{} {}", code_of(&commit.hash), code_of(&commit.subject));
            page.list(Rank::Difference, commits.iter().take(COMMITS).map(commit), "commit");
            forbidden.iter().for_each(|line| page.paragraph(Rank::Head, &format!("**{}**", prose(line))));
            match answer.differs {
                true => page.append(answer.page),
                false => page.paragraph(Rank::Head, "Nothing that it would receive."),
            }
            let of_one = Answer { text: told, json: Json::Null, page, differs: answer.differs, level: None };
            let title = format!("What {} would receive", code_of(&environment));
            match form {
                AnswerForm::Markdown => comment.append(of_one.comment(&title, &said, &session.view(&change.now))),
                AnswerForm::Text | AnswerForm::Json => _ = of_one.print(&title, Some(said), &session.view(&change.now), form, session)?,
            }
        }
        if answer.differs || forbidden.is_some() {
            exit = Exit::No;
        }
        state = Some(PromotionState::With { revision, former, change });
    }
    match form {
        AnswerForm::Json => session.terminal.print_json(&json!({ "version": 1, "promotions": promotions }))?,
        AnswerForm::Markdown => session.terminal.print(&comment.lines())?,
        AnswerForm::Text => {}
    }
    Ok(exit)
}

/// The project as it is now, and the revision that it was compared with last: several environments may follow one, or revisions of the same project.
#[allow(clippy::large_enum_variant, reason = "there is one of it at a time")]
enum PromotionState {
    Not(EmittedVersion),
    With { revision: String, former: MemorySystem, change: Change },
}

impl PromotionState {
    /// It against a revision, with the sources of that; none if it has errors, which are told.
    fn with(self, revision: &str, session: &Session) -> Result<Option<(Change, MemorySystem)>, Failure> {
        let read = || git::read(&session.project.root, revision).map_err(Failure::Usage);
        let (version, sources) = match self {
            Self::With { revision: known, former, change } if known == revision => return Ok(Some((change, former))),
            Self::With { former, mut change, .. } => {
                let sources = read()?;
                if former == sources && change.stands_for(revision) {
                    return Ok(Some((change, sources)));
                }
                ((change.now, change.new), sources)
            }
            Self::Not(version) => (version, read()?),
        };
        Ok(Change::against(revision, &sources, version, &Options::default(), session)?.map(|change| (change, sources)))
    }
}

/// The environments that follow a revision, as far as they are named, in the order in which changes reach them.
fn following(model: &Model, names: &[String]) -> Result<Vec<Following>, Failure> {
    let order: Vec<&str> =
        model.platform.value.get("promotion").and_then(Value::as_list).into_iter().flatten().filter_map(Value::as_str).collect();
    let place = |name: &str| order.iter().position(|known| *known == name);
    let mut following = Vec::new();
    for environment in model.environments.iter().filter(|known| names.is_empty() || names.iter().any(|name| **name == *known.name)) {
        let name = environment.name.to_string();
        let of_all = || model.platform.value.at(&["repository", "revision"]);
        match environment.value.at(&["argocd", "revision"]).or_else(of_all).and_then(Value::as_str) {
            Some(revision) => {
                let before = place(&name).and_then(|at| order.get(at.checked_sub(1)?)).map(|before| (*before).to_owned());
                following.push(Following { environment: name, revision: revision.to_owned(), before });
            }
            None if names.is_empty() => {}
            None => {
                return Err(Failure::Usage(format!(
                    "environment `{name}` follows no revision: `environments.{name}.argocd.revision` or `platform.repository.revision` says which one"
                )));
            }
        }
    }
    if following.is_empty() {
        return Err(Failure::Usage(
            "no environment follows a revision: `environments.<name>.argocd.revision` or `platform.repository.revision` says which one"
                .to_owned(),
        ));
    }
    following.sort_by_key(|following| place(&following.environment));
    Ok(following)
}

/// What stands above the differences.
fn head(environment: &str, revision: &str, commits: &[Commit]) -> Lines {
    let count = plural(commits.len(), "commit");
    let mut lines = Lines::of(&format!("{environment} follows {revision}; {count} between that and here"));
    commits.iter().take(COMMITS).for_each(|commit| lines.line(&format!("  {} {}", commit.hash, commit.subject)));
    if let Some(more) = commits.len().checked_sub(COMMITS).filter(|more| *more > 0) {
        lines.line(&format!("  and {more} more"));
    }
    if !commits.is_empty() {
        lines.line("");
    }
    lines
}

/// Says that an environment differs from the one before it in more than is meant, if it does.
fn forbidden(change: &Change, names: (&str, &str), selected: &Selected) -> Result<Option<String>, platc::query::path::DeadEnd> {
    let find = |name: &str| change.now.model.environments().find(|(_, environment)| *environment.name == *name).map(|(id, _)| id);
    let (Some(first), Some(second)) = (find(names.0), find(names.1)) else { return Ok(None) };
    let side = |id| super::change::side(&change.now, id);
    let parity = Parity::of(&change.now.model, names.0, names.1);
    // Who allows nothing has not said yet what is meant.
    if parity.is_empty() {
        return Ok(None);
    }
    let mut comparison = diff(side(first), side(second), &parity)?;
    selected.select(&mut comparison);
    let (first, second) = names;
    let said = format!("{second} would differ from {first} in more than `platform.parity` allows: `platc diff {first} {second}` shows it");
    Ok((!comparison.is_empty()).then_some(said))
}
