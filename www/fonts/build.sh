#!/bin/sh
# Makes the fonts of www/fonts from Pretendard (SIL OFL 1.1) of npm with Debian's fonttools:
#   sh www/fonts/build.sh            (needs npm, python3-fonttools, python3-brotli, a few minutes)
# ui.woff2: the first page and the test, preloaded. words.woff2: the other words of the interface. k00.woff2 …: the rest. These are loaded by
# unicode-range from names.css when a page needs them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-/usr/bin/python3}

if [ -n "${PRETENDARD:-}" ]; then
  cp "$PRETENDARD" "$work/all.ttf"
else
  (cd "$work" && npm pack --silent pretendard@1.3.9 && tar xzf pretendard-*.tgz)
  cp "$work/package/dist/public/variable/PretendardVariable.ttf" "$work/all.ttf"
fi
# Only the weights the site uses.
"$python" -m fontTools varLib.instancer -q -o "$work/base.ttf" "$work/all.ttf" wght=400:900
rm -f "$here"/*.woff2
"$python" "$here/slices.py" > "$work/slices.tsv"
: > "$here/names.css"
while IFS="$(printf '\t')" read -r name unicodes; do
  "$python" -m fontTools subset "$work/base.ttf" --unicodes="$unicodes" --flavor=woff2 --layout-features='kern,ccmp' \
    --no-hinting --desubroutinize --name-IDs='' --notdef-outline --output-file="$here/$name.woff2" 2>/dev/null
  [ "$name" = ui ] && continue
  printf "@font-face{font-family:'Pretendard';src:url('%s.woff2') format('woff2');font-weight:400 900;font-display:swap;unicode-range:%s}\n" \
    "$name" "$unicodes" >> "$here/names.css"
done < "$work/slices.tsv"
ls -l "$here"/*.woff2 | awk '{ n++; s += $5 } END { print n " files, " s " bytes" }'
