//! Evidence with nothing to find: how fast it is looked through, beside its hash, which every artefact costs anyway.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sha2::{Digest, Sha256};
use soc2::scan::look;

const SIZE: usize = 32 << 20;

/// Rows as systems export them: dates, addresses, ids, hashes.
fn export() -> Vec<u8> {
    let mut text = String::with_capacity(SIZE + 200);
    text.push_str("time,user,action,source,request,commit\n");
    let mut n: u64 = 0x9e37_79b9_7f4a_7c15;
    while text.len() < SIZE {
        n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (day, hour) = (n % 28 + 1, (n >> 8) % 24);
        text.push_str(&format!(
            "2026-03-{day:02}T{hour:02}:15:09Z,user{}@acme.example,login succeeded,10.{}.{}.7,{:08x}-4c1d-4a2b-9e3f-{:012x},{n:016x}{n:016x}\n",
            n % 911,
            (n >> 16) % 256,
            (n >> 24) % 256,
            n >> 32,
            n >> 16,
        ));
    }
    text.into_bytes()
}

/// Sentences, as documents and tickets have them.
fn prose() -> Vec<u8> {
    let sentence =
        "The owner of each system reviews every account in the quarter and records what was removed. ";
    sentence.repeat(SIZE / sentence.len()).into_bytes()
}

fn scan(c: &mut Criterion) {
    for (name, bytes) in [("export", export()), ("prose", prose())] {
        let mut group = c.benchmark_group(name);
        group.sample_size(10);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function("hash", |b| b.iter(|| Sha256::digest(&bytes)));
        group.bench_function("scan", |b| {
            b.iter(|| look("export.csv", &bytes[..]).map(|scan| scan.finds.len()))
        });
        group.finish();
    }
}

criterion_group!(benches, scan);
criterion_main!(benches);
