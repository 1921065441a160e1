//! Packing: members in the order of their names, compressed side by side and written one after the other, so that neither
//! the number of cores nor the size of the whole changes a byte or needs more memory.

use std::borrow::Cow;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::pack::{Feed, Packed, Sums, compressor, deflate, is_worth_it, pack, pack_if_made};
use super::records::{Directory, Entry};
use super::set::set;
use super::{Content, DIRECTORY_CAP, MANIFEST, MEMBERS_CAP, Member, hex, name, swells};
use crate::error::{Error, Result};
use crate::text::safe;

/// Longer members are not held in memory. In tests all is smaller, so that small members go every way.
pub(super) const LARGE: u64 = if cfg!(test) { 64 << 10 } else { 4 << 20 };
/// What is compressed at a time.
const BATCH_BYTES: u64 = 16 << 20;
const BATCH_MEMBERS: usize = 512;
/// A large member is cut into pieces of this length, which are compressed side by side.
pub(super) const PIECE: usize = if cfg!(test) { 32 << 10 } else { 1 << 20 };
const PIECES: usize = if cfg!(test) { 3 } else { 16 };

/// An archive that was written.
#[derive(Debug)]
pub struct Written {
    /// How many files were packed, the manifest not counted.
    pub members: usize,
    /// How long the archive is.
    pub bytes: u64,
    /// The hash of the whole file, to be sent by another channel.
    pub sha256: [u8; 32],
    /// The bytes of [`MANIFEST`], to be signed.
    pub manifest: Vec<u8>,
}

/// Packs members, in any order, into an empty output. `tick` is told how many are done.
///
/// Fails when a name is refused, when a member cannot be read, has another length or another hash than it says, or when the
/// output cannot be written; the output is then worth nothing.
pub fn write<W: Read + Write + Seek + Send>(
    mut members: Vec<Member<'_>>,
    out: &mut W,
    tick: &dyn Fn(usize),
) -> Result<Written> {
    members.sort_by(|a, b| a.path.cmp(&b.path));
    refuse_names(&members)?;
    let mut sink = Sink::new(out);
    let mut ready = Vec::new();
    for step in steps(&members) {
        match step {
            Step::Together(range) => {
                let together = members.get_mut(range).unwrap_or_default();
                set(together);
                let (written, packed) = rayon::join(|| sink.all(&ready), || pack_all(together));
                written?;
                ready = packed?;
                together.iter_mut().for_each(done_with);
            }
            Step::Alone(index) => {
                sink.all(&ready)?;
                ready.clear();
                members.get(index).map_or(Ok(()), |member| sink.large(member))?;
            }
        }
        tick(sink.entries.len());
    }
    sink.all(&ready)?;
    tick(sink.entries.len());
    sink.finish()
}

/// Of what is packed nothing is kept but its entry.
fn done_with(member: &mut Member<'_>) {
    *member = Member { path: String::new(), content: Content::Bytes(Cow::Borrowed(&[])), sha256: None };
}

