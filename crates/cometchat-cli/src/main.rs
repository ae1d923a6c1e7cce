//! cometchat
fn main() {}
