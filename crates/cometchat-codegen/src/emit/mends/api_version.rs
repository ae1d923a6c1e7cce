//! Takes out the header `api-version`, a convention of dropshot.

use syn::{Expr, File, Lit, Stmt};

use crate::emit::mends::syntax::{each_method, is_name};
use crate::plan::Plan;

pub(super) fn mend(file: &mut File, plan: &Plan<'_>) -> usize {
    let mut found = 0;
    each_method(file, plan, |_, method| {
        let before = method.block.stmts.len();
        method
            .block
            .stmts
            .retain(|statement| !is_version(statement));
        found += before - method.block.stmts.len();
    });
    found
}

/// One statement per operation.
pub(super) fn expected(plan: &Plan<'_>) -> usize {
    plan.operations.len()
}

/// Whether a statement is `header_map.append(HeaderName::from_static("api-version"), …)`.
fn is_version(statement: &Stmt) -> bool {
    let Stmt::Expr(Expr::MethodCall(call), _) = statement else {
        return false;
    };
    let Some(Expr::Call(name)) = call.args.first() else {
        return false;
    };
    let is_version = |argument: &Expr| matches!(argument, Expr::Lit(literal) if matches!(&literal.lit, Lit::Str(text) if text.value() == "api-version"));
    is_name(&call.receiver, "header_map")
        && call.method == "append"
        && name.args.iter().any(is_version)
}

#[cfg(test)]
mod tests {
    use crate::emit::mends::tests::mended;

    #[test]
    fn only_the_header_of_dropshot_is_left_out() {
        let (found, code) = mended(
            super::mend,
            "impl ListThings { fn send(self) {
                 header_map.append(HeaderName::from_static(\"api-version\"), HeaderValue::from_static(\"1\"));
                 header_map.append(\"x-trace\", a.to_string().try_into()?);
             } }",
        );
        assert_eq!(found, 1);
        assert!(
            code.contains("x-trace") && !code.contains("api-version"),
            "{code}"
        );
    }
}
