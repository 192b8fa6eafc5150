//! Words that are an enum: each variant stands in one list with its word, and what goes through all of them, writes or reads one, is made from
//! that list. So a new variant is a line, and no other list can miss it.

/// An enum whose variants are words, with `ALL` in the order of the list, a function from a variant to its word, and one back.
macro_rules! variants {
    ($(#[$about:meta])* $visible:vis enum $Name:ident($word:ident, $from:ident) { $($(#[$each:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        $visible enum $Name {
            $($(#[$each])* $variant,)*
        }

        impl $Name {
            /// All of them, in the order in which they are listed.
            $visible const ALL: [$Name; [$($text),*].len()] = [$($Name::$variant),*];

            /// How it is written.
            #[must_use]
            $visible const fn $word(self) -> &'static str {
                match self {
                    $($Name::$variant => $text,)*
                }
            }

            /// The one that is written so.
            #[must_use]
            $visible fn $from(word: &str) -> Option<$Name> {
                match word {
                    $($text => Some($Name::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use variants;

#[cfg(test)]
mod tests {
    variants! {
        enum Fruit(word, from_word) {
            Pear = "pear",
            Apple = "apple",
        }
    }

    #[test]
    fn the_list_is_all_there_is() {
        assert_eq!(Fruit::ALL.map(Fruit::word), ["pear", "apple"]);
        assert_eq!(Fruit::ALL.map(|fruit| Fruit::from_word(fruit.word())), [Some(Fruit::Pear), Some(Fruit::Apple)]);
        assert_eq!(Fruit::from_word("plum"), None);
        assert!(Fruit::Pear < Fruit::Apple);
    }
}
