//! The public items of generated code by the names that users write, with the facts that `diff` compares.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use serde_json::{Value, json};
use syn::visit::{self, Visit};
use syn::{
    Attribute, Expr, ExprCall, ExprMatch, Fields, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod,
    Lit, LitStr, Pat, Type,
};

use super::signatures::text;

/// The kind of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    /// A method of the client.
    Operation,
    /// A setter of the builder of an operation.
    Parameter,
    /// The builder of an operation that pages.
    List,
    Type,
    Field,
    Variant,
    Constant,
    Function,
}

/// The facts of an item by their names.
pub(super) type Facts = BTreeMap<String, Value>;

/// An item of generated code.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ApiItem {
    pub(super) kind: ItemKind,
    /// The item that it is a part of; empty if there is none.
    pub(super) parent: String,
    pub(super) facts: Facts,
}

impl ApiItem {
    /// Returns whether users, or the service, have to give it.
    pub(super) fn is_required(&self) -> bool {
        let is_required = |name| self.facts.get(name) == Some(&json!("required"));
        is_required("presence") || is_required("presence of a list")
    }

    /// Returns the facts that make it the same item under another name, if any do. One request is one operation.
    pub(super) fn identity(&self) -> Option<(ItemKind, &str, Facts)> {
        let mut own = self.facts.clone();
        own.retain(|name, _| match self.kind {
            ItemKind::Operation => name == "call",
            ItemKind::Parameter | ItemKind::Type | ItemKind::Field => name != "name",
            _ => false,
        });
        (!own.is_empty()).then_some((self.kind, self.parent.as_str(), own))
    }
}

/// The items by their names, such as `types::GroupMember::name`.
pub(super) type Items = BTreeMap<String, ApiItem>;

/// Reads the items of a generated file.
pub(super) fn items(file: &syn::File) -> Items {
    let mut reader = Reader::default();
    for item in inherent(&file.items).filter(|item| text(&item.self_ty) == "Operation") {
        let tables = methods(item).map(|method| (method.sig.ident.to_string(), arms(method)));
        reader.tables.extend(tables);
    }
    for item in inherent(&file.items).filter(|item| text(&item.self_ty) == "Client") {
        methods(item).for_each(|method| reader.operation(method));
    }
    for item in &file.items {
        match item {
            Item::Struct(item) if item.ident == "Client" => {
                reader.add(ItemKind::Type, "", "Client", facts(&item.attrs));
            }
            Item::Mod(item) if item.ident == "builder" => reader.builders(content(item)),
            Item::Mod(item) => reader.module(&item.ident.to_string(), content(item)),
            _ => {}
        }
    }
    reader.items
}

#[derive(Default)]
struct Reader {
    items: Items,
    /// The tables of operations: the code that each method of `Operation` has for a variant.
    tables: BTreeMap<String, BTreeMap<String, String>>,
    /// The methods of the client by the builder that they return.
    methods: BTreeMap<String, String>,
}

impl Reader {
    fn add(&mut self, kind: ItemKind, parent: &str, name: impl Into<String>, mut facts: Facts) {
        facts.retain(|_, value| !value.is_null() && *value != json!(""));
        let (name, parent) = (name.into(), parent.to_owned());
        let item = ApiItem {
            kind,
            parent,
            facts,
        };
        self.items.entry(name).or_insert(item);
    }

    fn operation(&mut self, method: &ImplItemFn) {
        let result = text(&method.sig.output);
        let builder = result.rsplit(' ').next().unwrap_or_default().to_owned();
        let name = format!("Client::{}", method.sig.ident);
        let table = |table: &str| {
            let arm = self.tables.get(table).and_then(|arms| arms.get(&builder));
            arm.map_or("", |arm| arm.trim_matches('"'))
        };
        let mut facts = facts(&method.attrs);
        facts.insert(
            "call".to_owned(),
            json!(format!("{} {}", table("method"), table("path"))),
        );
        facts.insert("request".to_owned(), json!(table("traits")));
        if table("may_retry") == "true" {
            facts.insert("retried".to_owned(), json!(true));
        }
        // After these words the docs of the setters are repeated.
        if let Some(Value::String(docs)) = facts.get_mut("description") {
            let own = docs.find("Sends a `").unwrap_or(docs.len());
            docs.truncate(docs[..own].trim_end().len());
        }
        self.methods.insert(builder, name.clone());
        self.add(ItemKind::Operation, "", name, facts);
    }

