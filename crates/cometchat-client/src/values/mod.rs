//! The values that a spec can name and JSON has no type for: open enums, lists, metadata, times.

#[allow(dead_code, reason = "which checks are called depends on the spec")]
mod check;
mod comma_list;
mod extra;
mod json_text;
mod lenient;
mod metadata;
mod open_enum;
mod path_param;
mod time;

#[allow(unused_imports, reason = "which checks are called depends on the spec")]
pub(crate) use check::{count, each, header, in_range, length, one_of, segment};
pub use comma_list::CommaList;
#[allow(unused_imports, reason = "which ones are called depends on the spec")]
pub(crate) use comma_list::{comma_list, plain_commas};
pub use extra::Extra;
pub(crate) use json_text::{JsonFields, JsonText, entries, parse, value};
pub use lenient::from_json;
pub(crate) use lenient::{
    Fields, Object, TOO_MANY_ROWS, object, parse_relaxed, read_json, read_object, read_page, rows,
    strict,
};
pub use metadata::Metadata;
pub use open_enum::UnknownValue;
pub(crate) use open_enum::open_enum;
pub use path_param::SegmentError;
pub(crate) use path_param::{check_segment, path_segment};
pub use time::{OutOfRange, UnixTime};
