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
    UnknownKind = "unknown-kind",
    DefinedTwice = "defined-twice",
    InvalidName = "invalid-name",
    WrongType = "wrong-type",
    MisplacedField = "misplaced-field",
    MisplacedOperator = "misplaced-operator",
    SeveralParents = "several-parents",
    UnknownEnvironment = "unknown-environment",
    UnknownCluster = "unknown-cluster",
    BadFlag = "bad-flag",
    UnknownField = "unknown-field",
    ReservedField = "reserved-field",
    UnknownClass = "unknown-class",
    InheritanceCycle = "inheritance-cycle",
    InheritanceTooDeep = "inheritance-too-deep",
    ContradictingParents = "contradicting-parents",
    LayersMismatch = "layers-mismatch",
    LockedField = "locked-field",
    NothingToRemove = "nothing-to-remove",
    OperatorMismatch = "operator-mismatch",
}