    fn builders(&mut self, items: &[Item]) {
        let mut required: BTreeMap<String, bool> = BTreeMap::new();
        for item in items {
            match item {
                Item::Struct(item) => {
                    let fields = item.fields.iter().filter_map(|field| {
                        let name = format!("{}::{}", item.ident, field.ident.as_ref()?);
                        Some((name, !text(&field.ty).starts_with("Result < Option <")))
                    });
                    required.extend(fields);
                }
                Item::Impl(item) => self.builder(item, &required),
                Item::Macro(list) => {
                    let words = text(&list.mac.tokens);
                    let (builder, row) = words.split_once(" : ").unwrap_or_default();
                    let row = row.split(',').next().map(short);
                    let method = self.methods.get(builder).cloned().unwrap_or_default();
                    let facts = Facts::from([("row".to_owned(), json!(row))]);
                    self.add(
                        ItemKind::List,
                        &method,
                        format!("builder::{builder}"),
                        facts,
                    );
                }
                _ => {}
            }
        }
    }

    fn builder(&mut self, item: &ItemImpl, required: &BTreeMap<String, bool>) {
        let builder = text(&item.self_ty);
        let Some(operation) = self.methods.get(&builder).cloned() else {
            return;
        };
        let mut sent = Sent::default();
        sent.visit_item_impl(item);
        for method in methods(item) {
            let field = method.sig.ident.to_string();
            let name = format!("builder::{builder}::{field}");
            let is_required = required.get(&format!("{builder}::{field}"));
            let mut facts = facts(&method.attrs);
            let kind = match is_required {
                Some(is_required) => {
                    let bounds = text(&method.sig.generics.where_clause);
                    facts.insert("type".to_owned(), json!(inside(&bounds, "TryInto <")));
                    facts.insert("presence".to_owned(), json!(presence(*is_required)));
                    facts.insert("name".to_owned(), json!(sent.0.get(&field)));
                    let mut checks = Checks::default();
                    checks.visit_block(&method.block);
                    facts.extend(checks.facts);
                    ItemKind::Parameter
                }
                None if field == "send" => {
                    let result = text(&method.sig.output);
                    let result = json!(inside(&result, "ResponseValue <"));
                    facts = Facts::from([("type".to_owned(), result)]);
                    ItemKind::Function
                }
                None => continue,
            };
            self.add(kind, &operation, name, facts);
        }
    }

    fn module(&mut self, path: &str, items: &[Item]) {
        let read: BTreeMap<_, _> = items
            .iter()
            .filter_map(|item| match item {
                Item::Macro(object) => Reads::of(object.mac.tokens.clone()),
                _ => None,
            })
            .collect();
        let nothing = Reads::default();
        for item in items {
            match item {
                Item::Struct(item) => {
                    let name = format!("{path}::{}", item.ident);
                    let reads = read.get(&item.ident.to_string()).unwrap_or(&nothing);
                    let form = match &item.fields {
                        Fields::Named(_) => "a struct".to_owned(),
                        fields => format!("a newtype {}", short(&text(fields))),
                    };
                    self.type_item(&name, form, &item.attrs);
                    for field in &item.fields {
                        if let Some(ident) = &field.ident {
                            let facts = reads.field(&ident.to_string(), &field.ty, &field.attrs);
                            self.add(ItemKind::Field, &name, format!("{name}::{ident}"), facts);
                        }
                    }
                }
                Item::Enum(item) => {
                    let name = format!("{path}::{}", item.ident);
                    self.type_item(&name, "an enum".to_owned(), &item.attrs);
                    for variant in &item.variants {
                        let own = format!("{name}::{}{}", variant.ident, text(&variant.fields));
                        self.add(ItemKind::Variant, &name, own, facts(&variant.attrs));
                    }
                }
                Item::Use(item) => {
                    let names = text(&item.tree);
                    let names = names.rsplit([':', '{']).next().unwrap_or_default();
                    for name in names.split([',', '}', ' ']).filter(|name| !name.is_empty()) {
                        let form = "a type of the runtime".to_owned();
                        self.type_item(&format!("{path}::{name}"), form, &[]);
                    }
                }
                Item::Const(item) => {
                    let mut facts = facts(&item.attrs);
                    let value = text(&item.expr);
                    facts.insert("value".to_owned(), json!(value.trim_matches('"')));
                    self.add(
                        ItemKind::Constant,
                        "",
                        format!("{path}::{}", item.ident),
                        facts,
                    );
                }
                Item::Fn(item) => {
                    let takes = json!(text(&item.sig.inputs));
                    let facts = Facts::from([("takes".to_owned(), takes)]);
                    self.add(
                        ItemKind::Function,
                        "",
                        format!("{path}::{}", item.sig.ident),
                        facts,
                    );
                }
                _ => {}
            }
        }
        for item in inherent(items) {
            self.constants_and_tables(&format!("{path}::{}", text(&item.self_ty)), item);
        }
    }

