# shellcheck shell=bash
# Which catalog a stack shows, and how it gets from CSV files to a published snapshot. Sourced after stack.sh.
#
#   catalog_find FOLDER   "" = the bundled sample. Sets CATALOG_NAME, CATALOG_LABEL and the files; complains on stderr
#   catalog_load RUN      migrate, import, build the dataset, train, publish; each step only if what it reads changed.
#                         RUN WHAT COMMAND… carries out one step
#
# `mvti setup` uses catalog_find FOLDER and catalog_import alone, with a way of its own to run mvti (CATALOG_MVTI) and a folder for what is simulated (CATALOG_TMP).
#
# A folder is either flat (movies.csv, characters.csv and, if there are any, plots.csv, links.csv, ratings.csv) or laid
# out like ../shared/data (mvti/, tmdb/, ml-latest-small/). Without ratings, an audience is simulated and labelled so.

catalog_first() {
    local file
    for file in "$@"; do
        [ ! -f "$file" ] || { echo "$file" && return; }
    done
}

catalog_find() {
    local dir=$1
    if [ -z "$dir" ]; then
        dir=$STACK_ROOT/sql/sample CATALOG_NAME=sample CATALOG_LABEL="the bundled sample with a simulated audience"
    else
        [ -d "$dir" ] || { stack_die "DATA=$dir is not a folder" || return; }
        dir=$(cd "$dir" && pwd -P)
        CATALOG_NAME=data-$(printf %s "$dir" | sha256sum | cut -c1-8)
        CATALOG_LABEL="the catalog in $dir"
    fi
    CATALOG_MOVIES=$(catalog_first "$dir/movies.csv" "$dir/mvti/movies.csv")
    CATALOG_CHARACTERS=$(catalog_first "$dir/characters.csv" "$dir/mvti/characters.csv")
    CATALOG_PLOTS=$(catalog_first "$dir/plots.csv" "$dir/tmdb/plots.csv" "$dir/tmdb/plots.csv.gz")
    CATALOG_TASTES=$(catalog_first "$dir/tastes.csv")
    CATALOG_LINKS=$(catalog_first "$dir/links.csv" "$dir/mvti/watch_links.csv")
    CATALOG_RATINGS=$(catalog_first "$dir/ratings.csv" "$dir/ml-25m/ratings.csv" "$dir/ml-latest-small/ratings.csv")
    [ -n "$CATALOG_MOVIES" ] && [ -n "$CATALOG_CHARACTERS" ] ||
        stack_die "DATA=$1 has no movies.csv and characters.csv, neither in itself nor in mvti/"
    # A made-up audience is learnt in a few turns; real ratings get what the models think fit. With CATALOG_BRIEF one turn
    # does, for programs that are slow on purpose and tests that do not ask how good a model is.
    CATALOG_BLEND=()
    [ -n "$CATALOG_RATINGS" ] || CATALOG_BLEND=(--set lightgcn++.epochs=30)
    [ -z "${CATALOG_BRIEF:-}" ] || CATALOG_BLEND=(--set lightgcn++.epochs=1)
    CATALOG_EXAMPLE=$(catalog_example)
}

# Three films for the example address: the first ones of the file.
catalog_example() {
    sed -n 's/^\xEF\xBB\xBF//;2,4s/^"\{0,1\}\([0-9][0-9]*\).*/\1/p' "$CATALOG_MOVIES" | paste -sd,
}

# What a step read, as one hash: the contents of files, but size and time of very large ones.
catalog_hash() {
    {
        find "$@" -size -200000k -exec sha256sum {} + | cut -c1-64
        find "$@" -size +199999k -printf '%p %s %T@\n'
    } | sha256sum | cut -c1-64
}

catalog_done() {
    [ "$(cat "$STACK/state/$1.stamp" 2>/dev/null)" = "$2" ]
}

catalog_load() {
    local run=$1 import train mvti=(env -C "$STACK" "$STACK_BUILD/mvti" --config jobs.conf)
    CATALOG_MVTI=("${mvti[@]}") CATALOG_TMP=$STACK/run/tmp
    "$run" "migrating" "${mvti[@]}" migrate
    stack_db_grants
    import=$(catalog_hash "$CATALOG_MOVIES" "$CATALOG_CHARACTERS" ${CATALOG_PLOTS:+"$CATALOG_PLOTS"} \
        ${CATALOG_LINKS:+"$CATALOG_LINKS"} ${CATALOG_RATINGS:+"$CATALOG_RATINGS"} ${CATALOG_TASTES:+"$CATALOG_TASTES"} "$STACK_ROOT"/sql/migrations/*.sql)
    train=$import-$(catalog_hash "$STACK_ROOT"/lib/{base,bts,data,domain,model,num,publish,text,train}/*.[ch] \
        "$STACK_ROOT"/jobs/*.c "$STACK_ROOT"/sql/reference/*)
    if ! catalog_done import "$import"; then
        catalog_import "$run"
        echo "$import" >"$STACK/state/import.stamp"
    fi
    if ! catalog_done train "$train"; then
        "$run" "building the dataset" "${mvti[@]}" dataset build
        "$run" "training bts" "${mvti[@]}" train bts
        "$run" "training the blend" "${mvti[@]}" train blend "${CATALOG_BLEND[@]}"
        "$run" "training popularity" "${mvti[@]}" train popularity
        "$run" "publishing" "${mvti[@]}" publish
        echo "$train" >"$STACK/state/train.stamp"
    fi
}

catalog_import() {
    local run=$1 mvti=("${CATALOG_MVTI[@]}")
    "$run" "importing films" "${mvti[@]}" import movies "$CATALOG_MOVIES"
    "$run" "importing characters" "${mvti[@]}" import characters "$CATALOG_CHARACTERS"
    [ -z "$CATALOG_PLOTS" ] || "$run" "importing plots" "${mvti[@]}" import plots "$CATALOG_PLOTS"
    [ -z "$CATALOG_LINKS" ] || "$run" "importing watch links" "${mvti[@]}" import links "$CATALOG_LINKS"
    if [ -n "$CATALOG_RATINGS" ]; then
        "$run" "importing ratings" "${mvti[@]}" import ratings "$CATALOG_RATINGS"
    else
        "$run" "simulating an audience" "${mvti[@]}" simulate audience --movies "$CATALOG_MOVIES" \
            ${CATALOG_TASTES:+--tastes "$CATALOG_TASTES"} --out "$CATALOG_TMP/simulated.csv"
        "$run" "importing its ratings" "${mvti[@]}" import ratings --simulated "$CATALOG_TMP/simulated.csv"
    fi
}
