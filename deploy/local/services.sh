#!/usr/bin/env bash
# The seven services: services.sh start|stop|kill|status [name…], services.sh environment NAME
source "$(dirname "$0")/lib.sh"
read_externals

binaries=$ROOT/.build/${CONFIGURATION:-debug}

# The whole environment of one service: what all share, what is its own, and what the caller overrides by a variable of the same name.
environment() {
    local name value service=$1
    while IFS='=' read -r name value; do
        [[ $name =~ ^[A-Z][A-Z0-9_]*$ ]] || continue
        value=${value%\"} value=${value#\"}
        printf '%s=%s\n' "$name" "${!name:-$value}"
    done < <(cat "$ROOT/deploy/service.env" - <<-END
		HTTP_HOST=127.0.0.1
		HTTP_PORT=$(port_of "$service")
		ADMIN_HOST=127.0.0.1
		ADMIN_PORT=$(port_of "${service}_admin")
		PUBLIC_URL=$(gateway_url)
		REDIS_URL=redis://127.0.0.1:$HEARTH_REDIS_PORT
		FILES_PATH=$HOME_DIRECTORY/data/files/$service
		SMTP_URL=smtp://127.0.0.1:$HEARTH_SMTP_PORT
		SCRAPER_ALLOWED_HOSTS=127.0.0.1:$HEARTH_DEMO_SITE_PORT
		OTEL_EXPORTER_OTLP_ENDPOINT=
	END
    )
    # Never from the caller's environment: DATABASE_URL there is the administrator's, not the service's.
    for name in DATABASE_URL AMQP_URL ENCRYPTION_KEYS; do printf '%s_FILE=%s\n' "$name" "$SECRETS/$service/${name,,}"; done
}

start() {
    local service settings
    for service in "$@"; do
        [[ -x $binaries/hearth-$service ]] || fail "hearth-$service is not built." "There is no $binaries/hearth-$service." "Run: make build"
        # A service that was built again since it started is started again.
        if pid_of "$service" >/dev/null && [[ $binaries/hearth-$service -nt $RUN/$service.pid ]]; then stop_daemon "$service"; fi
        if pid_of "$service" >/dev/null; then continue; fi
        claim_port "The service $service" "$(port_of "$service")" "HEARTH_${service^^}_PORT"
        claim_port "The service $service" "$(port_of "${service}_admin")" "HEARTH_${service^^}_ADMIN_PORT"
        mkdir -p "$HOME_DIRECTORY/data/files/$service"
        mapfile -t settings < <(environment "$service" | grep -v '=$')
        start_daemon "$service" env -i PATH="$PATH" HOME="$HOME" LANG=C.UTF-8 \
            SWIFT_BACKTRACE=color=no,registers=none,images=none,sanitize=yes "${settings[@]}" "$binaries/hearth-$service"
    done
}

ready() { curl -sf -m 2 -o /dev/null "http://127.0.0.1:$(port_of "${1}_admin")/readyz"; }

# Waits for all; then tells of each that is not ready what it answers or said last.
await() {
    local waiting=("$@") still service deadline=$((SECONDS + ${HEARTH_START_TIMEOUT:-60}))
    while ((${#waiting[@]} && SECONDS < deadline)); do
        still=()
        for service in "${waiting[@]}"; do
            if ! ready "$service"; then still+=("$service"); fi
        done
        waiting=("${still[@]}")
        local alive=0
        for service in "${waiting[@]}"; do if pid_of "$service" >/dev/null; then alive=1; fi; done
        ((alive)) || break
        sleep 0.2
    done
    ((${#waiting[@]})) || return 0
    for service in "${waiting[@]}"; do
        if pid_of "$service" >/dev/null; then
            printf 'error: %s runs but is not ready; http://127.0.0.1:%s/readyz says: %s\n' "$service" "$(port_of "${service}_admin")" \
                "$(curl -s -m 2 "http://127.0.0.1:$(port_of "${service}_admin")/readyz" || echo nothing)" >&2
        else
            printf 'error: %s has ended.\n' "$service" >&2
        fi
        printf '       its last words (%s):\n' "$LOGS/$service.log" >&2
        tail -n 8 "$LOGS/$service.log" | cut -c1-300 | sed 's/^/       | /' >&2
    done
    exit 1
}

# All are asked at once, so that they finish their work side by side.
stop() {
    local service
    for service in "$@"; do stop_daemon "$service" 20 & done
    wait
}

command=${1:-}
shift || true
read -ra names <<<"${*:-$HEARTH_SERVICES}"
case $command in
    start)
        start "${names[@]}"
        await "${names[@]}"
        ;;
    stop) stop "${names[@]}" ;;
    kill) for service in "${names[@]}"; do kill_daemon "$service"; done ;;
    status) for service in "${names[@]}"; do pid_of "$service" >/dev/null && ready "$service"; done ;;
    environment) environment "${names[0]}" ;;
    *) fail "usage: services.sh start|stop|kill|status|environment [name…]" ;;
esac
