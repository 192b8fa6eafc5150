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
    UnknownField = "unknown-field",
    WrongType = "wrong-type",
    MissingField = "missing-field",
    ValueNotAllowed = "value-not-allowed",
    OutOfRange = "out-of-range",
    PatternMismatch = "pattern-mismatch",
    BadFormat = "bad-format",
    DuplicateItem = "duplicate-item",
    NullNotAllowed = "null-not-allowed",
    DeprecatedField = "deprecated-field",
    SchemaSyntax = "schema-syntax",
    DefaultMismatch = "default-mismatch",
    LooserSchema = "looser-schema",
    LateValueMisplaced = "late-value-misplaced",
    UnknownKind = "unknown-kind",
    DefinedTwice = "defined-twice",
    InvalidName = "invalid-name",
    MisplacedField = "misplaced-field",
    MisplacedOperator = "misplaced-operator",
    SeveralParents = "several-parents",
    UnknownEnvironment = "unknown-environment",
    UnknownCluster = "unknown-cluster",
    BadFlag = "bad-flag",
    ReservedField = "reserved-field",
    UnknownClass = "unknown-class",
    InheritanceCycle = "inheritance-cycle",
    InheritanceTooDeep = "inheritance-too-deep",
    ContradictingParents = "contradicting-parents",
    LayersMismatch = "layers-mismatch",
    LockedField = "locked-field",
    NothingToRemove = "nothing-to-remove",
    OperatorMismatch = "operator-mismatch",
    UnsafePath = "unsafe-path",
    UnknownParent = "unknown-parent",
    NoEnvironment = "no-environment",
    NotLiteral = "not-literal",
    UnknownTenant = "unknown-tenant",
    BadPlacement = "bad-placement",
    MissingClass = "missing-class",
    AbstractClass = "abstract-class",
    KeyWithExpression = "key-with-expression",
    ExpressionCycle = "expression-cycle",
    EvaluationTooDeep = "evaluation-too-deep",
    NumberOutOfRange = "number-out-of-range",
    WrongOperands = "wrong-operands",
    AbsentValue = "absent-value",
    BrokenRule = "broken-rule",
    NameCollision = "name-collision",
    NameTooLong = "name-too-long",
    DependencyCycle = "dependency-cycle",
    UnknownDependency = "unknown-dependency",
    MissingRequirement = "missing-requirement",
    TomlSyntax = "toml-syntax",
    YamlSyntax = "yaml-syntax",
    TooDeep = "too-deep",
    ControlCharacter = "control-character",
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
