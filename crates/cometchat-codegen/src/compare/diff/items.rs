//! The public items of generated code by the names that users give them, with what is stated of each.

use std::collections::BTreeMap;

use quote::ToTokens;
use serde_json::{Value, json};
use syn::visit::{self, Visit};
use syn::{
    Attribute, Expr, ExprCall, ExprMatch, ExprMethodCall, Fields, FnArg, ImplItem, ImplItemFn,
    Item, ItemImpl, ItemMod, Lit, Pat, Type,
};

use super::signatures::text;

/// The kind of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    /// A method of the client.
    Operation,
    /// A setter of its builder.
    Parameter,
    Body,
    /// The result of an operation.
    Success,
    /// The paging of an operation.
    List,
    Type,
    Field,
    Variant,
    /// An authentication header.
    Header,
    /// Items of a list, the base URL, the client.
    Other,
}

impl ItemKind {
    /// The name, in words.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::Success => "result",
            Self::List => "list",
            Self::Type => "type",
            Self::Field => "field",
            Self::Variant => "variant",
            Self::Header => "authentication header",
            Self::Other => "part",
        }
    }
}

/// What is stated of an item.
pub(super) type Attributes = BTreeMap<&'static str, Value>;

/// An item of generated code.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ApiItem {
    pub(super) kind: ItemKind,
    /// The item that it is a part of; empty if there is none.
    pub(super) parent: String,
    pub(super) attributes: Attributes,
}

impl ApiItem {
    /// Whether users, or the service, have to give it.
    pub(super) fn is_required(&self) -> bool {
        let is_required = |name| self.attributes.get(name) == Some(&json!("required"));
        is_required("presence") || is_required("presence of a list")
    }

    /// What makes it the same as another except for its name, if anything does. One request is one operation.
    pub(super) fn identity(&self) -> Option<(ItemKind, &str, Attributes)> {
        let mut own = self.attributes.clone();
        match self.kind {
            ItemKind::Operation => own.retain(|attribute, _| *attribute == "call"),
            ItemKind::Parameter | ItemKind::Type | ItemKind::Field => drop(own.remove("name")),
            _ => own.clear(),
        }
        (!own.is_empty()).then_some((self.kind, self.parent.as_str(), own))
    }
}

/// The items by their names, such as `types::GroupMember::name`.
pub(super) type Items = BTreeMap<String, ApiItem>;

/// Reads the items of a generated file.
pub(super) fn items(file: &syn::File) -> Items {
    let mut reader = Reader::default();
    for item in &file.items {
        if let Item::Impl(item) = item
            && item.trait_.is_none()
            && text(&item.self_ty) == "Operation"
        {
            for method in methods(item) {
                reader
                    .tables
                    .insert(method.sig.ident.to_string(), arms(method));
            }
        }
    }
    for item in &file.items {
        match item {
            Item::Struct(item) if item.ident == "Client" => {
                let stated = Attributes::from([("description", docs(&item.attrs))]);
                reader.add(ItemKind::Other, "", "Client", stated);
            }
            Item::Impl(item) if item.trait_.is_none() && text(&item.self_ty) == "Client" => {
                methods(item).for_each(|method| reader.operation(method));
            }
            _ => {}
        }
    }
    for item in &file.items {
        let Item::Mod(item) = item else { continue };
        match item.ident.to_string().as_str() {
            "builder" => reader.builders(item),
            "types" => reader.types("types", item),
            "server" => reader.server(item),
            _ => {}
        }
    }
    reader.items
}

#[derive(Default)]
struct Reader {
    items: Items,
    /// The methods of `Operation`: what each gives for a variant.
    tables: BTreeMap<String, BTreeMap<String, String>>,
    /// The methods of the client by the builder that they give.
    methods: BTreeMap<String, String>,
}

impl Reader {
    fn add(
        &mut self,
        kind: ItemKind,
        parent: &str,
        name: impl Into<String>,
        mut stated: Attributes,
    ) {
        stated.retain(|_, value| !value.is_null() && *value != json!(""));
        let (parent, attributes) = (parent.to_owned(), stated);
        self.items.entry(name.into()).or_insert(ApiItem {
            kind,
            parent,
            attributes,
        });
    }

