#!/usr/bin/env bash
# A private PostgreSQL.
source "$(dirname "$0")/lib.sh"

bin=/usr/lib/postgresql/15/bin
data=$(server_data)/postgres

make_cluster() {
    local password=$data.password authentication=(-A scram-sha-256 --pwfile="$data.password")
    # The others hold nothing and live minutes: everyone is let in.
    [[ $INSTANCE == main ]] || authentication=(-A trust)
    mkdir -p "$data"
    install -m 600 "$SECRETS/admin/postgres_password" "$password"
    [[ $(id -u) != 0 ]] || chown postgres "$data" "$password"
    (cd / && as_user postgres "$bin/initdb" -D "$data" -U postgres -E UTF8 --locale=C.UTF-8 --no-sync "${authentication[@]}" \
        >"$LOGS/initdb.log" 2>&1) ||
        fail "PostgreSQL's data folder $data could not be made." "$(tail -n 3 "$LOGS/initdb.log")"
    rm -f "$password"
}

start() {
    [[ -x $bin/postgres ]] || fail "PostgreSQL 15 is not installed." "There is no $bin/postgres." "Run: deploy/local/packages.sh"
    claim_port PostgreSQL "$HEARTH_POSTGRES_PORT" HEARTH_POSTGRES_PORT
    mkdir -p "$LOGS"
    [[ -f $data/PG_VERSION ]] || make_cluster
    local settings
    read -ra settings <<<"$HEARTH_POSTGRES_SETTINGS -c unix_socket_directories="
    # Tests wait for no disk; benchmarks do, as real transactions would.
    [[ $INSTANCE != test ]] || settings+=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=500)
    cd /
    DAEMON_USER=postgres start_daemon postgres \
        "$bin/postgres" -D "$data" -p "$HEARTH_POSTGRES_PORT" -c listen_addresses=127.0.0.1 "${settings[@]}"
    wait_for postgres 60 "$bin/pg_isready" -q -h 127.0.0.1 -p "$HEARTH_POSTGRES_PORT" -U postgres
}

# A fast shutdown (SIGINT): open transactions are rolled back, nothing is lost.
stop() {
    local pid
    if pid=$(pid_of postgres); then kill -INT "$pid"; fi
    stop_daemon postgres 30
}

dispatch postgres "$@"
