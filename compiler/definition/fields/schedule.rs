//! Schedules of CronJobs, which a cluster reads more narrowly than its schema says. In comes an object, out goes a report about its schedule.

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::unit::schedule;
use crate::value::Value;

/// Checks the schedule of an object, as far as it is written.
pub(super) fn check(object: &Value, diagnostics: &mut Diagnostics) {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    if (text("apiVersion"), text("kind")) != (Some("batch/v1"), Some("CronJob")) {
        return;
    }
    let Some((said, text)) = object.at(&["spec", "schedule"]).and_then(|said| Some((said, said.as_str()?))) else { return };
    if let Some((zone, rest)) = zone(text) {
        diagnostics.push(errors::zone_in_schedule(zone, rest, object.at(&["spec", "timeZone"]).is_some(), said.origin.span));
    } else if let Err(flaw) = schedule::check_job(text) {
        diagnostics.push(errors::no_schedule(text, flaw, said.origin.span));
    }
}

/// The time zone that stands in front of a schedule, and the rest.
fn zone(text: &str) -> Option<(&str, &str)> {
    let said = text.trim_start();
    let said = said.strip_prefix("CRON_TZ=").or_else(|| said.strip_prefix("TZ="))?;
    Some(said.split_once(char::is_whitespace).map_or((said, ""), |(zone, rest)| (zone, rest.trim())))
}
