//! Trees out of packs. Git packs a tree as what differs from another, in long chains. The library resolves the whole chain for
//! each tree; a walk over history asks for the trees of a chain one after another, so here each link is kept for the next.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::Kind;
use gix::odb::pack::cache::DecodeEntry;
use gix::odb::pack::data::decode::entry::ResolvedBase;
use gix::odb::pack::data::entry::Header;
use gix::odb::pack::{data, index};

/// The packs of a repository, for all threads.
#[derive(Clone)]
pub(super) struct Packs(Arc<[Pack]>);

struct Pack {
    index: index::File,
    data: data::File,
}

/// Larger trees are left to the library.
const TREE_CAP: usize = 64 << 20;
/// Longer chains are left to the library; git makes none of more than 4095.
const CHAIN_CAP: usize = 4095;

impl Packs {
    /// Those of the repository's own object folder that can be read; whoever asks has the library for all others.
    pub(super) fn of(repo: &gix::Repository) -> Self {
        let store = repo.objects.store_ref();
        let folders = store.alternate_db_paths().unwrap_or_default().into_iter();
        let folders = folders.chain([store.path().to_owned()]).map(|folder| folder.join("pack"));
        let files = folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
        let indices =
            files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == "idx"));
        let packs = indices.filter_map(|path| Pack::open(&path, repo.object_hash()));
        let numbered = packs.zip(0_u32..).map(|(mut pack, number)| {
            pack.data.id = number;
            pack
        });
        Self(numbered.collect())
    }
}

impl Pack {
    fn open(path: &Path, hash: gix::hash::Kind) -> Option<Self> {
        let index = index::File::at(path, hash).ok()?;
        let data = data::File::at(path.with_extension("pack"), hash).ok()?;
        Some(Self { index, data: data.with_alloc_limit_bytes(Some(TREE_CAP)) })
    }
}

/// One thread's view of the packs, with the trees it has seen of late.
pub(super) struct PackedTrees {
    packs: Packs,
    recent: Recent,
    inflate: gix::zlib::Inflate,
    buffer: Vec<u8>,
}

impl PackedTrees {
    pub(super) fn new(packs: &Packs) -> Self {
        Self {
            packs: packs.clone(),
            recent: Recent::default(),
            inflate: gix::zlib::Inflate::default(),
            buffer: Vec::new(),
        }
    }

    /// The bytes of a tree, if a pack has it and it can be read.
    pub(super) fn tree(&mut self, id: ObjectId) -> Option<Arc<[u8]>> {
        let packs = Arc::clone(&self.packs.0);
        packs.iter().find_map(|pack| {
            let offset = pack.index.pack_offset_at_index(pack.index.lookup(id)?);
            self.unpacked(pack, pack.data.entry(offset).ok()?)
        })
    }

    /// Resolves a chain from the link that is known, or whole, to the entry that is wanted, and keeps each link.
    fn unpacked(&mut self, pack: &Pack, wanted: data::Entry) -> Option<Arc<[u8]>> {
        let mut chain = vec![wanted];
        let known = loop {
            let link = chain.last()?;
            if let Some(known) = self.recent.find(pack.data.id, link.data_offset) {
                chain.pop();
                break Some(known);
            }
            let Header::OfsDelta { base_distance } = link.header else { break None };
            let base = pack.data.entry(link.checked_base_pack_offset(base_distance)?).ok()?;
            if chain.len() == CHAIN_CAP {
                return None;
            }
            chain.push(base);
        };
        let mut tree = known;
        let by_id = |id: &gix::oid, _: &mut Vec<u8>| {
            let offset = pack.index.lookup(id).map(|at| pack.index.pack_offset_at_index(at));
            Ok(offset.and_then(|offset| pack.data.entry(offset).ok()).map(ResolvedBase::InPack))
        };
        for link in chain.into_iter().rev() {
            let (id, offset) = (pack.data.id, link.data_offset);
            let (buffer, recent) = (&mut self.buffer, &mut self.recent);
            let told = pack.data.decode_entry(link, buffer, &mut self.inflate, &by_id, recent).ok()?;
            if told.kind != Kind::Tree {
                return None;
            }
            let size = usize::try_from(told.object_size).ok()?;
            tree = match self.recent.find(id, offset) {
                Some(kept) => Some(kept),
                None => Some(self.recent.keep(id, offset, self.buffer.get(..size)?)),
            };
        }
        tree
    }
}

/// Trees by pack and place, the latest ones: when half the room is taken, what was not asked for since the last time goes.
#[derive(Default)]
struct Recent {
    young: BTreeMap<(u32, u64), Arc<[u8]>>,
    old: BTreeMap<(u32, u64), Arc<[u8]>>,
    size: usize,
}

/// Bytes of trees that a thread keeps.
const ROOM: usize = 64 << 20;

impl Recent {
    fn find(&mut self, pack: u32, offset: u64) -> Option<Arc<[u8]>> {
        if let Some(tree) = self.young.get(&(pack, offset)) {
            return Some(Arc::clone(tree));
        }
        let tree = self.old.remove(&(pack, offset))?;
        self.insert(pack, offset, Arc::clone(&tree));
        Some(tree)
    }

    fn keep(&mut self, pack: u32, offset: u64, tree: &[u8]) -> Arc<[u8]> {
        let tree: Arc<[u8]> = tree.into();
        self.insert(pack, offset, Arc::clone(&tree));
        tree
    }

    fn insert(&mut self, pack: u32, offset: u64, tree: Arc<[u8]>) {
        if self.size + tree.len() > ROOM / 2 {
            self.old = std::mem::take(&mut self.young);
            self.size = 0;
        }
        self.size += tree.len();
        self.young.insert((pack, offset), tree);
    }
}

impl DecodeEntry for Recent {
    fn put(&mut self, pack: u32, offset: u64, data: &[u8], kind: Kind, _: usize) {
        if kind == Kind::Tree {
            self.keep(pack, offset, data);
        }
    }

    fn get(&mut self, pack: u32, offset: u64, out: &mut Vec<u8>) -> Option<(Kind, usize)> {
        let tree = self.find(pack, offset)?;
        out.clear();
        out.extend_from_slice(&tree);
        Some((Kind::Tree, tree.len()))
    }
}
