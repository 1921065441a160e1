//! The members of a zip as they follow each other, from a stream: what an archive's own list of them says is not believed.

use std::io::{self, BufRead, Read};

use flate2::bufread::DeflateDecoder;

/// Names are cut to this many characters.
const NAME: usize = 200;

/// What stands before the bytes of a member.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    /// Why it cannot be looked into.
    pub(super) closed: Option<&'static str>,
    deflated: bool,
    /// How many bytes it is packed into; `None` where that is said behind them.
    packed: Option<u64>,
}

/// The members of a stream that begins as a zip does.
pub(super) struct Members<'b> {
    bytes: &'b mut dyn BufRead,
    /// The last member had its sizes behind it, in 32 or 64 bits.
    sizes_behind: bool,
}

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// The sizes stand behind the bytes.
const BEHIND: u16 = 1 << 3;
const ENCRYPTED: u16 = 1;

impl<'b> Members<'b> {
    pub(super) fn new(bytes: &'b mut dyn BufRead) -> Self {
        Self { bytes, sizes_behind: false }
    }

    /// The next member; `None` after the last. Fails with why the rest cannot be looked into.
    pub(super) fn next(&mut self) -> Result<Option<Member>, &'static str> {
        let damaged = |_| "is damaged: what follows was not looked at";
        let mut signature = self.four().map_err(damaged)?;
        if self.sizes_behind && signature.is_some_and(|four| !four.starts_with(b"PK")) {
            self.four().map_err(damaged)?;
            signature = self.four().map_err(damaged)?;
        }
        self.sizes_behind = false;
        match signature.as_ref().map(|four| &four[..]) {
            Some(b"PK\x03\x04") => self.header().map(Some),
            Some(b"PK\x01\x02" | b"PK\x05\x06" | b"PK\x06\x06" | b"PK\x06\x08") => Ok(None),
            _ => Err("is damaged: what follows was not looked at"),
        }
    }

    fn four(&mut self) -> io::Result<Option<[u8; 4]>> {
        let mut four = [0; 4];
        match self.bytes.read_exact(&mut four) {
            Ok(()) => Ok(Some(four)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn header(&mut self) -> Result<Member, &'static str> {
        let damaged = |_| "is damaged: what follows was not looked at";
        let mut fixed = [0; 26];
        self.bytes.read_exact(&mut fixed).map_err(damaged)?;
        let two = |at: usize| fixed.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]));
        let long = |at: usize| u64::from(two(at)) | u64::from(two(at + 2)) << 16;
        let (flags, method) = (two(2), two(4));
        let (packed, length) = (long(14), long(18));
        let mut name = vec![0; usize::from(two(22))];
        let mut extra = vec![0; usize::from(two(24))];
        self.bytes.read_exact(&mut name).map_err(damaged)?;
        self.bytes.read_exact(&mut extra).map_err(damaged)?;
        let packed = if packed == u64::from(u32::MAX) { long_size(&extra, length) } else { Some(packed) };
        let known = flags & BEHIND == 0;
        let closed = match method {
            _ if flags & ENCRYPTED != 0 => Some("is protected by a password"),
            STORED | DEFLATED => None,
            _ => Some("is packed in a way that is not opened"),
        };
        if !known && (closed.is_some() || method == STORED) {
            return Err("does not say where its members end: what follows was not looked at");
        }
        let name = String::from_utf8_lossy(&name).chars().take(NAME).collect();
        let packed =
            if known { Some(packed.ok_or("is damaged: what follows was not looked at")?) } else { None };
        Ok(Member { name, closed, deflated: method == DEFLATED, packed })
    }

    /// Hands the unpacked bytes of a member to `work`, and goes to its end.
    pub(super) fn open(
        &mut self,
        member: &Member,
        work: &mut dyn FnMut(&mut dyn Read) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(packed) = member.packed else {
            let mut unpacked = DeflateDecoder::new(&mut *self.bytes);
            work(&mut unpacked)?;
            return self.sizes();
        };
        let mut rest = Read::take(&mut *self.bytes, packed);
        let worked = match (member.closed, member.deflated) {
            (Some(_), _) => Ok(()),
            (None, true) => work(&mut DeflateDecoder::new(&mut rest)),
            (None, false) => work(&mut rest),
        };
        io::copy(&mut rest, &mut io::sink())?;
        worked
    }

    /// The sizes behind a member, with or without a signature of their own.
    fn sizes(&mut self) -> io::Result<()> {
        let mut first = [0; 4];
        self.bytes.read_exact(&mut first)?;
        let mut rest = [0; 12];
        let rest = if first == *b"PK\x07\x08" { &mut rest[..] } else { &mut rest[..8] };
        self.bytes.read_exact(rest)?;
        self.sizes_behind = true;
        Ok(())
    }
}

/// The packed size in 64 bits, which stands behind the unpacked one where that needs as many.
fn long_size(extra: &[u8], length: u64) -> Option<u64> {
    let mut rest = extra;
    while let Some((&[a, b, c, d], behind)) = rest.split_first_chunk::<4>() {
        let size = usize::from(u16::from_le_bytes([c, d]));
        let field = behind.get(..size)?;
        if u16::from_le_bytes([a, b]) == 1 {
            let skip = if length == u64::from(u32::MAX) { 8 } else { 0 };
            return field.get(skip..skip + 8)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
        }
        rest = behind.get(size..)?;
    }
    None
}
