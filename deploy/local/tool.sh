#!/usr/bin/env bash
# tool.sh PROGRAM ARGUMENTS...: runs one of the programs against the running system, with everything in its environment that `make env` prints.
source "$(dirname "$0")/lib.sh"

pid_of gateway >/dev/null || fail "Hearth does not run." "The gateway is not up." "Start it with: make run"
# shellcheck disable=SC1090
source <("$ROOT/deploy/local/hearth.sh" env)
program=$1
shift
exec "$HEARTH_BINARIES_PATH/$program" "$@"
