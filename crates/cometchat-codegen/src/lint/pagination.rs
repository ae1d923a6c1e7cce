//! Lists can be read as their `x-pagination` says: the code that pages through them is written from it.

use std::collections::BTreeMap;

use crate::document::spec::Spec;
use crate::error::Finding;
use crate::plan::Pagination;

pub(super) fn check(spec: &Spec, findings: &mut Vec<Finding>) {
    let mut keys_of_rows = BTreeMap::new();
    for operation in spec.operations() {
        match Pagination::new(spec, &operation) {
            Err(found) => findings.extend(found),
            Ok(None) => {}
            Ok(Some(Pagination { item_type, key, .. })) => {
                let known = keys_of_rows.entry(item_type.clone()).or_insert(key.clone());
                if *known != key {
                    findings.push(Finding::error(
                        "pagination",
                        format!("{}.x-pagination.key", operation.location()),
                        format!("another list with rows of type `{item_type}` has another key"),
                        "name the same key for both, or give the rows a schema of their own",
                    ));
                }
            }
        }
    }
}
