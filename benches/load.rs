//! A programme in memory, parsed and linked: 200 controls and 2000 manifests.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use soc2::program::Program;
use soc2::source::Sources;

#[path = "../examples/generate/programme.rs"]
#[allow(dead_code, unused_imports, reason = "the benches use a part of the generator")]
mod programme;

use programme::{Programme, Shape};

fn load(c: &mut Criterion) {
    let shape = Shape { controls: 200, evidence: 2000, seed: 1, large_mb: 0 };
    let files = Programme::new(shape).in_memory();
    let mut group = c.benchmark_group("load");
    group.sample_size(20);
    group.throughput(Throughput::Elements(files.len() as u64));
    group.bench_function("sources from memory", |b| {
        b.iter_batched(|| files.clone(), Sources::from_memory, BatchSize::LargeInput);
    });
    group.bench_function("program from sources", |b| {
        b.iter_batched(|| Sources::from_memory(files.clone()), Program::load, BatchSize::LargeInput);
    });
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
