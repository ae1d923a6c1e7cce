//! The location of a part of a document, as the steps that lead to it.
//!
//! A name of the document may look like a word of OpenAPI: a property can be called `items` or `order.items`. So a location is
//! compared by its steps, and becomes a string for a finding only.

use std::fmt;
use std::iter::successors;

/// A kind of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    Schema,
    /// An example by name, or a security scheme: it can be a reference, and isn't walked further.
    Other,
}

/// A step from a part to one in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    Path(&'a str),
    /// A section of the components, and a name in it.
    Component(&'a str, &'a str),
    /// An operation, by its method.
    Operation(&'a str),
    Parameter(usize),
    Body,
    /// A response, by its status.
    Response(&'a str),
    Header(&'a str),
    /// The schema of a parameter.
    Schema,
    /// The schema of a media type.
    Content(&'a str),
    /// An example of a media type, by its name.
    Example(&'a str, &'a str),
    Property(&'a str),
    Items,
    AdditionalProperties,
    Not,
    /// A member of `allOf`, `anyOf` or `oneOf`.
    Member(&'a str, usize),
    /// A schema under `$defs`.
    Definition(&'a str),
}

/// The location of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Location<'a> {
    outer: Option<&'a Self>,
    /// The last step.
    pub(crate) step: Step<'a>,
}

impl<'a> Location<'a> {
    /// Returns the location that one step leads to from the root of the document.
    pub(crate) fn root(step: Step<'a>) -> Self {
        Self { outer: None, step }
    }

    /// Returns the location that one more step leads to.
    pub(crate) fn then(&'a self, step: Step<'a>) -> Self {
        Self {
            outer: Some(self),
            step,
        }
    }

    /// Returns this location and those of the parts that hold it, from the inside out.
    pub(crate) fn outward(&self) -> impl Iterator<Item = &Self> {
        successors(Some(self), |location| location.outer)
    }

    /// Returns the kind of the part.
    pub(crate) fn part(&self) -> Part {
        match self.step {
            Step::Path(_) | Step::Component("pathItems", _) => Part::PathItem,
            Step::Operation(_) => Part::Operation,
            Step::Parameter(_) | Step::Component("parameters", _) => Part::Parameter,
            Step::Body | Step::Component("requestBodies", _) => Part::RequestBody,
            Step::Response(_) | Step::Component("responses", _) => Part::Response,
            Step::Header(_) | Step::Component("headers", _) => Part::Header,
            Step::Example(..) => Part::Other,
            Step::Component(section, _) if section != "schemas" => Part::Other,
            _ => Part::Schema,
        }
    }

    /// Tells whether the part is of a kind or within one.
    pub(crate) fn is_within(&self, part: Part) -> bool {
        self.outward().any(|location| location.part() == part)
    }

    /// Returns the name of the schema among the components that holds the location.
    pub(crate) fn component(&self) -> Option<&str> {
        match self.outward().last()?.step {
            Step::Component("schemas", name) => Some(name),
            _ => None,
        }
    }

    /// Returns the name of the schema among the components that is at the location.
    pub(crate) fn named_schema(&self) -> Option<&str> {
        self.component().filter(|_| self.outer.is_none())
    }

    /// Returns the JSON pointer to the part.
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = self.outer.map_or_else(String::new, Self::pointer);
        let (keys, index) = self.step.keys();
        for key in keys {
            pointer.push('/');
            pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        }
        pointer + &index.map_or_else(String::new, |index| format!("/{index}"))
    }
}

impl<'a> Step<'a> {
    /// Returns the keys of the step, and the index in the list under the last one.
    fn keys(self) -> (Vec<&'a str>, Option<usize>) {
        match self {
            Self::Path(path) => (vec!["paths", path], None),
            Self::Component(section, name) => (vec!["components", section, name], None),
            Self::Operation(method) => (vec![method], None),
            Self::Parameter(index) => (vec!["parameters"], Some(index)),
            Self::Body => (vec!["requestBody"], None),
            Self::Response(status) => (vec!["responses", status], None),
            Self::Header(name) => (vec!["headers", name], None),
            Self::Schema => (vec!["schema"], None),
            Self::Content(media_type) => (vec!["content", media_type, "schema"], None),
            Self::Example(media_type, name) => {
                (vec!["content", media_type, "examples", name], None)
            }
            Self::Property(name) => (vec!["properties", name], None),
            Self::Items => (vec!["items"], None),
            Self::AdditionalProperties => (vec!["additionalProperties"], None),
            Self::Not => (vec!["not"], None),
            Self::Member(key, index) => (vec![key], Some(index)),
            Self::Definition(name) => (vec!["$defs", name], None),
        }
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (keys, index) = self.step.keys();
        if let Some(outer) = self.outer {
            write!(f, "{outer}.")?;
        }
        f.write_str(&keys.join("."))?;
        index.map_or(Ok(()), |index| write!(f, "[{index}]"))
    }
}

impl From<&Location<'_>> for String {
    fn from(location: &Location<'_>) -> Self {
        location.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Location, Part, Step};

    #[test]
    fn names_are_no_steps() {
        let schema = Location::root(Step::Component("schemas", "a.items"));
        let property = schema.then(Step::Property("b.properties.parameters"));
        let items = property.then(Step::Items);
        assert_eq!(
            items.to_string(),
            "components.schemas.a.items.properties.b.properties.parameters.items"
        );
        let path = Location::root(Step::Path("/a~b"));
        let member = path.then(Step::Parameter(1));
        assert_eq!(member.pointer(), "/paths/~1a~0b/parameters/1");
        assert_eq!(items.component(), Some("a.items"));
        assert_eq!(
            (schema.named_schema(), items.named_schema()),
            (Some("a.items"), None)
        );
        assert!(items.is_within(Part::Schema) && !items.is_within(Part::Parameter));
    }
}
