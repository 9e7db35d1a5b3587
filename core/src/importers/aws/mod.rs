//! The reader of AWS.
mod iam;
