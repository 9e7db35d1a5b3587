//! The Node binding, native part: what `lib/*.js` builds the public face on. Nothing here decides anything; the crate `tenantgraph` does.
//!
//! Long work runs on libuv's pool as a [`work::Work`], which gives its value or a [`failure::Failure`]; the façade turns the latter into a
//! `TenantGraphError`. Progress and cancelling go through a [`watch::Watch`] that the façade polls, so no thread ever calls into JavaScript.

mod answer;
mod command;
mod estate;
mod failure;
mod lists;
mod policy;
mod report;
mod rule;
mod source;
mod table;
mod watch;
mod work;
