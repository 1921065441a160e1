//! What the typesetter may see: one text, the library's figures, and five faces. No disk, no network, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// Four faces for text and one for code; nothing of the machine's own.
const FACES: [&[u8]; 5] = [
    include_bytes!("../../../templates/fonts/SourceSansPro-Regular.otf"),
    include_bytes!("../../../templates/fonts/SourceSansPro-It.otf"),
    include_bytes!("../../../templates/fonts/SourceSansPro-Semibold.otf"),
    include_bytes!("../../../templates/fonts/SourceSansPro-SemiboldIt.otf"),
    include_bytes!("../../../templates/fonts/DejaVuSansMono.ttf"),
];

/// What stays the same for every document of the process.
struct Workshop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static WORKSHOP: LazyLock<Workshop> = LazyLock::new(|| {
    let fonts: Vec<Font> = FACES.iter().flat_map(|face| Font::iter(Bytes::new(*face))).collect();
    Workshop {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
    }
});

/// Can the face for running text or the one for code show it?
pub(super) fn shows(c: char) -> bool {
    let faces = [WORKSHOP.fonts.first(), WORKSHOP.fonts.last()];
    faces.into_iter().flatten().any(|face| face.info().coverage.contains(c as u32))
}

/// One document's world.
pub(super) struct Desk<'a> {
    main: FileId,
    source: Source,
    /// By the paths under which the text names them.
    figures: Vec<(FileId, &'a [u8])>,
}

impl<'a> Desk<'a> {
    /// A desk with a text, and the figures that it names by [`figure_name`].
    pub(super) fn new(text: String, figures: &[(usize, &'a [u8])]) -> Option<Self> {
        let main = file("main.typ")?;
        let figures = figures.iter().map(|(nth, bytes)| Some((file(&figure_name(*nth))?, *bytes)));
        Some(Self { main, source: Source::new(main, text), figures: figures.collect::<Option<_>>()? })
    }
}

/// The name under which the figure of that place in the library is at hand.
pub(super) fn figure_name(nth: usize) -> String {
    format!("/figure-{nth}")
}

fn file(path: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).ok()?).intern())
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &WORKSHOP.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &WORKSHOP.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let figure = self.figures.iter().find(|(figure, _)| *figure == id);
        figure.map(|(_, bytes)| Bytes::new(bytes.to_vec())).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        WORKSHOP.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
