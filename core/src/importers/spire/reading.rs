//! [`Reading`]: takes entries, agents, federation and configuration, and adds them when the last was read.

use super::add;
use super::configuration::Configuration;
use super::entry::{Agent, Entry, Federation, SpiffeId, selectors, trust_domain};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::Position;
use crate::importers::objects::{Fields, Taken, each_object, named};
use crate::importers::{ImportContext, ImportReading, Input};

/// What was read, and where.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub entries: Vec<(Position, Entry)>,
    pub agents: Vec<(Position, Agent)>,
    pub federations: Vec<(Position, Federation)>,
    pub configurations: Vec<(Position, Configuration)>,
}

const NOTHING: &str = "no entry, agent or federation of SPIRE";
const NO_ID: &str = "an agent without a SPIFFE ID";
const NO_DOMAIN: &str = "a federation without its trust domain";

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let first = input.bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte));
        if !matches!(first, Some(b'{' | b'[')) {
            return self.configuration(input, context);
        }
        let own = named(input, "trust-domain").map(trust_domain);
        each_object(input, context, NOTHING, &mut |context, fields, _| self.object(context.builder.position(), fields, own.as_deref()))
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let position = context.builder.position();
        context.observer.check(0, 0)?;
        add::all(&self, context.builder);
        context.builder.resume(position);
        Ok(())
    }
}

impl Reading {
    fn object(&mut self, position: Position, fields: Fields<'_>, own: Option<&str>) -> Taken {
        if fields.has("spiffe_id") {
            return match Entry::of(fields) {
                Ok(entry) => {
                    self.entries.push((position, entry));
                    Taken::Whole
                }
                Err(reason) => Taken::Skipped(reason),
            };
        }
        if fields.has("attestation_type") {
            let Some(id) = SpiffeId::in_field(fields, "id") else { return Taken::Skipped(NO_ID) };
            let banned = fields.flag("banned") == Some(true);
            self.agents.push((position, Agent { id, banned, selectors: selectors(fields) }));
            return Taken::Whole;
        }
        if fields.has("bundle_endpoint_url") {
            let Some(other) = fields.text("trust_domain") else { return Taken::Skipped(NO_DOMAIN) };
            self.federations.push((position, Federation { own: own.map(str::to_owned), other: trust_domain(other) }));
            return Taken::Whole;
        }
        Taken::LookInside
    }

    fn configuration(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let refused = |line: Option<u64>, reason: &str| {
            let place = Place { line, ..Place::new(&input.name) };
            Err(Error::new(ErrorCode::InvalidInput, format!("{reason}; export it again")).at(place))
        };
        let Ok(text) = std::str::from_utf8(&input.bytes) else { return refused(None, "the text is not UTF-8") };
        context.builder.record();
        match Configuration::of(text, context.key) {
            Ok(configuration) => self.configurations.push((context.builder.position(), configuration)),
            Err((line, reason)) => return refused(line, reason),
        }
        Ok(())
    }
}
