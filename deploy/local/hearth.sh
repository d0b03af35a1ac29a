#!/usr/bin/env bash
# The whole system on this machine: hearth.sh run|stop|status|logs|env|clean. The Makefile's targets of the same names call it.
source "$(dirname "$0")/lib.sh"

here=$ROOT/deploy/local
configuration=${CONFIGURATION:-debug}
binaries=$ROOT/.build/$configuration

step() { printf '\033[1m%s\033[0m\n' "$*"; }

# Servers given by environment are used as they are; which ones, and the gateway's certificate, is written down for `make env` and `make stop`.
remember_externals() {
    mkdir -p "$RUN"
    : >"$RUN/external.env"
    local name
    for name in DATABASE_URL REDIS_URL AMQP_URL AMQP_MANAGEMENT_URL SMTP_URL HEARTH_TLS_CERTIFICATE HEARTH_TLS_KEY; do
        if [[ -n ${!name:-} ]]; then printf 'export %s=%q\n' "$name" "${!name}" >>"$RUN/external.env"; fi
    done
    chmod 600 "$RUN/external.env"
}

# An AMQP URL tells host and credentials; the management API listens on 15672 there unless AMQP_MANAGEMENT_URL says otherwise.
management_url() {
    if [[ -n ${AMQP_MANAGEMENT_URL:-} ]]; then
        printf '%s' "$AMQP_MANAGEMENT_URL"
    elif [[ -n ${AMQP_URL:-} ]]; then
        printf '%s' "$AMQP_URL" | sed -E 's#^amqps?://#http://#; s#^(http://[^/:@]+:[^/@]+@[^/:]+)(:[0-9]+)?(/.*)?$#\1:15672#'
    else
        printf 'http://hearth_admin:{password}@127.0.0.1:%s' "$HEARTH_RABBITMQ_MANAGEMENT_PORT"
    fi
}

