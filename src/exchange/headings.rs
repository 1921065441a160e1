//! The heading of a column as words, and the columns that are never read.

/// A text as words of lower-case letters and digits, `#` a word of its own: `firstName`, `First_Name` and `First name*` are all
/// `first name`.
pub(super) fn words(text: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in text.chars().take(200) {
        match c {
            '#' | '№' => out.push_str(" # "),
            '\'' | '’' => {}
            c if c.is_alphanumeric() => {
                // `hireDate` has two words, `SSN` has one.
                if c.is_uppercase() && before.is_lowercase() {
                    out.push(' ');
                }
                out.extend(c.to_lowercase());
            }
            _ => out.push(' '),
        }
        before = c;
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A heading as words, without what stands in brackets: `Email Address [Required]` is `email address`.
pub(super) fn normal(heading: &str) -> String {
    if heading.trim_start().starts_with(['(', '[']) {
        return words(heading);
    }
    let (mut plain, mut depth) = (String::new(), 0usize);
    for c in heading.chars().take(200) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    words(&plain)
}

/// Words of headings whose columns a list of people may have and a programme has no need of.
const PERSONAL: &[&str] = &[
    "salary",
    "compensation",
    "pay",
    "wage",
    "wages",
    "bonus",
    "commission",
    "ssn",
    "sin",
    "social security",
    "national id",
    "tax id",
    "birth",
    "birthday",
    "birthdate",
    "dob",
    "age",
    "gender",
    "sex",
    "pronouns",
    "ethnicity",
    "race",
    "religion",
    "marital",
    "nationality",
    "citizenship",
    "passport",
    "visa",
    "iban",
    "bank",
    "routing",
    "health",
    "medical",
    "disability",
    "veteran",
    "emergency",
    "dependents",
    "password",
    "home",
    "personal",
    "private",
    "recovery",
    "street",
    "zip",
    "zipcode",
    "postal",
    "postcode",
    "address 1",
    "address1",
    "address line",
    "mobile",
    "cell phone",
];

/// Why a column is never read, if it is not: what is personal, and the wording of criteria.
pub(super) fn never_read(kind: super::Kind, heading: &str) -> Option<&'static str> {
    use super::Kind;
    let normal = normal(heading);
    let has = |any: &[&str]| super::words::has_any(&normal, any);
    match kind {
        Kind::People | Kind::Training | Kind::Acknowledgements if has(PERSONAL) => {
            Some("personal data that a programme has no need of")
        }
        Kind::Controls | Kind::Risks
            if has(&[
                "criteria",
                "criterion",
                "tsc",
                "requirement",
                "requirements",
                "point of focus",
                "points of focus",
            ]) && has(&[
                "text",
                "description",
                "wording",
                "statement",
                "title",
                "name",
                "language",
                "details",
                "summary",
            ]) =>
        {
            Some("the wording of criteria, which is the AICPA's")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn headings_are_words() {
        for (heading, expected) in [
            ("First Name [Required]", "first name"),
            ("firstName", "first name"),
            ("first_name", "first name"),
            ("Employee #", "employee #"),
            ("Manager's email*", "managers email"),
            ("SSN", "ssn"),
            ("(Ref)", "ref"),
            ("E-mail", "e mail"),
            ("Start date (MM/DD/YYYY)", "start date"),
        ] {
            assert_eq!(normal(heading), expected, "{heading}");
        }
    }

    #[test]
    fn what_is_personal_or_the_aicpas_is_never_read() {
        for heading in [
            "Salary",
            "Date of Birth",
            "Home Email",
            "Personal E-mail",
            "SSN (last 4)",
            "dateOfBirth",
            "payRate",
        ] {
            assert!(never_read(Kind::People, heading).is_some(), "{heading}");
        }
        for heading in ["Name", "Work Email", "Hire Date", "Manager", "Status"] {
            assert!(never_read(Kind::People, heading).is_none(), "{heading}");
        }
        for heading in ["Criteria text", "TSC Description", "Criterion", "Requirement wording"] {
            assert_eq!(never_read(Kind::Controls, heading).is_some(), heading != "Criterion", "{heading}");
        }
        assert!(never_read(Kind::Vendors, "Personal data").is_none());
    }
}
