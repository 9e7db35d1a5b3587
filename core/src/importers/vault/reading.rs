//! [`Reading`]: tells audit records, outputs and policies apart, and adds them when the last was read.

use super::configuration::{self, From};
use super::names::{Home, UNNAMED, api_path};
use super::policy::Policy;
use super::world::World;
use super::{add, audit};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::importers::objects::{Taken, each_object};
use crate::importers::{ImportContext, ImportReading, Input};

/// A reading of any number of outputs.
#[derive(Debug, Default)]
pub(super) struct Reading {
    world: World,
}

const NOTHING: &str = "no record or output of Vault that this reader knows";

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let home = Home::of(input);
        self.world.inputs.push(home.vault != UNNAMED);
        let first = input.bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte));
        if !matches!(first, Some(b'{' | b'[')) {
            return self.policy(input, &home, context);
        }
        let path = api_path(input);
        each_object(input, context, NOTHING, &mut |context, fields, _| {
            let position = context.builder.position();
            if audit::is_record(fields) {
                audit::take(&mut self.world, &home, position, fields);
                return Taken::Whole;
            }
            configuration::take(&mut self.world, &From { home: &home, path: path.as_deref(), position, key: context.key }, fields)
        })
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let position = context.builder.position();
        add::all(&self.world, context)?;
        context.builder.resume(position);
        Ok(())
    }
}

impl Reading {
    /// A policy as HCL, named by its file.
    fn policy(&mut self, input: &Input, home: &Home, context: &mut ImportContext<'_>) -> Result<()> {
        let refused = |line: Option<u64>, reason: &str| {
            let place = Place { line, ..Place::new(&input.name) };
            Err(Error::new(ErrorCode::InvalidInput, format!("{reason}; export it again")).at(place))
        };
        let Ok(text) = std::str::from_utf8(&input.bytes) else { return refused(None, "the text is not UTF-8") };
        context.builder.record();
        let name = input.name.rsplit(['/', '\\']).next().unwrap_or(&input.name);
        let name = name.strip_suffix(".hcl").unwrap_or(name);
        match Policy::of(text) {
            Ok(policy) if !policy.rules.is_empty() => {
                configuration::add_policy(&mut self.world, home, name, context.builder.position(), policy);
                Ok(())
            }
            Ok(_) => refused(None, "the input is empty"),
            Err((line, reason)) => refused(line, reason),
        }
    }
}
