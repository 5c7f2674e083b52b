#!/bin/sh
# Pages beside the pictures that are kept of them, against MVTI_URL, on a stack that nobody has used yet. DRAW=1 draws the pictures anew.
set -eu
cd "$(dirname "$0")"
[ -d node_modules/pixelmatch ] || npm ci --no-audit --no-fund --silent
exec node golden.mjs