make_secrets() {
    HEARTH_SERVICES=$HEARTH_SERVICES HEARTH_DATABASE=$HEARTH_DATABASE HEARTH_VHOST=$HEARTH_VHOST \
        ADMIN_DATABASE_URL=${DATABASE_URL:-postgres://postgres:{password\}@127.0.0.1:$HEARTH_POSTGRES_PORT/postgres} \
        BROKER_URL=${AMQP_URL:-amqp://hearth_admin:{password\}@127.0.0.1:$HEARTH_RABBITMQ_PORT} \
        MANAGEMENT_URL=$(management_url) \
        "$ROOT/deploy/secrets.sh" "$SECRETS"
}

start_servers() {
    local server wanted=() jobs=() failed=0
    [[ -n ${DATABASE_URL:-} ]] || wanted+=(postgres)
    [[ -n ${REDIS_URL:-} ]] || wanted+=(redis)
    [[ -n ${AMQP_URL:-} ]] || wanted+=(rabbitmq)
    [[ -n ${SMTP_URL:-} ]] || wanted+=(mail)
    [[ $INSTANCE == main ]] || wanted+=(pgbouncer)
    [[ $(server_data) == "$HOME_DIRECTORY"/* ]] || say "A parent folder of $HOME_DIRECTORY is closed to other users, so PostgreSQL and RabbitMQ keep their data in $(server_data)."
    for server in "${wanted[@]}"; do
        if pid_of "$server" >/dev/null; then continue; fi
        say "  starting $server"
        "$here/$server.sh" start &
        jobs+=($!)
    done
    for job in "${jobs[@]}"; do wait "$job" || failed=1; done
    ((!failed)) || fail "Not every server started; see above." "The logs are in $LOGS." "make stop ends those that did."
}

run() {
    mkdir -p "$RUN" "$LOGS"
    # Two at once would start everything twice.
    exec 9>"$RUN/lock"
    flock -n 9 || fail "Another make run or make stop is at work." "It holds $RUN/lock." "Wait until it has ended."
    local started=$SECONDS
    "$here/packages.sh"
    remember_externals
    make_secrets
    step "Servers"
    start_servers
    step "Building ($configuration; the first time takes about ten minutes)"
    build -c "$configuration" || fail "The build failed; see above."
    start_system
    introduce $((SECONDS - started))
}

# Everything of Hearth's own, on servers that run and with programs that are built.
start_system() {
    step "Database and broker"
    with_settings "$binaries/hearthctl" provision
    with_settings "$binaries/hearthctl" migrate
    step "Services"
    # Written down for whatever is done with the running system later.
    local number
    number=$(COPIES=${COPIES:-$HEARTH_COPIES} copies)
    printf '%s' "$number" >"$RUN/copies"
    "$here/nginx.sh" start
    "$here/services.sh" start
    stop_further_copies
    with_settings "$binaries/hearthctl" create-account --email demo@hearth.example --password-file "$SECRETS/admin/demo_password" --if-missing
    with_settings "$binaries/hearthctl" create-administrator --email administrator@hearth.example \
        --password-file "$SECRETS/admin/administrator_password" --if-missing
}

# Those beyond the number that was chosen, which the gateway does not know any more.
stop_further_copies() {
    local service copy
    for service in $HEARTH_SERVICES; do
        for copy in $(running_copies "$service"); do
            if [[ $copy == *.* ]] && ((${copy##*.} > $(copies))); then "$here/services.sh" stop "$copy"; fi
        done
    done
}

# Runs a command with the settings that hearthctl reads.
with_settings() {
    env HEARTH_ADMIN_DATABASE_URL_FILE="$SECRETS/admin/database_url" HEARTH_AMQP_MANAGEMENT_URL_FILE="$SECRETS/admin/management_url" \
        HEARTH_ADMIN_AMQP_URL_FILE="$SECRETS/admin/broker_url" ENCRYPTION_KEYS_FILE="$SECRETS/admin/encryption_keys" \
        HEARTH_SECRETS_PATH="$SECRETS/admin" HEARTH_DATABASE="$HEARTH_DATABASE" HEARTH_VHOST="$HEARTH_VHOST" \
        HEARTH_SERVICES_PATH="$ROOT/Services" HEARTH_SHARED_PATH="$ROOT/Shared" "$@"
}

introduce() {
    local url email=demo@hearth.example password curl="curl -s" mail="Mail catcher   http://127.0.0.1:$HEARTH_MAIL_PORT/messages"
    [[ -z ${SMTP_URL:-} ]] || mail="Mail           goes to the server that SMTP_URL names"
    url=$(gateway_url)
    [[ $url != https:* ]] || curl="curl -s --cacert $HEARTH_TLS_CERTIFICATE"
    password=$(<"$SECRETS/admin/demo_password")
    cat <<-END

		Hearth runs (ready after $1 s).

		  Gateway        $url          its interface: $url/docs
		  $mail
		  Demo account   $email   $password
		  Administrator  administrator@hearth.example   $(<"$SECRETS/admin/administrator_password")

		Try:
		  TOKEN=\$($curl $url/v1/auth/login -H 'Content-Type: application/json' -d '{"email":"$email","password":"$password"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
		  $curl $url/v1/users/me -H "Authorization: Bearer \$TOKEN"
		  $curl '$url/v1/listings?limit=3' -H "Authorization: Bearer \$TOKEN"

		make demo walks through it; make status, make logs, make env and make stop do what they say.
	END
}

stop() {
    local server
    "$here/nginx.sh" stop
    "$here/services.sh" stop
    rm -f "$RUN/copies"
    for server in mail redis rabbitmq pgbouncer postgres; do "$here/$server.sh" stop & done
    wait
}

status() {
    local name number running=0 total=0 pid state names=(postgres redis rabbitmq mail)
    read_externals
    for name in $HEARTH_SERVICES; do
        for ((number = 1; number <= $(copies); number++)); do names+=("$(copy_name "$name" "$number")"); done
    done
    for name in "${names[@]}" gateway; do
        ((++total))
        state="not running"
        if pid=$(pid_of "$name"); then
            state="running (pid $pid)"
            ((++running))
            if [[ " $HEARTH_SERVICES " == *" ${name%%.*} "* ]] && ! COPIES=1 "$here/services.sh" status "$name"; then
                state="runs but is not ready (pid $pid)"
            fi
        else
            case $name in
                postgres) [[ -z ${DATABASE_URL:-} ]] || state="given by DATABASE_URL" ;;
                redis) [[ -z ${REDIS_URL:-} ]] || state="given by REDIS_URL" ;;
                rabbitmq) [[ -z ${AMQP_URL:-} ]] || state="given by AMQP_URL" ;;
                mail) [[ -z ${SMTP_URL:-} ]] || state="given by SMTP_URL" ;;
            esac
            if [[ $state == given* ]]; then ((++running)); fi
        fi
        printf '%-12s %s\n' "$name" "$state"
    done
    ((running == total)) || say "Start with: make run"
}

logs() {
    shopt -s nullglob
    local files=("$LOGS"/*.log)
    ((${#files[@]})) || fail "There are no logs yet." "Nothing has been started." "Start with: make run"
    if [[ -n ${SERVICE:-} ]]; then files=("$LOGS/$SERVICE.log"); fi
    tail -n "${LINES_EACH:-20}" ${FOLLOW:+-F} "${files[@]}"
}

environment() {
    local service name host=127.0.0.1
    read_externals
    [[ -f $SECRETS/admin/database_url ]] || make_secrets
    assign HEARTH_GATEWAY_URL "$(gateway_url)"
    assign HEARTH_ADMIN_DATABASE_URL "$(<"$SECRETS/admin/database_url")"
    assign HEARTH_PGBOUNCER_URL "postgres://postgres@$host:$HEARTH_PGBOUNCER_PORT/postgres"
    assign HEARTH_REDIS_URL "${REDIS_URL:-redis://$host:$HEARTH_REDIS_PORT}"
    assign HEARTH_ADMIN_AMQP_URL "$(<"$SECRETS/admin/broker_url")"
    assign HEARTH_AMQP_MANAGEMENT_URL "$(<"$SECRETS/admin/management_url")"
    assign HEARTH_SMTP_URL "${SMTP_URL:-smtp://$host:$HEARTH_SMTP_PORT}"
    assign HEARTH_MAIL_URL "http://$host:$HEARTH_MAIL_PORT"
    for service in $HEARTH_SERVICES; do
        assign "HEARTH_${service^^}_URL" "http://$host:$(port_of "$service")"
        assign "HEARTH_${service^^}_ADMIN_URL" "http://$host:$(port_of "${service}_admin")"
    done
    assign HEARTH_SECRETS_PATH "$SECRETS/admin"
    assign HEARTH_SERVICES_PATH "$ROOT/Services"
    assign HEARTH_SHARED_PATH "$ROOT/Shared"
    assign HEARTH_BINARIES_PATH "$binaries"
    assign HEARTH_PORTS_OF "$INSTANCE"
    for name in $(grep -oE '^HEARTH_[A-Z_]+' "$ROOT/.env"); do assign "$name" "${!name}"; done
}

assign() { printf 'export %s=%q\n' "$1" "$2"; }

clean() {
    stop
    local place
    place=$(server_data)
    rm -rf "$HOME_DIRECTORY"
    [[ $place != /var/tmp/hearth-* ]] || rm -rf "$place"
    say "Forgotten: everything under $HOME_DIRECTORY."
}

case ${1:-} in
    run | stop | status | logs | clean) "$1" ;;
    env) environment ;;
    start-servers)
        make_secrets
        start_servers
        ;;
    start-system) start_system ;;
    stop-system)
        "$here/nginx.sh" stop
        "$here/services.sh" stop
        rm -f "$RUN/copies"
        ;;
    hearthctl)
        shift
        with_settings "$binaries/hearthctl" "$@"
        ;;
    *) fail "usage: hearth.sh run|stop|status|logs|env|clean|hearthctl" ;;
esac