/// The first reason why the names cannot stand together.
fn refuse_names(members: &[Member<'_>]) -> Result<()> {
    let refused = |path: &str, why: &str| {
        let error = Error::new(format!("`{}` cannot be packed: it {why}", safe(path)));
        Err(error.hint("rename the file it is made from; auditors unpack on Windows, macOS and Linux"))
    };
    if members.len() >= MEMBERS_CAP {
        return Err(Error::new(format!("{} files are too many for one archive", members.len()))
            .because(format!("it holds fewer than {MEMBERS_CAP}")));
    }
    if let Some((member, why)) = members.iter().find_map(|member| Some((member, name::fault(&member.path)?)))
    {
        return refused(&member.path, why);
    }
    let names = members.iter().map(|member| &*member.path).chain([MANIFEST]);
    match name::clashes(names.clone()).first() {
        None => Ok(()),
        Some(clash) => {
            let mut names =
                [clash.one, clash.other].map(|index| names.clone().nth(index).unwrap_or_default());
            if names[1] == MANIFEST {
                names.reverse();
            }
            refused(names[1], &format!("{}, beside `{}`", clash.what, safe(names[0])))
        }
    }
}

enum Step {
    Together(Range<usize>),
    Alone(usize),
}

fn steps(members: &[Member<'_>]) -> Vec<Step> {
    let (mut steps, mut from, mut bytes) = (Vec::new(), 0, 0);
    let mut close = |from: &mut usize, to: usize, bytes: &mut u64, alone: bool| {
        if *from < to {
            steps.push(Step::Together(*from..to));
        }
        if alone {
            steps.push(Step::Alone(to));
        }
        (*from, *bytes) = (to + usize::from(alone), 0);
    };
    for (index, member) in members.iter().enumerate() {
        let length = member.content.length();
        if length > LARGE {
            close(&mut from, index, &mut bytes, true);
            continue;
        }
        if bytes + length > BATCH_BYTES || index - from >= BATCH_MEMBERS {
            close(&mut from, index, &mut bytes, false);
        }
        bytes += length;
    }
    close(&mut from, members.len(), &mut bytes, false);
    steps
}

fn pack_all(members: &[Member<'_>]) -> Result<Vec<Packed>> {
    let packed: Vec<Result<Option<Packed>>> = members.par_iter().map_init(compressor, pack_if_made).collect();
    packed.into_iter().filter_map(Result::transpose).collect()
}

/// The output, with what was written of it so far.
struct Sink<'w, W: Read + Write + Seek> {
    out: BufWriter<&'w mut W>,
    at: u64,
    hash: Sha256,
    entries: Vec<Entry>,
    manifest: Vec<u8>,
}

fn unwritten(fault: &io::Error) -> Error {
    let error = Error::new("cannot write the archive").because(fault);
    if fault.kind() == io::ErrorKind::StorageFull {
        return error.hint("free some space, or write to another disk; what was there before is untouched");
    }
    error
}

impl<'w, W: Read + Write + Seek> Sink<'w, W> {
    fn new(out: &'w mut W) -> Self {
        let out = BufWriter::with_capacity(256 << 10, out);
        Self { out, at: 0, hash: Sha256::new(), entries: Vec::new(), manifest: Vec::new() }
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.put_unhashed(bytes)
    }

    fn put_unhashed(&mut self, bytes: &[u8]) -> Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|fault| unwritten(&fault))
    }

    fn all(&mut self, packed: &[Packed]) -> Result<()> {
        packed.iter().try_for_each(|packed| self.one(packed))
    }

    fn one(&mut self, packed: &Packed) -> Result<()> {
        let entry = Entry { at: self.at, ..packed.entry.clone() };
        self.put(&entry.local())?;
        self.put(&packed.data)?;
        self.list(entry, &packed.sha256);
        Ok(())
    }

    fn list(&mut self, entry: Entry, sha256: &[u8; 32]) {
        self.manifest.extend_from_slice(format!("{}  {}\n", hex(sha256), entry.path).as_bytes());
        self.entries.push(entry);
    }

    /// A member of any length: its record is written once its lengths are known.
    fn large(&mut self, member: &Member<'_>) -> Result<()> {
        let at = self.at;
        let mut feed = Feed::open(member)?;
        let first = feed.read(PIECE)?;
        let deflated = is_worth_it(&mut compressor(), &member.path, &first);
        let (entry, sha256) =
            match deflated.then(|| self.pieces(member, feed, first, at, true)).transpose()? {
                Some(Some(done)) => done,
                // It does not shrink after all. No more was written than will be now.
                _ => {
                    let mut feed = Feed::open(member)?;
                    let first = feed.read(PIECE)?;
                    self.pieces(member, feed, first, at, false)?
                        .ok_or_else(|| Error::new("cannot store a file as it is"))?
                }
            };
        self.seek(at)?;
        let end = entry.end();
        self.at = at;
        self.put_unhashed(&entry.local())?;
        self.hash_written(at, end)?;
        self.at = end;
        self.seek(end)?;
        self.list(entry, &sha256);
        Ok(())
    }

    /// Writes a member behind the room for its record; `None` when it does not shrink.
    fn pieces(
        &mut self,
        member: &Member<'_>,
        mut feed: Feed<'_>,
        first: Vec<u8>,
        at: u64,
        deflated: bool,
    ) -> Result<Option<(Entry, [u8; 32])>> {
        let bytes = member.content.length();
        let room = Entry { path: member.path.clone(), bytes, packed: 0, crc: 0, deflated, at };
        self.seek(at)?;
        self.at = at;
        self.put_unhashed(&room.local())?;
        let mut packed = 0;
        let mut pieces = vec![first];
        loop {
            while feed.left() > 0 && pieces.len() < PIECES {
                pieces.push(feed.read(PIECE)?);
            }
            let Some(last) = pieces.len().checked_sub(1) else { break };
            let is_end = feed.left() == 0;
            let squeeze = |(index, piece): (usize, &Vec<u8>)| -> Result<Vec<u8>> {
                let mut data = Vec::with_capacity(piece.len() / 2);
                deflate(&mut compressor(), piece, is_end && index == last, &mut data).map(|()| data)
            };
            let squeeze_all = || -> Vec<Result<Vec<u8>>> {
                if deflated { pieces.par_iter().enumerate().map(squeeze).collect() } else { Vec::new() }
            };
            let hashes = &mut feed.hashes;
            let ((), squeezed) =
                rayon::join(|| pieces.iter().for_each(|piece| hashes.update(piece)), squeeze_all);
            let squeezed = squeezed.into_iter().collect::<Result<Vec<_>>>()?;
            let data = if deflated { &squeezed } else { &pieces };
            packed += data.iter().map(|piece| piece.len() as u64).sum::<u64>();
            if deflated && packed >= bytes {
                return Ok(None);
            }
            data.iter().try_for_each(|piece| self.put_unhashed(piece))?;
            pieces.clear();
        }
        let Sums { sha256, crc } = feed.finish()?;
        let is_refused = deflated && swells(bytes, packed);
        Ok((!is_refused).then_some((Entry { packed, crc, ..room }, sha256)))
    }

    fn seek(&mut self, to: u64) -> Result<()> {
        self.out.seek(SeekFrom::Start(to)).map(|_| ()).map_err(|fault| unwritten(&fault))
    }

    /// Hashes what was written out of order.
    fn hash_written(&mut self, from: u64, to: u64) -> Result<()> {
        self.seek(from)?;
        let mut piece = vec![0; PIECE];
        let mut left = to - from;
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            let piece = piece.get_mut(..most).unwrap_or_default();
            self.out.get_mut().read_exact(piece).map_err(|fault| unwritten(&fault))?;
            self.hash.update(&*piece);
            left -= most as u64;
        }
        Ok(())
    }

    /// The manifest, the directory and the end.
    fn finish(mut self) -> Result<Written> {
        let members = self.entries.len();
        let manifest = std::mem::take(&mut self.manifest);
        let packed = {
            let content = Content::Bytes(Cow::Borrowed(&*manifest));
            pack(&mut compressor(), &Member { path: MANIFEST.to_owned(), content, sha256: None })?
        };
        self.one(&packed)?;
        let at = self.at;
        for entry in std::mem::take(&mut self.entries) {
            self.put(&entry.central())?;
        }
        let bytes = self.at - at;
        if bytes > DIRECTORY_CAP {
            return Err(Error::new("the names of the files are too long for one archive"));
        }
        let directory = Directory { files: members as u64 + 1, at, bytes };
        self.put(&directory.end64())?;
        let before: [u8; 32] = self.hash.clone().finalize().into();
        self.put(&directory.end(&hex(&before)))?;
        self.out.flush().map_err(|fault| unwritten(&fault))?;
        Ok(Written { members, bytes: self.at, sha256: self.hash.finalize().into(), manifest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compressor_forgets() {
        let text = "a line that repeats\n".repeat(5000);
        let mut used = compressor();
        let mut first = Vec::new();
        deflate(&mut used, text.as_bytes(), false, &mut first).unwrap();
        let mut again = Vec::new();
        deflate(&mut used, text.as_bytes(), false, &mut again).unwrap();
        assert_eq!(first, again);
    }
}
