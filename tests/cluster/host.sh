#!/bin/bash
# host.sh TOP HOST COMMAND…: one host of run.py, inside its network namespace; its files are in TOP/HOST. Each command does one thing and
# leaves its servers running (STACK_DETACH), so that run.py decides who dies when.
set -euo pipefail
top=$1 host=$2 command=$3
shift 3
. "$(dirname "$0")/../../tools/stack.sh"
. "$(dirname "$0")/../../tools/provider.sh"
. "$(dirname "$0")/../hosts/host_common.sh"
# Visitors and providers know the site by loopback of the host in front, since only there providers may be asked without TLS.
FRONT=10.78.0.10 NAME=db.internal
STACK_DETACH=1 STACK_PORT=8080 STACK_LIMITS=off STACK_GUEST_WORK=0 STACK_GUEST_COUNTED=1000000 STACK_WORKERS=${CLUSTER_WORKERS:-3} STACK_LOGIN_WORKERS=2 STACK_CACHE=mvti
STACK_PROVIDERS=dev PROVIDER_PORT=8099
stack_use "$top/$host"
address=$(ip -4 -o address show dev eth0 | sed 's|.*inet \([0-9.]*\)/.*|\1|')

# The examples as an operator copies them: addresses, names of files, accounts.
node_config() {
    sed -e "s|= 192.0.2.21$|= $address|; s|192\.0\.2\.|10.78.0.|g; s|= db1$|= $host|; s|/etc/mysql/tls/|$top/|g; s|= mysql:|= root:|; s|gcache.size=512M|gcache.size=64M|" \
        "$STACK_ROOT/systemd/cluster/galera.cnf"
    printf '%s\n' '[mariadb]' "datadir=$STACK/db" "socket=$STACK_SOCKET" "pid_file=$STACK/run/mariadbd.pid" "tmpdir=$STACK/run/tmp" \
        innodb_buffer_pool_size=64M innodb_log_file_size=24M performance_schema=OFF user=root '[sst]' "progress=none"
}

# As Debian's unit does (galera_recovery): a server that did not end in order says how far its rows have come.
start_position() {
    mariadbd --defaults-file="$STACK/galera.cnf" --wsrep-recover --log-error="$STACK/log/recover.log" >/dev/null 2>&1 || true
    sed -n 's/.*WSREP: Recovered position:\{0,1\} *\([0-9a-f-]*:[0-9-]*\).*/--wsrep-start-position=\1/p' "$STACK/log/recover.log" | tail -n 1
}

node() {
    local position=
    grep -q 'seqno:  *-1' "$STACK/db/grastate.dat" 2>/dev/null && position=$(start_position)
    rm -f "$STACK/log/recover.log" "$STACK/run/mysql.sock"
    stack_spawn mariadb mariadbd --defaults-file="$STACK/galera.cnf" $position "$@"
    stack_alive ready >/dev/null || stack_spawn ready socat "TCP-LISTEN:9200,bind=$address,reuseaddr,fork" \
        "EXEC:$STACK_ROOT/systemd/cluster/galera-ready 20 --no-defaults --socket=run/mysql.sock --user=root"
}

proxy() {
    sed -e '/^ *\(user\|group\) /d; s|192\.0\.2\.|10.78.0.|g' "$STACK_ROOT/systemd/cluster/haproxy.cfg" >"$STACK/haproxy.cfg"
    stack_spawn haproxy haproxy -db -f "$STACK/haproxy.cfg"
}

