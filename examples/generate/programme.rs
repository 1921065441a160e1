//! A believable large programme as a list of files, made from a seed and nothing else: the same shape gives the same
//! bytes. Used by `examples/generate.rs`, which writes it as a repository, and by `benches/`.

#![allow(unreachable_pub, reason = "shared by path; there is no crate to be reached from")]

mod calendar;
mod controls;
mod evidence;
mod registers;
mod rng;
mod words;

use jiff::civil::Date;

#[allow(unused_imports, reason = "used by the example, not by benches/")]
pub use evidence::log;
pub use rng::Rng;

use controls::Control;
use registers::Person;

/// How large a programme is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub controls: usize,
    /// Evidence manifests, each with an artefact.
    pub evidence: usize,
    pub seed: u64,
    /// Megabytes of large artefacts.
    pub large_mb: u64,
}

/// Everything the files are made from.
pub struct Programme {
    pub shape: Shape,
    pub people: Vec<Person>,
    controls: Vec<Control>,
    /// Indices of controls that have evidence, each with its first manifest's number.
    shown: Vec<(usize, usize)>,
}

/// A part of the programme that comes into the repository at once.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    /// Configuration, registers, policies and other documents.
    Foundation,
    Control(usize),
    /// What a control said before somebody edited it.
    EarlierControl(usize),
    Evidence(usize),
    /// The artefact of a manifest as it was before somebody changed it.
    EarlierArtifact(usize),
    /// One of the large artefacts and its manifest.
    Large(usize),
}

/// A file's bytes, made when they are written.
pub enum Content {
    Bytes(Vec<u8>),
    /// So many bytes of a log, from a seed.
    #[allow(dead_code, reason = "used by the example, not by benches/")]
    Log(u64, u64),
}

impl Programme {
    pub fn new(shape: Shape) -> Self {
        let people = registers::people(&shape);
        let controls: Vec<Control> = (0..shape.controls).map(|i| Control::new(&shape, i)).collect();
        let mut programme = Self { shape, people, controls, shown: Vec::new() };
        programme.spread();
        programme
    }

    /// Gives every control that was ever in place its share of the manifests.
    fn spread(&mut self) {
        let able: Vec<usize> = (0..self.controls.len()).filter(|i| self.controls[*i].in_place()).collect();
        let (each, extra) = (self.shape.evidence / able.len(), self.shape.evidence % able.len());
        let mut first = 0;
        for (nth, index) in able.into_iter().enumerate() {
            let share = each + usize::from(nth < extra);
            if share > 0 {
                self.shown.push((index, first));
                self.controls[index].manifests = share;
                first += share;
            }
        }
    }

    /// Every piece with the day it came into the repository. The last one of a path is what stands at the end.
    pub fn pieces(&self) -> Vec<(Date, Piece)> {
        let mut pieces = vec![(calendar::day(1), Piece::Foundation)];
        for (index, control) in self.controls.iter().enumerate() {
            match control.edited {
                Some(edited) => {
                    pieces.push((control.added, Piece::EarlierControl(index)));
                    pieces.push((edited, Piece::Control(index)));
                }
                None => pieces.push((control.added, Piece::Control(index))),
            }
        }
        for number in 0..self.shape.evidence {
            let item = self.item(number);
            match item.changed() {
                Some(changed) => {
                    pieces.push((item.filed(), Piece::EarlierArtifact(number)));
                    pieces.push((changed, Piece::Evidence(number)));
                }
                None => pieces.push((item.filed(), Piece::Evidence(number))),
            }
        }
        let large = (0..evidence::large_parts(&self.shape)).map(|i| (calendar::day(300), Piece::Large(i)));
        pieces.extend(large);
        pieces
    }

    /// Hands over the files of a piece.
    pub fn files(&self, piece: Piece, take: &mut dyn FnMut(String, Content)) {
        let mut text = |path: String, text: String| take(path, Content::Bytes(text.into_bytes()));
        match piece {
            Piece::Foundation => registers::foundation(self, &mut text),
            Piece::Control(index) => {
                let control = &self.controls[index];
                text(control.path(), control.text(&self.shape));
            }
            Piece::EarlierControl(index) => {
                let control = &self.controls[index];
                text(control.path(), control.earlier_text(&self.shape));
            }
            Piece::Evidence(number) => self.item(number).files(true, take),
            Piece::EarlierArtifact(number) => self.item(number).files(false, take),
            Piece::Large(index) => evidence::large(self, index, take),
        }
    }

    /// The programme as it stands at the end, held in memory; without large artefacts.
    #[allow(dead_code, reason = "used by benches/, not by the example")]
    pub fn in_memory(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        for (_, piece) in self.pieces() {
            if !matches!(piece, Piece::EarlierControl(_) | Piece::EarlierArtifact(_) | Piece::Large(_)) {
                self.files(piece, &mut |path, content| {
                    if let Content::Bytes(bytes) = content {
                        files.push((path, bytes));
                    }
                });
            }
        }
        files
    }

    /// The manifest of that number.
    fn item(&self, number: usize) -> evidence::Item<'_> {
        let nth = self.shown.partition_point(|(_, first)| *first <= number) - 1;
        let (index, first) = self.shown[nth];
        evidence::Item::new(self, &self.controls[index], number, number - first)
    }
}
