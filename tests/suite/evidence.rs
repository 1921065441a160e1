//! `soc2 evidence`: what it writes, what it refuses, and that what it wrote holds.

use soc2::program::review_digest;
use soc2::source::hex;

use crate::support::root;

/// The digest of the documented manifest was computed by the Python that stands below it.
#[test]
fn the_documented_digest_is_right() {
    let text = std::fs::read_to_string(root().join("docs/formats.md")).unwrap();
    let section = text.split("\n## A manifest\n").nth(1).unwrap();
    let manifest = section.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let digest = hex(&review_digest(manifest).unwrap().0);
    assert!(manifest.contains(&format!("digest: \"{digest}\"")), "{digest} is not in\n{manifest}");
}