    fn type_item(&mut self, name: &str, form: String, attributes: &[Attribute]) {
        let mut facts = facts(attributes);
        facts.insert("form".to_owned(), json!(form));
        self.add(ItemKind::Type, "", name, facts);
    }

    /// Reads the constants of a type, and the tables of its variants.
    fn constants_and_tables(&mut self, name: &str, item: &ItemImpl) {
        for method in methods(item) {
            for (variant, value) in arms(method) {
                if let Some(item) = self.items.get_mut(&format!("{name}::{variant}")) {
                    item.facts
                        .insert(method.sig.ident.to_string(), json!(value));
                }
            }
        }
        for inner in &item.items {
            let ImplItem::Const(constant) = inner else {
                continue;
            };
            let (fact, value) = match constant.ident.to_string().as_str() {
                "MIN_CHARS" => ("minLength", number(&constant.expr)),
                "MAX_CHARS" => ("maxLength", number(&constant.expr)),
                "FIELDS" => ("fields", listed(&constant.expr)),
                "KNOWN" => ("values", listed(&constant.expr)),
                _ => continue,
            };
            if let Some(item) = self.items.get_mut(name) {
                item.facts.insert(fact.to_owned(), value);
            }
        }
    }
}

/// Returns the type between `open` and the last `>` before a comma, as users write it.
fn inside(code: &str, open: &str) -> Option<String> {
    let (_, rest) = code.split_once(open)?;
    rest.rsplit_once(" > ,").map(|(ty, _)| short(ty))
}

/// Returns a type as users write it, without the paths of its parts.
fn short(ty: &str) -> String {
    let parts = ty.split_whitespace().fold(Vec::new(), |mut parts, part| {
        match part {
            // The path before it is left out.
            "::" => drop(parts.pop_if(|last: &mut &str| last.ends_with(char::is_alphanumeric))),
            part => parts.push(part),
        }
        parts
    });
    parts.concat()
}

fn content(module: &ItemMod) -> &[Item] {
    module.content.as_ref().map_or(&[], |(_, items)| items)
}

/// Returns the implementations without a trait.
fn inherent(items: &[Item]) -> impl Iterator<Item = &ItemImpl> {
    items.iter().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() => Some(item),
        _ => None,
    })
}

fn methods(item: &ItemImpl) -> impl Iterator<Item = &ImplItemFn> {
    item.items.iter().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    })
}

