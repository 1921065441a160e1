//! One member as it stands in the archive: read once, hashed, and deflated where that is worth it. What comes out depends
//! on its name and bytes alone.

use std::io::{self, Read};

use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use sha2::{Digest, Sha256};

use super::records::Entry;
use super::write::{LARGE, PIECE};
use super::{Content, Member, hex, swells};
use crate::error::{Error, Result};
use crate::text::safe;

/// Quick, and hardly larger than the best.
const LEVEL: u32 = 3;
/// Shorter members are deflated without asking whether they will shrink.
const TRIED_FROM: usize = 64 << 10;
/// How much of a member tells whether the rest will shrink.
const TRIED: usize = 16 << 10;

/// Endings of what is compressed already.
const COMPRESSED: &[&str] = &[
    "7z", "br", "bz2", "docx", "gif", "gz", "heic", "jar", "jpeg", "jpg", "lz4", "m4a", "mkv", "mov", "mp3",
    "mp4", "odp", "ods", "odt", "ogg", "parquet", "png", "pptx", "rar", "tgz", "webm", "webp", "woff2",
    "xlsx", "xz", "zip", "zst",
];

/// A member in its packed form.
pub(super) struct Packed {
    /// Its place is not known yet.
    pub(super) entry: Entry,
    pub(super) data: Vec<u8>,
    pub(super) sha256: [u8; 32],
}

/// The compressor; each use starts afresh.
pub(super) fn compressor() -> Compress {
    Compress::new(Compression::new(LEVEL), false)
}

/// Packs a member that fits into memory; `None` where nothing could be made.
pub(super) fn pack_if_made(compress: &mut Compress, member: &Member<'_>) -> Result<Option<Packed>> {
    if let Content::Made(make) | Content::Set(make) = &member.content {
        let Some(bytes) = make() else { return Ok(None) };
        let member = Member {
            path: member.path.clone(),
            content: Content::Bytes(bytes.into()),
            sha256: member.sha256,
        };
        return pack(compress, &member).map(Some);
    }
    pack(compress, member).map(Some)
}

/// Packs a member that fits into memory and is there.
pub(super) fn pack(compress: &mut Compress, member: &Member<'_>) -> Result<Packed> {
    let mut feed = Feed::open(member)?;
    let raw = feed.read(usize::try_from(member.content.length()).unwrap_or(usize::MAX))?;
    feed.hashes.update(&raw);
    let Sums { sha256, crc } = feed.finish()?;
    // A longer one is packed in pieces wherever its bytes come from: how it was held changes nothing.
    let start = if raw.len() as u64 > LARGE { raw.get(..PIECE).unwrap_or(&raw) } else { &raw };
    let deflated = if is_worth_it(compress, &member.path, start) { deflated(compress, &raw)? } else { None };
    let bytes = member.content.length();
    let path = member.path.clone();
    let is_deflated = deflated.is_some();
    let data = deflated.unwrap_or(raw);
    let packed = u64::try_from(data.len()).unwrap_or(u64::MAX);
    Ok(Packed { entry: Entry { path, bytes, packed, crc, deflated: is_deflated, at: 0 }, data, sha256 })
}

/// Deflated bytes; `None` where they would not be shorter, or so much shorter that they look like an attack.
fn deflated(compress: &mut Compress, raw: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut data = Vec::with_capacity(raw.len() / 2);
    if raw.len() as u64 > LARGE {
        let mut pieces = raw.chunks(PIECE).peekable();
        while let Some(piece) = pieces.next() {
            deflate(compress, piece, pieces.peek().is_none(), &mut data)?;
        }
    } else {
        deflate(compress, raw, true, &mut data)?;
    }
    let (bytes, packed) = (raw.len() as u64, data.len() as u64);
    Ok((packed < bytes && !swells(bytes, packed)).then_some(data))
}

/// Is a member with such a name and such a start likely to shrink?
pub(super) fn is_worth_it(compress: &mut Compress, path: &str, start: &[u8]) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    if start.is_empty() || COMPRESSED.contains(&&*ending) {
        return false;
    }
    let Some(sample) = start.get(..TRIED).filter(|_| start.len() >= TRIED_FROM) else { return true };
    let mut data = Vec::with_capacity(TRIED);
    deflate(compress, sample, true, &mut data).is_ok() && data.len() < TRIED / 20 * 19
}

