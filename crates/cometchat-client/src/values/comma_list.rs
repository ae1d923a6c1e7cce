//! A list that goes out as one comma-joined value (`style: form`, `explode: false`).
//!
//! progenitor sends an array as repeated keys whatever `explode` says; this type is one string to it.

use std::fmt;

use serde::{Serialize, Serializer};

/// A list for a query parameter, joined by commas on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommaList<T> {
    items: Vec<T>,
}

impl<T> CommaList<T> {
    /// The items, in the order in which they are sent.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// The items, one after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }
}

impl<T> Default for CommaList<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T> FromIterator<T> for CommaList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self {
            items: items.into_iter().collect(),
        }
    }
}

impl<T> From<Vec<T>> for CommaList<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items }
    }
}

impl<T, const N: usize> From<[T; N]> for CommaList<T> {
    fn from(items: [T; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Clone> From<&[T]> for CommaList<T> {
    fn from(items: &[T]) -> Self {
        items.iter().cloned().collect()
    }
}

impl<T: fmt::Display> fmt::Display for CommaList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.items.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}

impl<T> IntoIterator for CommaList<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a CommaList<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: fmt::Display> Serialize for CommaList<T> {
    /// An empty list chooses nothing: no parameter is sent.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.items.is_empty() {
            true => serializer.serialize_none(),
            false => serializer.collect_str(self),
        }
    }
}

/// Checks that each item of a list can be told from its neighbours once commas join them.
pub(crate) fn comma_list<T: fmt::Display>(
    name: &str,
    list: CommaList<T>,
) -> Result<CommaList<T>, String> {
    for item in &list.items {
        let item = item.to_string();
        if item.is_empty() || item.contains(',') {
            return Err(format!(
                "{name} can't hold {item:?}: an item of a comma-joined list has a text, and no comma in it"
            ));
        }
    }
    Ok(list)
}

/// Writes the commas of a list as commas, where form encoding has made `%2C` of them.
///
/// That is how OpenAPI's `explode: false` spells a list, and what strict readers of a spec split at. No item holds a
/// comma of its own (see [`comma_list`]), so none of them changes its meaning.
pub(crate) fn plain_commas(request: &mut reqwest::Request, name: &str) {
    let Some(query) = request.url().query() else {
        return;
    };
    let plain: Vec<_> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, value)) if key == name => format!("{key}={}", value.replace("%2C", ",")),
            _ => pair.to_owned(),
        })
        .collect();
    let plain = plain.join("&");
    request.url_mut().set_query(Some(&plain));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_with_a_comma_or_without_text_is_refused() {
        assert!(comma_list("scopes", CommaList::from(["admin"])).is_ok());
        assert!(comma_list("scopes", CommaList::from(["admin,owner"])).is_err());
        assert!(comma_list("scopes", CommaList::from([""])).is_err());
    }

    #[test]
    fn an_empty_list_is_left_out() {
        let none = Some(CommaList::<&str>::default());
        let request = reqwest::Client::new().get("http://h/");
        let query = progenitor_client::QueryParam::new("scopes", &none);
        let request = request.query(&query).build().unwrap();
        assert_eq!(request.url().query().unwrap_or_default(), "");
    }

    #[test]
    fn only_the_commas_of_the_named_parameter_become_plain() {
        let url = "http://127.0.0.1/v3?other=a%2Cb&scopes=admin%2Cmoderator"
            .parse()
            .unwrap();
        let mut request = reqwest::Request::new(reqwest::Method::GET, url);
        plain_commas(&mut request, "scopes");
        assert_eq!(
            request.url().query(),
            Some("other=a%2Cb&scopes=admin,moderator")
        );
    }
}
