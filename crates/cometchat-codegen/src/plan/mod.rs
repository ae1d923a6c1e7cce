//! What the extensions of a spec ask for, gathered before progenitor runs, which reads none of them.

mod checks;
mod named;
mod operation;
mod pagination;
mod strings;

use std::collections::BTreeMap;

pub use checks::Check;
pub use operation::{Joined, Operation, Parameter, Place};
pub use pagination::Pagination;
pub use strings::{OpenEnum, Segment};

use crate::document::spec::{RUNTIME_TYPES, Spec};
use crate::plan::strings::segments;

/// What is to be generated beside what progenitor generates.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The spec, in plain form.
    pub spec: &'a Spec,
    pub enums: Vec<OpenEnum>,
    /// Strings that stand for one segment of a path.
    pub segments: Vec<Segment>,
    pub operations: Vec<Operation>,
}

impl<'a> Plan<'a> {
    /// Gathers what the extensions of a spec ask for. The spec has been held to the conventions (`lint`).
    pub fn new(spec: &'a Spec) -> Self {
        let enums = spec.schemas().filter_map(OpenEnum::new);
        let mut enums: Vec<_> = enums.collect();
        let segments: Vec<_> = segments(spec).into_values().collect();
        let operations = spec.operations();
        let mut operations: Vec<_> = operations
            .map(|operation| Operation::new(spec, &operation, &segments))
            .collect();
        // The order of a document's maps says nothing: moving a schema or a path changes no line of the code.
        enums.sort_by(|a, b| a.name.cmp(&b.name));
        operations.sort_by(|a, b| a.id.cmp(&b.id));
        Self {
            spec,
            enums,
            segments,
            operations,
        }
    }

    /// Returns the types that replace what progenitor would make of a schema, by the schema's name.
    pub fn replacements(&self) -> BTreeMap<String, String> {
        let enums = self.enums.iter().map(|item| item.name.as_str());
        let segments = self.segments.iter().map(|item| item.name.as_str());
        let named = enums.chain(segments).chain(RUNTIME_TYPES);
        let named = named.map(|name| (name.to_owned(), format!("crate::types::{name}")));
        let operations = self.operations.iter();
        let parameters = operations.flat_map(|operation| &operation.parameters);
        let lists = parameters.filter_map(|parameter| self.comma_list(parameter));
        named.chain(lists).collect()
    }
}
