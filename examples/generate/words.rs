//! What titles, names and sentences are put together from.

/// What a group of controls is about.
pub struct Family {
    pub code: &'static str,
    /// Index into [`POLICIES`].
    pub policy: usize,
    /// Index into [`ROLES`].
    pub role: usize,
    pub criteria: &'static [&'static str],
    /// What is done, and to what: title and description take both.
    pub verbs: &'static [&'static str],
    pub objects: &'static [&'static str],
    /// Kind of evidence, name of the artefact, the query that made it.
    pub evidence: (&'static str, &'static str, &'static str),
    /// Its controls speak about systems.
    pub systems: bool,
}

const fn family(
    code: &'static str,
    (policy, role): (usize, usize),
    criteria: &'static [&'static str],
    verbs: &'static [&'static str],
    objects: &'static [&'static str],
    evidence: (&'static str, &'static str, &'static str),
    systems: bool,
) -> Family {
    Family { code, policy, role, criteria, verbs, objects, evidence, systems }
}

#[rustfmt::skip]
pub const FAMILIES: &[Family] = &[
    family("iam", (0, 0), &["CC6.1", "CC6.2", "CC6.3"], &["reviews", "recertifies", "reconciles"], &["user accounts", "privileged roles", "service accounts", "group memberships", "API tokens", "dormant accounts"], ("system-report", "users.csv", "GET /api/v1/users?limit=500"), true),
    family("chg", (1, 1), &["CC8.1"], &["approves", "reviews", "tests"], &["code changes", "infrastructure changes", "schema migrations", "feature flags", "emergency changes"], ("pull-request", "pulls.csv", "GET /repos/acme/app/pulls?state=closed"), true),
    family("ops", (2, 1), &["CC7.1", "CC7.2"], &["reviews", "triages", "tunes"], &["security alerts", "audit logs", "error budgets", "detection rules", "configuration drift"], ("log-extract", "events.log", "index=security earliest=-1mon"), true),
    family("vul", (3, 0), &["CC7.1", "CC6.8"], &["scans", "patches", "triages"], &["container images", "host packages", "third-party libraries", "public endpoints"], ("scan-report", "findings.csv", "scanner export --format csv --all"), true),
    family("net", (4, 1), &["CC6.6", "CC6.7"], &["reviews", "tests", "restricts"], &["firewall rules", "security groups", "VPN profiles", "public addresses", "egress routes"], ("config-export", "settings.json", "aws ec2 describe-security-groups"), true),
    family("cry", (5, 1), &["CC6.1", "CC6.7"], &["rotates", "inventories", "inspects"], &["encryption keys", "TLS certificates", "database credentials", "signing keys"], ("config-export", "settings.json", "aws kms list-keys"), true),
    family("end", (6, 2), &["CC6.8", "CC6.1"], &["verifies", "inventories", "enforces"], &["laptop encryption", "screen locks", "malware protection", "operating system versions"], ("system-report", "devices.csv", "GET /mdm/devices?page_size=200"), true),
    family("avl", (7, 1), &["A1.1", "A1.2", "A1.3"], &["tests", "forecasts", "restores"], &["database backups", "capacity headroom", "regional failover", "queue depth", "object storage copies"], ("test-result", "restore.log", "restore-drill --report"), true),
    family("inc", (8, 0), &["CC7.3", "CC7.4", "CC7.5"], &["reviews", "rehearses", "closes"], &["incident records", "escalation paths", "post-mortem actions", "on-call handovers"], ("ticket", "tickets.csv", "project = INC AND resolved >= startOfQuarter()"), false),
    family("ven", (9, 3), &["CC9.2"], &["assesses", "reviews", "offboards"], &["critical vendors", "subservice reports", "data processing agreements", "vendor questionnaires"], ("vendor-report", "vendors.csv", "vendor register export"), false),
    family("hr", (10, 4), &["CC1.1", "CC1.4", "CC1.5"], &["completes", "checks", "records"], &["background checks", "onboarding checklists", "exit interviews", "performance reviews", "security training"], ("training-record", "completions.csv", "GET /lms/completions"), false),
    family("gov", (11, 5), &["CC1.2", "CC1.3", "CC2.2", "CC5.3"], &["reviews", "approves", "publishes"], &["policy set", "organisation chart", "security objectives", "board minutes", "committee charters"], ("minutes", "minutes.txt", "meeting calendar"), false),
    family("risk", (12, 3), &["CC3.1", "CC3.2", "CC3.3", "CC3.4", "CC9.1"], &["assesses", "re-scores", "treats"], &["risk register", "fraud scenarios", "project risks", "regulatory changes"], ("signed-document", "assessment.txt", "risk workshop"), false),
    family("mon", (13, 3), &["CC4.1", "CC4.2", "CC5.1", "CC5.2"], &["tests", "tracks", "samples"], &["control operation", "open deficiencies", "audit actions", "penetration test findings"], ("signed-document", "worksheet.csv", "assessment worksheet"), false),
    family("com", (14, 5), &["CC2.1", "CC2.3"], &["publishes", "reviews", "answers"], &["status page notices", "support channels", "customer commitments", "release notes"], ("screenshot", "notice.txt", "status page history"), false),
    family("phy", (15, 4), &["CC6.4", "CC6.5"], &["reviews", "escorts", "disposes of"], &["badge holders", "visitors", "retired disks", "office keys"], ("system-report", "badges.csv", "badge system export"), false),
    family("dat", (16, 2), &["CC6.5", "CC6.7", "CC2.1"], &["classifies", "deletes", "maps"], &["customer records", "data stores", "retention schedules", "export jobs"], ("ticket", "deletions.csv", "SELECT * FROM deletion_jobs"), true),
    family("sdl", (17, 1), &["CC8.1", "CC7.1", "CC5.2"], &["scans", "reviews", "models"], &["source code", "threat models", "build pipelines", "dependency updates"], ("scan-report", "findings.csv", "code-scan export"), true),
    family("ast", (18, 2), &["CC6.1", "CC6.5"], &["inventories", "reconciles", "labels"], &["cloud accounts", "production hosts", "software licences", "network devices"], ("system-report", "assets.csv", "inventory export"), true),
    family("bcp", (19, 5), &["A1.2", "A1.3", "CC7.5"], &["rehearses", "updates", "reviews"], &["continuity plans", "contact trees", "recovery objectives", "alternate suppliers"], ("signed-document", "exercise.txt", "exercise report"), false),
];

