//! Puts the names on the wire back, for parameters that progenitor knows by another name.

use syn::{Expr, ExprCall, File, Lit, LitStr, visit_mut, visit_mut::VisitMut};

use crate::emit::mends::syntax::{each_call, each_method, is_name};
use crate::plan::{Operation, Place, Plan};

pub(super) fn mend(file: &mut File, plan: &Plan<'_>) -> usize {
    let mut found = 0;
    each_method(file, plan, |operation, method| {
        if method.sig.ident != "send" {
            return;
        }
        each_call(method, "append", |call| {
            if is_name(&call.receiver, "header_map") {
                found += usize::from(rename(operation, Place::Header, call.args.first_mut()));
            }
        });
        let mut queries = Queries(operation, 0);
        queries.visit_impl_item_fn_mut(method);
        found += queries.1;
    });
    found
}

/// Each parameter of the query or a header that has another name there.
pub(super) fn expected(plan: &Plan<'_>) -> usize {
    let parameters = plan
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters);
    parameters
        .filter(|parameter| parameter.place != Place::Path && parameter.label != parameter.name)
        .count()
}

/// The calls of `QueryParam::new("name", …)`.
struct Queries<'a>(&'a Operation, usize);

impl VisitMut for Queries<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        if let Expr::Path(function) = &*call.func
            && function
                .path
                .segments
                .iter()
                .any(|part| part.ident == "QueryParam")
        {
            self.1 += usize::from(rename(self.0, Place::Query, call.args.first_mut()));
        }
        visit_mut::visit_expr_call_mut(self, call);
    }
}

/// Gives a literal the name on the wire; says whether that is another one.
fn rename(operation: &Operation, place: Place, name: Option<&mut Expr>) -> bool {
    let Some(Expr::Lit(literal)) = name else {
        return false;
    };
    let Lit::Str(label) = &literal.lit else {
        return false;
    };
    let mut parameters = operation.parameters.iter();
    let given = parameters
        .find(|parameter| parameter.place == place && parameter.label == label.value())
        .filter(|parameter| parameter.name != parameter.label);
    if let Some(parameter) = given {
        literal.lit = Lit::Str(LitStr::new(&parameter.name, label.span()));
    }
    given.is_some()
}

#[cfg(test)]
mod tests {
    use crate::emit::mends::tests::mended;

    #[test]
    fn names_on_the_wire_come_back() {
        let (found, code) = mended(
            super::mend,
            "impl ListThings { fn send(self) {
                 client.get(url).query(&QueryParam::new(\"send_param\", &send_param)).query(&QueryParam::new(\"ids\", &ids));
                 header_map.append(\"x-trace\", x_trace.to_string().try_into()?);
             } }",
        );
        assert_eq!(found, 1);
        for part in [
            "(\"send\", &send_param)",
            "(\"ids\", &ids)",
            "(\"x-trace\", ",
        ] {
            assert!(code.contains(part), "{code}");
        }
    }
}