/// Appends a piece of a deflate stream that needs nothing of the pieces before it.
pub(super) fn deflate(compress: &mut Compress, raw: &[u8], is_last: bool, data: &mut Vec<u8>) -> Result<()> {
    compress.reset();
    let flush = if is_last { FlushCompress::Finish } else { FlushCompress::Sync };
    loop {
        data.reserve((raw.len() / 4).max(1 << 10));
        let taken = usize::try_from(compress.total_in()).unwrap_or(usize::MAX);
        let status = compress.compress_vec(raw.get(taken..).unwrap_or_default(), data, flush);
        let status = status.map_err(|fault| Error::new("cannot compress").because(fault))?;
        // Room that is left says that nothing is held back.
        let is_done = compress.total_in() == raw.len() as u64 && data.len() < data.capacity();
        if status == Status::StreamEnd || (!is_last && is_done) {
            return Ok(());
        }
    }
}

/// The bytes of a member, in pieces, hashed on the way.
pub(super) struct Feed<'m> {
    path: &'m str,
    length: u64,
    recorded: Option<[u8; 32]>,
    bytes: Box<dyn Read + 'm>,
    left: u64,
    pub(super) hashes: Hashes,
}

/// Bytes counted in as they pass.
#[derive(Default)]
pub(super) struct Hashes {
    sha256: Sha256,
    crc: Crc,
}

impl Hashes {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.crc.update(bytes);
    }

    pub(super) fn sums(self) -> Sums {
        Sums { sha256: self.sha256.finalize().into(), crc: self.crc.sum() }
    }
}

/// What is known of a member once it was read.
pub(super) struct Sums {
    pub(super) sha256: [u8; 32],
    pub(super) crc: u32,
}

impl<'m> Feed<'m> {
    pub(super) fn open(member: &'m Member<'_>) -> Result<Self> {
        let (path, recorded, length) = (&*member.path, member.sha256, member.content.length());
        let bytes = member.content.open().map_err(|fault| unread(path, &fault))?;
        Ok(Self { path, length, recorded, bytes, left: length, hashes: Hashes::default() })
    }

    /// How many bytes are still to come.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// Reads the next bytes, not hashed yet: as many as were asked for, or all that are left.
    pub(super) fn read(&mut self, most: usize) -> Result<Vec<u8>> {
        let most = most.min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let mut bytes = Vec::with_capacity(most);
        let limited = (&mut self.bytes).take(most as u64).read_to_end(&mut bytes);
        let read = limited.map_err(|fault| unread(self.path, &fault))?;
        if read < most {
            return Err(self.changed("shorter"));
        }
        self.left -= read as u64;
        Ok(bytes)
    }

    /// At the end: there is no more, and it is what was recorded.
    pub(super) fn finish(mut self) -> Result<Sums> {
        let more = loop {
            match self.bytes.read(&mut [0]) {
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                read => break read.map_err(|fault| unread(self.path, &fault))?,
            }
        };
        if more > 0 {
            return Err(self.changed("longer"));
        }
        let sums = self.hashes.sums();
        match self.recorded {
            Some(recorded) if recorded != sums.sha256 => Err(Error::new(format!(
                "`{}` is not what was recorded: SHA-256 {} was recorded, {} is there",
                safe(self.path),
                hex(&recorded),
                hex(&sums.sha256)
            ))
            .hint("somebody changed the file while it was packed; run the command again")),
            _ => Ok(sums),
        }
    }

    fn changed(&self, how: &str) -> Error {
        let Self { path, length, .. } = self;
        Error::new(format!("`{}` became {how} than the {length} bytes it had when packing began", safe(path)))
            .hint("let whatever writes it finish, then run the command again")
    }
}

fn unread(path: &str, fault: &io::Error) -> Error {
    Error::new(format!("cannot read what is to be packed as `{}`", safe(path))).because(fault)
}
