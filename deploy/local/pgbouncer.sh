#!/usr/bin/env bash
# PgBouncer in transaction mode before the private PostgreSQL: tests and DATABASE_POOLED=true use it.
source "$(dirname "$0")/lib.sh"

data=$(server_data)/pgbouncer

start() {
    claim_port PgBouncer "$HEARTH_PGBOUNCER_PORT" HEARTH_PGBOUNCER_PORT
    mkdir -p "$data"
    # auth_type any asks nobody who they are and so signs in as the one user named, whom the test instance's PostgreSQL trusts.
    cat >"$data/pgbouncer.ini" <<-END
		[databases]
		* = host=127.0.0.1 port=$HEARTH_POSTGRES_PORT user=postgres
		[pgbouncer]
		listen_addr = 127.0.0.1
		listen_port = $HEARTH_PGBOUNCER_PORT
		auth_type = any
		pool_mode = transaction
		max_client_conn = 1000
		default_pool_size = 25
		unix_socket_dir =
		ignore_startup_parameters = extra_float_digits,options
	END
    DAEMON_USER=postgres start_daemon pgbouncer /usr/sbin/pgbouncer "$data/pgbouncer.ini"
    wait_for pgbouncer 20 port_open "$HEARTH_PGBOUNCER_PORT"
}

stop() { stop_daemon pgbouncer 5; }

dispatch pgbouncer "$@"
