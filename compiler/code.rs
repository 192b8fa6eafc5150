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
    ExpressionSyntax = "expression-syntax",
    UnterminatedExpression = "unterminated-expression",
    UnknownName = "unknown-name",
    UnknownField = "unknown-field",
    UnknownFunction = "unknown-function",
    WrongArguments = "wrong-arguments",
    WrongOperands = "wrong-operands",
    NoSuchKey = "no-such-key",
    Arithmetic = "arithmetic",
    BadArgument = "bad-argument",
    NotText = "not-text",
    LateValueMisplaced = "late-value-misplaced",
    ExpressionTooCostly = "expression-too-costly",
}
