#!/usr/bin/env bash
# A private RabbitMQ with its management API, and its own epmd (Erlang's register of nodes) so that no other node is met.
source "$(dirname "$0")/lib.sh"

data=$(server_data)/rabbitmq
node=hearth-$(printf '%s' "$HOME_DIRECTORY" | cksum | cut -d' ' -f1)@localhost

configure() {
    mkdir -p "$data"/{home,mnesia,log,generated,schema}
    if [[ ! -f $data/home/.erlang.cookie ]]; then openssl rand -hex 20 >"$data/home/.erlang.cookie"; fi
    echo '[rabbitmq_management].' >"$data/plugins"
    : >"$data/environment"
    cat >"$data/rabbitmq.conf" <<-END
		listeners.tcp.1 = 127.0.0.1:$HEARTH_RABBITMQ_PORT
		management.tcp.ip = 127.0.0.1
		management.tcp.port = $HEARTH_RABBITMQ_MANAGEMENT_PORT
		default_pass = $(<"$SECRETS/admin/rabbitmq_password")
		$(<"$ROOT/deploy/rabbitmq.conf")
	END
    chmod 600 "$data/rabbitmq.conf"
    chmod 400 "$data/home/.erlang.cookie"
    [[ $(id -u) != 0 ]] || chown -R rabbitmq:rabbitmq "$data"
}

start() {
    [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] || fail "RabbitMQ is not installed." "There is no /usr/lib/rabbitmq/bin." "Run: deploy/local/packages.sh"
    claim_port RabbitMQ "$HEARTH_RABBITMQ_PORT" HEARTH_RABBITMQ_PORT
    claim_port "RabbitMQ's management" "$HEARTH_RABBITMQ_MANAGEMENT_PORT" HEARTH_RABBITMQ_MANAGEMENT_PORT
    configure
    cd /
    pid_of epmd >/dev/null || {
        claim_port epmd "$HEARTH_RABBITMQ_EPMD_PORT" HEARTH_RABBITMQ_EPMD_PORT
        DAEMON_USER=rabbitmq start_daemon epmd epmd -port "$HEARTH_RABBITMQ_EPMD_PORT" -address 127.0.0.1
    }
    wait_for epmd 10 port_open "$HEARTH_RABBITMQ_EPMD_PORT"
    # The packaged wrappers in /usr/sbin change folder and user; these do not.
    DAEMON_USER=rabbitmq start_daemon rabbitmq env -i PATH=/usr/bin:/bin HOME="$data/home" LANG=C.UTF-8 \
        RABBITMQ_NODENAME="$node" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$HEARTH_RABBITMQ_PORT" \
        RABBITMQ_DIST_PORT="$HEARTH_RABBITMQ_DISTRIBUTION_PORT" RABBITMQ_MNESIA_BASE="$data/mnesia" RABBITMQ_LOG_BASE="$data/log" \
        RABBITMQ_PID_FILE="$data/pid" RABBITMQ_CONFIG_FILE="$data/rabbitmq.conf" RABBITMQ_CONF_ENV_FILE="$data/environment" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$data/plugins" RABBITMQ_GENERATED_CONFIG_DIR="$data/generated" RABBITMQ_SCHEMA_DIR="$data/schema" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="$HEARTH_RABBITMQ_SETTINGS" ERL_EPMD_PORT="$HEARTH_RABBITMQ_EPMD_PORT" ERL_EPMD_ADDRESS=127.0.0.1 /usr/lib/rabbitmq/bin/rabbitmq-server
    wait_for rabbitmq 90 ready
}

# Asking the management API costs nothing; rabbitmqctl would start a virtual machine of its own each time.
ready() {
    port_open "$HEARTH_RABBITMQ_PORT" &&
        curl -sf -m 2 -u "hearth_admin:$(<"$SECRETS/admin/rabbitmq_password")" "http://127.0.0.1:$HEARTH_RABBITMQ_MANAGEMENT_PORT/api/overview"
}

# The node itself is asked: the script around it would start a virtual machine of its own to ask it, which takes half a minute when the machine is busy.
stop() {
    if pid_of rabbitmq >/dev/null && [[ -s $data/pid ]]; then
        kill -TERM "$(<"$data/pid")" 2>/dev/null || true
        for ((i = 0; i < 300; i++)); do
            pid_of rabbitmq >/dev/null || break
            sleep 0.1
        done
    fi
    stop_daemon rabbitmq 40
    stop_daemon epmd 5
}

dispatch rabbitmq "$@"
