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
    AbsentValue = "absent-value",
    AbstractClass = "abstract-class",
    AliasCycle = "alias-cycle",
    AliasTooLarge = "alias-too-large",
    AmbiguousReference = "ambiguous-reference",
    AmbiguousScalar = "ambiguous-scalar",
    ApplicationNameCollision = "application-name-collision",
    Arithmetic = "arithmetic",
    BadArgument = "bad-argument",
    BadFlag = "bad-flag",
    BadFormat = "bad-format",
    BadPlacement = "bad-placement",
    BaseWithoutHeirs = "base-without-heirs",
    BrokenPolicy = "broken-policy",
    BrokenRule = "broken-rule",
    CannotWrite = "cannot-write",
    ContradictingEnvironments = "contradicting-environments",
    ContradictingParents = "contradicting-parents",
    ContradictingProviders = "contradicting-providers",
    ControlCharacter = "control-character",
    DefaultMismatch = "default-mismatch",
    DefinedTwice = "defined-twice",
    DependencyCycle = "dependency-cycle",
    DeprecatedField = "deprecated-field",
    DuplicateItem = "duplicate-item",
    DuplicateKey = "duplicate-key",
    EditedFile = "edited-file",
    EvaluationTooDeep = "evaluation-too-deep",
    ExistenceReadsLater = "existence-reads-later",
    ExpansionTooLarge = "expansion-too-large",
    ExpressionCycle = "expression-cycle",
    ExpressionInTerraform = "expression-in-terraform",
    ExpressionSyntax = "expression-syntax",
    ExpressionTooCostly = "expression-too-costly",
    ForeignFile = "foreign-file",
    ForeignIndex = "foreign-index",
    IdentityCollision = "identity-collision",
    IncompleteObject = "incomplete-object",
    InheritanceCycle = "inheritance-cycle",
    InheritanceTooDeep = "inheritance-too-deep",
    InvalidArgocd = "invalid-argocd",
    InvalidName = "invalid-name",
    InvalidStackName = "invalid-stack-name",
    InvalidTerraformName = "invalid-terraform-name",
    InvalidTerraformShape = "invalid-terraform-shape",
    KeyNotText = "key-not-text",
    KeyWithExpression = "key-with-expression",
    KindOutsideTenant = "kind-outside-tenant",
    LateValueFunction = "late-value-function",
    LateValueMisplaced = "late-value-misplaced",
    LateValueNotExported = "late-value-not-exported",
    LayersMismatch = "layers-mismatch",
    ListObject = "list-object",
    LiteralRequired = "literal-required",
    LockedField = "locked-field",
    LoopKey = "loop-key",
    LooserSchema = "looser-schema",
    MergeConflict = "merge-conflict",
    MergeKey = "merge-key",
    MetadataNotText = "metadata-not-text",
    MisplacedField = "misplaced-field",
    MisplacedOperator = "misplaced-operator",
    MisplacedProvider = "misplaced-provider",
    MissingClass = "missing-class",
    MissingField = "missing-field",
    MissingPlatform = "missing-platform",
    MissingRequirement = "missing-requirement",
    NameCollision = "name-collision",
    NameTooLong = "name-too-long",
    NamespaceOutsideTenant = "namespace-outside-tenant",
    NeedlessIdentity = "needless-identity",
    NoEnvironment = "no-environment",
    NoRepository = "no-repository",
    NoSuchKey = "no-such-key",
    NotInFlux = "not-in-flux",
    NotLiteral = "not-literal",
    NotText = "not-text",
    NothingToRemove = "nothing-to-remove",
    NullNotAllowed = "null-not-allowed",
    NumberOutOfRange = "number-out-of-range",
    ObjectCollision = "object-collision",
    ObjectsWithoutCluster = "objects-without-cluster",
    OperatorMismatch = "operator-mismatch",
    OutOfRange = "out-of-range",
    OutputInsideFile = "output-inside-file",
    OutputLocked = "output-locked",
    PathLeavesOutput = "path-leaves-output",
    PatternMismatch = "pattern-mismatch",
    ReadOnlyAttribute = "read-only-attribute",
    ReservedAnnotation = "reserved-annotation",
    ReservedField = "reserved-field",
    SchemaSyntax = "schema-syntax",
    SecretData = "secret-data",
    SecretInOutput = "secret-in-output",
    SensitiveValue = "sensitive-value",
    SeveralBackends = "several-backends",
    SeveralDocuments = "several-documents",
    SeveralParents = "several-parents",
    SimilarPaths = "similar-paths",
    SourceNotMap = "source-not-map",
    SymlinkInOutput = "symlink-in-output",
    TomlSyntax = "toml-syntax",
    TooDeep = "too-deep",
    UnknownAnchor = "unknown-anchor",
    UnknownApplication = "unknown-application",
    UnknownBackend = "unknown-backend",
    UnknownBackendArgument = "unknown-backend-argument",
    UnknownClass = "unknown-class",
    UnknownCluster = "unknown-cluster",
    UnknownDependency = "unknown-dependency",
    UnknownDirective = "unknown-directive",
    UnknownEnvironment = "unknown-environment",
    UnknownField = "unknown-field",
    UnknownFunction = "unknown-function",
    UnknownHub = "unknown-hub",
    UnknownIdentity = "unknown-identity",
    UnknownKind = "unknown-kind",
    UnknownName = "unknown-name",
    UnknownNodePool = "unknown-node-pool",
    UnknownParent = "unknown-parent",
    UnknownPath = "unknown-path",
    UnknownProvider = "unknown-provider",
    UnknownReference = "unknown-reference",
    UnknownResource = "unknown-resource",
    UnknownStack = "unknown-stack",
    UnknownTenant = "unknown-tenant",
    UnknownTerraformBlock = "unknown-terraform-block",
    UnmatchedPolicy = "unmatched-policy",
    UnmatchedSelector = "unmatched-selector",
    UnprintableKey = "unprintable-key",
    UnprintableText = "unprintable-text",
    UnreadableFile = "unreadable-file",
    UnsafePath = "unsafe-path",
    UnterminatedExpression = "unterminated-expression",
    UnusedDefault = "unused-default",
    UnusedProvider = "unused-provider",
    ValueNotAllowed = "value-not-allowed",
    WrongArguments = "wrong-arguments",
    WrongOperands = "wrong-operands",
    WrongType = "wrong-type",
    YamlSyntax = "yaml-syntax",
    YamlTag = "yaml-tag",
}
