#!/usr/bin/env bash
# A private Redis: a cache, so nothing is written to disk.
source "$(dirname "$0")/lib.sh"

start() {
    command -v redis-server >/dev/null || fail "Redis is not installed." "There is no redis-server." "Run: deploy/local/packages.sh"
    claim_port Redis "$HEARTH_REDIS_PORT" HEARTH_REDIS_PORT
    mkdir -p "$HOME_DIRECTORY/data"
    local settings
    read -ra settings <<<"$HEARTH_REDIS_SETTINGS"
    start_daemon redis redis-server --port "$HEARTH_REDIS_PORT" --bind 127.0.0.1 --save '' "${settings[@]}" --dir "$HOME_DIRECTORY/data"
    wait_for redis 20 port_open "$HEARTH_REDIS_PORT"
}

stop() { stop_daemon redis 5; }

dispatch redis "$@"
