# shellcheck shell=bash
# A private stack in one folder: MariaDB on a Unix socket, the worker pool, nginx on a loopback port. Sourced by
# run-local (make run), tests/run and the benches; nothing in it knows who calls.
#
#   stack_use DIR        choose (and make) the folder; everything below is written there
#   stack_build_config   nginx.conf, mvti.conf (worker), jobs.conf from STACK_PORT, STACK_LIMITS, STACK_WORKERS, STACK_GUEST_WORK,
#                        STACK_GUEST_COUNTED
#   stack_db_start       first time: a new database; then the server, waited for
#   stack_pool_start, stack_web_start, stack_stop [NAME]
#   stack_login_start    the workers of /auth/; the providers they ask: provider.sh
#   stack_export_start   the worker for exports; stack_pool_start does it too, where there is none
#
# Every process is started in the folder with a session of its own, so that Ctrl-C reaches only the caller, who stops
# them in order; and with a parent-death signal, so that none outlives a caller that was killed. The folder of a process
# (/proc/PID/cwd) is what proves that a number in run/NAME.pid is still ours before it is signalled.
#
# Waiting is in seconds of the reference machine: stack_until multiplies them by MVTI_TEST_SLOWNESS (tests/run), if there is one.
#
# A Unix socket's name has at most 107 bytes. Servers and workers get names relative to the folder (mariadbd: to db/),
# so that a deep checkout works too.

