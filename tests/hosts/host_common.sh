# shellcheck shell=bash
# What hosts of tests/hosts and tests/cluster do in the same way. Sourced after tools/stack.sh by host.sh, with $top.

# host_certificates NAMES: an authority, ca.pem, and a server's certificate of it, server.pem, for NAMES as subjectAltName has them.
host_certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout "$top/ca.key" -out "$top/ca.pem" -subj /CN=ca 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$top/server.key" -out "$top/server.csr" -subj /CN=server 2>/dev/null
    openssl x509 -req -in "$top/server.csr" -CA "$top/ca.pem" -CAkey "$top/ca.key" -CAcreateserial -days 2 \
        -extfile <(echo "subjectAltName=$1") -out "$top/server.pem" 2>/dev/null
}

# Catalog, ratings and models of the bundled sample, with few people.
host_first_data() {
    local sample=$STACK_ROOT/sql/sample
    stack_mvti import movies "$sample/movies.csv"
    stack_mvti import characters "$sample/characters.csv"
    stack_mvti simulate audience --movies "$sample/movies.csv" --users 300 --out "$STACK/run/tmp/simulated.csv"
    stack_mvti import ratings --simulated "$STACK/run/tmp/simulated.csv"
    stack_mvti dataset build
    stack_mvti train bts
    stack_mvti train ease
    stack_mvti train popularity
}

# nginx in front, with nginx-site.conf.
host_front() {
    "$STACK_ROOT/tools/fill" "$STACK_ROOT/nginx/local.conf.in" USER_LINE='user root;' NAME=nginx PROCESSES=2 SITE="$STACK/nginx-site.conf" |
        sed "s|^http {|http { access_log log/access.log;|" >"$STACK/nginx.conf"
    nginx -t -q -p "$STACK/" -c nginx.conf -e log/nginx-error.log
    stack_spawn nginx nginx -p "$STACK/" -c nginx.conf -e log/nginx-error.log
}

# host_kill NAME…: of a sudden.
host_kill() {
    local name pid
    for name in "$@"; do
        ! pid=$(stack_alive "$name") || kill -KILL -- "-$pid" 2>/dev/null || true
        rm -f "$STACK/run/$name.pid"
    done
}
