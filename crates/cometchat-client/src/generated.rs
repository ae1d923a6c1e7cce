// Generated from openapi.yaml, do not edit. To regenerate: cargo xtask codegen
// Generator: cometchat-codegen 0.1.0
// SHA-256 of the spec: 6861f7b83549ed34405e3e0a4318e83f095b36e89cdcacdbce1587bde70189d8

#[allow(unused_imports)]
pub use crate::progenitor::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use crate::progenitor::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    pub use crate::values::{Metadata, UnixTime};
    ///A user who is banned from a group.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct BannedUser {
        ///Avatar URL.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub avatar: ::std::option::Option<::std::string::String>,
        ///Time of the block.
        #[serde(
            rename = "blockedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub blocked_at: ::std::option::Option<crate::types::UnixTime>,
        ///Whether the requesting user has blocked this user.
        #[serde(
            rename = "blockedByMe",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub blocked_by_me: ::std::option::Option<bool>,
        ///Time when the requesting user blocked this user.
        #[serde(
            rename = "blockedByMeAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub blocked_by_me_at: ::std::option::Option<crate::types::UnixTime>,
        ///ID of the conversation with the `onBehalfOf` user.
        #[serde(
            rename = "conversationId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub conversation_id: ::std::option::Option<::std::string::String>,
        ///Creation time of the user.
        #[serde(
            rename = "createdAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub created_at: ::std::option::Option<crate::types::UnixTime>,
        ///Deactivation time; 0 if the user is active.
        #[serde(
            rename = "deactivatedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub deactivated_at: ::std::option::Option<crate::types::UnixTime>,
        ///Whether this user has blocked the requesting user.
        #[serde(
            rename = "hasBlockedMe",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub has_blocked_me: ::std::option::Option<bool>,
        ///Whether the user is banned. Documented in older vendor documents only.
        #[serde(
            rename = "isBanned",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub is_banned: ::std::option::Option<bool>,
        ///Time when the user had joined the group. Documented in older vendor documents only.
        #[serde(
            rename = "joinedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub joined_at: ::std::option::Option<crate::types::UnixTime>,
        ///Time of the last activity.
        #[serde(
            rename = "lastActiveAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub last_active_at: ::std::option::Option<crate::types::UnixTime>,
        ///Profile URL.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub link: ::std::option::Option<::std::string::String>,
        /**Custom user data, up to 5 KB.

Normally an object; `{"rawMetadata":"…"}` if invalid JSON was stored. The key `@private` can hold an e-mail
address and a phone number.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub metadata: ::std::option::Option<crate::types::Metadata>,
        ///Display name.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        ///Role of the user in the app. Each app defines its own roles; `default` always exists.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub role: ::std::option::Option<::std::string::String>,
        ///Scope of the user in the group. Documented in older vendor documents only.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub scope: ::std::option::Option<crate::types::MemberScope>,
        /**Presence of a user: `available` or `offline`.

The vendor's SDKs say `online`; this API says `available`.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<crate::types::UserStatus>,
        ///Custom status message.
        #[serde(
            rename = "statusMessage",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub status_message: ::std::option::Option<::std::string::String>,
        ///Tags of the user, up to 25.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub tags: ::std::vec::Vec<::std::string::String>,
        ///UID of the user.
        pub uid: ::std::string::String,
        ///Time of the last change.
        #[serde(
            rename = "updatedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub updated_at: ::std::option::Option<crate::types::UnixTime>,
        #[serde(flatten)]
        ///Fields that are not known here, and known ones whose value is of another type.
        pub extra: crate::values::Extra,
    }
    crate::values::object! {
        BannedUser extra, read_object; "avatar" => avatar : optional or option;
        "blockedAt" => blocked_at : optional or option; "blockedByMe" => blocked_by_me :
        optional or option; "blockedByMeAt" => blocked_by_me_at : optional or option;
        "conversationId" => conversation_id : optional or option; "createdAt" =>
        created_at : optional or option; "deactivatedAt" => deactivated_at : optional or
        option; "hasBlockedMe" => has_blocked_me : optional or option; "isBanned" =>
        is_banned : optional or option; "joinedAt" => joined_at : optional or option;
        "lastActiveAt" => last_active_at : optional or option; "link" => link : optional
        or option; "metadata" => metadata : optional or option; "name" => name : optional
        or option; "role" => role : optional or option; "scope" => scope : optional or
        option; "status" => status : optional or option; "statusMessage" =>
        status_message : optional or option; "tags" => tags : optional or default; "uid"
        => uid : text or required; "updatedAt" => updated_at : optional or option;
    }
    ///A page of the users who are banned from a group.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct BannedUsersPage {
        /**Sync cursor; not used for paging.

It is the same on each page of a list, and its keys vary between lists.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cursor: ::std::option::Option<Cursor>,
        ///The rows.
        pub data: ::std::vec::Vec<BannedUser>,
        ///Page metadata.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub meta: ::std::option::Option<PageMeta>,
        #[serde(flatten)]
        ///Fields that are not known here, and known ones whose value is of another type.
        pub extra: crate::values::Extra,
    }
    crate::values::object! {
        BannedUsersPage extra, read_page; "cursor" => cursor : relaxed or option; "data"
        => data : rows(2000) or required; "meta" => meta : relaxed or option;
    }
    /**Sync cursor; not used for paging.

It is the same on each page of a list, and its keys vary between lists.*/
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct Cursor {
        ///Whether newer rows come before or after the cursor.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub affix: ::std::option::Option<::std::string::String>,
        ///Time of the last change of the list.
        #[serde(
            rename = "updatedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub updated_at: ::std::option::Option<crate::types::UnixTime>,
        #[serde(flatten)]
        ///Fields that are not known here, and known ones whose value is of another type.
        pub extra: crate::values::Extra,
    }
    crate::values::object! {
        Cursor extra, read_object; "affix" => affix : relaxed or option; "updatedAt" =>
        updated_at : relaxed or option;
    }
    ///Error details.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct ErrorBody {
        /**Error code.

Any code can come with any status: check the code first, then the status. More codes may be added; these are known:
`ERR_BAD_REQUEST`, `AUTH_ERR_APIKEY_NOT_FOUND`, `AUTH_ERR_EMPTY_APIKEY`, `AUTH_ERR_INVALID_APPID`,
`AUTH_ERR_NO_ACCESS`, `ERR_PLAN_QUOTA_RESTRICTION`, `ERR_PLAN_RESTRICTION`, `ERR_SUBSCRIPTION_EXPIRED`,
`ERR_GUID_NOT_FOUND`, `ERR_UID_NOT_FOUND`, `ERR_API_NOT_FOUND`, `ERR_TOO_MANY_REQUESTS`, `ERR_MISSION_FAILED`,
`ERR_OPERATION_FAILED`, `ERR_EXCEPTION`.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub code: ::std::option::Option<crate::types::ErrorCode>,
        ///Details by parameter, or a string.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub details: ::std::option::Option<ErrorDetails>,
        ///Message for developers.
        #[serde(
            rename = "devMessage",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub dev_message: ::std::option::Option<::std::string::String>,
        ///Message for users.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
        ///Component that raised the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub source: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        ///Fields that are not known here, and known ones whose value is of another type.
        pub extra: crate::values::Extra,
    }
    crate::values::object! {
        ErrorBody extra, read_object; "code" => code : relaxed or option; "details" =>
        details : optional or option; "devMessage" => dev_message : relaxed or option;
        "message" => message : relaxed or option; "source" => source : relaxed or option;
    }
    ///Details by parameter, or a string.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(transparent)]
    #[derive(PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ErrorDetails(::serde_json::Value);
    impl ::std::convert::AsRef<::serde_json::Value> for ErrorDetails {
        fn as_ref(&self) -> &::serde_json::Value {
            &self.0
        }
    }
    impl ::std::convert::From<ErrorDetails> for ::serde_json::Value {
        fn from(value: ErrorDetails) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<::serde_json::Value> for ErrorDetails {
        fn from(value: ::serde_json::Value) -> Self {
            Self(value)
        }
    }
    ///Error envelope.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct ErrorResponse {
        ///Error details.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<ErrorBody>,
        #[serde(flatten)]
        ///Fields that are not known here, and known ones whose value is of another type.
        pub extra: crate::values::Extra,
    }
    crate::values::object! {
        ErrorResponse extra, read_object; "error" => error : relaxed or option;
    }
    ///A member of a group.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct GroupMember {
        ///Avatar URL.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub avatar: ::std::option::Option<::std::string::String>,
        ///Time of the block.
        #[serde(
            rename = "blockedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub blocked_at: ::std::option::Option<crate::types::UnixTime>,
        ///Whether the requesting user has blocked this user.
        #[serde(
            rename = "blockedByMe",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub blocked_by_me: ::std::option::Option<bool>,
        ///Time when the requesting user blocked this user.
        #[serde(
            rename = "blockedByMeAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub blocked_by_me_at: ::std::option::Option<crate::types::UnixTime>,
        ///ID of the conversation with the `onBehalfOf` user.
        #[serde(
            rename = "conversationId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub conversation_id: ::std::option::Option<::std::string::String>,
        ///Creation time of the user.
        #[serde(
            rename = "createdAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub created_at: ::std::option::Option<crate::types::UnixTime>,
        ///Deactivation time; 0 if the user is active.
        #[serde(
            rename = "deactivatedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub deactivated_at: ::std::option::Option<crate::types::UnixTime>,
        ///Whether this user has blocked the requesting user.
        #[serde(
            rename = "hasBlockedMe",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub has_blocked_me: ::std::option::Option<bool>,
        ///Time when the user joined the group.
        #[serde(
            rename = "joinedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub joined_at: ::std::option::Option<crate::types::UnixTime>,
        ///Time of the last activity.
        #[serde(
            rename = "lastActiveAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub last_active_at: ::std::option::Option<crate::types::UnixTime>,
        ///Profile URL.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub link: ::std::option::Option<::std::string::String>,
        /**Custom user data, up to 5 KB.

Normally an object; `{"rawMetadata":"…"}` if invalid JSON was stored. The key `@private` can hold an e-mail
address and a phone number.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub metadata: ::std::option::Option<crate::types::Metadata>,
        ///Display name.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        ///Role of the user in the app. Each app defines its own roles; `default` always exists.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub role: ::std::option::Option<::std::string::String>,
        /**Permissions of a member in the group: `admin`, `moderator` or `participant`.

More values may come: the documentation of one of the vendor's SDKs shows `owner` too.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub scope: ::std::option::Option<crate::types::MemberScope>,
        /**Presence of a user: `available` or `offline`.

The vendor's SDKs say `online`; this API says `available`.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<crate::types::UserStatus>,
        ///Custom status message.
        #[serde(
            rename = "statusMessage",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub status_message: ::std::option::Option<::std::string::String>,
        ///Tags of the user, up to 25.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub tags: ::std::vec::Vec<::std::string::String>,
        ///UID of the user.
        pub uid: ::std::string::String,
        ///Time of the last change.
        #[serde(
            rename = "updatedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub updated_at: ::std::option::Option<crate::types::UnixTime>,
        #[serde(flatten)]
        ///Fields that are not known here, and known ones whose value is of another type.
        pub extra: crate::values::Extra,
    }
    crate::values::object! {
        GroupMember extra, read_object; "avatar" => avatar : optional or option;
        "blockedAt" => blocked_at : optional or option; "blockedByMe" => blocked_by_me :
        optional or option; "blockedByMeAt" => blocked_by_me_at : optional or option;
        "conversationId" => conversation_id : optional or option; "createdAt" =>
        created_at : optional or option; "deactivatedAt" => deactivated_at : optional or
        option; "hasBlockedMe" => has_blocked_me : optional or option; "joinedAt" =>
        joined_at : optional or option; "lastActiveAt" => last_active_at : optional or
        option; "link" => link : optional or option; "metadata" => metadata : optional or
        option; "name" => name : optional or option; "role" => role : optional or option;
        "scope" => scope : optional or option; "status" => status : optional or option;
        "statusMessage" => status_message : optional or option; "tags" => tags : optional
        or default; "uid" => uid : text or required; "updatedAt" => updated_at : optional
        or option;
    }
    ///A page of the members of a group.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct GroupMembersPage {
        /**Sync cursor; not used for paging.

It is the same on each page of a list, and its keys vary between lists.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cursor: ::std::option::Option<Cursor>,
        ///The rows.
        pub data: ::std::vec::Vec<GroupMember>,
        ///Page metadata.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub meta: ::std::option::Option<PageMeta>,
        #[serde(flatten)]
        ///Fields that are not known here, and known ones whose value is of another type.
        pub extra: crate::values::Extra,
    }
    crate::values::object! {
        GroupMembersPage extra, read_page; "cursor" => cursor : relaxed or option; "data"
        => data : rows(2000) or required; "meta" => meta : relaxed or option;
    }
    ///Page metadata.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct PageMeta {
        /**Sync cursor; not used for paging.

It is the same on each page of a list, and its keys vary between lists.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cursor: ::std::option::Option<Cursor>,
        /**Pagination data as sent.

Only `total_pages` is reliable: continue while the page number is smaller. It is a has-more hint on some lists and a
page count on others.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub pagination: ::std::option::Option<Pagination>,
        #[serde(flatten)]
        ///Fields that are not known here, and known ones whose value is of another type.
        pub extra: crate::values::Extra,
    }
    crate::values::object! {
        PageMeta extra, read_object; "cursor" => cursor : relaxed or option; "pagination"
        => pagination : relaxed or option;
    }
    /**Pagination data as sent.

Only `total_pages` is reliable: continue while the page number is smaller. It is a has-more hint on some lists and a
page count on others.*/
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct Pagination {
        ///Documented as the rows on this page; observed to differ.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub count: ::std::option::Option<i64>,
        ///Number of this page, from 1.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub current_page: ::std::option::Option<i64>,
        ///Requested page size.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub per_page: ::std::option::Option<i64>,
        ///Number of all rows; 0 if the service does not count them.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total: ::std::option::Option<i64>,
        ///Number of pages, or the number of this page plus one if another page may follow.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_pages: ::std::option::Option<i64>,
        #[serde(flatten)]
        ///Fields that are not known here, and known ones whose value is of another type.
        pub extra: crate::values::Extra,
    }
    crate::values::object! {
        Pagination extra, read_object; "count" => count : relaxed or option;
        "current_page" => current_page : relaxed or option; "per_page" => per_page :
        relaxed or option; "total" => total : relaxed or option; "total_pages" =>
        total_pages : relaxed or option;
    }
    /**Error code.

Any code can come with any status: check the code first, then the status. More codes may be added; these are known:
`ERR_BAD_REQUEST`, `AUTH_ERR_APIKEY_NOT_FOUND`, `AUTH_ERR_EMPTY_APIKEY`, `AUTH_ERR_INVALID_APPID`,
`AUTH_ERR_NO_ACCESS`, `ERR_PLAN_QUOTA_RESTRICTION`, `ERR_PLAN_RESTRICTION`, `ERR_SUBSCRIPTION_EXPIRED`,
`ERR_GUID_NOT_FOUND`, `ERR_UID_NOT_FOUND`, `ERR_API_NOT_FOUND`, `ERR_TOO_MANY_REQUESTS`, `ERR_MISSION_FAILED`,
`ERR_OPERATION_FAILED`, `ERR_EXCEPTION`.*/
    ///
    ///An open enum: a value that is not known here is `Unknown`, and is sent as it came. Two values are equal if their texts are.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum ErrorCode {
        ///A parameter is wrong.
        ErrBadRequest,
        ///The key is not one of this app.
        AuthErrApikeyNotFound,
        ///No key arrived.
        AuthErrEmptyApikey,
        ///There is no such app in this region.
        AuthErrInvalidAppid,
        ///The key has no access to this operation.
        AuthErrNoAccess,
        ///The quota of the app's plan is used up.
        ErrPlanQuotaRestriction,
        ///The app's plan does not include this operation.
        ErrPlanRestriction,
        ///The app's subscription has expired.
        ErrSubscriptionExpired,
        ///There is no such group in this app.
        ErrGuidNotFound,
        ///There is no such user in this app.
        ErrUidNotFound,
        ///There is no such path, or it does not accept this method.
        ErrApiNotFound,
        ///The rate limit is reached.
        ErrTooManyRequests,
        ///The service could not complete the request; a database timeout, for example.
        ErrMissionFailed,
        ///The service could not complete the request.
        ErrOperationFailed,
        ///The service failed unexpectedly.
        ErrException,
        /// A value that was not known when this code was generated. Read it with `as_str`.
        Unknown(crate::values::UnknownValue),
    }
    impl ErrorCode {
        /// The known values.
        pub const KNOWN: &'static [Self] = &[
            Self::ErrBadRequest,
            Self::AuthErrApikeyNotFound,
            Self::AuthErrEmptyApikey,
            Self::AuthErrInvalidAppid,
            Self::AuthErrNoAccess,
            Self::ErrPlanQuotaRestriction,
            Self::ErrPlanRestriction,
            Self::ErrSubscriptionExpired,
            Self::ErrGuidNotFound,
            Self::ErrUidNotFound,
            Self::ErrApiNotFound,
            Self::ErrTooManyRequests,
            Self::ErrMissionFailed,
            Self::ErrOperationFailed,
            Self::ErrException,
        ];
        /// The value as it is on the wire.
        pub fn as_str(&self) -> &str {
            match self {
                Self::ErrBadRequest => "ERR_BAD_REQUEST",
                Self::AuthErrApikeyNotFound => "AUTH_ERR_APIKEY_NOT_FOUND",
                Self::AuthErrEmptyApikey => "AUTH_ERR_EMPTY_APIKEY",
                Self::AuthErrInvalidAppid => "AUTH_ERR_INVALID_APPID",
                Self::AuthErrNoAccess => "AUTH_ERR_NO_ACCESS",
                Self::ErrPlanQuotaRestriction => "ERR_PLAN_QUOTA_RESTRICTION",
                Self::ErrPlanRestriction => "ERR_PLAN_RESTRICTION",
                Self::ErrSubscriptionExpired => "ERR_SUBSCRIPTION_EXPIRED",
                Self::ErrGuidNotFound => "ERR_GUID_NOT_FOUND",
                Self::ErrUidNotFound => "ERR_UID_NOT_FOUND",
                Self::ErrApiNotFound => "ERR_API_NOT_FOUND",
                Self::ErrTooManyRequests => "ERR_TOO_MANY_REQUESTS",
                Self::ErrMissionFailed => "ERR_MISSION_FAILED",
                Self::ErrOperationFailed => "ERR_OPERATION_FAILED",
                Self::ErrException => "ERR_EXCEPTION",
                Self::Unknown(value) => value.as_str(),
            }
        }
        /// The variant of a known value.
        fn known(value: &str) -> ::std::option::Option<Self> {
            match value {
                "ERR_BAD_REQUEST" => ::std::option::Option::Some(Self::ErrBadRequest),
                "AUTH_ERR_APIKEY_NOT_FOUND" => {
                    ::std::option::Option::Some(Self::AuthErrApikeyNotFound)
                }
                "AUTH_ERR_EMPTY_APIKEY" => {
                    ::std::option::Option::Some(Self::AuthErrEmptyApikey)
                }
                "AUTH_ERR_INVALID_APPID" => {
                    ::std::option::Option::Some(Self::AuthErrInvalidAppid)
                }
                "AUTH_ERR_NO_ACCESS" => {
                    ::std::option::Option::Some(Self::AuthErrNoAccess)
                }
                "ERR_PLAN_QUOTA_RESTRICTION" => {
                    ::std::option::Option::Some(Self::ErrPlanQuotaRestriction)
                }
                "ERR_PLAN_RESTRICTION" => {
                    ::std::option::Option::Some(Self::ErrPlanRestriction)
                }
                "ERR_SUBSCRIPTION_EXPIRED" => {
                    ::std::option::Option::Some(Self::ErrSubscriptionExpired)
                }
                "ERR_GUID_NOT_FOUND" => {
                    ::std::option::Option::Some(Self::ErrGuidNotFound)
                }
                "ERR_UID_NOT_FOUND" => ::std::option::Option::Some(Self::ErrUidNotFound),
                "ERR_API_NOT_FOUND" => ::std::option::Option::Some(Self::ErrApiNotFound),
                "ERR_TOO_MANY_REQUESTS" => {
                    ::std::option::Option::Some(Self::ErrTooManyRequests)
                }
                "ERR_MISSION_FAILED" => {
                    ::std::option::Option::Some(Self::ErrMissionFailed)
                }
                "ERR_OPERATION_FAILED" => {
                    ::std::option::Option::Some(Self::ErrOperationFailed)
                }
                "ERR_EXCEPTION" => ::std::option::Option::Some(Self::ErrException),
                _ => ::std::option::Option::None,
            }
        }
    }
    crate::values::open_enum!(ErrorCode);
    /**Permissions of a member in the group: `admin`, `moderator` or `participant`.

More values may come: the documentation of one of the vendor's SDKs shows `owner` too.*/
    ///
    ///An open enum: a value that is not known here is `Unknown`, and is sent as it came. Two values are equal if their texts are.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum MemberScope {
        ///Can manage the group.
        Admin,
        ///Can moderate the group.
        Moderator,
        ///Takes part in the group.
        Participant,
        /// A value that was not known when this code was generated. Read it with `as_str`.
        Unknown(crate::values::UnknownValue),
    }
    impl MemberScope {
        /// The known values.
        pub const KNOWN: &'static [Self] = &[
            Self::Admin,
            Self::Moderator,
            Self::Participant,
        ];
        /// The value as it is on the wire.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Admin => "admin",
                Self::Moderator => "moderator",
                Self::Participant => "participant",
                Self::Unknown(value) => value.as_str(),
            }
        }
        /// The variant of a known value.
        fn known(value: &str) -> ::std::option::Option<Self> {
            match value {
                "admin" => ::std::option::Option::Some(Self::Admin),
                "moderator" => ::std::option::Option::Some(Self::Moderator),
                "participant" => ::std::option::Option::Some(Self::Participant),
                _ => ::std::option::Option::None,
            }
        }
    }
    crate::values::open_enum!(MemberScope);
    /**Presence of a user: `available` or `offline`.

The vendor's SDKs say `online`; this API says `available`.*/
    ///
    ///An open enum: a value that is not known here is `Unknown`, and is sent as it came. Two values are equal if their texts are.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum UserStatus {
        ///Connected.
        Available,
        ///Not connected.
        Offline,
        /// A value that was not known when this code was generated. Read it with `as_str`.
        Unknown(crate::values::UnknownValue),
    }
    impl UserStatus {
        /// The known values.
        pub const KNOWN: &'static [Self] = &[Self::Available, Self::Offline];
        /// The value as it is on the wire.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Available => "available",
                Self::Offline => "offline",
                Self::Unknown(value) => value.as_str(),
            }
        }
        /// The variant of a known value.
        fn known(value: &str) -> ::std::option::Option<Self> {
            match value {
                "available" => ::std::option::Option::Some(Self::Available),
                "offline" => ::std::option::Option::Some(Self::Offline),
                _ => ::std::option::Option::None,
            }
        }
    }
    crate::values::open_enum!(UserStatus);
    impl ErrorCode {
        /// What the code means, as a sentence; `None` for an unknown code.
        pub const fn description(&self) -> ::std::option::Option<&'static str> {
            match self {
                Self::ErrBadRequest => {
                    ::std::option::Option::Some("A parameter is wrong.")
                }
                Self::AuthErrApikeyNotFound => {
                    ::std::option::Option::Some("The key is not one of this app.")
                }
                Self::AuthErrEmptyApikey => {
                    ::std::option::Option::Some("No key arrived.")
                }
                Self::AuthErrInvalidAppid => {
                    ::std::option::Option::Some("There is no such app in this region.")
                }
                Self::AuthErrNoAccess => {
                    ::std::option::Option::Some(
                        "The key has no access to this operation.",
                    )
                }
                Self::ErrPlanQuotaRestriction => {
                    ::std::option::Option::Some(
                        "The quota of the app's plan is used up.",
                    )
                }
                Self::ErrPlanRestriction => {
                    ::std::option::Option::Some(
                        "The app's plan does not include this operation.",
                    )
                }
                Self::ErrSubscriptionExpired => {
                    ::std::option::Option::Some("The app's subscription has expired.")
                }
                Self::ErrGuidNotFound => {
                    ::std::option::Option::Some("There is no such group in this app.")
                }
                Self::ErrUidNotFound => {
                    ::std::option::Option::Some("There is no such user in this app.")
                }
                Self::ErrApiNotFound => {
                    ::std::option::Option::Some(
                        "There is no such path, or it does not accept this method.",
                    )
                }
                Self::ErrTooManyRequests => {
                    ::std::option::Option::Some("The rate limit is reached.")
                }
                Self::ErrMissionFailed => {
                    ::std::option::Option::Some(
                        "The service could not complete the request; a database timeout, for example.",
                    )
                }
                Self::ErrOperationFailed => {
                    ::std::option::Option::Some(
                        "The service could not complete the request.",
                    )
                }
                Self::ErrException => {
                    ::std::option::Option::Some("The service failed unexpectedly.")
                }
                _ => ::std::option::Option::None,
            }
        }
        /// Whether a call that failed with this code may be made again; `None` if the status decides.
        pub const fn may_retry(&self) -> ::std::option::Option<bool> {
            match self {
                Self::AuthErrApikeyNotFound => ::std::option::Option::Some(false),
                Self::AuthErrEmptyApikey => ::std::option::Option::Some(false),
                Self::AuthErrInvalidAppid => ::std::option::Option::Some(false),
                Self::AuthErrNoAccess => ::std::option::Option::Some(false),
                Self::ErrPlanQuotaRestriction => ::std::option::Option::Some(false),
                Self::ErrPlanRestriction => ::std::option::Option::Some(false),
                Self::ErrSubscriptionExpired => ::std::option::Option::Some(false),
                Self::ErrGuidNotFound => ::std::option::Option::Some(false),
                Self::ErrUidNotFound => ::std::option::Option::Some(false),
                Self::ErrApiNotFound => ::std::option::Option::Some(false),
                Self::ErrTooManyRequests => ::std::option::Option::Some(true),
                _ => ::std::option::Option::None,
            }
        }
        /// The status that the code is documented with; `None` if that is not known. Code and status are in no
        /// fixed relation.
        pub const fn status(&self) -> ::std::option::Option<u16> {
            match self {
                Self::ErrBadRequest => ::std::option::Option::Some(400u16),
                Self::AuthErrApikeyNotFound => ::std::option::Option::Some(401u16),
                Self::AuthErrEmptyApikey => ::std::option::Option::Some(401u16),
                Self::AuthErrNoAccess => ::std::option::Option::Some(403u16),
                Self::ErrPlanQuotaRestriction => ::std::option::Option::Some(402u16),
                Self::ErrGuidNotFound => ::std::option::Option::Some(404u16),
                Self::ErrApiNotFound => ::std::option::Option::Some(404u16),
                Self::ErrTooManyRequests => ::std::option::Option::Some(429u16),
                _ => ::std::option::Option::None,
            }
        }
        /// What to do about it; `None` if the status decides.
        pub const fn hint(&self) -> ::std::option::Option<crate::Hint> {
            match self {
                Self::ErrBadRequest => {
                    ::std::option::Option::Some(crate::Hint::CheckParameters)
                }
                Self::AuthErrApikeyNotFound => {
                    ::std::option::Option::Some(crate::Hint::CheckApiKey)
                }
                Self::AuthErrEmptyApikey => {
                    ::std::option::Option::Some(crate::Hint::CheckProxy)
                }
                Self::AuthErrInvalidAppid => {
                    ::std::option::Option::Some(crate::Hint::CheckAppAndRegion)
                }
                Self::AuthErrNoAccess => {
                    ::std::option::Option::Some(crate::Hint::UseFullAccessKey)
                }
                Self::ErrPlanQuotaRestriction => {
                    ::std::option::Option::Some(crate::Hint::ChangePlan)
                }
                Self::ErrPlanRestriction => {
                    ::std::option::Option::Some(crate::Hint::ChangePlan)
                }
                Self::ErrSubscriptionExpired => {
                    ::std::option::Option::Some(crate::Hint::RenewSubscription)
                }
                Self::ErrGuidNotFound => {
                    ::std::option::Option::Some(crate::Hint::CheckGroup)
                }
                Self::ErrUidNotFound => {
                    ::std::option::Option::Some(crate::Hint::CheckUser)
                }
                Self::ErrApiNotFound => {
                    ::std::option::Option::Some(crate::Hint::CheckBaseUrl)
                }
                Self::ErrTooManyRequests => {
                    ::std::option::Option::Some(crate::Hint::SlowDown)
                }
                Self::ErrMissionFailed => {
                    ::std::option::Option::Some(crate::Hint::RetryLater)
                }
                Self::ErrOperationFailed => {
                    ::std::option::Option::Some(crate::Hint::RetryLater)
                }
                Self::ErrException => {
                    ::std::option::Option::Some(crate::Hint::RetryLater)
                }
                _ => ::std::option::Option::None,
            }
        }
    }
    /**GUID of a group.

The service creates GUIDs of letters, digits, `-` and `_`, in lower case. A slash, a backslash, a control character, and
the names `.` and `..` would alter the URL and are rejected.*/
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Guid(::std::string::String);
    impl Guid {
        /// The least number of characters.
        pub const MIN_CHARS: usize = 1usize;
        /// The largest number of characters.
        pub const MAX_CHARS: usize = 100usize;
    }
    crate::values::path_segment!(Guid);
    impl crate::ListItem for BannedUser {
        fn id(&self, _: &str) -> ::std::borrow::Cow<'_, str> {
            ::std::borrow::Cow::Borrowed(&self.uid)
        }
        fn deserialize_strictly<'de, D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            crate::values::strict(deserializer)
        }
    }
    impl BannedUser {
        /// The fields that the spec knows, in its order.
        pub const FIELDS: &'static [crate::Field] = &[
            crate::Field::new("uid", crate::FieldKind::Text),
            crate::Field::new("name", crate::FieldKind::Text),
            crate::Field::new("avatar", crate::FieldKind::Text),
            crate::Field::new("link", crate::FieldKind::Text),
            crate::Field::new("role", crate::FieldKind::Text),
            crate::Field::new("metadata", crate::FieldKind::Object),
            crate::Field::new("status", crate::FieldKind::Enum),
            crate::Field::new("statusMessage", crate::FieldKind::Text),
            crate::Field::new("tags", crate::FieldKind::List),
            crate::Field::new("scope", crate::FieldKind::Enum),
            crate::Field::new("joinedAt", crate::FieldKind::Time),
            crate::Field::new("isBanned", crate::FieldKind::Boolean),
            crate::Field::new("createdAt", crate::FieldKind::Time),
            crate::Field::new("updatedAt", crate::FieldKind::Time),
            crate::Field::new("lastActiveAt", crate::FieldKind::Time),
            crate::Field::new("deactivatedAt", crate::FieldKind::Time),
            crate::Field::new("conversationId", crate::FieldKind::Text),
            crate::Field::new("blockedByMe", crate::FieldKind::Boolean),
            crate::Field::new("blockedByMeAt", crate::FieldKind::Time),
            crate::Field::new("hasBlockedMe", crate::FieldKind::Boolean),
            crate::Field::new("blockedAt", crate::FieldKind::Time),
        ];
    }
    impl crate::ListItem for GroupMember {
        fn id(&self, _: &str) -> ::std::borrow::Cow<'_, str> {
            ::std::borrow::Cow::Borrowed(&self.uid)
        }
        fn deserialize_strictly<'de, D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            crate::values::strict(deserializer)
        }
    }
    impl GroupMember {
        /// The fields that the spec knows, in its order.
        pub const FIELDS: &'static [crate::Field] = &[
            crate::Field::new("uid", crate::FieldKind::Text),
            crate::Field::new("name", crate::FieldKind::Text),
            crate::Field::new("avatar", crate::FieldKind::Text),
            crate::Field::new("link", crate::FieldKind::Text),
            crate::Field::new("role", crate::FieldKind::Text),
            crate::Field::new("metadata", crate::FieldKind::Object),
            crate::Field::new("status", crate::FieldKind::Enum),
            crate::Field::new("statusMessage", crate::FieldKind::Text),
            crate::Field::new("tags", crate::FieldKind::List),
            crate::Field::new("scope", crate::FieldKind::Enum),
            crate::Field::new("joinedAt", crate::FieldKind::Time),
            crate::Field::new("createdAt", crate::FieldKind::Time),
            crate::Field::new("updatedAt", crate::FieldKind::Time),
            crate::Field::new("lastActiveAt", crate::FieldKind::Time),
            crate::Field::new("deactivatedAt", crate::FieldKind::Time),
            crate::Field::new("conversationId", crate::FieldKind::Text),
            crate::Field::new("blockedByMe", crate::FieldKind::Boolean),
            crate::Field::new("blockedByMeAt", crate::FieldKind::Time),
            crate::Field::new("hasBlockedMe", crate::FieldKind::Boolean),
            crate::Field::new("blockedAt", crate::FieldKind::Time),
        ];
    }
}
/**Client for CometChat group lists

Two lists of the CometChat REST API v3: the members of a group, and the users who are banned from it.

This is an unofficial description. It states what the vendor documents, and what was observed if that differs. It expects
little of responses, and is strict on requests.

Version: 3.0*/
#[derive(Clone)]
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::Context,
}
impl ClientInfo<crate::Context> for Client {
    fn api_version() -> &'static str {
        "3.0"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &crate::Context {
        &self.inner
    }
}
const _: () = {
    #[allow(dead_code)]
    fn assert_client_hooks()
    where
        Client: ClientHooks<crate::Context>,
    {}
};
impl Client {
    /**Lists the users who are banned from a group

Rows come in pages, counted from 1. `total_pages` tells whether another page follows. `total` and `count` are not
reliable.

Sends a `GET` request to `/groups/{guid}/bannedusers`

Arguments:
- `guid`: GUID of the group, 1 to 100 characters.
- `page`: Page number, from 1 (default 1).
- `per_page`: Rows per page, 1 to 1000 (default 100).

  The vendor states the maximum for members only; the client enforces it on both lists.
```ignore
let response = client.list_banned_users()
    .guid(guid)
    .page(page)
    .per_page(per_page)
    .send()
    .await;
```*/
    pub fn list_banned_users(&self) -> builder::ListBannedUsers {
        builder::ListBannedUsers::new(self.clone())
    }
    /**Lists the members of a group

Rows come in pages, counted from 1. `total_pages` tells whether another page follows. `total` and `count` are not
reliable.

Sends a `GET` request to `/groups/{guid}/members`

Arguments:
- `guid`: GUID of the group, 1 to 100 characters.
- `page`: Page number, from 1 (default 1).
- `per_page`: Rows per page, 1 to 1000 (default 100).

  The vendor states the maximum for members only; the client enforces it on both lists.
- `scopes`: Only members with one of these scopes, sent as one comma-joined value.
- `status`: Only members with this status.
```ignore
let response = client.list_group_members()
    .guid(guid)
    .page(page)
    .per_page(per_page)
    .scopes(scopes)
    .status(status)
    .send()
    .await;
```*/
    pub fn list_group_members(&self) -> builder::ListGroupMembers {
        builder::ListGroupMembers::new(self.clone())
    }
}
/// Types for composing operation parameters.
#[allow(clippy::all)]
#[allow(missing_docs, unused_imports, unused_mut)]
pub mod builder {
    use crate::{progenitor as progenitor_client, values};
    use super::types;
    #[allow(unused_imports)]
    use super::{
        encode_path, ByteStream, ClientInfo, ClientHooks, Error, OperationInfo,
        RequestBuilderExt, ResponseValue,
    };
    /**Builder for [`Client::list_banned_users`]

[`Client::list_banned_users`]: super::Client::list_banned_users*/
    #[derive(Debug, Clone)]
    pub struct ListBannedUsers {
        client: super::Client,
        guid: Result<crate::types::Guid, String>,
        page: Result<Option<u32>, String>,
        per_page: Result<Option<u32>, String>,
    }
    impl ListBannedUsers {
        pub(super) fn new(client: super::Client) -> Self {
            Self {
                client: client,
                guid: Err("guid is missing: call .guid(…) before sending".to_string()),
                page: Ok(None),
                per_page: Ok(None),
            }
        }
        ///GUID of the group, 1 to 100 characters.
        pub fn guid<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::types::Guid>,
            V::Error: std::fmt::Display,
        {
            self.guid = value.try_into().map_err(|error| format!("guid: {error}"));
            self
        }
        ///Page number, from 1 (default 1).
        pub fn page<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
            V::Error: std::fmt::Display,
        {
            self.page = value
                .try_into()
                .map_err(|error| format!("page: {error}"))
                .and_then(|value| values::in_range("page", value, 1..))
                .map(Some);
            self
        }
        /**Rows per page, 1 to 1000 (default 100).

The vendor states the maximum for members only; the client enforces it on both lists.*/
        pub fn per_page<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
            V::Error: std::fmt::Display,
        {
            self.per_page = value
                .try_into()
                .map_err(|error| format!("perPage: {error}"))
                .and_then(|value| values::in_range("perPage", value, 1..=1000))
                .map(Some);
            self
        }
        async fn dispatch<T: ::serde::de::DeserializeOwned>(
            self,
        ) -> Result<ResponseValue<T>, Error> {
            let Self { client, guid, page, per_page } = self;
            let guid = guid.map_err(Error::InvalidRequest)?;
            let page = page.map_err(Error::InvalidRequest)?;
            let per_page = per_page.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/groups/{}/bannedusers", client.baseurl, encode_path(& guid
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("page", &page))
                .query(&progenitor_client::QueryParam::new("perPage", &per_page))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_banned_users",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Sends a `GET` request to `/groups/{guid}/bannedusers`
        ///
        /// # Errors
        ///
        /// Returns an error if no valid response arrives.
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::BannedUsersPage>, crate::Error> {
            self.send_as().await
        }
        /// Sends like [`send`](Self::send), and decodes the response into a type of yours.
        ///
        /// # Errors
        ///
        /// Returns those of `send`, and `Decode` if the body does not fit the type.
        pub async fn send_as<T: ::serde::de::DeserializeOwned>(
            self,
        ) -> Result<ResponseValue<T>, crate::Error> {
            crate::progenitor::Call::new(&self.client, super::Operation::ListBannedUsers)
                .subject("guid", &self.guid)
                .page(&self.page)
                .run(self.dispatch())
                .await
        }
    }
    /**Builder for [`Client::list_group_members`]

[`Client::list_group_members`]: super::Client::list_group_members*/
    #[derive(Debug, Clone)]
    pub struct ListGroupMembers {
        client: super::Client,
        guid: Result<crate::types::Guid, String>,
        page: Result<Option<u32>, String>,
        per_page: Result<Option<u32>, String>,
        scopes: Result<
            Option<crate::values::CommaList<crate::types::MemberScope>>,
            String,
        >,
        status: Result<Option<crate::types::UserStatus>, String>,
    }
    impl ListGroupMembers {
        pub(super) fn new(client: super::Client) -> Self {
            Self {
                client: client,
                guid: Err("guid is missing: call .guid(…) before sending".to_string()),
                page: Ok(None),
                per_page: Ok(None),
                scopes: Ok(None),
                status: Ok(None),
            }
        }
        ///GUID of the group, 1 to 100 characters.
        pub fn guid<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::types::Guid>,
            V::Error: std::fmt::Display,
        {
            self.guid = value.try_into().map_err(|error| format!("guid: {error}"));
            self
        }
        ///Page number, from 1 (default 1).
        pub fn page<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
            V::Error: std::fmt::Display,
        {
            self.page = value
                .try_into()
                .map_err(|error| format!("page: {error}"))
                .and_then(|value| values::in_range("page", value, 1..))
                .map(Some);
            self
        }
        /**Rows per page, 1 to 1000 (default 100).

The vendor states the maximum for members only; the client enforces it on both lists.*/
        pub fn per_page<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
            V::Error: std::fmt::Display,
        {
            self.per_page = value
                .try_into()
                .map_err(|error| format!("perPage: {error}"))
                .and_then(|value| values::in_range("perPage", value, 1..=1000))
                .map(Some);
            self
        }
        ///Only members with one of these scopes, sent as one comma-joined value.
        pub fn scopes<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<
                crate::values::CommaList<crate::types::MemberScope>,
            >,
            V::Error: std::fmt::Display,
        {
            self.scopes = value
                .try_into()
                .map_err(|error| format!("scopes: {error}"))
                .and_then(|value| values::comma_list("scopes", value))
                .map(Some);
            self
        }
        ///Only members with this status.
        pub fn status<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::types::UserStatus>,
            V::Error: std::fmt::Display,
        {
            self.status = value
                .try_into()
                .map_err(|error| format!("status: {error}"))
                .and_then(|value| values::one_of(
                    "status",
                    value,
                    &["available", "offline"],
                ))
                .map(Some);
            self
        }
        async fn dispatch<T: ::serde::de::DeserializeOwned>(
            self,
        ) -> Result<ResponseValue<T>, Error> {
            let Self { client, guid, page, per_page, scopes, status } = self;
            let guid = guid.map_err(Error::InvalidRequest)?;
            let page = page.map_err(Error::InvalidRequest)?;
            let per_page = per_page.map_err(Error::InvalidRequest)?;
            let scopes = scopes.map_err(Error::InvalidRequest)?;
            let status = status.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/groups/{}/members", client.baseurl, encode_path(& guid.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("page", &page))
                .query(&progenitor_client::QueryParam::new("perPage", &per_page))
                .query(&progenitor_client::QueryParam::new("scopes", &scopes))
                .query(&progenitor_client::QueryParam::new("status", &status))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_group_members",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Sends a `GET` request to `/groups/{guid}/members`
        ///
        /// # Errors
        ///
        /// Returns an error if no valid response arrives.
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::GroupMembersPage>, crate::Error> {
            self.send_as().await
        }
        /// Sends like [`send`](Self::send), and decodes the response into a type of yours.
        ///
        /// # Errors
        ///
        /// Returns those of `send`, and `Decode` if the body does not fit the type.
        pub async fn send_as<T: ::serde::de::DeserializeOwned>(
            self,
        ) -> Result<ResponseValue<T>, crate::Error> {
            crate::progenitor::Call::new(
                    &self.client,
                    super::Operation::ListGroupMembers,
                )
                .subject("guid", &self.guid)
                .page(&self.page)
                .run(self.dispatch())
                .await
        }
    }
    crate::list::list_operation!(
        ListBannedUsers : types::BannedUser, page, per_page, ["guid" = guid]
    );
    crate::list::list_operation!(
        ListGroupMembers : types::GroupMember, page, per_page, ["guid" = guid]
    );
}
/// An operation of the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    ///`list_banned_users`: `GET /groups/{guid}/bannedusers`.
    ListBannedUsers,
    ///`list_group_members`: `GET /groups/{guid}/members`.
    ListGroupMembers,
}
impl Operation {
    /// All operations.
    pub const ALL: &'static [Self] = &[Self::ListBannedUsers, Self::ListGroupMembers];
    /// The operation id, such as `list_group_members`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::ListBannedUsers => "list_banned_users",
            Self::ListGroupMembers => "list_group_members",
        }
    }
    /// The HTTP method, in upper case.
    pub const fn method(self) -> &'static str {
        match self {
            Self::ListBannedUsers => "GET",
            Self::ListGroupMembers => "GET",
        }
    }
    /// The path template, such as `/groups/{guid}/members`.
    pub const fn path(self) -> &'static str {
        match self {
            Self::ListBannedUsers => "/groups/{guid}/bannedusers",
            Self::ListGroupMembers => "/groups/{guid}/members",
        }
    }
    /// Whether a call may be made again after a failure: a `GET` or `HEAD`, or an operation that the spec
    /// marks `x-retry: true`.
    pub const fn may_retry(self) -> bool {
        match self {
            Self::ListBannedUsers => true,
            Self::ListGroupMembers => true,
        }
    }
    /// What the runtime needs to know of a request and its response.
    pub(crate) const fn traits(self) -> crate::progenitor::Traits {
        match self {
            Self::ListBannedUsers => {
                crate::progenitor::Traits {
                    name: "list_banned_users",
                    accept: "application/json",
                    content_type: ::std::option::Option::None,
                    comma_lists: &[],
                    may_be_empty: false,
                    streams: false,
                    list: ::std::option::Option::Some(crate::list::Layout {
                        page: "page",
                        items: "data",
                        meta: &["meta", "pagination"],
                        cursors: &[&["cursor"], &["meta", "cursor"]],
                        key: "uid",
                        max_rows: 2000,
                        default_rows: ::std::option::Option::Some(100u32),
                    }),
                }
            }
            Self::ListGroupMembers => {
                crate::progenitor::Traits {
                    name: "list_group_members",
                    accept: "application/json",
                    content_type: ::std::option::Option::None,
                    comma_lists: &["scopes"],
                    may_be_empty: false,
                    streams: false,
                    list: ::std::option::Option::Some(crate::list::Layout {
                        page: "page",
                        items: "data",
                        meta: &["meta", "pagination"],
                        cursors: &[&["cursor"], &["meta", "cursor"]],
                        key: "uid",
                        max_rows: 2000,
                        default_rows: ::std::option::Option::Some(100u32),
                    }),
                }
            }
        }
    }
}
impl ::std::fmt::Display for Operation {
    /// Writes the operation id.
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.id())
    }
}
/// Base URL and authentication headers.
pub mod server {
    /// URL template.
    pub const URL: &str = "https://{appId}.api-{region}.cometchat.io/v3";
    /// Whether the base URL follows from an app id and a region.
    pub(crate) const BY_APP: bool = true;
    /// What stands before the key in its header.
    pub(crate) const APIKEY_PREFIX: &str = "";
    ///A REST API key with full access (`fullAccess`). A key for authentication only (`authOnly`) is rejected.
    pub const APIKEY_HEADER: &str = "apikey";
    ///UID of the user to act on behalf of. Accepted on members, undocumented for these two lists.
    pub const ON_BEHALF_OF_HEADER: &str = "onbehalfof";
    /// Returns the base URL for these variables.
    pub fn url(app_id: &str, region: &Region) -> ::std::string::String {
        URL.replace("{appId}", app_id).replace("{region}", region.as_str())
    }
    ///Region of the app.
    ///
    ///An open enum: a value that is not known here is `Unknown`, and is sent as it came. Two values are equal if their texts are.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum Region {
        ///`us`.
        Us,
        ///`eu`.
        Eu,
        ///`in`.
        In,
        /// A value that was not known when this code was generated. Read it with `as_str`.
        Unknown(crate::values::UnknownValue),
    }
    impl Region {
        /// The known values.
        pub const KNOWN: &'static [Self] = &[Self::Us, Self::Eu, Self::In];
        /// The value as it is on the wire.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Us => "us",
                Self::Eu => "eu",
                Self::In => "in",
                Self::Unknown(value) => value.as_str(),
            }
        }
        /// The variant of a known value.
        fn known(value: &str) -> ::std::option::Option<Self> {
            match value {
                "us" => ::std::option::Option::Some(Self::Us),
                "eu" => ::std::option::Option::Some(Self::Eu),
                "in" => ::std::option::Option::Some(Self::In),
                _ => ::std::option::Option::None,
            }
        }
    }
    crate::values::open_enum!(Region);
}
/// The types that the client reads by name.
pub(crate) mod runtime {
    pub use super::types::Cursor;
    pub use super::types::ErrorCode;
    pub use super::types::Pagination;
}
