//! Schedules of Argo CD's sync windows: the five fields of cron, as the library that Argo CD reads them with takes them (robfig/cron, its standard
//! fields and nothing else: no seconds, no `@daily`, no `L`). Kubernetes reads those of CronJobs with the same library, and takes its words as well.

use super::Misshape;
use super::duration::Duration;

/// A field: its name, its bounds, and names for its numbers.
struct CronField {
    name: &'static str,
    bounds: (u32, u32),
    names: &'static [&'static str],
}

const FIELDS: [CronField; 5] = [
    CronField { name: "minute", bounds: (0, 59), names: &[] },
    CronField { name: "hour", bounds: (0, 23), names: &[] },
    CronField { name: "day of the month", bounds: (1, 31), names: &[] },
    CronField {
        name: "month",
        bounds: (1, 12),
        names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    CronField { name: "day of the week", bounds: (0, 6), names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/// Checks a schedule.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn check(text: &str) -> Result<(), Misshape> {
    super::short(text)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() != FIELDS.len() {
        let shape = "a schedule has five fields: minute, hour, day of the month, month, day of the week";
        return Err(Misshape { reason: shape.to_owned(), instead: descriptor(text).map(str::to_owned) });
    }
    for (at, (field, word)) in FIELDS.iter().zip(&words).enumerate() {
        let mut parts = word.split(',').filter(|part| !part.is_empty()).peekable();
        if parts.peek().is_none() {
            return Err(Misshape::new(format!("the {} is empty", field.name)));
        }
        for part in parts {
            if let Err(mut flaw) = field.check(part) {
                flaw.instead = flaw.instead.filter(|_| part.len() == 1).map(|instead| {
                    let word = word.replacen(part, &instead, 1);
                    let with = words.iter().enumerate().map(|(other, kept)| if other == at { word.as_str() } else { kept });
                    with.collect::<Vec<_>>().join(" ")
                });
                return Err(flaw);
            }
        }
    }
    Ok(())
}

/// Checks the schedule of a CronJob: five fields, or a word of the library.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn check_job(text: &str) -> Result<(), Misshape> {
    // The library does not trim what begins with this.
    if descriptor(text).is_some() && text.trim() == text {
        return Ok(());
    }
    match text.strip_prefix("@every ") {
        Some(every) => Duration::parse(every).map(|_| ()),
        None => check(text),
    }
}

/// What other readers of cron take for five fields.
fn descriptor(text: &str) -> Option<&'static str> {
    Some(match text.trim() {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => return None,
    })
}

impl CronField {
    fn check(&self, part: &str) -> Result<(), Misshape> {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        if let Some(step) = step.filter(|step| number(step).is_none_or(|step| step == 0)) {
            return Err(Misshape::new(format!("`{step}` is no step for the {}", self.name)));
        }
        if matches!(range, "*" | "?") {
            return Ok(());
        }
        let (low, high) = range.split_once('-').map_or((range, None), |(low, high)| (low, Some(high)));
        let low = self.value(low)?;
        let high = high.map_or(Ok(low), |high| self.value(high))?;
        if low > high {
            return Err(Misshape::new(format!("`{range}` runs backwards: the {} is {low}, then {high}", self.name)));
        }
        Ok(())
    }

    fn value(&self, word: &str) -> Result<u32, Misshape> {
        let (first, last) = self.bounds;
        let named = self.names.iter().position(|name| word.eq_ignore_ascii_case(name)).and_then(|at| u32::try_from(at).ok());
        match named.map(|at| first + at).or_else(|| number(word)) {
            Some(value) if (first..=last).contains(&value) => Ok(value),
            // Sunday elsewhere.
            Some(7) if last == 6 => Err(Misshape { reason: "Sunday is 0 here".to_owned(), instead: Some("0".to_owned()) }),
            Some(_) => Err(Misshape::new(format!("the {} goes from {first} to {last}, and `{word}` is outside", self.name))),
            None => Err(Misshape::new(format!("`{word}` is no {}", self.name))),
        }
    }
}

fn number(word: &str) -> Option<u32> {
    word.bytes().all(|byte| byte.is_ascii_digit()).then(|| word.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn jobs_may_say_words() {
        for fine in ["@daily", "@midnight", "@every 1h30m", "0 18 * * 5"] {
            assert!(check_job(fine).is_ok(), "{fine}");
        }
        for wrong in ["@fortnightly", "@every", "@every day", " @daily", "0 18 * *", "@reboot"] {
            assert!(check_job(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn schedules_are_what_argo_cd_takes() {
        // Tried with Argo CD 3.2 (`AppProject.spec.syncWindows`).
        for fine in ["0 18 * * 5", "*/15 0-6,22 ? jan-MAR mon,WED", "59 23 31 12 6", "5/10 * * * *", "0 0 1,,2 * *", " 0  0 * * * "] {
            assert!(check(fine).is_ok(), "{fine}");
        }
        let mut said = String::new();
        for wrong in [
            "",
            "fridays",
            "@daily",
            "0 18 * *",
            "0 18 * * 5 2026",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "0 0 * * 7",
            "0 0 * * 5-7",
            "0 0 * * fri-mon",
            "*/0 * * * *",
            "*/x * * * *",
            "-1 * * * *",
            "1- * * * *",
            "* * L * *",
            ", * * * *",
            "+1 * * * *",
            "99999999999 * * * *",
        ] {
            let flaw = check(wrong).unwrap_err();
            let instead = flaw.instead.map(|instead| format!(" -> {instead}")).unwrap_or_default();
            said.push_str(&format!("{wrong}: {}{instead}\n", flaw.reason));
        }
        expect![[r#"
            : a schedule has five fields: minute, hour, day of the month, month, day of the week
            fridays: a schedule has five fields: minute, hour, day of the month, month, day of the week
            @daily: a schedule has five fields: minute, hour, day of the month, month, day of the week -> 0 0 * * *
            0 18 * *: a schedule has five fields: minute, hour, day of the month, month, day of the week
            0 18 * * 5 2026: a schedule has five fields: minute, hour, day of the month, month, day of the week
            60 * * * *: the minute goes from 0 to 59, and `60` is outside
            * 24 * * *: the hour goes from 0 to 23, and `24` is outside
            * * 0 * *: the day of the month goes from 1 to 31, and `0` is outside
            * * * 13 *: the month goes from 1 to 12, and `13` is outside
            0 0 * * 7: Sunday is 0 here -> 0 0 * * 0
            0 0 * * 5-7: Sunday is 0 here
            0 0 * * fri-mon: `fri-mon` runs backwards: the day of the week is 5, then 1
            */0 * * * *: `0` is no step for the minute
            */x * * * *: `x` is no step for the minute
            -1 * * * *: `` is no minute
            1- * * * *: `` is no minute
            * * L * *: `L` is no day of the month
            , * * * *: the minute is empty
            +1 * * * *: `+1` is no minute
            99999999999 * * * *: `99999999999` is no minute
        "#]]
        .assert_eq(&said);
    }
}
