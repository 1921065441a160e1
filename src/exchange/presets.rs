//! Lists as certain tools export them, where their columns are documented in public: only those columns are read then. Each names
//! the page that documents them. Vanta, Secureframe, Gusto, Deel and HiBob are not here: the columns of their exports are chosen by
//! whoever exports, or not documented; their usual headings are understood without a preset.

use super::Kind;

/// The columns of a tool's export.
#[derive(Debug)]
pub struct Preset {
    pub name: &'static str,
    pub kind: Kind,
    /// Where its columns are documented.
    pub source: &'static str,
    /// Each heading and the field it fills.
    pub columns: &'static [(&'static str, &'static str)],
}

/// Every preset.
static PRESETS: &[Preset] = &[
    Preset {
        name: "6clicks",
        kind: Kind::Controls,
        source: "https://knowledgebase.6clicks.com/importing-controls-and-responsibilities-using-csv/excel",
        columns: &[
            ("Control ID", "id"),
            ("Control Title", "title"),
            ("Control Description", "description"),
            ("Control Domain", "area"),
        ],
    },
    Preset {
        name: "bamboohr",
        kind: Kind::People,
        source: "https://documentation.bamboohr.com/docs/list-of-field-names",
        columns: &[
            ("displayName", "name"),
            ("firstName", "first"),
            ("lastName", "last"),
            ("workEmail", "emails"),
            ("hireDate", "start"),
            ("terminationDate", "end"),
            ("supervisorEId", "manager"),
            ("supervisor", "manager"),
            ("employmentHistoryStatus", "kind"),
            ("status", "status"),
            ("employeeNumber", "number"),
        ],
    },
    Preset {
        name: "drata",
        kind: Kind::Controls,
        source: "https://help.drata.com/en/articles/13380335-create-edit-and-manage-controls-new-experience",
        columns: &[("Control Code", "id"), ("Code", "id"), ("Name", "title"), ("Description", "description")],
    },
    Preset {
        name: "drata",
        kind: Kind::People,
        source: "https://help.drata.com/en/articles/8231902-manual-import-connection-for-identity-management",
        columns: &[
            ("id", "number"),
            ("first_name", "first"),
            ("last_name", "last"),
            ("email", "emails"),
            ("is_contractor", "kind"),
        ],
    },
    Preset {
        name: "drata",
        kind: Kind::Risks,
        source: "https://help.drata.com/en/articles/11690245-understanding-the-drata-risk-register",
        columns: &[
            ("Risk ID", "id"),
            ("ID", "id"),
            ("Name", "title"),
            ("Description", "statement"),
            ("Controls", "controls"),
            ("Categories", "category"),
            // https://help.drata.com/en/articles/13370793-assess-and-manage-individual-risks-new-experience
            ("Inherent Impact", "inherent.impact"),
            ("Inherent Likelihood", "inherent.likelihood"),
            ("Residual Impact", "residual.impact"),
            ("Residual Likelihood", "residual.likelihood"),
            ("Treatment", "response"),
            ("Treatment Plan", "response"),
            ("Treatment Details", "action"),
            ("Anticipated Completion Date", "due"),
        ],
    },
    Preset {
        name: "google-workspace",
        kind: Kind::People,
        source: "https://support.google.com/a/answer/40057",
        columns: &[
            ("First Name", "first"),
            ("Last Name", "last"),
            ("Email Address", "emails"),
            ("Employee ID", "number"),
            ("Employee Type", "kind"),
            ("Manager Email", "manager"),
            ("Status", "status"),
        ],
    },
    Preset {
        name: "hyperproof",
        kind: Kind::Risks,
        source: "https://docs.hyperproof.io/cm/en/risk-register-overview/importing-risks.html",
        columns: &[
            ("ID", "id"),
            ("Name", "title"),
            ("Description", "statement"),
            ("Owner", "owner"),
            ("Response", "response"),
            ("Category", "category"),
        ],
    },
    Preset {
        name: "hyperproof",
        kind: Kind::Vendors,
        source: "https://docs.hyperproof.io/admin/en/vendor-register-overview/importing-vendors",
        columns: &[("Name", "name"), ("Category", "service"), ("Status", "status"), ("Owner", "owner")],
    },
    Preset {
        name: "okta",
        kind: Kind::People,
        // The attributes of a profile are the headings of the template.
        source: "https://help.okta.com/en/prod/Content/Topics/users-groups-profiles/usgp-import-users-csv.htm",
        columns: &[
            ("displayName", "name"),
            ("firstName", "first"),
            ("lastName", "last"),
            ("email", "emails"),
            ("login", "emails"),
            ("userType", "kind"),
            ("employeeNumber", "number"),
            ("managerId", "manager"),
            ("manager", "manager"),
        ],
    },
    Preset {
        name: "rippling",
        kind: Kind::People,
        // The fields of a report, as a tool that takes such reports documents them.
        source: "https://help.lattice.com/hc/en-us/articles/1500000933022-Import-Your-Organization-from-Rippling",
        columns: &[
            ("Employee name", "name"),
            ("Legal first name", "first"),
            ("Legal last name", "last"),
            ("Work email", "emails"),
            ("Manager - Work email", "manager"),
            ("Employment status", "status"),
            ("Start date", "start"),
        ],
    },
];

/// The presets of a kind of list.
pub fn presets(kind: Kind) -> impl Iterator<Item = &'static Preset> {
    PRESETS.iter().filter(move |preset| preset.kind == kind)
}

/// The preset of a name.
pub fn preset(kind: Kind, name: &str) -> Option<&'static Preset> {
    presets(kind).find(|preset| preset.name.eq_ignore_ascii_case(name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_fill_fields_that_there_are_and_name_their_source() {
        for preset in PRESETS {
            assert!(preset.source.starts_with("https://"), "{}", preset.name);
            for (heading, field) in preset.columns {
                let known = preset.kind.fields().iter().any(|one| one.name == *field);
                assert!(known, "{} fills `{field}` from `{heading}`", preset.name);
            }
        }
        assert!(preset(Kind::People, "Okta").is_some() && preset(Kind::Vendors, "okta").is_none());
    }

    #[test]
    fn a_heading_means_one_field_of_a_kind() {
        for kind in Kind::ALL {
            let mut all: Vec<&str> =
                kind.fields().iter().flat_map(|field| field.called.iter().copied()).collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "{} means two things somewhere", kind.word());
            for field in kind.fields().iter().filter(|field| !field.heading.is_empty()) {
                let ours = super::super::headings::normal(field.heading);
                assert!(field.called.contains(&&*ours), "`{}` is not understood by us", field.heading);
            }
        }
    }
}
