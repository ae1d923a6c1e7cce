//! Makes setters keep the reason of a failed conversion, and check the value; makes a missing value say how it is set.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{
    Expr, ExprMethodCall, FieldValue, File, GenericParam, ImplItemFn, Member, Pat, Stmt,
    parse_quote,
};

use crate::emit::checks;
use crate::emit::mends::syntax::{each_method, is_name};
use crate::plan::{Operation, Plan};

pub(super) fn mend(file: &mut File, plan: &Plan<'_>) -> usize {
    let mut found = 0;
    each_method(file, plan, |operation, method| {
        let name = method.sig.ident.to_string();
        match name.as_str() {
            "new" => found += missing(method, operation),
            "body" => {
                // That of a type with a builder keeps the reason already.
                setter(method, "body", &TokenStream::new());
                found += 1;
            }
            _ => {
                let mut parameters = operation.parameters.iter();
                let Some(parameter) = parameters.find(|parameter| parameter.ident == name) else {
                    return;
                };
                let wire = &parameter.name;
                let checks = checks::calls(&parameter.checks, wire);
                let wrap = (!parameter.required).then(|| quote!(.map(Some)));
                let after = quote!(#(.and_then(|value| #checks))* #wrap);
                found += usize::from(setter(method, wire, &after));
            }
        }
    });
    found
}

/// Each setter, and each parameter that must be set.
pub(super) fn expected(plan: &Plan<'_>) -> usize {
    let of = |operation: &Operation| {
        let required = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.required);
        operation.parameters.len() + required.count() + usize::from(operation.body.is_some())
    };
    plan.operations.iter().map(of).sum()
}

/// Makes the values that `new` begins with say how they are set; counts those of parameters.
fn missing(method: &mut ImplItemFn, operation: &Operation) -> usize {
    struct Values<'a>(&'a Operation, usize);
    impl VisitMut for Values<'_> {
        fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
            if let Expr::Call(call) = &field.expr
                && is_name(&call.func, "Err")
                && let Member::Named(name) = &field.member
            {
                let reason = format!("{name} is missing: call .{name}(…) before sending");
                self.1 += usize::from(self.0.parameters.iter().any(|given| *name == given.ident));
                field.expr = parse_quote!(Err(#reason.to_string()));
            }
        }
    }
    let mut values = Values(operation, 0);
    values.visit_impl_item_fn_mut(method);
    values.1
}

/// Mends the chain that ends in `.map_err(|_| …)`; says whether there was one.
fn setter(method: &mut ImplItemFn, wire: &str, after: &TokenStream) -> bool {
    let ty = method
        .sig
        .generics
        .params
        .iter()
        .find_map(|parameter| match parameter {
            GenericParam::Type(ty) => Some(ty.ident.clone()),
            _ => None,
        });
    let (Some(ty), Some(Stmt::Expr(Expr::Assign(assign), _))) =
        (ty, method.block.stmts.first_mut())
    else {
        return false;
    };
    // Braces in a name would be holes of the format.
    let reason = format!("{}: {{error}}", wire.replace('{', "{{").replace('}', "}}"));
    let Some(conversion) = conversion(&mut assign.right) else {
        return false;
    };
    // `.map(Some)` comes after the checks.
    let converted = match &*conversion.receiver {
        Expr::MethodCall(call) if call.method == "map" => &call.receiver,
        _ => &conversion.receiver,
    };
    let mended: Expr = parse_quote!(#converted.map_err(|error| format!(#reason)) #after);
    if let Expr::MethodCall(mended) = mended {
        *conversion = mended;
    }
    let clause = method.sig.generics.make_where_clause();
    clause
        .predicates
        .push(parse_quote!(#ty::Error: std::fmt::Display));
    true
}

/// The call of `map_err` with a closure that drops the reason.
fn conversion(expr: &mut Expr) -> Option<&mut ExprMethodCall> {
    let Expr::MethodCall(call) = expr else {
        return None;
    };
    let drops = call.method == "map_err"
        && matches!(call.args.first(), Some(Expr::Closure(closure)) if matches!(closure.inputs.first(), Some(Pat::Wild(_))));
    if drops {
        Some(call)
    } else {
        conversion(&mut call.receiver)
    }
}

#[cfg(test)]
mod tests {
    use crate::emit::mends::tests::mended;

    #[test]
    fn setters_keep_reasons_and_check_values() {
        let (found, code) = mended(
            super::mend,
            "impl ListThings {
                 pub fn new(client: &super::Client) -> Self {
                     Self { guid: Err(\"guid was not initialized\".to_string()), send_param: Ok(None) }
                 }
                 pub fn send_param<V>(mut self, value: V) -> Self where V: std::convert::TryInto<i64> {
                     self.send_param = value.try_into().map(Some).map_err(|_| \"conversion failed\".to_string());
                     self
                 }
             }",
        );
        assert_eq!(found, 2);
        for part in [
            "guid is missing: call .guid(…) before sending",
            "V::Error: std::fmt::Display",
            "format!(\"send: {error}\")",
            "values::in_range(\"send\", value, 1..)",
        ] {
            assert!(code.contains(part), "{code}");
        }
        assert!(!code.contains("conversion failed"), "{code}");
    }
}
