//! The texts below `data/`, inside the binary.

use include_dir::{Dir, include_dir};

static DATA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples/company/data");

/// A text by its path below `data/`.
pub fn text(path: &str) -> &'static str {
    let file = DATA.get_file(path).unwrap_or_else(|| panic!("no data/{path}"));
    file.contents_utf8().unwrap_or_else(|| panic!("data/{path} is no text"))
}

/// Every text below a folder of `data/`: its path below that folder, and what it says; in the order of the paths.
pub fn below(folder: &str) -> Vec<(String, &'static str)> {
    fn visit(dir: &'static Dir<'static>, folder: &str, out: &mut Vec<(String, &'static str)>) {
        for file in dir.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            if let (Some(path), Some(text)) = (path.strip_prefix(folder), file.contents_utf8()) {
                out.push((path.to_owned(), text));
            }
        }
        for inner in dir.dirs() {
            visit(inner, folder, out);
        }
    }
    let mut out = Vec::new();
    visit(&DATA, folder, &mut out);
    out.sort();
    out
}