configure() {
    mkdir -p "$STACK/state"
    echo $PROVIDER_PORT >"$STACK/state/provider.port"
    cp "$top"/front/secrets/provider-* "$STACK/secrets/"
    [ ! -e "$top/session.key" ] || cp "$top/session.key" "$STACK/secrets/session.key"
    stack_build_config
    sed -i "s|listen 127.0.0.1:8080;|listen 8080;|; /listen \[::1\]/d; s|^server_name 127.*|server_name _;|" "$STACK/nginx-site.conf"
    echo "set_real_ip_from $FRONT;" >"$STACK/nginx-proxies.conf"
    for file in mvti jobs; do # before the sections of providers
        sed -i "s|^db_socket = .*|db_host = $NAME\ndb_ca_file = $top/ca.pem\ndb_patience_ms = 10000|; s|^db_timeout_ms = .*|db_timeout_ms = 6000|" "$STACK/$file.conf"
    done
    cp "$top/db1/secrets/worker" "$top/db1/secrets/jobs" "$STACK/secrets/"
}

provider_wires() {
    stack_spawn wire socat "TCP-LISTEN:$PROVIDER_PORT,bind=127.0.0.1,reuseaddr,fork" "TCP:$FRONT:$PROVIDER_PORT"
}

case $command in
prepare-node)
    [ "$host" != db1 ] || host_certificates "DNS:$NAME,IP:10.78.0.21,IP:10.78.0.22,IP:10.78.0.23"
    node_config >"$STACK/galera.cnf"
    [ "$host" != db1 ] || {
        mariadb-install-db --no-defaults --datadir="$STACK/db" --tmpdir="$STACK/run/tmp" --skip-test-db --auth-root-authentication-method=socket \
            --auth-root-socket-user="$(id -un)" $(stack_root_option) >"$STACK/log/install-db.log" 2>&1
    }
    ;;
node) node "$@" ;;
accounts)
    stack_db_accounts
    for account in worker jobs; do
        printf "CREATE USER mvti_%s@'10.78.0.%%' IDENTIFIED BY '%s' REQUIRE SSL;\n" $account "$(stack_secret $account)" | stack_sql
    done
    "$STACK_ROOT/sql/for-host" '10.78.0.%' "$STACK_ROOT/sql/database.sql" | stack_sql
    ;;
grants) "$STACK_ROOT/sql/for-host" '10.78.0.%' "$STACK_ROOT/sql/grants.sql" | stack_sql ;;
front)
    for name in $STACK_PROVIDERS; do stack_secret "provider-$name" >/dev/null; done
    mkdir -p "$STACK/state"
    echo $PROVIDER_PORT >"$STACK/state/provider.port"
    stack_provider_start
    stack_spawn wire socat "TCP-LISTEN:$PROVIDER_PORT,bind=$FRONT,reuseaddr,fork" "TCP:127.0.0.1:$PROVIDER_PORT"
    sed -e 's|192\.0\.2\.\([0-9]*\):80|10.78.0.\1:8080|g; s|server_name .*|server_name _;|; s|listen 80;|listen 8080;|' "$STACK_ROOT/nginx/front.conf" >"$STACK/nginx-site.conf"
    host_front
    ;;
publisher)
    proxy
    configure
    cp "$STACK/secrets/session.key" "$top/session.key"
    "$STACK_BUILD/mvti" key --signing "$top/offer.key"
    mkdir -p "$STACK/offer"
    sed -i "2i offer_dir = $STACK/offer\noffer_key_file = $top/offer.key" "$STACK/jobs.conf"
    ;;
first-data)
    host_first_data
    stack_mvti publish --force
    ;;
mvti) stack_mvti "$@" ;;
ping) stack_mvti snapshot history 2>&1 || true ;;
stop) stack_stop mariadb ;;
sql) stack_sql mvti "$@" ;;
prepare-web)
    configure
    sed -i "2i pull_url = $top/pub/offer\npull_key_file = $top/offer.key.pub" "$STACK/jobs.conf"
    stack_mvti pull
    provider_wires
    ;;
proxy) proxy ;;
pool) stack_pool_start && stack_login_start ;;
web)
    stack_alive haproxy >/dev/null || proxy
    stack_alive pool >/dev/null || stack_pool_start
    stack_alive login >/dev/null || stack_login_start
    stack_web_start
    ;;
kill) host_kill "$@" ;;
alive) stack_alive "$1" ;;
esac
