//! Names and paths with wildcards, in one notation wherever definitions have them: `*` stands for any text, `?` for one character, and in a
//! path neither reaches beyond a slash, while `**` stands for any folders. Comes in: a pattern and a text. Leaves: whether they fit. There is
//! no way to write a star that is a star. A match takes at most as many steps as pattern and text have characters, multiplied, never more.

/// Whether a name fits a pattern: `*` and `?` stand for slashes, too.
#[must_use]
pub(crate) fn name(pattern: &str, name: &str) -> bool {
    fits(pattern.chars(), name.chars(), |char| *char == '*', |pattern, char| *pattern == '?' || pattern == char, false)
}

/// Whether a path fits a pattern. One that fits a folder fits all that is below it.
#[must_use]
pub(crate) fn path(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    fits(pattern.split('/'), path.split('/'), |part| *part == "**", |pattern, part| name(pattern, part), true)
}

/// Fits the parts of a pattern to what they stand for, from the front. Where they do not, the last part that stands for `any` number takes one
/// more: an earlier one never has to, because whatever it could take, the last one can take as well.
///
/// `below`: the pattern may end first, and only then.
fn fits<P: Iterator + Clone, T: Iterator + Clone>(
    mut pattern: P,
    mut text: T,
    any: impl Fn(&P::Item) -> bool,
    same: impl Fn(&P::Item, &T::Item) -> bool,
    below: bool,
) -> bool {
    let mut last: Option<(P, T)> = None;
    loop {
        let (mut after, mut rest) = (pattern.clone(), text.clone());
        let part = after.next();
        if below && part.is_none() {
            return true;
        }
        let item = rest.next();
        let fit = match (&part, &item) {
            (Some(part), Some(_)) if any(part) => {
                last = Some((after.clone(), text.clone()));
                pattern = after;
                continue;
            }
            (Some(part), Some(item)) => same(part, item),
            (Some(_), None) => return !below && pattern.all(|part| any(&part)),
            (None, None) => return true,
            (None, Some(_)) => false,
        };
        if fit {
            (pattern, text) = (after, rest);
            continue;
        }
        let Some((behind, from)) = &mut last else { return false };
        from.next();
        (pattern, text) = (behind.clone(), from.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text, expected) in [
            ("Deployment", "Deployment", true),
            ("Deployment", "DeploymentX", false),
            ("Deployment", "Deploymen", false),
            ("aws_*", "aws_vpc", true),
            ("aws_*", "google_vpc", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("*Set", "StatefulSet", true),
            ("*Set", "Setting", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("aa*aa", "aaa", false),
            ("*.k8s.io/*", "networking.k8s.io/v1", true),
            ("v?", "v1", true),
            ("v?", "v", false),
            ("?*?", "ü", false),
            ("?*?", "üö", true),
            ("*ab*?", "aabab", true),
            ("**", "a/b", true),
        ] {
            assert_eq!(name(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn paths_are_matched_by_part_and_folder() {
        for (pattern, text, expected) in [
            ("drafts", "drafts/a.yaml", true),
            ("./drafts/", "drafts/a.yaml", true),
            ("drafts/*.yaml", "drafts/a.yaml", true),
            ("*.yaml", "drafts/a.yaml", false),
            ("**/*.yaml", "drafts/b/a.yaml", true),
            ("**/*.yaml", "a.yaml", true),
            ("**/charts", "a/charts/b/values.yaml", true),
            ("a?c.toml", "abc.toml", true),
            ("a*z.toml", "abcz.tom", false),
            ("a/**", "a", false),
            ("a/**", "a/b", true),
            ("a/**/b/**/c", "a/x/b/b/x/c/d", true),
            ("a/**/b/**/c", "a/x/b/b/x/d", false),
        ] {
            assert_eq!(path(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_longer() {
        assert!(!path("**/**/**/**/**/**/**/**/**/**/**/**/b", &"a/".repeat(1000)));
        assert!(!name(&format!("{}b", "a*".repeat(50)), &"a".repeat(5000)));
    }

    /// The notation read the other way round: what is left of a text is tried at every length.
    fn slowly(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|at| slowly(rest, &text[at..])),
            Some((first, rest)) => text.split_first().is_some_and(|(char, after)| (*first == '?' || first == char) && slowly(rest, after)),
        }
    }

    /// All texts of these characters up to a length.
    fn all(chars: &[char], length: usize) -> Vec<String> {
        let mut found = vec![String::new()];
        let mut from = 0;
        for _ in 0..length {
            let until = found.len();
            for at in from..until {
                found.extend(chars.iter().map(|char| format!("{}{char}", found[at])).collect::<Vec<_>>());
            }
            from = until;
        }
        found
    }

    #[test]
    fn it_agrees_with_trying_everything() {
        let texts = all(&['a', 'b'], 5);
        for pattern in all(&['a', 'b', '*', '?'], 5) {
            for text in &texts {
                let (left, right): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
                assert_eq!(name(&pattern, text), slowly(&left, &right), "{pattern} {text}");
            }
        }
    }
}
