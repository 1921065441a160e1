//! Recipes read, and lists weighed.

use super::*;
use crate::timeline::population;

fn probe(keys: &str) -> Completeness {
    let mut out = Vec::new();
    let text = format!("because: pages are followed to the last one\n{keys}");
    let node = yaml::parse(NO_FILE, &text, 0, &mut out).unwrap();
    let probe = Completeness::read(&node, &mut out).unwrap();
    assert!(out.is_empty(), "{out:?}");
    probe
}

fn of(items: u64) -> Found {
    Found { items, ..Found::default() }
}

#[test]
fn every_recipe_and_program_reads() {
    let mut out = Vec::new();
    let programs = programs(&mut out);
    assert!(out.is_empty() && !programs.is_empty(), "{out:?}");
    for (name, text) in files() {
        let recipe = read(text, &mut out);
        assert!(out.is_empty(), "{name}: {out:?}");
        assert_eq!(recipe.map(|recipe| format!("{}.yaml", recipe.id.value)).as_deref(), Some(name));
    }
    assert_eq!(all().len(), files().count());
    assert!(find("github-members").is_some() && find("programs").is_none() && find("nothing").is_none());
}

#[test]
fn a_list_is_whole_where_nothing_speaks_against_it() {
    let total = probe("total: total_count");
    for (probe, found, words) in [
        (probe(""), of(100), "pages are followed to the last one; 100 in total"),
        (
            probe("more: NextToken"),
            of(3),
            "pages are followed to the last one, and no `NextToken` is left; 3 in total",
        ),
        (total, Found { total: Some(3), ..of(3) }, "3 of 3, the source counts them in `total_count`"),
        (
            probe("count: { arguments: [count] }"),
            Found { total: Some(3), counted_by: Some("x count".to_owned()), ..of(3) },
            "3 of 3, counted by `x count`",
        ),
        (probe("page: 200"), of(199), "pages are followed to the last one; 199 in total"),
    ] {
        assert_eq!(weigh(&probe, &found), Standing::Whole(words.to_owned()));
        assert_eq!(population::cut_words(words), None, "{words}");
    }
}

#[test]
fn a_part_is_marked_so_that_check_finds_it() {
    for (probe, found) in [
        (probe("more: NextToken"), Found { more: true, ..of(100) }),
        (probe("page: 200"), of(200)),
        (probe("total: total_count"), Found { total: Some(1743), ..of(1000) }),
    ] {
        let Standing::Part(words) = weigh(&probe, &found) else { panic!("{found:?}") };
        let manifest = words.replace("the list is truncated", "list truncated");
        assert!(
            population::cut_words(&manifest[manifest.find("list truncated").unwrap()..]).is_some(),
            "{words}"
        );
    }
    let differs = weigh(&probe("total: n"), &Found { total: Some(3), ..of(4) });
    assert!(matches!(differs, Standing::Differs(_)), "{differs:?}");
}
