#!/usr/bin/env bash
# The seven services: services.sh start|stop|kill|status [name…], services.sh environment NAME
# A name is that of a service, which means all its copies, or of one copy: `catalog.1`, `catalog.2`. COPIES says how many of each are started.
source "$(dirname "$0")/lib.sh"
read_externals

binaries=$ROOT/.build/${CONFIGURATION:-debug}

# The names of single copies, from names of services and copies. Copies of a service differ in their ports alone: they share secrets and files.
each_copy() {
    local name number
    for name in "$@"; do
        if [[ $name == *.* ]]; then
            copy_name "${name%.*}" "${name##*.}"
            printf '\n'
        else
            for ((number = 1; number <= $(copies); number++)); do copy_name "$name" "$number" && printf '\n'; done
        fi
    done
}

service_of() { printf '%s' "${1%%.*}"; }
number_of() { if [[ $1 == *.* ]]; then printf '%s' "${1##*.}"; else printf 1; fi; }
http_port() { port_of "$(service_of "$1")" "$(number_of "$1")"; }
admin_port() { port_of "$(service_of "$1")_admin" "$(number_of "$1")"; }

# The whole environment of one copy: what all share, what is its service's, its own, and what the caller overrides by a variable of the same name.
environment() {
    local name value copy=$1 service
    service=$(service_of "$copy")
    while IFS='=' read -r name value; do
        [[ $name =~ ^[A-Z][A-Z0-9_]*$ ]] || continue
        value=${value%\"} value=${value#\"}
        printf '%s=%s\n' "$name" "${!name:-$value}"
    done < <(if [[ $service == alerts ]]; then cat "$ROOT/deploy/alerts.env"; fi && cat "$ROOT/deploy/service.env" - <<-END
		HTTP_HOST=127.0.0.1
		HTTP_PORT=$(http_port "$copy")
		ADMIN_HOST=127.0.0.1
		ADMIN_PORT=$(admin_port "$copy")
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
    local copy service settings
    for copy in "$@"; do
        service=$(service_of "$copy")
        [[ -x $binaries/hearth-$service ]] || fail "hearth-$service is not built." "There is no $binaries/hearth-$service." "Run: make build"
        # A service that was built again since it started is started again.
        if pid_of "$copy" >/dev/null && [[ $binaries/hearth-$service -nt $RUN/$copy.pid ]]; then stop_daemon "$copy"; fi
        if pid_of "$copy" >/dev/null; then continue; fi
        claim_port "The service $copy" "$(http_port "$copy")" "HEARTH_${service^^}_PORT"
        claim_port "The service $copy" "$(admin_port "$copy")" "HEARTH_${service^^}_ADMIN_PORT"
        mkdir -p "$HOME_DIRECTORY/data/files/$service"
        mapfile -t settings < <(environment "$copy" | grep -v '=$')
        start_daemon "$copy" env -i PATH="$PATH" HOME="$HOME" LANG=C.UTF-8 \
            SWIFT_BACKTRACE=color=no,registers=none,images=none,sanitize=yes "${settings[@]}" "$binaries/hearth-$service"
    done
}

ready() { curl -sf -m 2 -o /dev/null "http://127.0.0.1:$(admin_port "$1")/readyz"; }

# Waits for all; then tells of each that is not ready what it answers or said last.
await() {
    local waiting=("$@") still copy deadline=$((SECONDS + ${HEARTH_START_TIMEOUT:-60}))
    while ((${#waiting[@]} && SECONDS < deadline)); do
        still=()
        for copy in "${waiting[@]}"; do
            if ! ready "$copy"; then still+=("$copy"); fi
        done
        waiting=("${still[@]}")
        local alive=0
        for copy in "${waiting[@]}"; do if pid_of "$copy" >/dev/null; then alive=1; fi; done
        ((alive)) || break
        sleep 0.2
    done
    ((${#waiting[@]})) || return 0
    for copy in "${waiting[@]}"; do
        if pid_of "$copy" >/dev/null; then
            printf 'error: %s runs but is not ready; http://127.0.0.1:%s/readyz says: %s\n' "$copy" "$(admin_port "$copy")" \
                "$(curl -s -m 2 "http://127.0.0.1:$(admin_port "$copy")/readyz" || echo nothing)" >&2
        else
            printf 'error: %s has ended.\n' "$copy" >&2
        fi
        printf '       its last words (%s):\n' "$LOGS/$copy.log" >&2
        tail -n 8 "$LOGS/$copy.log" | cut -c1-300 | sed 's/^/       | /' >&2
    done
    exit 1
}

# All are asked at once, so that they finish their work side by side.
stop() {
    local copy
    for copy in "$@"; do stop_daemon "$copy" 20 & done
    wait
}

# The copies that run of the services, and the single copies, that are named.
running() {
    local name
    for name in "$@"; do
        if [[ $name == *.* ]]; then each_copy "$name"; else running_copies "$name"; fi
    done
}

command=${1:-}
shift || true
read -ra names <<<"${*:-$HEARTH_SERVICES}"
case $command in
    start)
        mapfile -t chosen < <(each_copy "${names[@]}")
        start "${chosen[@]}"
        await "${chosen[@]}"
        ;;
    stop)
        mapfile -t chosen < <(running "${names[@]}")
        stop "${chosen[@]}"
        ;;
    kill)
        mapfile -t chosen < <(running "${names[@]}")
        ((${#chosen[@]})) || fail "${names[*]} cannot be killed: it does not run."
        for copy in "${chosen[@]}"; do kill_daemon "$copy"; done
        ;;
    status) for copy in $(each_copy "${names[@]}"); do pid_of "$copy" >/dev/null && ready "$copy" || exit 1; done ;;
    environment) environment "${names[0]}" ;;
    *) fail "usage: services.sh start|stop|kill|status|environment [name…]" ;;
esac
