//! What a stream is, and what is looked at of it: archives and Office files member by member, the rest as it is.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::markup::Markup;
use super::utf16::Utf16;
use super::window::{self, MOST};
use super::zip::{Member, Members};
use super::{Find, Scan, Unseen};

/// Bytes that are unpacked of one file; what is beyond is told.
const UNPACKED: u64 = 512 << 20;
/// Archives in archives are opened this deep.
const DEPTH: usize = 3;
/// Parts that could not be looked into and are told for one file.
const UNSEEN: usize = 20;
/// Bytes by which a kind of file is known.
const HEAD: usize = 16;

/// One file being looked into.
pub(super) struct Look<'p> {
    pub(super) path: &'p str,
    pub(super) scan: Scan,
    /// What may still be unpacked.
    left: u64,
}

/// What a stream is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    Utf16 {
        big: bool,
    },
    Zip,
    Gzip,
    /// Looked at as it is, and told, for most of it stays out of sight.
    Closed(&'static str),
}

fn kind(head: &[u8]) -> Kind {
    let begins = |with: &[u8]| head.starts_with(with);
    let closed: [(&[u8], &'static str); 13] = [
        (b"%PDF-", "is a PDF: only what stands uncompressed in it was looked at"),
        (b"\x89PNG", "is a picture"),
        (b"\xff\xd8\xff", "is a picture"),
        (b"GIF8", "is a picture"),
        (b"II*\0", "is a picture"),
        (b"MM\0*", "is a picture"),
        (b"RIFF", "is a picture, sound or film"),
        (b"\xd0\xcf\x11\xe0", "is an Office file of the old kind: only part of its text was looked at"),
        (b"7z\xbc\xaf\x27\x1c", "is a 7z archive"),
        (b"Rar!", "is a RAR archive"),
        (b"\xfd7zXZ", "is packed with xz"),
        (b"\x28\xb5\x2f\xfd", "is packed with zstd"),
        (b"BZh", "is packed with bzip2"),
    ];
    match head {
        [0xff, 0xfe, ..] => Kind::Utf16 { big: false },
        [0xfe, 0xff, ..] => Kind::Utf16 { big: true },
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Kind::Zip,
        [0x1f, 0x8b, 8, ..] => Kind::Gzip,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Kind::Closed("is a picture, sound or film"),
        _ => closed.iter().find(|(with, _)| begins(with)).map_or(Kind::Plain, |(_, why)| Kind::Closed(why)),
    }
}

impl<'p> Look<'p> {
    pub(super) fn new(path: &'p str) -> Self {
        Self { path, scan: Scan::default(), left: UNPACKED }
    }

    /// Looks into a stream: the file itself, or what stands under a name inside it.
    pub(super) fn look_at(
        &mut self,
        bytes: &mut dyn Read,
        inside: Option<&str>,
        depth: usize,
    ) -> io::Result<()> {
        let mut head = Vec::with_capacity(HEAD);
        Read::take(&mut *bytes, HEAD as u64).read_to_end(&mut head)?;
        let kind = kind(&head);
        let mut whole = Cursor::new(head).chain(bytes);
        match kind {
            Kind::Plain => self.plain(&mut whole, inside),
            Kind::Utf16 { big } => self.plain(&mut Utf16::new(&mut whole, big), inside),
            Kind::Zip | Kind::Gzip if depth >= DEPTH => {
                self.unseen(inside, "is an archive in an archive in an archive");
                Ok(())
            }
            Kind::Zip => self.zip(&mut BufReader::new(&mut whole), inside, depth),
            Kind::Gzip => self.gzip(BufReader::new(&mut whole), inside, depth),
            Kind::Closed(why) => {
                self.unseen(inside, why);
                self.plain(&mut whole, inside)
            }
        }
    }

    fn unseen(&mut self, inside: Option<&str>, why: &'static str) {
        if self.scan.unseen.len() < UNSEEN {
            self.scan.unseen.push(Unseen {
                path: self.path.to_owned(),
                inside: inside.map(str::to_owned),
                why,
            });
        }
    }

    fn plain(&mut self, bytes: &mut dyn Read, inside: Option<&str>) -> io::Result<()> {
        for placed in window::scan(bytes)? {
            if self.scan.finds.len() >= MOST {
                break;
            }
            self.scan.finds.push(Find {
                path: self.path.to_owned(),
                inside: inside.map(str::to_owned),
                line: placed.line,
                column: placed.column,
                rule: placed.rule,
                what: placed.what,
            });
        }
        Ok(())
    }

    fn gzip(&mut self, bytes: impl BufRead, inside: Option<&str>, depth: usize) -> io::Result<()> {
        let left = self.left;
        let mut unpacked =
            Counted { bytes: MultiGzDecoder::new(bytes).take(left.saturating_add(1)), read: 0 };
        let looked = self.look_at(&mut unpacked, inside, depth + 1);
        let read = unpacked.read;
        self.unpacked(looked, read, inside)
    }

    /// What is wrong with packed bytes is told; it does not keep the rest from being looked at.
    fn unpacked(&mut self, looked: io::Result<()>, read: u64, inside: Option<&str>) -> io::Result<()> {
        let too_much = read > self.left;
        self.left = self.left.saturating_sub(read);
        if too_much {
            self.unseen(inside, "unpacks to more than is looked at");
        } else if looked.is_err() {
            self.unseen(inside, "cannot be unpacked");
        }
        Ok(())
    }

    fn zip(&mut self, bytes: &mut dyn BufRead, inside: Option<&str>, depth: usize) -> io::Result<()> {
        let mut members = Members::new(bytes);
        while self.left > 0 && self.scan.finds.len() < MOST {
            match members.next() {
                Ok(Some(member)) => self.member(&mut members, &member, inside, depth)?,
                Ok(None) => return Ok(()),
                Err(why) => {
                    self.unseen(inside, why);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn member(
        &mut self,
        members: &mut Members<'_>,
        member: &Member,
        inside: Option<&str>,
        depth: usize,
    ) -> io::Result<()> {
        let name = inside.map_or_else(|| member.name.clone(), |outer| format!("{outer} > {}", member.name));
        if let Some(why) = member.closed {
            self.unseen(Some(&name), why);
        }
        let left = self.left;
        let mut read = 0;
        let looked = members.open(member, &mut |unpacked| {
            let mut counted = Counted { bytes: unpacked.take(left.saturating_add(1)), read: 0 };
            let looked = if is_office_text(&member.name) {
                self.plain(&mut Markup::new(&mut counted), Some(&name))
            } else {
                self.look_at(&mut counted, Some(&name), depth + 1)
            };
            let looked = looked.and_then(|()| io::copy(&mut counted, &mut io::sink()).map(|_| ()));
            read = counted.read;
            looked
        });
        self.unpacked(looked, read, Some(&name))
    }
}

/// The parts of Office files that hold what people read.
fn is_office_text(name: &str) -> bool {
    let text =
        ["word/", "xl/sharedStrings", "xl/worksheets/", "xl/comments", "ppt/slides/", "ppt/notesSlides/"];
    let xml = name.ends_with(".xml");
    xml && (text.iter().any(|begin| name.starts_with(begin)) || name == "content.xml")
}

/// A stream that counts what was read of it.
struct Counted<R> {
    bytes: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.bytes.read(buffer)?;
        self.read += n as u64;
        Ok(n)
    }
}