fn presence(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

/// Returns the facts that the attributes of an item state.
fn facts(attributes: &[Attribute]) -> Facts {
    let (mut facts, mut docs) = (Facts::new(), Vec::new());
    for attribute in attributes {
        match &attribute.meta {
            syn::Meta::NameValue(doc) if doc.path.is_ident("doc") => {
                docs.extend(string(&doc.value))
            }
            meta if meta.path().is_ident("deprecated") => {
                facts.insert("deprecated".to_owned(), json!(text(meta)));
            }
            syn::Meta::List(list) if list.path.is_ident("derive") => {
                let traits = text(&list.tokens);
                let traits: Vec<_> = traits.split(',').map(str::trim).collect();
                facts.insert("derives".to_owned(), json!(traits));
            }
            _ => {}
        }
    }
    facts.insert("description".to_owned(), json!(docs.join("\n").trim()));
    facts
}

fn string(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the number of a literal, which can have a sign.
fn number(expr: &impl ToTokens) -> Value {
    let digits = text(expr).replace([' ', '_'], "");
    let digits = digits.trim_end_matches("usize").trim_end_matches("i64");
    let digits = digits.trim_end_matches("u64").parse::<i64>();
    digits.map_or(Value::Null, Value::from)
}

/// Returns the first argument, or the text, of each element of an array.
fn listed(expr: &Expr) -> Value {
    let Expr::Reference(reference) = expr else {
        return Value::Null;
    };
    let Expr::Array(array) = &*reference.expr else {
        return Value::Null;
    };
    let each = array.elems.iter().map(|element| match element {
        Expr::Call(call) => call.args.first().map(text).unwrap_or_default(),
        other => text(other),
    });
    json!(each.collect::<Vec<_>>())
}

/// Returns the code that a method has for each variant, by `match self`.
fn arms(method: &ImplItemFn) -> BTreeMap<String, String> {
    struct Arms(BTreeMap<String, String>);
    impl<'a> Visit<'a> for Arms {
        fn visit_expr_match(&mut self, of: &'a ExprMatch) {
            for arm in &of.arms {
                if let Pat::Path(path) = &arm.pat
                    && let Some(variant) = path.path.segments.last()
                {
                    self.0.insert(variant.ident.to_string(), text(&arm.body));
                }
            }
        }
    }
    let mut arms = Arms(BTreeMap::new());
    arms.visit_impl_item_fn(method);
    arms.0
}

/// The names in the query by the variables whose values are sent.
#[derive(Default)]
struct Sent(BTreeMap<String, String>);

impl<'a> Visit<'a> for Sent {
    fn visit_expr_call(&mut self, call: &'a ExprCall) {
        if text(&call.func).ends_with("QueryParam :: new")
            && let (Some(name), Some(value)) =
                (call.args.first().and_then(string), call.args.get(1))
        {
            let variable = text(value).trim_start_matches("& ").to_owned();
            self.0.insert(variable, name);
        }
        visit::visit_expr_call(self, call);
    }
}

/// The checks in a setter: of the value, and of the items of a list.
#[derive(Default)]
struct Checks {
    facts: Facts,
    /// The words after the name of a fact, if the check is of items.
    of_items: &'static str,
}

impl Checks {
    fn note(&mut self, name: &str, value: Value) {
        if !value.is_null() && value != 0 {
            self.facts.insert(format!("{name}{}", self.of_items), value);
        }
    }
}

impl<'a> Visit<'a> for Checks {
    fn visit_expr_call(&mut self, call: &'a ExprCall) {
        let function = text(&call.func);
        let limit = call.args.get(2);
        let bounds = match function.rsplit(":: ").next() {
            Some("in_range") => Some(["minimum", "maximum"]),
            Some("length") => Some(["minLength", "maxLength"]),
            Some("count") => Some(["minItems", "maxItems"]),
            Some("one_of") => {
                self.note("values", limit.map_or(Value::Null, listed));
                None
            }
            Some("segment") => {
                self.note("pattern", json!("a segment of a path"));
                None
            }
            _ => None,
        };
        if let (Some([min, max]), Some(Expr::Range(range))) = (bounds, limit) {
            self.note(min, number(&range.start));
            self.note(max, number(&range.end));
        }
        let outer = self.of_items;
        if function.ends_with(":: each") {
            self.of_items = " of items";
        }
        visit::visit_expr_call(self, call);
        self.of_items = outer;
    }
}

/// The code that reads the fields of a type from JSON.
#[derive(Default)]
struct Reads {
    /// The name on the wire, and the code that reads the value.
    arms: BTreeMap<String, (String, String)>,
    /// The fields without which there is no value.
    required: Vec<String>,
}

impl Reads {
    /// Reads `Name extra, way; "wire" => field: read or absent; …`, and returns it with the name.
    fn of(tokens: TokenStream) -> Option<(String, Self)> {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let is_end =
            |token: &TokenTree| matches!(token, TokenTree::Punct(end) if end.as_char() == ';');
        let mut parts = tokens.split(is_end);
        let name = parts.next()?.first()?.to_string();
        let mut reads = Self::default();
        for part in parts {
            // The arrow is two tokens.
            let [wire, _, _, field, _, read, .., absent] = part else {
                continue;
            };
            let wire = syn::parse_str::<LitStr>(&wire.to_string()).ok()?.value();
            let field = field.to_string();
            if absent.to_string() == "required" {
                reads.required.push(field.clone());
            }
            reads.arms.insert(field, (wire, read.to_string()));
        }
        Some((name, reads))
    }

    fn field(&self, field: &str, ty: &Type, attributes: &[Attribute]) -> Facts {
        let ty = short(&text(ty));
        let inner = ty
            .strip_prefix("Option<")
            .and_then(|inner| inner.strip_suffix('>'));
        let is_list = ["Vec<", "BTreeMap<", "Map<"]
            .iter()
            .any(|list| ty.starts_with(list));
        let mut facts = facts(attributes);
        facts.insert("type".to_owned(), json!(inner.unwrap_or(&ty)));
        if let Some((wire, read)) = self.arms.get(field) {
            let is_demanded = self.required.iter().any(|name| name == field);
            let required = inner.is_none() && (!is_list || is_demanded);
            let name = if is_list {
                "presence of a list"
            } else {
                "presence"
            };
            facts.insert(name.to_owned(), json!(presence(required)));
            facts.insert("name".to_owned(), json!(wire));
            if read.contains("relaxed") {
                facts.insert("lenient".to_owned(), json!(true));
            }
        }
        facts
    }
}
