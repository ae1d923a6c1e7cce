//! The fields of a row, as a table.

/// A field of a row type that the spec knows.
///
/// ```
/// use cometchat_client::{FieldKind, types::GroupMember};
///
/// let joined = GroupMember::FIELDS.iter().find(|field| field.name() == "joinedAt");
/// assert_eq!(joined.map(|field| field.kind()), Some(FieldKind::Time));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    name: &'static str,
    kind: FieldKind,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldKind {
    /// A string.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A point in time, in whole seconds since 1970.
    Time,
    /// A string out of an open list of values.
    Enum,
    /// An array.
    List,
    /// An object.
    Object,
    /// Any JSON value.
    Any,
}

impl Field {
    /// A field; called by generated code.
    pub(crate) const fn new(name: &'static str, kind: FieldKind) -> Self {
        Self { name, kind }
    }

    /// The name on the wire, such as `joinedAt`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What the field holds.
    pub const fn kind(&self) -> FieldKind {
        self.kind
    }
}
