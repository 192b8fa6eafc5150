//! Every diagnostic code, a line each, tied to its page: a code without `docs/diagnostics/<code>.md` does not compile.

macro_rules! codes {
    ($($name:ident = $word:literal,)*) => {
        /// The word of a diagnostic. `platc explain <code>` prints its page.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code {
            $(
                #[doc = concat!("`", $word, "`, see `docs/diagnostics/", $word, ".md`.")]
                $name,
            )*
        }

        impl Code {
            /// All codes in the order of this file.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// The kebab-case word shown to users.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Code::$name => $word,)*
                }
            }

            /// The page that explains it, in Markdown.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self {
                    $(Code::$name => include_str!(concat!("../docs/diagnostics/", $word, ".md")),)*
                }
            }
        }
    };
}

codes! {
    MissingPlatform = "missing-platform",
    UnreadableFile = "unreadable-file",
    UnknownResource = "unknown-resource",
    LateValueNotExported = "late-value-not-exported",
    LiteralRequired = "literal-required",
    SeveralBackends = "several-backends",
    UnknownBackend = "unknown-backend",
    UnknownBackendArgument = "unknown-backend-argument",
    UnknownTerraformBlock = "unknown-terraform-block",
    InvalidTerraformShape = "invalid-terraform-shape",
    InvalidTerraformName = "invalid-terraform-name",
    InvalidStackName = "invalid-stack-name",
    NoRepository = "no-repository",
    UnknownHub = "unknown-hub",
    ApplicationNameCollision = "application-name-collision",
    NamespaceOutsideTenant = "namespace-outside-tenant",
    InvalidArgocd = "invalid-argocd",
    KindOutsideTenant = "kind-outside-tenant",
    TomlSyntax = "toml-syntax",
    YamlSyntax = "yaml-syntax",
    TooDeep = "too-deep",
    ControlCharacter = "control-character",
    NumberOutOfRange = "number-out-of-range",
    AmbiguousScalar = "ambiguous-scalar",
    KeyNotText = "key-not-text",
    SourceNotMap = "source-not-map",
    YamlTag = "yaml-tag",
    SeveralDocuments = "several-documents",
    MergeKey = "merge-key",
    UnknownAnchor = "unknown-anchor",
    AliasCycle = "alias-cycle",
    AliasTooLarge = "alias-too-large",
    DuplicateKey = "duplicate-key",
}
