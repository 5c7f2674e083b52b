#!/bin/bash
# host.sh TOP HOST COMMAND…: one host of run.py, inside its network namespace; its files are in TOP/HOST. Each command does one thing and
# leaves its servers running (STACK_DETACH), so that run.py decides who dies when.
set -euo pipefail
top=$1 host=$2 command=$3
shift 3
. "$(dirname "$0")/../../tools/stack.sh"
. "$(dirname "$0")/host_common.sh"
# Where they are, as run.py lays them.
DB=10.77.0.20 FRONT=10.77.0.10
STACK_DETACH=1 STACK_PORT=80 STACK_LIMITS=off STACK_GUEST_WORK=0 STACK_GUEST_COUNTED=1000000 STACK_WORKERS=2 STACK_CACHE=mvti
stack_use "$top/$host"

setting() {
    local file=$1
    shift
    printf '%s = %s\n' "$@" >>"$STACK/$file"
}

# For its own address and any name, as the file that `make install` makes; the settings of a host behind the front one.
configure() {
    stack_build_config
    sed -i "s|listen 127.0.0.1:80;|listen 80;|; /listen \[::1\]/d; s|^server_name 127.*|server_name _;|" "$STACK/nginx-site.conf"
    echo "set_real_ip_from $FRONT;" >"$STACK/nginx-proxies.conf"
    sed -i "s|^public_url = .*|public_url = http://$FRONT|" "$STACK"/{mvti,jobs}.conf
}

# Address and password of the database; the key of sessions is the same on all.
configure_remote() {
    cp "$top/session.key" "$STACK/secrets/session.key"
    configure
    cp "$top/db/secrets/worker" "$STACK/secrets/worker"
    setting mvti.conf db_host $DB db_ca_file "$top/ca.pem"
    setting jobs.conf pull_url "https://$DB:8443" pull_key_file "$top/offer.key.pub" pull_ca_file "$top/ca.pem"
}

database() {
    stack_spawn mariadb mariadbd --no-defaults --datadir="$STACK/db" --socket=../run/mysql.sock --pid-file="$STACK/run/mariadbd.pid" \
        --tmpdir="$STACK/run/tmp" --bind-address=$DB --skip-name-resolve --require-secure-transport=ON --ssl-cert="$top/server.pem" \
        --ssl-key="$top/server.key" --ssl-ca="$top/ca.pem" --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci \
        --innodb-buffer-pool-size=64M $(stack_root_option)
    stack_until 60 stack_up mariadb stack_sql_answers || true
    stack_sql_answers
}

case $command in
prepare-database) # and the host that publishes
    host_certificates "IP:$DB"
    configure
    cp "$STACK/secrets/session.key" "$top/session.key"
    "$STACK_BUILD/mvti" key --signing "$top/offer.key"
    mkdir "$STACK/offer"
    setting jobs.conf offer_dir "$STACK/offer" offer_key_file "$top/offer.key"
    stack_db_create
    database
    stack_db_accounts
    stack_mvti migrate
    stack_db_grants
    printf "CREATE USER mvti_worker@'10.77.0.%%' IDENTIFIED BY '%s' REQUIRE SSL;\n" "$(stack_secret worker)" | stack_sql
    "$STACK_ROOT/sql/for-host" '10.77.0.%' "$STACK_ROOT/sql/grants.sql" | stack_sql
    host_first_data
    # ready by its own name for itself, as an operator checks it
    sed -e "s|127.0.0.1:8443|$DB:8443|; s|/etc/mvti/tls/publish|$top/server|; s|/var/log/nginx/mvti-offer.log|log/offer.log|; s|/var/lib/mvti-offer|$STACK/offer|" \
        "$STACK_ROOT/nginx/offer.conf" >"$STACK/nginx-site.conf"
    stack_spawn nginx nginx -p "$STACK/" -c nginx.conf -e log/nginx-error.log
    ;;
publish) stack_mvti publish --force "$@" ;;
set) # a setting of jobs
    sed -i "/^$1 = /d" "$STACK/jobs.conf"
    setting jobs.conf "$1" "$2"
    ;;
mvti) stack_mvti "$@" ;;
database) database ;;
sql) stack_sql mvti "$@" ;;
prepare-web)
    configure_remote
    stack_mvti pull
    ;;
web) stack_pool_start && stack_web_start ;;
pool) stack_pool_start ;;
front)
    sed -e 's|192.0.2.|10.77.0.|g; s|server_name .*|server_name _;|' "$STACK_ROOT/nginx/front.conf" >"$STACK/nginx-site.conf"
    host_front
    ;;
kill) # all of it, or what is named
    [ $# -gt 0 ] || set -- nginx pool export picture mariadb
    host_kill "$@"
    ;;
stop) stack_stop "$@" ;;
esac
