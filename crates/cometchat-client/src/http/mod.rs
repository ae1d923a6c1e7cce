//! The request pipeline of one call: headers, rate limit, attempts, retry, events.

pub(crate) mod attempt;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod call_info;
pub(crate) mod classify;
pub(crate) mod clock;
pub(crate) mod disguise;
pub(crate) mod events;
pub(crate) mod pacer;
pub(crate) mod rate_limit;
pub(crate) mod request_state;
pub(crate) mod response;
pub(crate) mod retry_budget;
pub(crate) mod retry_loop;
pub(crate) mod retry_policy;
pub(crate) mod runtime;
mod trace;
