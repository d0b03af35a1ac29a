#!/usr/bin/env bash
# The gateway: nginx with the configuration that deploy/gateway/render.sh makes.
source "$(dirname "$0")/lib.sh"

data=$(server_data)/gateway

render() {
    mkdir -p "$data"/{state,static} "$LOGS"
    # Workers are not root and must reach what they serve and store.
    local user=""
    if [[ $(id -u) == 0 ]]; then
        user=www-data
        chown www-data "$data/state"
    fi
    cp "$ROOT/deploy/gateway/docs.html" "$data/static/docs.html"
    "$ROOT/deploy/local/hearth.sh" hearthctl openapi join --output "$data/static/openapi.json"
    local name service number
    for service in $HEARTH_SERVICES; do
        name=HEARTH_${service^^}_ADDRESSES
        [[ -z ${!name:-} ]] || continue
        for ((number = 1; number <= $(copies); number++)); do
            printf -v "$name" '%s' "${!name:+${!name} }127.0.0.1:$(port_of "$service" "$number")"
        done
    done
    for name in $(compgen -v HEARTH_); do export "${name?}"; done
    GATEWAY_STATE=$data/state GATEWAY_STATIC=$data/static GATEWAY_USER=$user GATEWAY_ACCESS_LOG=$LOGS/access.log \
        "$ROOT/deploy/gateway/render.sh" >"$data/nginx.conf"
    local answer
    answer=$(nginx_command -t 2>&1) || fail "nginx refuses its configuration $data/nginx.conf." "$answer"
}

nginx_command() { /usr/sbin/nginx -p "$data/state" -c "$data/nginx.conf" -e stderr "$@"; }

start() {
    [[ -x /usr/sbin/nginx ]] || fail "nginx is not installed." "There is no /usr/sbin/nginx." "Run: deploy/local/packages.sh"
    claim_port "The gateway" "$HEARTH_GATEWAY_PORT" HEARTH_GATEWAY_PORT
    render
    start_daemon gateway /usr/sbin/nginx -p "$data/state" -c "$data/nginx.conf" -e stderr
    wait_for gateway 20 port_open "$HEARTH_GATEWAY_PORT"
}

# QUIT lets requests finish; live streams end after five seconds with the TERM that follows.
stop() {
    local pid
    if pid=$(pid_of gateway); then
        kill -QUIT "$pid"
        for ((i = 0; i < 50; i++)); do
            pid_of gateway >/dev/null || break
            sleep 0.1
        done
    fi
    stop_daemon gateway 5
}

# What changed since it started (a route, an origin, a certificate) is taken over without losing a connection.
reload() {
    render
    kill -HUP "$(pid_of gateway)"
}

if [[ ${1:-} == start ]] && pid_of gateway >/dev/null; then reload; else dispatch gateway "$@"; fi
