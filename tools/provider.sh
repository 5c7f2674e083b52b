# shellcheck shell=bash
# The stand-in for the login providers (tests/provider) in a stack. Sourced after stack.sh.
#
#   STACK_PROVIDERS          what it plays, of stack_providers; empty: nothing of it is started or configured
#   STACK_PROVIDER_CONTROL   1: tests may order wrong answers; never in make run, where any page of the browser could
#   stack_providers          all that the site knows, in the order of its table (lib/auth/provider.c)
#   stack_provider_config    their sections of mvti.conf, on standard output; stack_build_config asks for it
#   stack_provider_start     its address goes to run/provider.url

stack_providers() {
    sed -n 's/^ *{\.id = "\([a-z]*\)".*/\1/p' "$STACK_ROOT/lib/auth/provider.c" | paste -sd ' '
}

# The port of tests/provider: chosen by the kernel once and kept, because it is part of the issuer's name, and with it of
# every identity in the database.
stack_provider_port() {
    local file=$STACK/state/provider.port
    [ -s "$file" ] || "$STACK_BUILD/tools/free_port" >"$file" || return 1
    cat "$file"
}

# For one of OAuth 2.0, its three addresses at the stand-in: the paths of those in the table.
stack_provider_oauth2() {
    sed -nE '/\{\.id = "'"$1"'"/,/\}/s#.*\.(authorization|token|profile) = "https://[^/]*(/[^"]*)".*#\1_endpoint = '"$2"'\2#p' \
        "$STACK_ROOT/lib/auth/provider.c" | sed '1iprotocol = oauth2'
}

# The sections of the configuration for STACK_PROVIDERS, all played by tests/provider.
stack_provider_config() {
    local name url
    url=http://127.0.0.1:$(stack_provider_port)
    for name in $STACK_PROVIDERS; do
        printf '\n[provider %s]\nclient_id = mvti-%s\nclient_secret_file = %s\nissuer = %s\n' \
            "$name" "$name" "$STACK/secrets/provider-$name" "$url/$name"
        if [ "$name" = kakao ]; then printf 'admin_key_file = %s\n' "$STACK/secrets/provider-kakao-admin"; fi
        stack_provider_oauth2 "$name" "$url/$name"
    done
}

# The npm packages the first time, then the stand-in, waited for. What it was started with is kept for stackctl.
stack_provider_start() {
    local port name from=$STACK_ROOT/tests/provider
    [ -n "${STACK_PROVIDERS:-}" ] || return 0
    port=$(stack_provider_port) || return
    ! stack_port_taken "$port" ||
        stack_die "port $port on 127.0.0.1 is taken by another program; $STACK/state/provider.port chooses another" || return
    if [ ! "$from/node_modules/.package-lock.json" -nt "$from/package-lock.json" ]; then
        (cd "$from" && npm ci --no-audit --no-fund --silent) >"$STACK/log/provider-npm.log" 2>&1 ||
            { stack_log provider-npm && stack_die "npm could not install what tests/provider needs"; } || return
    fi
    for name in $STACK_PROVIDERS; do
        stack_secret "provider-$name" >/dev/null
        [ "$name" != kakao ] || stack_secret provider-kakao-admin >/dev/null
    done
    printf '%s\n' "STACK_PROVIDERS='$STACK_PROVIDERS' STACK_PROVIDER_CONTROL=${STACK_PROVIDER_CONTROL:-}" >"$STACK/state/provider.sh"
    echo "http://127.0.0.1:$port" >"$STACK/run/provider.url"
    stack_spawn provider node "$from/server.mjs" --port "$port" --site "http://127.0.0.1:$STACK_PORT" \
        --secrets "$STACK/secrets" ${STACK_PROVIDER_CONTROL:+--control} $STACK_PROVIDERS
    stack_until 15 stack_up provider stack_port_taken "$port" || true
    if stack_port_taken "$port"; then return 0; fi
    stack_log provider
    stack_die "the stand-in for the login providers does not start; its log: $STACK/log/provider.log"
}