    fn table(&self, method: &str, variant: &str) -> Value {
        let arm = self.tables.get(method).and_then(|arms| arms.get(variant));
        arm.map_or(Value::Null, |arm| json!(arm.trim_matches('"')))
    }

    fn operation(&mut self, method: &ImplItemFn) {
        let result = text(&method.sig.output);
        let builder = result.rsplit(' ').next().unwrap_or_default().to_owned();
        let name = format!("Client::{}", method.sig.ident);
        let [verb, path] = ["method", "path"].map(|table| self.table(table, &builder));
        let request = format!(
            "{} {}",
            verb.as_str().unwrap_or_default(),
            path.as_str().unwrap_or_default()
        );
        let words = docs(&method.attrs);
        // What follows says the same as the docs of the setters.
        let words = words.as_str().unwrap_or_default().split("Sends a `").next();
        let retried = self.table("may_retry", &builder) == json!("true");
        let traits = self.table("traits", &builder);
        let traits = traits.as_str().unwrap_or_default();
        let (traits, _) = traits.split_once(", list :").unwrap_or((traits, ""));
        let stated = Attributes::from([
            ("call", json!(request)),
            ("request", json!(traits)),
            ("retried", if retried { json!(true) } else { Value::Null }),
            ("description", json!(words.unwrap_or_default().trim())),
            ("deprecated", deprecated(&method.attrs)),
        ]);
        self.methods.insert(builder, name.clone());
        self.add(ItemKind::Operation, "", name, stated);
    }