STACK_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
STACK_BUILD=${BUILD:-build}
case $STACK_BUILD in /*) ;; *) STACK_BUILD=$STACK_ROOT/$STACK_BUILD ;; esac
PATH=$PATH:/usr/sbin:/sbin

stack_die() {
    printf '%s\n' "$*" >&2
    return 1
}

stack_use() {
    mkdir -p "$1"
    STACK=$(cd "$1" && pwd -P)
    mkdir -p "$STACK"/{run,secrets}
    chmod 700 "$STACK"/{run,secrets}
    mkdir -p "$STACK"/{run/tmp,run/metrics/{main,login,export,picture,admin},log,state/{ratings,datasets,models,snapshots,pictures}}
    STACK_SOCKET=$STACK/run/mysql.sock
    [ ${#STACK_SOCKET} -le 107 ] || STACK_SOCKET=run/mysql.sock
}

# stack_alive NAME: prints the process id if the process is alive and works in this folder.
stack_alive() {
    local pid cwd
    { read -r pid <"$STACK/run/$1.pid"; } 2>/dev/null || return 1
    cwd=$(readlink "/proc/$pid/cwd" 2>/dev/null) || return 1
    [ "$cwd" = "$STACK" ] || [ "$cwd" = "$STACK/db" ] || return 1
    echo "$pid"
}

# stack_spawn NAME COMMAND…: in the background, in the folder, output to log/NAME.log.
stack_spawn() {
    local name=$1 end_with_caller="setpriv --pdeathsig TERM"
    shift
    [ -z "${STACK_DETACH:-}" ] || end_with_caller=
    (
        cd "$STACK" || exit 1
        exec setsid $end_with_caller "$@" </dev/null >>"log/$name.log" 2>&1 9>&-
    ) &
    echo $! >"$STACK/run/$name.pid"
    # Before it is in its folder, whoever looked would take it for dead.
    stack_until 20 stack_started "$name" $! || true
    disown $! # nobody waits for it by number, and the shell need not report how it ended
}

# stack_started NAME PID: it works in its folder, or it is dead already.
stack_started() {
    stack_alive "$1" >/dev/null || ! kill -0 "$2" 2>/dev/null
}

stack_seconds() {
    awk -v s="$1" -v by="${MVTI_TEST_SLOWNESS:-1}" 'BEGIN { printf "%d", s * (by > 1 ? by : 1) + 0.5 }'
}

# Of a setting that gives up at last; what the setting does is tested with its own value.
stack_milliseconds() {
    local most=$((1000 * $(stack_seconds "$(($1 / 1000))")))
    echo $((most < 60000 ? most : 60000))
}

# stack_until SECONDS COMMAND…: asks again and again until COMMAND holds; status 1 if it never did.
stack_until() {
    local i times=$((20 * $(stack_seconds "$1")))
    shift
    for ((i = 0; i < times; i++)); do
        if "$@"; then return 0; fi
        sleep 0.05
    done
    return 1
}

stack_dead() {
    ! stack_alive "$1" >/dev/null
}

# stack_up NAME COMMAND…: for stack_until: COMMAND holds, or the process is dead, which ends the waiting.
stack_up() {
    local name=$1
    shift
    "$@" || stack_dead "$name"
}

# stack_stop NAME…: TERM, up to 20 seconds, then KILL. Without names, all of them, visitors' side first.
stack_stop() {
    local name pid
    [ $# -gt 0 ] || set -- nginx cached edge console admin spare pool picture export login provider mariadb
    for name in "$@"; do
        pid=$(stack_alive "$name") || continue
        kill -TERM "$pid" 2>/dev/null || continue
        stack_until 20 stack_dead "$name" || true
        kill -KILL -- "-$pid" 2>/dev/null || true
        rm -f "$STACK/run/$name.pid"
    done
}

# stack_log NAME: what a failing process said.
stack_log() {
    tail -n 15 "$STACK/log/$1.log" 2>/dev/null | sed 's/^/    /' >&2
}

# As root, servers that would change to an account of their own stay root, because a checkout may lie where no other
# account can read. This is a private stack on loopback; the installed units (systemd/) run without any privilege.
stack_root_option() {
    [ "$(id -u)" != 0 ] || echo --user=root
}

stack_secret() {
    local file=$STACK/secrets/$1
    [ -s "$file" ] || (umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$file")
    cat "$file"
}

stack_sql() {
    (cd "$STACK" && exec mariadb --no-defaults --socket=run/mysql.sock --user="$(id -un)" "$@")
}

stack_db_create() {
    [ ! -d "$STACK/db" ] || return 0
    rm -rf "$STACK/db.new"
    mkdir -p "$STACK/db.new"
    mariadb-install-db --no-defaults --datadir="$STACK/db.new" --tmpdir="$STACK/run/tmp" --skip-test-db \
        --auth-root-authentication-method=socket --auth-root-socket-user="$(id -un)" \
        $(stack_root_option) >"$STACK/log/install-db.log" 2>&1 ||
        { stack_log install-db && stack_die "the private database could not be created"; }
    mv "$STACK/db.new" "$STACK/db"
}

# The accounts with the passwords of secrets/, and the database. Passwords go through standard input, where no
# list of processes shows them. stack_db_grants comes after `mvti migrate`: rights on tables need the tables.
stack_db_accounts() {
    local account
    for account in worker jobs admin analyst; do
        printf "CREATE USER IF NOT EXISTS mvti_%s@localhost; ALTER USER mvti_%s@localhost IDENTIFIED BY '%s';\n" \
            $account $account "$(stack_secret $account)"
    done | stack_sql
    stack_sql <"$STACK_ROOT/sql/database.sql"
}

stack_db_grants() {
    stack_sql <"$STACK_ROOT/sql/grants.sql" && stack_sql <"$STACK_ROOT/sql/grants_admin.sql"
}

stack_db_start() {
    stack_db_create
    rm -f "$STACK/run/mysql.sock"
    stack_spawn mariadb mariadbd --no-defaults --datadir="$STACK/db" --socket=../run/mysql.sock \
        --pid-file="$STACK/run/mariadbd.pid" --tmpdir="$STACK/run/tmp" --skip-networking --skip-name-resolve \
        --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci --innodb-buffer-pool-size=64M \
        $(stack_root_option)
    stack_until 60 stack_up mariadb stack_sql_answers || true
    if stack_sql_answers; then return 0; fi
    stack_log mariadb
    stack_die "the private database does not start; its log: $STACK/log/mariadb.log"
}

stack_sql_answers() {
    stack_sql -e 'SELECT 1' >/dev/null 2>&1
}

stack_has_ipv6() {
    grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null
}

# stack_nginx_config NAME PORT LIMITS: NAME.conf and NAME-site.conf for a process called NAME. It reads any other
# NAME-site*.conf there too.
stack_nginx_config() {
    local root_user='' limit_key='$mvti_network' listen6='' pages kept fill
    pages=$("$STACK_ROOT/tools/pages" "$STACK_BUILD/mvti-worker") && kept=$("$STACK_ROOT/tools/kept" "$STACK_BUILD/mvti-worker") || return
    ! stack_has_ipv6 || listen6="listen [::1]:$2;"
    [ -e "$STACK/$1-proxies.conf" ] || cp "$STACK_ROOT/nginx/proxies.conf" "$STACK/$1-proxies.conf"
    [ "$(id -u)" != 0 ] || root_user='user root;'
    [ "$3" != off ] || limit_key='""'
    fill=(LIMIT_KEY="$limit_key" CACHE="${STACK_CACHE:-off}" CACHE_DIR="run/$1-cache"
        SOCKET=run/worker.sock LOGIN_SOCKET=run/login.sock EXPORT_SOCKET=run/export.sock PICTURE_SOCKET=run/picture.sock CONSOLE="$STACK/$1-console*.conf"
        PROXIES="$STACK/$1-proxies.conf" WWW="$STACK_BUILD/www" PAGES="$pages" KEPT="$kept" NGINX="$STACK_ROOT/nginx" ACCESS_LOG="$STACK/log/$1-access.log")
    {
        "$STACK_ROOT/tools/fill" "$STACK_ROOT/nginx/http.conf.in" "${fill[@]}" &&
            printf 'server {\nlisten 127.0.0.1:%s;\n%s\nserver_name 127.0.0.1 localhost [::1];\n' "$2" "$listen6" &&
            "$STACK_ROOT/tools/fill" "$STACK_ROOT/nginx/site.conf.in" "${fill[@]}" && echo '}'
    } >"$STACK/$1-site.conf" || return
    "$STACK_ROOT/tools/fill" "$STACK_ROOT/nginx/local.conf.in" USER_LINE="$root_user" NAME="$1" \
        PROCESSES="${STACK_NGINX_PROCESSES:-1}" SITE="$STACK/$1-site*.conf" >"$STACK/$1.conf"
}

stack_build_config() {
    local rate_limits=1 common
    [ "${STACK_LIMITS:=on}" != off ] || rate_limits=0
    stack_nginx_config nginx "$STACK_PORT" "$STACK_LIMITS"
    common="[mvti]
db_socket = $STACK_SOCKET
db_name = mvti
db_timeout_ms = $(stack_milliseconds 2000)
state_dir = $STACK/state
reference_dir = $STACK_ROOT/sql/reference
migrations_dir = $STACK_ROOT/sql/migrations
shell_file = $STACK_BUILD/www/index.html
picture_program = $STACK_BUILD/mvti-draw
picture_dir = $STACK_BUILD/picture
picture_cache_dir = $STACK/state/pictures-drawn
metrics_dir = $STACK/run/metrics
public_url = http://127.0.0.1:$STACK_PORT
session_key_file = $STACK/secrets/session.key
rate_limits = $rate_limits
guest_work = ${STACK_GUEST_WORK:-15}
guest_counted = ${STACK_GUEST_COUNTED:-40}
admins = ${STACK_ADMINS:-}
log_sample = 1
secure_cookies = 0${STACK_KAKAO:+
kakao_js_key = ${STACK_KAKAO%% *}
kakao_sdk = ${STACK_KAKAO#* }}"
    [ -s "$STACK/secrets/session.key" ] || "$STACK_BUILD/mvti" key "$STACK/secrets/session.key" >/dev/null
    printf '%s\ndb_user = mvti_worker\ndb_password_file = %s\n' "$common" "$STACK/secrets/worker" >"$STACK/mvti.conf"
    printf '%s\ndb_user = mvti_jobs\ndb_password_file = %s\n' "$common" "$STACK/secrets/jobs" >"$STACK/jobs.conf"
    printf '%s\ndb_user = mvti_admin\ndb_password_file = %s\n' "$common" "$STACK/secrets/admin" >"$STACK/admin.conf"
    [ -z "${STACK_PROVIDERS:-}" ] || stack_provider_config | tee -a "$STACK/mvti.conf" >>"$STACK/admin.conf"
}

# stack_mvti COMMAND…: the batch program with this stack's settings.
stack_mvti() {
    (cd "$STACK" && exec "$STACK_BUILD/mvti" --config "$STACK/jobs.conf" "$@")
}

# At its end multiwatch sends workers USR1, at which they finish and go. Told to send TERM, 1.0.0 sends QUIT, which kills them
# in the middle of an answer.
# Workers restart for ever unless they die many times in a row. One BLAS thread each: they answer one request at a time.
stack_pool_start() {
    rm -f "$STACK/run/worker.sock"
    stack_spawn pool env OPENBLAS_NUM_THREADS=1 spawn-fcgi -n -s run/worker.sock -M 0600 -b 1024 -- \
        "$(command -v multiwatch)" -f "${STACK_WORKERS:-2}" -r 100 -t 3000 -- \
        "$STACK_BUILD/mvti-worker" --config "$STACK/mvti.conf"
    stack_alive export >/dev/null || stack_export_start
    stack_alive picture >/dev/null || stack_picture_start
}

# One worker for what takes seconds, at the lowest priority; it comes and goes with the pool.
stack_export_start() {
    rm -f "$STACK/run/export.sock"
    stack_spawn export env OPENBLAS_NUM_THREADS=1 nice -n 10 spawn-fcgi -n -s run/export.sock -M 0600 -b 256 -- \
        "$(command -v multiwatch)" -f ${STACK_EXPORT_WORKERS:-1} -r 100 -t 3000 -- \
        "$STACK_BUILD/mvti-worker" --config "$STACK/mvti.conf" --pool export
}

# The workers that draw, at the lowest priority, behind a queue of PICTURE_QUEUE; they come and go with the pool.
stack_picture_start() {
    rm -f "$STACK/run/picture.sock"
    stack_spawn picture env OPENBLAS_NUM_THREADS=1 nice -n 19 spawn-fcgi -n -s run/picture.sock -M 0600 -b ${STACK_PICTURE_QUEUE:-32} -- \
        "$(command -v multiwatch)" -f ${STACK_PICTURE_WORKERS:-1} -r 100 -t 3000 -- \
        "$STACK_BUILD/mvti-worker" --config "$STACK/mvti.conf" --pool picture
}

# The pool of /auth/, the only one that speaks to providers.
stack_login_start() {
    rm -f "$STACK/run/login.sock"
    stack_spawn login env OPENBLAS_NUM_THREADS=1 spawn-fcgi -n -s run/login.sock -M 0600 -b 256 -- \
        "$(command -v multiwatch)" -f ${STACK_LOGIN_WORKERS:-2} -r 100 -t 3000 -- \
        "$STACK_BUILD/mvti-worker" --config "$STACK/mvti.conf" --pool login
}

# The pool of the owner's console, for the accounts of STACK_ADMINS (the setting admins).
stack_admin_start() {
    rm -f "$STACK/run/admin.sock"
    stack_spawn admin env OPENBLAS_NUM_THREADS=1 spawn-fcgi -n -s run/admin.sock -M 0600 -b 64 -- \
        "$(command -v multiwatch)" -f 1 -r 100 -t 3000 -- \
        "$STACK_BUILD/mvti-worker" --config "$STACK/admin.conf" --pool admin
}

# stack_console_include NAME: the process called NAME serves the console too.
stack_console_include() {
    "$STACK_ROOT/tools/fill" "$STACK_ROOT/nginx/admin.conf.in" ADMIN_SOCKET="$STACK/run/admin.sock" NGINX="$STACK_ROOT/nginx" >"$STACK/$1-console.conf"
}

# Another nginx before the same workers, and before those of the console; its port is in run/console.port.
stack_console_start() {
    local port
    port=$("$STACK_BUILD/tools/free_port")
    stack_console_include console
    stack_nginx_config console "$port" off
    echo "$port" >"$STACK/run/console.port"
    stack_spawn console nginx -p "$STACK/" -c console.conf -e log/console-error.log
    stack_until 5 stack_up console stack_port_taken "$port" || true
    if stack_port_taken "$port"; then return 0; fi
    stack_die "the nginx of the console does not start; its log: $STACK/log/console-error.log"
}

# stack_get PATH: the status code of a GET to this stack, without needing a client program.
stack_get() {
    local version status=
    {
        exec 8<>"/dev/tcp/127.0.0.1/$STACK_PORT"
        printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$1" "$STACK_PORT" >&8
        read -r -t "$(stack_seconds 5)" version status _ <&8
        exec 8>&-
    } 2>/dev/null || return 1
    echo "$status"
}

stack_port_taken() {
    (exec 8<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Another nginx before the same workers, with every limit on, which believes a proxy at 127.0.0.9; its port is in run/edge.port.
stack_edge_start() {
    local port
    port=$("$STACK_BUILD/tools/free_port")
    echo 'set_real_ip_from 127.0.0.9;' >"$STACK/edge-proxies.conf"
    stack_nginx_config edge "$port" on
    echo "$port" >"$STACK/run/edge.port"
    stack_spawn edge nginx -p "$STACK/" -c edge.conf -e log/edge-error.log
    stack_until 5 stack_up edge stack_port_taken "$port" || true
    if stack_port_taken "$port"; then return 0; fi
    stack_die "the other nginx does not start; its log: $STACK/log/edge-error.log"
}

# Another nginx before the same workers, which keeps what guests are answered with; its port is in run/cached.port.
stack_cached_start() {
    local port
    port=$("$STACK_BUILD/tools/free_port")
    STACK_CACHE=mvti stack_nginx_config cached "$port" off
    echo "$port" >"$STACK/run/cached.port"
    stack_spawn cached nginx -p "$STACK/" -c cached.conf -e log/cached-error.log
    stack_until 5 stack_up cached stack_port_taken "$port" || true
    if stack_port_taken "$port"; then return 0; fi
    stack_die "the nginx with a cache does not start; its log: $STACK/log/cached-error.log"
}

stack_ready() {
    [ "$(stack_get /readyz)" = 200 ]
}

stack_web_start() {
    local name
    stack_spawn nginx nginx -p "$STACK/" -c nginx.conf -e log/nginx-error.log
    stack_until 10 stack_up nginx stack_up pool stack_ready || true
    if stack_ready; then return 0; fi
    for name in nginx pool nginx-error; do stack_log $name; done
    stack_die "the site does not answer; logs: $STACK/log/"
}
