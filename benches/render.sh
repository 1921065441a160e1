#!/bin/sh
# Publishing 40 policies, next to pandoc with WeasyPrint on the same Markdown: CPU seconds, peak memory, the ratio.
#   benches/render.sh [soc2]        needs GNU time, python3, pandoc and weasyprint (pip install weasyprint)
set -eu

soc2=$(realpath "${1:-target/release/soc2}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$soc2" init . --name "Acme, Inc." --timezone UTC --staff 400 --site office \
    --categories security,availability,confidentiality,processing-integrity,privacy \
    --type type2 --from 2027-01-01 --to 2027-12-31 >/dev/null
# The templates are fewer than 40: seven stand twice.
for policy in $(ls policies | head -7); do
    sed "s/^id: /id: second-/" "policies/$policy" >"policies/second-$policy"
done
test "$(ls policies | wc -l)" -eq 40
policies=$(ls policies | sed 's/\.md$//')

# measure NAME COMMAND…: CPU seconds and peak memory into NAME.time
measure() {
    name=$1
    shift
    /usr/bin/time -o "$name.time" -f "%U %S %M %e" "$@" >/dev/null 2>"$name.log" || { cat "$name.log"; exit 1; }
}
as_of="--drafts --as-of 2027-06-30"
measure md "$soc2" render $as_of --to md --policy $policies
measure site "$soc2" render $as_of --to html
measure pdf "$soc2" render $as_of --to pdf --policy $policies
measure one "$soc2" render $as_of --to pdf --policy access-control --out one
cat >others.sh <<'END'
for policy in published/md/policies/*.md; do
    pandoc --standalone --metadata title=Policy --toc --pdf-engine=weasyprint -o "others/$(basename "$policy" .md).pdf" "$policy"
done
END
mkdir others
measure others sh others.sh

python3 - <<'END'
def read(name):
    user, system, peak, clock = open(f"{name}.time").read().split()
    return float(user) + float(system), int(peak) / 1024, float(clock)
rows = [("40 policies to Markdown", "md"), ("whole site", "site"), ("40 policies to PDF", "pdf"),
        ("one policy to PDF", "one"), ("40 by pandoc and weasyprint", "others")]
for title, name in rows:
    cpu, peak, clock = read(name)
    print(f"{title:28} {cpu:8.2f} s CPU {clock:8.2f} s {peak:7.0f} MiB")
print(f"ratio {read('others')[0] / read('pdf')[0]:.0f}")
END
