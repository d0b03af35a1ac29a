#!/usr/bin/env bash
# chaos.sh faults|soak OPTIONS...: what `make chaos` and `make soak` do, against a system of its own (.local/chaos or .local/soak, ports 5,000 higher), which it
# always stops again. HEARTH_BUILT=1 says that the programs are built already. After a failure the logs stay where they are.
command=${1:-}
[[ $command == faults || $command == soak ]] || {
    echo "usage: chaos.sh faults|soak OPTIONS..." >&2
    exit 1
}
shift
HEARTH_INSTANCE=$([[ $command == faults ]] && echo chaos || echo soak)
export HEARTH_INSTANCE
[[ -z ${HEARTH_PORT_OFFSET:-} ]] || export HEARTH_PORT_OFFSET=$((HEARTH_PORT_OFFSET + 5000))
source "$(dirname "$0")/lib.sh"
unset DATABASE_URL REDIS_URL AMQP_URL AMQP_MANAGEMENT_URL SMTP_URL

here=$ROOT/deploy/local
configuration=${CONFIGURATION:-debug}

mkdir -p "$RUN" "$LOGS"
exec 9>"$ROOT/.local/chaos.lock"
flock -n 9 || fail "Another make chaos or make soak is at work in this folder." "It holds .local/chaos.lock." "Wait until it has ended."

trap '"$here/hearth.sh" stop >/dev/null 2>&1' EXIT
trap 'exit 130' INT TERM

"$here/packages.sh"
if [[ -z ${HEARTH_BUILT:-} ]]; then
    say "Building ($configuration; the first time takes about ten minutes)"
    build -c "$configuration" || fail "The build failed; see above."
fi

say "Starting a system of its own"
"$here/hearth.sh" stop
rm -rf "$HOME_DIRECTORY/data" "$SECRETS" "$LOGS"
[[ $(server_data) != /var/tmp/hearth-* ]] || rm -rf "$(server_data)"
# Every mail is kept, however many; and nobody is told to be slower.
export HEARTH_MAIL_LIMIT=10000000 RATE_LIMIT_USER=off RATE_LIMIT_ANONYMOUS=off RATE_LIMIT_API_KEY=off RATE_LIMIT_ENDPOINTS=off
export FIRST_CHANNEL_LIMITS=1000000/1000000
"$here/hearth.sh" start-servers >/dev/null
# shellcheck disable=SC1090
source <("$here/hearth.sh" env)
"$here/hearth.sh" start-system >/dev/null
export HEARTH_RUN_PATH=$RUN HEARTH_SCRIPTS_PATH=$here
"$HEARTH_BINARIES_PATH/hearth-chaos" "$command" "$@" 9>&-
