//! cometchat-codegen
