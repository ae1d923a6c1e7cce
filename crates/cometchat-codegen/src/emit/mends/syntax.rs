//! Finding places in progenitor's output.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMethodCall, File, ImplItem, ImplItemFn, Item, ItemImpl, Type};

use crate::plan::{Operation, Plan};

/// The operation whose builder an `impl` is of.
pub(super) fn operation_of<'a>(plan: &'a Plan<'_>, item: &ItemImpl) -> Option<&'a Operation> {
    let Type::Path(ty) = &*item.self_ty else {
        return None;
    };
    let name = &ty.path.segments.last()?.ident;
    let mut operations = plan.operations.iter();
    operations.find(|operation| *name == operation.type_name)
}

/// The items of the module `builder`.
pub(super) fn builders(file: &mut File) -> impl Iterator<Item = &mut Item> {
    let modules = file.items.iter_mut().filter_map(|item| match item {
        Item::Mod(item) if item.ident == "builder" => item.content.as_mut(),
        _ => None,
    });
    modules.flat_map(|(_, items)| items)
}

/// Visits each method of a builder with its operation.
pub(super) fn each_method(
    file: &mut File,
    plan: &Plan<'_>,
    mut visit: impl FnMut(&Operation, &mut ImplItemFn),
) {
    for item in builders(file) {
        let Item::Impl(item) = item else { continue };
        let Some(operation) = operation_of(plan, item) else {
            continue;
        };
        for method in &mut item.items {
            if let ImplItem::Fn(method) = method {
                visit(operation, method);
            }
        }
    }
}

/// Visits each call of a method of that name, in a function.
pub(super) fn each_call(
    method: &mut ImplItemFn,
    name: &str,
    visit: impl FnMut(&mut ExprMethodCall),
) {
    struct Calls<'a, F>(&'a str, F);
    impl<F: FnMut(&mut ExprMethodCall)> VisitMut for Calls<'_, F> {
        fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
            if call.method == self.0 {
                (self.1)(call);
            }
            visit_mut::visit_expr_method_call_mut(self, call);
        }
    }
    Calls(name, visit).visit_impl_item_fn_mut(method);
}

/// Whether an expression is this name.
pub(super) fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident(name))
}
