use semver::{Prerelease, Version, VersionReq};

use super::*;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "required-version",
    brief: "soc2.toml asks for another version of this program",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
`required_version` of `soc2.toml` is no range of versions, or this program is not in it. A release candidate counts as the
version it will become.

## Why it matters
Two versions may judge one commit differently. The range keeps a laptop, the pull request and the archive for the auditor
at the same verdict.

## Example
```toml
#- soc2.toml
required_version = ">=99"
#                  ^^^^^ `>=99` excludes this program, soc2
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
```

```toml
#- soc2.toml
required_version = "latest"
#                  ^^^^^^^^ `latest` is not a range of versions
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
```

## Fixed
```toml
#- soc2.toml
required_version = ">=0.1"
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let Some(required) = program.config.as_ref().and_then(|config| config.required_version.as_ref()) else {
        return;
    };
    let typed = clip(&safe(&required.value), 60);
    let Ok(range) = VersionReq::parse(&required.value) else {
        let help = match meant(&required.value) {
            Some(meant) => format!("write `{meant}`"),
            None => "write `>=0.1, <0.2`, with a comma between the ends".to_owned(),
        };
        faults.at(required.at, format!("`{typed}` is not a range of versions")).help(help);
        return;
    };
    let name = env!("CARGO_PKG_VERSION");
    let Ok(version) = Version::parse(name) else { return };
    if !range.matches(&Version { pre: Prerelease::EMPTY, ..version }) {
        faults
            .at(required.at, format!("`{typed}` excludes this program, soc2 {name}"))
            .help("install a version of that range, or widen the range in a pull request of its own");
    }
}

/// `>=0.1 <0.2`, `==0.1.0` and `v0.1` as this notation has them.
fn meant(typed: &str) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in typed.replace(',', " ").split_whitespace() {
        let word = word.replace("==", "=").replace('v', "");
        match parts.last_mut() {
            Some(last) if last.ends_with(['<', '>', '=', '~', '^']) => last.push_str(&word),
            _ => parts.push(word),
        }
    }
    let mended = parts.join(", ");
    VersionReq::parse(&mended).is_ok().then_some(mended)
}
