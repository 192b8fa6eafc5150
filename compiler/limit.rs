//! Every limit of a compilation in one place: what no input may pass, so that none can hang the machine or eat it. `docs/limits.md` is the
//! same table for readers, with the code that says so and the reason; a test holds the two together and tries each row at the limit and one
//! beyond. Nothing here counts; whoever counts takes its limit from here. What reads git, writes outputs or recovers a broken text bounds
//! itself where it stands; a second table there has those numbers.

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $value:expr;)*) => {
        $($(#[$doc])* pub const $name: $type = $value;)*

        /// All limits by name, in the order of this file.
        pub const ALL: &[(&str, u64)] = &[$((stringify!($name), $value as u64),)*];
    };
}

limits! {
    // Sources.

    /// Bytes of one source.
    SOURCE_BYTES: usize = 16 << 20;
    /// Bytes of all sources together.
    SOURCES_BYTES: usize = 256 << 20;
    /// Sources of a project.
    SOURCES: usize = 100_000;
    /// Entries of `platform.exclude`.
    EXCLUDED: usize = 200;
    /// Maps and lists within each other in a source.
    SOURCE_DEPTH: usize = 128;
    /// Nodes that anchors and aliases may copy in one source.
    ALIAS_NODES: usize = 500_000;
    /// Values of all sources together, with what aliases copy.
    VALUES: usize = 2_000_000;
    /// Files and folders in the directory of a project, but for hidden ones and those that platc wrote.
    ENTRIES: usize = 1_000_000;
    /// Symbolic links among them.
    SYMLINKS: usize = 10_000;
    /// Bytes of one file below `files/`.
    FILE_BYTES: usize = 64 << 20;
    /// Bytes of all files below `files/` together.
    FILES_BYTES: usize = 256 << 20;

    // Definitions.

    /// Ancestors of one thing.
    ANCESTORS: usize = 200;
    /// Layers of one thing. Each of them may override a value, and the values it overrode are kept.
    LAYERS: usize = 5_000;
    /// Fields of a schema when all names are replaced by what they stand for.
    SCHEMA_FIELDS: usize = 10_000;
    /// Fields of the schemas of all classes, counted like that, those of the language included.
    SCHEMAS_FIELDS: usize = 100_000;
    /// Fields within each other in a schema.
    SCHEMA_DEPTH: usize = 32;
    /// Classes that make each other in a chain: what each makes is a maker itself.
    MAKERS: usize = 8;
    /// Names in `types`.
    SCHEMA_TYPES: usize = 2_000;
    /// Fragments within each other.
    FRAGMENT_DEPTH: usize = 32;
    /// Weight of what fragments bring into one class.
    USED_WEIGHT: usize = 100_000;
    /// Bytes of one compiled regular expression.
    PATTERN_BYTES: usize = 256 << 10;

    /// Bytes of all compiled regular expressions of schemas.
    PATTERNS_BYTES: usize = 16 << 20;

    // What is said.

    /// Work on suggestions: pairs of letters that are compared.
    SUGGESTION_WORK: usize = 50_000_000;

    /// Bytes of an answer: what `show`, `explain`, `diff` and `schema` print, beside what follows.
    ANSWER_BYTES: usize = 64 << 20;
    /// Further bytes for each thing that is asked for.
    ANSWER_BYTES_THING: usize = 4_096;

    // Expressions.

    /// Bytes of a text with expressions.
    EXPRESSION_BYTES: usize = 64 << 10;
    /// Expressions within each other: deep enough for anybody, shallow enough for walks that recurse on a small stack.
    EXPRESSION_DEPTH: usize = 128;
    /// Steps of one evaluation: far more than an honest expression needs, a loop over ten thousand items with fifty steps each.
    EVALUATION_STEPS: usize = 1_000_000;
    /// Bytes of the texts, lists and maps that one evaluation makes on the way.
    EVALUATION_BYTES: usize = 64 << 20;
    /// Lists and maps within each other in the value of an expression.
    VALUE_DEPTH: usize = 256;
    /// Lists and maps within each other that a `let` keeps as things; deeper ones are copies of their fields.
    THINGS_DEPTH: usize = 4;
    /// Bytes of a text that a template joins.
    TEXT_BYTES: usize = 16 << 20;
    /// Bytes of an expression that is left to Terraform, each part counted as often as it is written.
    LATE_BYTES: usize = 256 << 10;
    /// Expressions within each other in it.
    LATE_DEPTH: usize = 100;
    /// Bytes of a quantity, duration, version or network: each is read again wherever an expression names its field.
    NOTATION_BYTES: usize = 255;
    /// Values that read each other in a chain.
    READING_CHAIN: usize = 150;
    /// Steps of all evaluations of one thing.
    THING_STEPS: usize = 4_000_000;
    /// Weight of all outcomes of one thing's expressions.
    THING_WEIGHT: usize = 1_000_000;

    /// Entries and items that loops of one thing make.
    LOOP_ENTRIES: usize = 100_000;
    /// How much they weigh together: a hundred thousand entries of forty values each.
    LOOP_WEIGHT: usize = 4_000_000;

    // The platform as a whole.

    /// Things of a platform, everything that is in an environment or on a cluster, beside what follows.
    THINGS: usize = 20_000;
    /// Further things for each byte of the sources: a cluster of eighty bytes with eighty things on it stays below half.
    THINGS_BYTE: usize = 2;
    /// Comparisons of a cluster with the placement of a thing, beside what follows.
    PLACEMENTS: usize = 2_000_000;
    /// Further comparisons for each byte of the sources.
    PLACEMENTS_BYTE: usize = 4;
    /// Names that things are asked for what they need: in `dependsOn` and expressions, beside what follows.
    LINKS: usize = 5_000_000;
    /// Further names for each thing.
    LINKS_THING: usize = 100;
    /// Steps of all evaluations of a platform, beside what follows.
    PLATFORM_STEPS: usize = 20_000_000;
    /// Further steps for each byte of the sources.
    PLATFORM_STEPS_BYTE: usize = 20;
    /// Further steps for each thing.
    PLATFORM_STEPS_THING: usize = 2_000;
    /// Weight of what all expressions and templates of a platform make, beside what follows.
    PLATFORM_WEIGHT: usize = 3_000_000;
    /// Further weight for each byte of the sources.
    PLATFORM_WEIGHT_BYTE: usize = 2;
    /// Further weight for each thing.
    PLATFORM_WEIGHT_THING: usize = 400;
    /// Entries that layers merge, beside what follows.
    MERGED: usize = 4_000_000;
    /// Further entries for each byte of the sources.
    MERGED_BYTE: usize = 2;
    /// Further entries for each thing.
    MERGED_THING: usize = 150;
}
