//! Takes the type parameter from `Error<()>`: the runtime has one error.

use syn::visit_mut::{self, VisitMut};
use syn::{File, PathArguments, PathSegment};

use crate::plan::Plan;

pub(super) fn mend(file: &mut File, _: &Plan<'_>) -> usize {
    let mut found = Found(0);
    found.visit_file_mut(file);
    found.0
}

/// The result of each `send`.
pub(super) fn expected(plan: &Plan<'_>) -> usize {
    plan.operations.len()
}

struct Found(usize);

impl VisitMut for Found {
    fn visit_path_segment_mut(&mut self, segment: &mut PathSegment) {
        if segment.ident == "Error" && !segment.arguments.is_none() {
            segment.arguments = PathArguments::None;
            self.0 += 1;
        }
        visit_mut::visit_path_segment_mut(self, segment);
    }
}

#[cfg(test)]
mod tests {
    use crate::emit::mends::tests::mended;

    #[test]
    fn errors_lose_their_parameter() {
        let (found, code) = mended(
            super::mend,
            "fn f() -> Result<(), Error<()>> { Err(Error::A) }",
        );
        assert_eq!(found, 1);
        assert!(code.contains("Result<(), Error>"), "{code}");
    }
}
