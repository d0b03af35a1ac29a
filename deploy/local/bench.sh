#!/usr/bin/env bash
# Prints the table of benchmarks, taken from optimised programs on servers of its own (.local/bench, ports 20,000 higher), which it always stops again.
# PARTS="postgres redis" for some of memory, postgres, redis, broker, flow, web, sessions, signins, search and matching; ROUNDS and SECONDS_EACH say how often and how long.
export HEARTH_INSTANCE=bench CONFIGURATION=release
source "$(dirname "$0")/lib.sh"
unset DATABASE_URL REDIS_URL AMQP_URL AMQP_MANAGEMENT_URL SMTP_URL

here=$ROOT/deploy/local
binaries=$ROOT/.build/release
parts=${PARTS:-memory postgres redis broker flow web sessions signins search matching}

mkdir -p "$RUN" "$LOGS"
exec 9>"$ROOT/.local/bench.lock"
flock -n 9 || fail "Another make bench is at work in this folder." "It holds .local/bench.lock." "Wait until it has ended."

stop_all() {
    local server
    "$here/nginx.sh" stop
    "$here/services.sh" stop auth catalog alerts
    stop_daemon hello 5
    for server in redis rabbitmq postgres; do "$here/$server.sh" stop & done
    wait
}
trap stop_all EXIT
trap 'exit 130' INT TERM

"$here/packages.sh" test
products=(hearth-bench hearthctl)
if [[ $parts =~ memory|web|sessions|signins|search|matching ]]; then products+=(hearth-auth hearth-catalog); fi
# The whole flow ends in a person's inbox.
services=(auth catalog)
if [[ $parts =~ matching ]]; then services+=(alerts) && products+=(hearth-alerts); fi
say "Building ${products[*]} (the first time takes about ten minutes)"
for product in "${products[@]}"; do
    build -c release --product "$product" || fail "The build of $product failed; see above."
done

say "Starting what is measured"
stop_all
data=$(server_data)
rm -rf "$HOME_DIRECTORY/data" "$SECRETS"
[[ $data != /var/tmp/hearth-* ]] || rm -rf "$data"
environment=$("$here/hearth.sh" env)
eval "$environment"
starting=()
for server in postgres redis rabbitmq; do
    "$here/$server.sh" start &
    starting+=($!)
done
for job in "${starting[@]}"; do wait "$job"; done

if [[ ${products[*]} == *hearth-catalog* ]]; then
    "$here/hearth.sh" hearthctl provision >/dev/null
    "$here/hearth.sh" hearthctl migrate >/dev/null
    RATE_LIMIT_USER=off RATE_LIMIT_ANONYMOUS=off RATE_LIMIT_API_KEY=off RATE_LIMIT_ENDPOINTS=off "$here/services.sh" start "${services[@]}"
    # Where the gateway looks for analytics there is a hello: so both sides of a comparison have the same way.
    start_daemon hello "$binaries/hearth-bench" hello --port "$(port_of analytics)"
    wait_for hello 20 port_open "$(port_of analytics)"
    "$here/nginx.sh" start
    HEARTH_BENCH_SERVICE_PID=$(pid_of catalog)
    HEARTH_BENCH_HELLO_PID=$(pid_of hello)
    # Where the plans of the service's own statements are read.
    HEARTH_BENCH_POSTGRES_LOG=$LOGS/postgres.log
    export HEARTH_BENCH_SERVICE_PID HEARTH_BENCH_HELLO_PID HEARTH_BENCH_POSTGRES_LOG
    sleep 3 # until they idle
fi

HEARTH_BENCH_SERVER_PIDS=""
for server in postgres redis rabbitmq gateway auth catalog alerts hello; do HEARTH_BENCH_SERVER_PIDS+=" $(pid_of "$server" || true)"; done
export HEARTH_BENCH_SERVER_PIDS

# shellcheck disable=SC2086
"$binaries/hearth-bench" measure --parts $parts --rounds "${ROUNDS:-3}" --seconds "${SECONDS_EACH:-2}"
