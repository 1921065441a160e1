//! Members that are set outside the pool that compresses, one for each core at a time.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Content, Member};

/// Does things side by side, one for each core at a time; in their order.
///
/// They are not left to the pool that what is set shares its own work in: there a thread that waits for a part of its page begins
/// with another thing, and all that were begun fill the memory. Nor may this be called inside that pool, which would wait for
/// itself.
pub fn side_by_side<T: Sync, R: Send>(things: &[T], set: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let nth = || next.fetch_add(1, Ordering::Relaxed);
        let taken = std::iter::repeat_with(nth).map_while(|nth| Some((nth, things.get(nth)?)));
        taken.map(|(nth, thing)| (nth, set(thing))).collect::<Vec<(usize, R)>>()
    };
    let threads = rayon::current_num_threads().min(things.len());
    let mut made = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let done = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        done.flat_map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect::<Vec<_>>()
    });
    made.sort_by_key(|(nth, _)| *nth);
    made.into_iter().map(|(_, made)| made).collect()
}

/// Makes the members that are to be set; afterwards each is held in memory, or is there no more.
pub(super) fn set(members: &mut [Member<'_>]) {
    let waiting: Vec<(usize, &Member<'_>)> =
        members.iter().enumerate().filter(|(_, member)| matches!(member.content, Content::Set(_))).collect();
    let made = side_by_side(&waiting, |(nth, member)| match &member.content {
        Content::Set(make) => (*nth, make()),
        _ => (*nth, None),
    });
    for (nth, bytes) in made {
        let Some(member) = members.get_mut(nth) else { continue };
        member.content = match bytes {
            Some(bytes) => Content::Bytes(bytes.into()),
            None => Content::Made(Box::new(|| None)),
        };
    }
}
