//! What a value did to the one of the next weaker layer: it replaced it, or it is made of it.

use crate::value::{Data, Value};

/// How a value met the next weaker one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HowMet {
    /// Nothing is left of the weaker one.
    Overrides,
    /// All items of the weaker list are in it, and more.
    AddsTo,
    /// Only items of the weaker list are in it, and not all of them.
    TakesFrom,
    /// Some items of the weaker list are in it, perhaps with other fields, beside others.
    Changes,
}

impl HowMet {
    /// As a table has it in front of the weaker value.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Overrides => "overriding",
            Self::AddsTo => "adding to",
            Self::TakesFrom => "taking from",
            Self::Changes => "changing",
        }
    }

    /// As a sentence has it: the value `overrides` the weaker one.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Overrides => "overrides",
            Self::AddsTo => "adds to",
            Self::TakesFrom => "takes from",
            Self::Changes => "changes",
        }
    }
}

/// Whether an item is one of a weaker list, perhaps with other fields.
fn is_of(item: &Value, old: &Value) -> bool {
    std::iter::successors(Some(item), |item| item.overridden()).any(|item| item.decided() == old.decided())
}

/// How a value met the one that it stands over. It goes by where items come from, never by what they say.
#[must_use]
pub fn met(stronger: &Value, weaker: &Value) -> HowMet {
    let (Data::List(now), Data::List(before)) = (&stronger.data, &weaker.data) else { return HowMet::Overrides };
    let kept = before.items().iter().filter(|old| now.items().iter().any(|item| is_of(item, old))).count();
    let news = now.items().iter().filter(|item| !before.items().iter().any(|old| is_of(item, old))).count();
    let changed = now.items().iter().any(|item| before.items().iter().any(|old| is_of(item, old) && !item.same_data(old)));
    match (kept, kept == before.items().len()) {
        (0, _) => HowMet::Overrides,
        (_, true) if !changed && news > 0 => HowMet::AddsTo,
        (_, false) if !changed && news == 0 => HowMet::TakesFrom,
        (_, _) => HowMet::Changes,
    }
}

/// An item of a list that a stronger layer has left out.
#[derive(Clone, Copy, Debug)]
pub struct LeftItem<'a> {
    /// What it was.
    pub item: &'a Value,
    /// The list of the layer that has it no more.
    pub by: &'a Value,
}

/// The items that layers have left out of a list, the strongest layer first. What a layer replaced as a whole is told as overridden, and not here.
#[must_use]
pub fn left_items(list: &Value) -> Vec<LeftItem<'_>> {
    let mut left = Vec::new();
    let mut stronger = list;
    while let Some(weaker) = stronger.overridden() {
        if let (HowMet::TakesFrom | HowMet::Changes, Some(now), Some(before)) =
            (met(stronger, weaker), stronger.as_list(), weaker.as_list())
        {
            let stays = |old: &&Value| now.iter().any(|item| is_of(item, old));
            left.extend(before.iter().filter(|old| !stays(old)).map(|item| LeftItem { item, by: stronger }));
        }
        stronger = weaker;
    }
    left
}
