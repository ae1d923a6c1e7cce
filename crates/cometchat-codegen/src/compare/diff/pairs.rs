//! Which entry of one list is which of another: by name, and where only the name has changed, by everything else.

/// An entry of two lists.
pub(super) enum Pair<'a, T> {
    /// In the new list only.
    Added(&'a str, T),
    /// In the old list only.
    Removed(&'a str, T),
    /// In both, under one name.
    Both(&'a str, T, T),
    /// In both, under two names: the old and the new one.
    Renamed(&'a str, &'a str, T, T),
}

/// Pairs the entries of two lists, in the order of the new one, and then what was removed.
///
/// Entries without a namesake are one that was renamed where they are the `same` as each other and as no third.
pub(super) fn pairs<'a, T: Copy>(
    old: &[(&'a str, T)],
    new: &[(&'a str, T)],
    same: impl Fn(T, T) -> bool,
) -> Vec<Pair<'a, T>> {
    let in_list = |list: &[(&'a str, T)], name: &str| list.iter().any(|(other, _)| *other == name);
    let gone: Vec<_> = old.iter().filter(|(name, _)| !in_list(new, name)).collect();
    let come: Vec<_> = new.iter().filter(|(name, _)| !in_list(old, name)).collect();
    let only = |list: &[&(&'a str, T)], value: T| {
        let mut found = list.iter().filter(|(_, other)| same(*other, value));
        match (found.next(), found.next()) {
            (Some((name, value)), None) => Some((*name, *value)),
            _ => None,
        }
    };
    let renamed_from = |value: T| {
        let (name, old) = only(&gone, value)?;
        only(&come, old).map(|_| (name, old))
    };
    let mut pairs = Vec::new();
    let mut renamed = Vec::new();
    for (name, value) in new {
        if let Some((_, old)) = old.iter().find(|(other, _)| other == name) {
            pairs.push(Pair::Both(name, *old, *value));
        } else if let Some((old_name, old)) = renamed_from(*value) {
            renamed.push(old_name);
            pairs.push(Pair::Renamed(old_name, name, old, *value));
        } else {
            pairs.push(Pair::Added(name, *value));
        }
    }
    for (name, value) in gone {
        if !renamed.contains(name) {
            pairs.push(Pair::Removed(name, *value));
        }
    }
    pairs
}