    fn builders(&mut self, module: &ItemMod) {
        let mut required: BTreeMap<String, bool> = BTreeMap::new();
        for item in content(module) {
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
                    let Some((builder, rest)) = words.split_once(" : ") else {
                        continue;
                    };
                    let traits = self.table("traits", builder);
                    let layout = traits
                        .as_str()
                        .and_then(|traits| traits.split_once(", list :"));
                    let layout = layout.map_or("", |(_, rest)| rest);
                    let stated = Attributes::from([
                        ("row", json!(rest.split(' ').nth(2))),
                        ("x-pagination", json!(layout)),
                    ]);
                    let method = self.methods.get(builder).cloned().unwrap_or_default();
                    self.add(
                        ItemKind::List,
                        &method,
                        format!("builder::{builder}"),
                        stated,
                    );
                }
                _ => {}
            }
        }
    }

    fn builder(&mut self, item: &ItemImpl, required: &BTreeMap<String, bool>) {
        let builder = text(&item.self_ty);
        let Some(method) = self.methods.get(&builder).cloned() else {
            return;
        };
        let mut sent = Sent::default();
        for method in methods(item).filter(|method| method.sig.ident == "dispatch") {
            sent.visit_impl_item_fn(method);
        }
        for setter in methods(item) {
            let field = setter.sig.ident.to_string();
            let name = format!("builder::{builder}::{field}");
            match field.as_str() {
                "new" | "dispatch" | "send_as" | "body_map" => {}
                "send" => {
                    let result = text(&setter.sig.output);
                    let ty = result
                        .split_once("ResponseValue <")
                        .and_then(|(_, rest)| rest.rsplit_once(" > , "));
                    let ty = ty.map_or("", |(ty, _)| ty.trim());
                    if ty != "()" {
                        let stated = Attributes::from([
                            ("type", json!(short(ty))),
                            ("status", json!(sent.status)),
                        ]);
                        self.add(ItemKind::Success, &method, name, stated);
                    }
                }
                _ => {
                    let clause = setter.sig.generics.where_clause.as_ref();
                    let bounds = clause.map(text).unwrap_or_default();
                    let ty = bounds.split_once("TryInto <").map_or("", |(_, rest)| rest);
                    let ty = ty.split_once(" > ,").map_or(ty, |(ty, _)| ty).trim();
                    let is_required = required
                        .get(&format!("{builder}::{field}"))
                        .is_some_and(|it| *it);
                    let mut stated = Attributes::from([
                        ("type", json!(short(ty))),
                        ("presence", json!(presence(is_required))),
                        ("name", json!(sent.names.get(&field))),
                        ("description", docs(&setter.attrs)),
                        ("deprecated", deprecated(&setter.attrs)),
                    ]);
                    let mut checks = Checks::default();
                    checks.visit_block(&setter.block);
                    stated.extend(checks.value);
                    if !checks.items.is_empty() {
                        self.add(ItemKind::Other, &name, format!("{name}[]"), checks.items);
                    }
                    let kind = if field == "body" {
                        ItemKind::Body
                    } else {
                        ItemKind::Parameter
                    };
                    self.add(kind, &method, name, stated);
                }
            }
        }
    }

    fn types(&mut self, path: &str, module: &ItemMod) {
        let mut read = BTreeMap::new();
        for item in content(module) {
            if let Item::Impl(item) = item
                && item
                    .trait_
                    .as_ref()
                    .is_some_and(|(of, _)| text(of).contains("Deserialize"))
            {
                let mut reads = Reads::default();
                reads.visit_item_impl(item);
                read.insert(text(&item.self_ty), reads);
            }
        }
        let nothing = Reads::default();
        for item in content(module) {
            match item {
                Item::Struct(item) => {
                    let name = format!("{path}::{}", item.ident);
                    let reads = read.get(&item.ident.to_string()).unwrap_or(&nothing);
                    let form = match &item.fields {
                        Fields::Named(_) => "a struct".to_owned(),
                        fields => format!("a newtype {}", short(&text(fields))),
                    };
                    self.type_item(&name, &form, &item.attrs);
                    for field in &item.fields {
                        if let Some(ident) = &field.ident {
                            let stated = reads.field(&ident.to_string(), &field.ty, &field.attrs);
                            self.add(ItemKind::Field, &name, format!("{name}::{ident}"), stated);
                        }
                    }
                }
                Item::Use(item) => {
                    let names = text(&item.tree);
                    let names = names.rsplit([':', '{']).next().unwrap_or_default();
                    for name in names.split([',', '}', ' ']).filter(|name| !name.is_empty()) {
                        let form = Attributes::from([("form", json!("a type of the runtime"))]);
                        self.add(ItemKind::Type, "", format!("{path}::{name}"), form);
                    }
                }
                Item::Enum(item) => {
                    let name = format!("{path}::{}", item.ident);
                    self.type_item(&name, "an enum", &item.attrs);
                    for variant in &item.variants {
                        let stated = Attributes::from([("description", docs(&variant.attrs))]);
                        let fields = text(&variant.fields);
                        let variant = format!("{name}::{}{fields}", variant.ident);
                        self.add(ItemKind::Variant, &name, variant, stated);
                    }
                }
                _ => {}
            }
        }
        for item in content(module) {
            if let Item::Impl(item) = item
                && item.trait_.is_none()
            {
                self.inherent(path, item);
            }
        }
    }

    fn type_item(&mut self, name: &str, form: &str, attributes: &[Attribute]) {
        let derives = attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("derive"));
        let derives = derives.map(text).collect::<String>();
        let derives = derives.replace("# [derive (", "").replace(")]", "");
        let derives: Vec<_> = derives.split(',').map(str::trim).collect();
        let stated = Attributes::from([
            ("form", json!(form)),
            ("derives", json!(derives)),
            ("description", docs(attributes)),
        ]);
        self.add(ItemKind::Type, "", name, stated);
    }

    /// Reads the constants of a type, and what its methods give for a variant.
    fn inherent(&mut self, path: &str, item: &ItemImpl) {
        let name = format!("{path}::{}", text(&item.self_ty));
        for inner in &item.items {
            let (attribute, value) = match inner {
                ImplItem::Const(item) => match item.ident.to_string().as_str() {
                    "MIN_CHARS" => ("minLength", number(&item.expr)),
                    "MAX_CHARS" => ("maxLength", number(&item.expr)),
                    "FIELDS" => ("fields", listed(&item.expr)),
                    "KNOWN" => ("values", listed(&item.expr)),
                    _ => continue,
                },
                ImplItem::Fn(method) => {
                    let attribute = match method.sig.ident.to_string().as_str() {
                        "as_str" => "value",
                        "status" => "status",
                        "may_retry" => "may be retried",
                        "hint" => "hint",
                        _ => continue,
                    };
                    for (variant, value) in arms(method) {
                        if let Some(item) = self.items.get_mut(&format!("{name}::{variant}")) {
                            item.attributes.insert(attribute, json!(value));
                        }
                    }
                    continue;
                }
                _ => continue,
            };
            if let Some(item) = self.items.get_mut(&name) {
                item.attributes.insert(attribute, value);
            }
        }
    }

    fn server(&mut self, module: &ItemMod) {
        for item in content(module) {
            match item {
                Item::Fn(item) => {
                    let takes = item.sig.inputs.iter().map(|input| match input {
                        FnArg::Typed(input) => format!("{}: {}", text(&input.pat), text(&input.ty)),
                        FnArg::Receiver(_) => String::new(),
                    });
                    let takes =
                        Attributes::from([("takes", json!(takes.collect::<Vec<_>>().join(", ")))]);
                    self.add(
                        ItemKind::Other,
                        "",
                        format!("server::{}", item.sig.ident),
                        takes,
                    );
                }
                Item::Const(item) => {
                    let name = format!("server::{}", item.ident);
                    let kind = match item.ident == "URL" {
                        true => ItemKind::Other,
                        false => ItemKind::Header,
                    };
                    let value = json!(text(&item.expr).trim_matches('"'));
                    let stated =
                        Attributes::from([("value", value), ("description", docs(&item.attrs))]);
                    self.add(kind, "", name, stated);
                }
                _ => {}
            }
        }
        self.types("server", module);
    }
}

