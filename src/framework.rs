//! The built-in frameworks: one line a file of `frameworks/`.

use std::sync::LazyLock;

use crate::diagnostic::Diagnostic;
use crate::model::Framework;
use crate::record::Value;
use crate::source::FileId;
use crate::syntax::yaml;

/// The id of the framework a new programme starts with.
pub const DEFAULT: &str = "soc2-2017-rev2022";

/// Id and text of each built-in framework.
pub const BUILT_IN: &[(&str, &str)] = &[(DEFAULT, include_str!("../frameworks/soc2.yaml"))];

/// The file that built-in frameworks seem to stand in; it is no file of the programme and has no positions.
pub const BUILT_IN_FILE: FileId = FileId(u32::MAX);

/// A built-in framework, read once; `None` when there is none of that id.
pub fn built_in(id: &str) -> Option<Framework> {
    static READ: LazyLock<Vec<Option<Framework>>> = LazyLock::new(|| {
        BUILT_IN.iter().map(|(_, text)| read(BUILT_IN_FILE, text, &mut Vec::new())).collect()
    });
    let index = BUILT_IN.iter().position(|(name, _)| *name == id)?;
    READ.get(index)?.clone()
}

/// Reads a framework's text.
pub fn read(file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Option<Framework> {
    Framework::read(&yaml::parse(file, text, 0, out)?, out)
}
