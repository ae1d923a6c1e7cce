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

    /// Returns the steps below the component, as a string.
    pub(crate) fn within_component(&self) -> String {
        match self.outer {
            Some(outer) => format!("{}{}", outer.within_component(), self.step),
            None => String::new(),
        }
    }

    /// Returns the last name of the location, if it ends in one.
    pub(crate) fn name(&self) -> Option<&str> {
        match self.step {
            Step::Path(name)
            | Step::Component(_, name)
            | Step::Operation(name)
            | Step::Response(name)
            | Step::Header(name)
            | Step::Example(_, name)
            | Step::Property(name)
            | Step::Definition(name) => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(outer) = self.outer {
            outer.fmt(f)?;
        }
        self.step.fmt(f)
    }
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Step::Path(path) => write!(f, "paths.{path}"),
            Step::Component(section, name) => write!(f, "components.{section}.{name}"),
            Step::Operation(method) => write!(f, ".{method}"),
            Step::Parameter(index) => write!(f, ".parameters[{index}]"),
            Step::Body => f.write_str(".requestBody"),
            Step::Response(status) => write!(f, ".responses.{status}"),
            Step::Header(name) => write!(f, ".headers.{name}"),
            Step::Schema => f.write_str(".schema"),
            Step::Content(media_type) => write!(f, ".content.{media_type}.schema"),
            Step::Example(media_type, name) => write!(f, ".content.{media_type}.examples.{name}"),
            Step::Property(name) => write!(f, ".properties.{name}"),
            Step::Items => f.write_str(".items"),
            Step::AdditionalProperties => f.write_str(".additionalProperties"),
            Step::Not => f.write_str(".not"),
            Step::Member(key, index) => write!(f, ".{key}[{index}]"),
            Step::Definition(name) => write!(f, ".$defs.{name}"),
        }
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
        assert_eq!(items.component(), Some("a.items"));
        assert_eq!(
            (schema.named_schema(), items.named_schema()),
            (Some("a.items"), None)
        );
        assert_eq!(property.name(), Some("b.properties.parameters"));
        assert!(items.is_within(Part::Schema) && !items.is_within(Part::Parameter));
    }
}
