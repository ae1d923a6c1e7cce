//! cometchat
