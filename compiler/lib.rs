//! platc: a compiler for Kubernetes platforms.

// The ground floor: knows no platform.
pub mod code;
pub mod diagnostic;
pub mod name;
pub mod origin;
pub mod report;
pub mod source;
pub mod span;
pub mod system;
pub mod value;
// Two languages.
pub mod expression;
pub mod schema;
// The rooms, in the order data enters them.
pub mod artifact;
pub mod definition;
pub mod document;
pub mod graph;
pub mod inheritance;
pub mod model;
pub mod object;
pub mod query;

// A stand-in until the conductor lands.

use artifact::Artifacts;
use definition::Definitions;
use diagnostic::{Diagnostic, Diagnostics};
use graph::Graph;
use model::Model;
use object::Objects;
use origin::Layers;
use source::{Grammar, Source, Sources};

/// What a compilation is asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Environments; empty: all.
    pub environments: Vec<String>,
    /// Clusters; empty: all.
    pub clusters: Vec<String>,
    /// `path=value` of the command line.
    pub set: Vec<String>,
}

/// Everything known about a project.
#[derive(Debug)]
pub struct Compilation {
    /// The texts.
    pub sources: Sources,
    /// The layers that values refer to.
    pub layers: Layers,
    /// What was written.
    pub definitions: Definitions,
    /// The resolved platform.
    pub model: Model,
    /// Who needs whom.
    pub graph: Graph,
    /// What the templates became.
    pub objects: Objects,
    /// All that is to be said.
    pub diagnostics: Diagnostics,
}

/// Compiles a project.
#[must_use]
pub fn compile(system: &dyn system::System, _options: &Options) -> Compilation {
    let mut diagnostics = Diagnostics::default();
    let mut sources = Sources::default();
    for path in system.list().unwrap_or_default() {
        let text = String::from_utf8(system.read(&path).unwrap_or_default()).unwrap_or_default();
        sources.add(Source { path: path.into(), text: text.into(), grammar: Grammar::Yaml, library: false });
    }
    if !sources.iter().any(|(_, source)| &*source.path == "platform.yaml") {
        diagnostics.push(Diagnostic::general(code::Code::MissingPlatform, "there is no `platform.yaml` here"));
    }
    let definitions = definition::lower(&[], &sources, &[], &mut Diagnostics::default());
    let origin = origin::Origin { span: span::Span::new(span::FileId(0), 0, 0), layer: origin::LayerId::COMPUTED };
    let model = Model {
        platform: model::Platform {
            name: "acme".into(),
            domain: "infra.example.com".into(),
            output: "dist".into(),
            repository: None,
            layout: model::Layout::Overlays,
            argocd_namespace: "argocd".into(),
            argocd_hub: None,
            value: value::Value::new(value::Data::Null, origin),
        },
        environments: Vec::new(),
        entities: Vec::new(),
    };
    Compilation {
        sources,
        layers: definitions.layers.clone(),
        definitions,
        model,
        graph: Graph::default(),
        objects: Objects::default(),
        diagnostics,
    }
}

/// Makes the files.
pub fn emit(compilation: &mut Compilation) -> Artifacts {
    let input = artifact::Input { model: &compilation.model, graph: &compilation.graph, objects: &compilation.objects };
    artifact::emit(&input, &mut compilation.diagnostics)
}