#[rustfmt::skip]
pub const POLICIES: &[(&str, &str)] = &[
    ("access-control", "Access Control"), ("change-management", "Change Management"), ("logging-and-monitoring", "Logging and Monitoring"),
    ("vulnerability-management", "Vulnerability Management"), ("network-security", "Network Security"), ("cryptography", "Cryptography"),
    ("endpoint-security", "Endpoint Security"), ("availability", "Availability and Backup"), ("incident-response", "Incident Response"),
    ("vendor-management", "Vendor Management"), ("people-security", "People Security"), ("governance", "Governance"),
    ("risk-management", "Risk Management"), ("monitoring-of-controls", "Monitoring of Controls"), ("communication", "Communication"),
    ("physical-security", "Physical Security"), ("data-management", "Data Management"), ("secure-development", "Secure Development"),
    ("asset-management", "Asset Management"), ("business-continuity", "Business Continuity"),
];

/// Sections of every policy: anchor, heading, what it says. `{{ … }}` are variables of `soc2.toml`.
#[rustfmt::skip]
pub const SECTIONS: &[(&str, &str, &str)] = &[
    ("purpose", "Purpose", "This policy says what {{ organization.name }} does about it, for {{ system.name }} and the people who run it."),
    ("scope", "Scope", "It holds for every employee, contractor and system inside the boundary of the audit."),
    ("duties", "Duties", "The owner answers for this policy. Each control names the role that performs it, and another person reviews the record."),
    ("cadence", "How often", "Reviews take place each quarter unless a control says otherwise; a record is filed within {{ filing_days }} days."),
    ("rules", "Rules", "Access is given for a reason, recorded, and taken away within {{ termination_hours }} hours after the reason ends."),
    ("settings", "Settings", "Passwords are at least {{ password_min_length }} characters long and links use TLS {{ tls_min }} or newer."),
    ("records", "Records", "Each performance leaves a record with its date, its performer and its result; records are kept for {{ retention_months }} months."),
    ("exceptions", "Exceptions", "Exceptions are written down with a reason and an end, and approved by {{ approver }} before they take effect."),
];

