//! An evidence manifest's bytes to a record, in megabytes a second.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use soc2::model::Evidence;
use soc2::record::Value;
use soc2::source::FileId;
use soc2::syntax::yaml;

#[path = "../examples/generate/programme.rs"]
#[allow(dead_code, unused_imports, reason = "the benches use a part of the generator")]
mod programme;

use programme::{Programme, Shape};

fn manifests(c: &mut Criterion) {
    let shape = Shape { controls: 50, evidence: 500, seed: 1, large_mb: 0 };
    let files = Programme::new(shape).in_memory();
    let texts: Vec<String> = files
        .into_iter()
        .filter(|(path, _)| path.ends_with("/manifest.yaml"))
        .filter_map(|(_, bytes)| String::from_utf8(bytes).ok())
        .collect();
    let mut group = c.benchmark_group("parse");
    group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("tree of 500 manifests", |b| {
        b.iter(|| {
            let mut out = Vec::new();
            for text in &texts {
                black_box(yaml::parse(FileId(0), text, 0, &mut out));
            }
            out.len()
        });
    });
    group.bench_function("records of 500 manifests", |b| {
        b.iter(|| {
            let mut out = Vec::new();
            for text in &texts {
                let node = yaml::parse(FileId(0), text, 0, &mut out);
                black_box(node.and_then(|node| Evidence::read(&node, &mut out)));
            }
            out.len()
        });
    });
    group.finish();
}

criterion_group!(benches, manifests);
criterion_main!(benches);
