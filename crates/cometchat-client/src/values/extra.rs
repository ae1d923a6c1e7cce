//! What the service sends beside the fields that the spec knows: kept, and not printed.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::MapAccess;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Unknown fields, by name, as they were sent.
///
/// Its `Debug` shows the names and hides the values, which can be personal.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(transparent))]
pub struct Extra {
    fields: Map<String, Value>,
}

impl Extra {
    /// Takes the value that belongs to `key`.
    pub(crate) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        key: Cow<'_, str>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let value = map.next_value()?;
        self.fields.insert(key.into_owned(), value);
        Ok(())
    }
}

impl Deref for Extra {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.fields
    }
}

impl DerefMut for Extra {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.fields
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(fields: Map<String, Value>) -> Self {
        Self { fields }
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_keys(&self.fields, f)
    }
}

/// Prints an object as its keys, each with a value that says nothing.
pub(super) fn debug_keys(fields: &Map<String, Value>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_map()
        .entries(fields.keys().map(|key| (key, format_args!("…"))))
        .finish()
}
