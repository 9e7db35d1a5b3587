//! [`Reading`]: takes reports record by record and keeps what each finding says once its value is gone.

use super::finding::{Finding, Found, Reason};
use super::places::Holder;
use super::shape::Shape;
use super::{add, detect_secrets, ggshield, github_alert, gitleaks, gitleaks_table, nosey_parker, sarif, trufflehog};
use crate::error::{Place, Result};
use crate::estate::FingerprintKey;
use crate::importers::records::{Record, Records};
use crate::importers::{ImportContext, ImportReading, Input};

/// A reading of any number of reports.
#[derive(Debug, Default)]
pub(super) struct Reading {
    findings: Vec<Finding>,
}

/// How many records are read between two looks at the observer.
const STEP: u64 = 1024;
const UNKNOWN: Reason = "no finding of a scanner that this reader knows";
const LOG: Reason = "a line of the scanner's log, not a finding";
const EMPTY: Reason = "a record with nothing in it";
pub(super) type Bad = (Place, Reason);

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let mut report = Report { named: name_of(input), input: &input.name, findings: &mut self.findings };
        if gitleaks_table::is_table(&input.bytes) {
            gitleaks_table::take(&input.bytes, &mut report, context);
            return Ok(());
        }
        // How gitleaks writes that there is no finding.
        if input.bytes.trim_ascii() == b"null" {
            return Ok(());
        }
        let mut records = Records::new(&input.name, &input.bytes)?;
        while let Some(record) = records.next() {
            if context.builder.record().is_multiple_of(STEP) {
                context.observer.check(records.taken(), input.bytes.len() as u64)?;
            }
            if let Err((place, reason)) = report.record(&record, context) {
                context.builder.skip(place, reason);
            }
        }
        Ok(())
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let position = context.builder.position();
        context.observer.check(0, 0)?;
        add::all(self.findings, context.builder);
        context.builder.resume(position);
        Ok(())
    }
}

/// The name behind the format, `leaks@https://github.com/acme/shop`.
fn name_of(input: &Input) -> Option<&str> {
    input.format.as_deref()?.split_once('@').map(|(_, name)| name)
}

/// A report under way.
pub(super) struct Report<'r> {
    /// What the caller says was scanned.
    named: Option<&'r str>,
    /// The name of the input.
    input: &'r str,
    findings: &'r mut Vec<Finding>,
}

impl Report<'_> {
    fn record(&mut self, record: &Record<'_>, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let place = record.place();
        let text = record.object().map_err(|reason| (place.clone(), reason))?;
        let key = context.key;
        let shape = Shape::of(text);
        match shape {
            Some(Shape::Gitleaks) => self.keep(gitleaks::found(record.parse()?, key), context),
            Some(Shape::GitleaksOld) => self.keep(gitleaks::found_old(record.parse()?, key), context),
            Some(Shape::TruffleHog) => self.keep(trufflehog::found(record.parse()?, key), context),
            Some(Shape::TruffleHog3) => self.keep(trufflehog::found_in_python(record.parse()?, key), context),
            Some(Shape::GithubAlert) => {
                let found = github_alert::found(record.parse()?, key).map_err(|reason| (place.clone(), reason))?;
                self.keep(found, context);
            }
            Some(Shape::NoseyParker) => self.keep_all(nosey_parker::found(record.parse()?, key), &place, context),
            Some(Shape::Ggshield) => self.keep_all(ggshield::found(record.parse()?, key), &place, context),
            Some(Shape::DetectSecrets) => self.keep_all(detect_secrets::found(record.parse()?, key), &place, context),
            Some(Shape::Sarif) => self.keep_all(sarif::found(record.parse()?, key), &place, context),
            Some(Shape::Log) => return Err((place, LOG)),
            Some(Shape::Empty) => return Err((place, EMPTY)),
            None => return Err(record.parse::<serde::de::IgnoredAny>().err().unwrap_or((place, UNKNOWN))),
        }
        Ok(())
    }

    /// Keeps the findings of a record that may have several.
    fn keep_all(&mut self, found: Vec<Result<Found, Reason>>, place: &Place, context: &mut ImportContext<'_>) {
        for found in found {
            match found {
                Ok(found) => self.keep(found, context),
                Err(reason) => context.builder.skip(place.clone(), reason),
            }
        }
    }

    /// Keeps a finding.
    pub fn keep(&mut self, found: Found, context: &mut ImportContext<'_>) {
        let Found { detector, mut place, told, works, found_at, revoked } = found;
        if place.holder.is_none() {
            place.holder = self.named.map(Holder::named);
        }
        let position = context.builder.position();
        let detector = detector.unwrap_or_else(|| "unknown".to_owned());
        self.findings.push(Finding { detector, place, told, works, found_at, revoked, report: self.input.to_owned(), position });
    }
}

/// What each tool's file does with the value that it is given.
pub(super) type Key = FingerprintKey;
