//! Blocks of a module: which there are, how many names stand before their bodies, and how Terraform reads the text in them.

use super::escape::TerraformReading;
use crate::variants::variants;

variants! {
    /// A kind of top-level block, by its key at the top of a module.
    pub(super) enum Block(key, of) {
        Terraform = "terraform",
        Provider = "provider",
        Variable = "variable",
        Locals = "locals",
        Resource = "resource",
        Data = "data",
        Ephemeral = "ephemeral",
        Module = "module",
        Output = "output",
        Moved = "moved",
        Import = "import",
        Removed = "removed",
        Check = "check",
    }
}

impl Block {
    /// How many names stand before the body.
    pub(super) fn labels(self) -> usize {
        match self {
            Block::Resource | Block::Data | Block::Ephemeral => 2,
            Block::Provider | Block::Variable | Block::Module | Block::Output | Block::Check => 1,
            Block::Terraform | Block::Locals | Block::Moved | Block::Import | Block::Removed => 0,
        }
    }

    /// Whether several bodies may stand in a list: providers with aliases, and blocks without a name.
    pub(super) fn repeats(self) -> bool {
        match self {
            Block::Provider | Block::Moved | Block::Import | Block::Removed => true,
            Block::Terraform
            | Block::Variable
            | Block::Locals
            | Block::Resource
            | Block::Data
            | Block::Ephemeral
            | Block::Module
            | Block::Output
            | Block::Check => false,
        }
    }

    /// Whether `null` means something in it; in the others it means that an argument is not set.
    pub(super) fn keeps_nulls(self) -> bool {
        match self {
            Block::Locals | Block::Output | Block::Variable => true,
            Block::Terraform
            | Block::Provider
            | Block::Resource
            | Block::Data
            | Block::Ephemeral
            | Block::Module
            | Block::Moved
            | Block::Import
            | Block::Removed
            | Block::Check => false,
        }
    }

    /// How the text of an argument is read.
    pub(super) fn reading(self, argument: &str) -> TerraformReading {
        let managed = matches!(self, Block::Resource | Block::Data | Block::Ephemeral);
        match (self, argument) {
            (Block::Terraform, _) => TerraformReading::Literal,
            (Block::Locals, _) => TerraformReading::Template,
            (_, "depends_on") => TerraformReading::Object,
            (Block::Import, "provider" | "to") | (Block::Module, "providers") | (Block::Moved | Block::Removed, "from" | "to") => {
                TerraformReading::Address
            }
            (_, "provider") if managed => TerraformReading::Address,
            (Block::Module, "source" | "version")
            | (Block::Output | Block::Variable, "description")
            | (Block::Variable, "default" | "type")
            | (Block::Provider, "alias" | "version") => TerraformReading::Literal,
            (_, _) => TerraformReading::Template,
        }
    }

    /// Whether an argument is a `lifecycle` block.
    pub(super) fn is_lifecycle(self, argument: &str) -> bool {
        argument == "lifecycle" && matches!(self, Block::Resource | Block::Data | Block::Ephemeral | Block::Removed)
    }
}

/// How the text of an argument of a `lifecycle` block is read.
pub(super) fn lifecycle(argument: &str) -> TerraformReading {
    match argument {
        "ignore_changes" | "replace_triggered_by" => TerraformReading::Address,
        "precondition" | "postcondition" => TerraformReading::Template,
        _ => TerraformReading::Literal,
    }
}