/// Variables of `soc2.toml` that [`SECTIONS`] use.
#[rustfmt::skip]
pub const VARIABLES: &[(&str, &str)] = &[
    ("approver", "the security lead"), ("filing_days", "10"), ("password_min_length", "14"), ("retention_months", "18"),
    ("termination_hours", "24"), ("tls_min", "1.2"),
];

#[rustfmt::skip]
pub const ROLES: &[(&str, &str)] = &[
    ("security-lead", "Security lead"), ("engineering-lead", "Engineering lead"), ("it-lead", "IT lead"), ("compliance-lead", "Compliance lead"),
    ("hr-lead", "HR lead"), ("ceo", "Chief executive"), ("platform-on-call", "Platform on call"), ("data-protection-lead", "Data protection lead"),
    ("support-lead", "Support lead"), ("finance-lead", "Finance lead"), ("internal-auditor", "Internal auditor"), ("facilities-lead", "Facilities lead"),
];

#[rustfmt::skip]
pub const SYSTEMS: &[(&str, &str)] = &[
    ("github", "GitHub"), ("aws-production", "AWS production"), ("aws-staging", "AWS staging"), ("okta", "Okta"), ("postgres-eu", "PostgreSQL EU"),
    ("postgres-us", "PostgreSQL US"), ("kubernetes", "Kubernetes"), ("datadog", "Datadog"), ("jira", "Jira"), ("slack", "Slack"),
    ("google-workspace", "Google Workspace"), ("billing", "Billing"), ("customer-portal", "Customer portal"), ("data-warehouse", "Data warehouse"),
    ("mdm", "Device management"), ("vault", "Vault"), ("zendesk", "Zendesk"), ("cloudflare", "Cloudflare"), ("terraform", "Terraform"), ("hris", "HR system"),
];

#[rustfmt::skip]
pub const AREAS: &[&str] = &[
    "the billing platform", "the customer portal", "the reporting service", "the payments gateway", "the data warehouse", "the mobile API",
    "the partner API", "the admin console", "the event pipeline", "the search cluster", "the identity service", "the document store",
    "the notification service", "the EU region", "the US region", "the APAC region", "the staging estate", "the build farm", "the support desk",
    "the corporate network", "the finance team", "the platform team", "the research team", "the onboarding flow", "the analytics jobs",
    "the message broker", "the edge network", "the archive", "the licensing service", "the training platform",
];

#[rustfmt::skip]
pub const GIVEN: &[&str] = &[
    "alice", "bob", "carol", "dana", "erin", "frank", "grace", "heidi", "ivan", "judy", "karl", "lena", "mallory", "nadia", "oscar", "peggy",
    "quentin", "rosa", "sybil", "trent", "uma", "victor", "wendy", "xavier", "yara", "zoe", "amir", "beth", "chidi", "dmitri", "elena", "farah",
];

#[rustfmt::skip]
pub const SURNAMES: &[&str] = &[
    "lee", "rao", "kim", "novak", "okafor", "silva", "meyer", "tanaka", "ortiz", "haddad", "jensen", "kowalski", "dubois", "rossi", "nguyen",
    "petrov", "murphy", "schmidt", "costa", "ali", "svensson", "moreau", "yilmaz", "brown", "singh", "ivanova", "popescu", "garcia", "walker", "zhou",
];

#[rustfmt::skip]
pub const FINDINGS: &[&str] = &[
    "all entries match the source of truth and nothing had to change",
    "two entries no longer had an owner and were removed the same day",
    "every item was checked against its ticket and carries an approval",
    "one setting had drifted and was put back by the on-call engineer",
    "the sample of 25 items shows approval before release in each case",
    "no critical items are open and high ones stand inside their limit",
];
