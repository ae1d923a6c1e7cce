//! Makes each builder own a clone of the client, so that a task can send it.

use syn::{Expr, File, FnArg, ImplItem, Item, PathArguments, ReturnType, Stmt, Type, parse_quote};

use crate::emit::mends::syntax::{builders, is_name, operation_of};
use crate::plan::Plan;

pub(super) fn mend(file: &mut File, plan: &Plan<'_>) -> usize {
    let mut found = 0;
    for item in builders(file) {
        match item {
            Item::Struct(item) if item.generics.lifetimes().count() == 1 => {
                item.generics = Default::default();
                for field in &mut item.fields {
                    found += usize::from(owned(&mut field.ty));
                }
            }
            Item::Impl(item) if operation_of(plan, item).is_some() => {
                item.generics = Default::default();
                found += usize::from(without_lifetime(&mut item.self_ty));
                for method in &mut item.items {
                    if let ImplItem::Fn(method) = method
                        && method.sig.ident == "new"
                    {
                        for argument in &mut method.sig.inputs {
                            if let FnArg::Typed(argument) = argument {
                                found += usize::from(owned(&mut argument.ty));
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for item in &mut file.items {
        let Item::Impl(item) = item else { continue };
        for method in &mut item.items {
            if let ImplItem::Fn(method) = method
                && let ReturnType::Type(_, ty) = &mut method.sig.output
            {
                found += usize::from(without_lifetime(ty));
                if let Some(Stmt::Expr(Expr::Call(call), _)) = method.block.stmts.last_mut() {
                    let cloned = call.args.iter_mut().map(cloned);
                    found += cloned.filter(|cloned| *cloned).count();
                }
            }
        }
    }
    found
}

/// Per operation the field, the `impl`, `new`, the type that the method of the client returns, and what it gives to `new`.
pub(super) fn expected(plan: &Plan<'_>) -> usize {
    5 * plan.operations.len()
}

/// Makes an owned type of a reference with a lifetime; says whether it was one.
fn owned(ty: &mut Type) -> bool {
    if let Type::Reference(reference) = ty
        && reference.lifetime.is_some()
    {
        *ty = (*reference.elem).clone();
        return true;
    }
    false
}

/// Takes the one lifetime from a type such as `builder::Name<'_>`; says whether there was one.
fn without_lifetime(ty: &mut Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last_mut() else {
        return false;
    };
    let had = matches!(&last.arguments, PathArguments::AngleBracketed(list) if list.args.iter().all(|argument| matches!(argument, syn::GenericArgument::Lifetime(_))));
    if had {
        last.arguments = PathArguments::None;
    }
    had
}

/// Whether an expression is `self`, which is cloned.
fn cloned(argument: &mut Expr) -> bool {
    let is_self = is_name(argument, "self");
    if is_self {
        *argument = parse_quote!(self.clone());
    }
    is_self
}

#[cfg(test)]
mod tests {
    use crate::emit::mends::tests::mended;

    #[test]
    fn builders_own_the_client() {
        let (found, code) = mended(
            super::mend,
            "pub struct ListThings<'a> { client: &'a super::Client, a: Result<u8, String> }
             impl<'a> ListThings<'a> {
                 pub fn new(client: &'a super::Client) -> Self { Self { client: client, a: Err(1) } }
             }",
        );
        // The method of the client is not in the snippet.
        assert_eq!(found, 3);
        for part in [
            "struct ListThings {",
            "client: super::Client,",
            "impl ListThings {",
            "fn new(client: super::Client)",
        ] {
            assert!(code.contains(part), "{code}");
        }
        assert!(!code.contains("'a"), "{code}");
    }
}