/// A type as users write it, without the paths of its parts.
fn short(ty: &str) -> String {
    let mut short = ty.replace(' ', "");
    let paths = [
        "std::string",
        "std::vec",
        "std::collections",
        "std::option",
        "serde_json",
    ];
    for path in paths {
        short = short.replace(&format!("::{path}::"), "");
    }
    for path in ["crate::types::", "crate::values::", "types::"] {
        short = short.replace(path, "");
    }
    short
}

fn content(module: &ItemMod) -> &[Item] {
    module.content.as_ref().map_or(&[], |(_, items)| items)
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

/// The docs of an item.
fn docs(attributes: &[Attribute]) -> Value {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(doc) if doc.path.is_ident("doc") => string(&doc.value),
            _ => None,
        });
    json!(lines.collect::<Vec<_>>().join("\n"))
}

/// The note of what is deprecated.
fn deprecated(attributes: &[Attribute]) -> Value {
    let found = attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("deprecated"));
    found.map_or(Value::Null, |attribute| json!(text(attribute)))
}

/// The string of a literal.
fn string(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The number of a literal, which can have a sign.
fn number(expr: &impl ToTokens) -> Value {
    let digits = text(expr).replace([' ', '_'], "");
    let digits = digits
        .trim_end_matches("usize")
        .trim_end_matches("i64")
        .trim_end_matches("u64");
    digits.parse::<i64>().map_or(Value::Null, Value::from)
}

/// The first argument, or the text, of each element of an array.
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

/// What a method gives for each variant, by `match self`.
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

/// The names on the wire by the variables whose values are sent, and the status that is read.
#[derive(Default)]
struct Sent {
    names: BTreeMap<String, String>,
    status: String,
}

impl<'a> Visit<'a> for Sent {
    fn visit_expr_call(&mut self, call: &'a ExprCall) {
        let function = text(&call.func);
        if function.ends_with("QueryParam :: new")
            && let (Some(name), Some(value)) =
                (call.args.first().and_then(string), call.args.get(1))
        {
            let variable = text(value).trim_start_matches("& ").to_owned();
            self.names.insert(variable, format!("{name} in the query"));
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'a ExprMethodCall) {
        if call.method == "append"
            && let Some(name) = call.args.first().and_then(string)
        {
            let value = call.args.get(1).map(text).unwrap_or_default();
            let variable = value.split(' ').next().unwrap_or_default().to_owned();
            self.names.insert(variable, format!("{name} in a header"));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_arm(&mut self, arm: &'a syn::Arm) {
        if !matches!(arm.pat, Pat::Wild(_)) && self.status.is_empty() {
            self.status = text(&arm.pat);
        }
        visit::visit_arm(self, arm);
    }
}

/// The checks in a setter: of the value, and of the items of a list.
#[derive(Default)]
struct Checks {
    value: Attributes,
    items: Attributes,
    /// Whether the check at hand is of items.
    of_items: bool,
}

impl<'a> Visit<'a> for Checks {
    fn visit_expr_call(&mut self, call: &'a ExprCall) {
        let function = text(&call.func);
        let ends = call.args.get(2).map(text).unwrap_or_default();
        let (min, max) = ends
            .split_once("..=")
            .or_else(|| ends.split_once(".."))
            .unwrap_or_default();
        let [min, max] = [min, max]
            .map(|end| number(&end.parse::<proc_macro2::TokenStream>().unwrap_or_default()));
        let mut note = |name, value: Value| {
            if !value.is_null() && value != 0 {
                let notes = if self.of_items {
                    &mut self.items
                } else {
                    &mut self.value
                };
                notes.insert(name, value);
            }
        };
        match function.rsplit(":: ").next().unwrap_or_default() {
            "in_range" => {
                note("minimum", min);
                note("maximum", max);
            }
            "length" => {
                note("minLength", min);
                note("maxLength", max);
            }
            "count" => {
                note("minItems", min);
                note("maxItems", max);
            }
            "one_of" => note("values", call.args.get(2).map_or(Value::Null, listed)),
            "segment" => note("pattern", json!("a segment of a path")),
            _ => {}
        }
        let outer = self.of_items;
        self.of_items |= function.ends_with(":: each");
        visit::visit_expr_call(self, call);
        self.of_items = outer;
    }
}

/// How the fields of a type are read from JSON.
#[derive(Default)]
struct Reads {
    /// The name on the wire, and the code that reads the value.
    arms: BTreeMap<String, (String, String)>,
    /// The fields without which there is no value.
    required: Vec<String>,
}

impl Reads {
    fn field(&self, field: &str, ty: &Type, attributes: &[Attribute]) -> Attributes {
        let ty = short(&text(ty));
        let inner = ty
            .strip_prefix("Option<")
            .and_then(|inner| inner.strip_suffix('>'));
        let is_list = ["Vec<", "BTreeMap<", "Map<"];
        let is_list = is_list.iter().any(|list| ty.starts_with(list));
        let required = self.required.iter().any(|name| name == field);
        let arm = self.arms.get(field);
        let lenient = arm.is_some_and(|(_, read)| read.contains("relaxed"));
        let name = match is_list {
            true => "presence of a list",
            false => "presence",
        };
        let optional = inner.is_some() || (is_list && !required);
        Attributes::from([
            ("type", json!(inner.unwrap_or(&ty))),
            (
                name,
                if arm.is_some() {
                    json!(presence(!optional))
                } else {
                    Value::Null
                },
            ),
            ("name", json!(arm.map(|(wire, _)| wire))),
            ("lenient", if lenient { json!(true) } else { Value::Null }),
            ("description", docs(attributes)),
            ("deprecated", deprecated(attributes)),
        ])
    }
}

impl<'a> Visit<'a> for Reads {
    fn visit_arm(&mut self, arm: &'a syn::Arm) {
        if let (Pat::Lit(wire), Expr::Assign(read)) = (&arm.pat, &*arm.body) {
            let read = (text(wire).trim_matches('"').to_owned(), text(&read.right));
            let Expr::Assign(assign) = &*arm.body else {
                return;
            };
            self.arms.insert(text(&assign.left), read);
        }
        visit::visit_arm(self, arm);
    }

    fn visit_field_value(&mut self, field: &'a syn::FieldValue) {
        if text(&field.expr).contains("ok_or_else") {
            self.required.push(text(&field.member));
        }
    }
}
