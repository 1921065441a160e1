//! Every rule over a loaded programme, and the JSON that comes of it: 200 controls and 2000 manifests.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::date;
use soc2::output::{self, View};
use soc2::program::Program;
use soc2::report::Report;
use soc2::source::Sources;
use soc2::timeline::Judgement;
use soc2::ui::Ui;

#[path = "../examples/generate/programme.rs"]
#[allow(dead_code, unused_imports, reason = "the benches use a part of the generator")]
mod programme;

use programme::{Programme, Shape};

fn rules(c: &mut Criterion) {
    let shape = Shape { controls: 200, evidence: 2000, seed: 1, large_mb: 0 };
    let files = Programme::new(shape).in_memory();
    let mut group = c.benchmark_group("rules");
    group.sample_size(20);
    group.throughput(Throughput::Elements(files.len() as u64));
    let program = Program::load(Sources::from_memory(files));
    let as_of = date(2026, 12, 31);
    group.bench_function("judgement", |b| b.iter(|| Judgement::new(&program, as_of, None).audits.len()));
    let judgement = Judgement::new(&program, as_of, None);
    group.bench_function("report", |b| b.iter(|| Report::new(&judgement).gaps.len()));
    let report = Report::new(&judgement);
    let ui = Ui { colour: false, width: 140, columns: None, verbosity: 0 };
    let view = View {
        judgement: &judgement,
        report: &report,
        ui,
        notes: true,
        strict: false,
        prefix: String::new(),
        read: "work tree".to_owned(),
        gate: None,
    };
    if let Some(json) = output::find("json") {
        group.bench_function("json", |b| {
            b.iter(|| json.render(&view).map(|text| text.len()).unwrap_or_default());
        });
    }
    group.finish();
}

criterion_group!(benches, rules);
criterion_main!(benches);
