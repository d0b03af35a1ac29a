#!/usr/bin/env bash
# The mail catcher: takes every mail, keeps it, and shows it over HTTP.
source "$(dirname "$0")/lib.sh"

start() {
    claim_port "The mail catcher" "$HEARTH_SMTP_PORT" HEARTH_SMTP_PORT
    claim_port "The mail catcher's HTTP interface" "$HEARTH_MAIL_PORT" HEARTH_MAIL_PORT
    mkdir -p "$HOME_DIRECTORY/data/mail"
    start_daemon mail /usr/bin/python3 -u "$ROOT/deploy/local/mail_catcher.py" --smtp-port "$HEARTH_SMTP_PORT" --http-port "$HEARTH_MAIL_PORT" \
        --folder "$HOME_DIRECTORY/data/mail" --limit "${HEARTH_MAIL_LIMIT:-20000}"
    wait_for mail 20 curl -sf -m 2 "http://127.0.0.1:$HEARTH_MAIL_PORT/health"
}

stop() { stop_daemon mail 5; }

dispatch mail "$@"
