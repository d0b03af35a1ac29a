#!/usr/bin/env bash
# Runs every check and every test against servers of its own (.local/test, ports 10,000 higher), which it starts and always stops again.
export HEARTH_INSTANCE=test CONFIGURATION=debug
source "$(dirname "$0")/lib.sh"
unset DATABASE_URL REDIS_URL AMQP_URL AMQP_MANAGEMENT_URL SMTP_URL

here=$ROOT/deploy/local
passed=0 failed=0 failures=() unsteady=()
# Of one run of the test program: one that hangs ends, and is told by what it was at.
patience=40m

mkdir -p "$RUN" "$LOGS"
exec 9>"$ROOT/.local/test.lock"
flock -n 9 || fail "Another make test is at work in this folder." "It holds .local/test.lock." "Wait until it has ended."

stop_servers() {
    local server
    "$here/hearth.sh" stop-system
    for server in mail redis rabbitmq pgbouncer postgres; do "$here/$server.sh" stop & done
    wait
}
trap stop_servers EXIT
trap 'exit 130' INT TERM

# check NAME COMMAND...: counts as one test; its words are shown when it fails.
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        ((++passed))
        say "✔ $name${output:+: $(tail -n 1 <<<"$output")}"
    else
        ((++failed))
        failures+=("$name")
        printf '✘ %s\n%s\n' "$name" "$output"
    fi
}

# Also kept in a file: make adds a line of its own after a failure, and continuous integration reads the last one.
summarise() { say "$passed passed, $failed failed" | tee "$ROOT/.local/test.summary"; }

"$here/packages.sh" test
if [[ -z ${FILTER:-} ]]; then
    for part in format imports scripts facts; do check "lint: $part" "$ROOT/deploy/lint.sh" "$part"; done
    check "docker-compose.yml agrees with the local scripts" "$ROOT/deploy/compose-check.sh"
fi

say "Building everything and its tests (the first time takes about ten minutes)"
cd "$ROOT" || exit
if ! build --build-tests; then
    say "error: the build failed; see above. No test has run."
    ((++failed))
    summarise
    exit 1
fi

say "Starting servers for the tests"
stop_servers
rm -rf "$HOME_DIRECTORY/data" "$SECRETS"
[[ $(server_data) != /var/tmp/hearth-* ]] || rm -rf "$(server_data)"
"$here/hearth.sh" start-servers

# shellcheck disable=SC1090
source <("$here/hearth.sh" env)
export HEARTH_BINARIES_PATH=$ROOT/.build/debug
# All tests at once would only wait for one another, until a time limit of one of them ends.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-12}
if [[ -z ${HEARTH_REAL_DATA:-} && -d $ROOT/../shared/data ]]; then HEARTH_REAL_DATA=$(cd "$ROOT/../shared/data" && pwd); fi
export HEARTH_REAL_DATA=${HEARTH_REAL_DATA:-}
HEARTH_OPENID_PYTHON=$("$here/openid.sh")
export HEARTH_OPENID_PYTHON

# run NAME OPTIONS...: runs the test program; what it says is kept in log/NAME.log, what came of it in log/NAME.xml.
run() {
    local name=$1
    shift
    rm -f "$LOGS/$name.xml"
    watch >/dev/null 2>&1 9>&- &
    local watchdog=$! status=0
    swift test --skip-build --disable-xctest --xunit-output "$LOGS/$name.xml" "$@" 2>&1 | tee "$LOGS/$name.log" || status=$?
    # shellcheck disable=SC2046
    kill $(descendants "$watchdog") "$watchdog" 2>/dev/null || true
    return "$status"
}

# Ends the test program that this script has started when it takes longer than is sensible.
watch() {
    local pid
    sleep "$patience"
    for pid in $(descendants "$$"); do
        if [[ $(cat "/proc/$pid/comm") == HearthPackage* ]]; then kill -KILL "$pid"; fi
    done
}

# unfinished NAME: the tests that had begun and not ended when the test program did, by what it said.
unfinished() {
    sed -nE 's/^◇ Test (".*"|[^ ]+) started\.$/\1/p' "$LOGS/$1.log" | sort >"$LOGS/$1.begun"
    sed -nE 's/^[✔✘] Test (".*"|[^ ]+)( with .*)? (passed|failed) after .*/\1/p' "$LOGS/$1.log" | sort | comm -23 "$LOGS/$1.begun" -
}

# came_out NAME passed|failed|skipped: the tests that did, one a line.
came_out() { [[ ! -f $LOGS/$1.xml ]] || "$here/results.py" "$LOGS/$1.xml" | sed -n "s/^$2\t//p"; }

# tests OPTIONS...: runs the tests and counts. A test that fails is run once more, by itself: a machine that others keep busy as well can be late
# beyond every patience. If it passes then it counts as passed, and is named in the end, because it wants a mend.
tests() {
    local status=0 name broken=()
    run test "$@" || status=$?
    ((passed += $(came_out test passed | wc -l))) || true
    mapfile -t broken < <(came_out test failed)
    if ((status && !${#broken[@]})); then
        mapfile -t broken < <(unfinished test)
        broken+=("the test program itself: it ended with status $status before telling its result")
    fi
    for name in "${broken[@]}"; do
        if ((${#broken[@]} <= 3)) && passes_alone "$name"; then
            ((++passed))
            unsteady+=("$name")
        else
            ((++failed))
            failures+=("$name")
        fi
    done
}

passes_alone() {
    local filter
    filter=$(sed 's/[^[:alnum:]]/./g' <<<"$1")
    say "Once more, by itself: $1"
    run again --filter "^$filter" && [[ -n $(came_out again passed) ]]
}

# The end-to-end tests drive the very processes behind the gateway. They come last and by themselves: the tests of single services use the same broker
# and give its users passwords of their own.
gateway_url=$HEARTH_GATEWAY_URL
unset HEARTH_GATEWAY_URL
if [[ -z ${FILTER:-} ]]; then tests --skip EndToEndTests; elif [[ $FILTER != *EndToEnd* ]]; then tests --filter "$FILTER"; fi
if [[ -z ${FILTER:-} || $FILTER == *EndToEnd* ]]; then
    say "Starting the seven services and the gateway for the end-to-end tests"
    # Two of every service, so that each of these tests proves that any number may run.
    export COPIES=2 CORS_ALLOWED_ORIGINS=https://front.hearth.example HEARTH_GATEWAY_URL=$gateway_url
    # The tests of bad input and schemathesis ask thousands of times a minute, as one person.
    export RATE_LIMIT_USER=1000000/60s RATE_LIMIT_ANONYMOUS=1000000/60s RATE_LIMIT_API_KEY=1000000/60s RATE_LIMIT_ENDPOINTS=off
    # Where messages go that leave Hearth by something else than mail.
    export HEARTH_OUTSIDE_PORT=$((HEARTH_DEMO_SITE_PORT + 1)) FIRST_CHANNEL_LIMITS=100000/100000 DELIVERY_LEASE=15s
    outside=127.0.0.1:$HEARTH_OUTSIDE_PORT
    export ALERTS_ALLOWED_HOSTS=$outside SMS_PROVIDER_URL=http://$outside/sms
    export DISCORD_API_URL=http://$outside/discord TELEGRAM_API_URL=http://$outside/telegram
    VAPID_PRIVATE_KEY=$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=')
    export VAPID_PRIVATE_KEY
    check "the seven services and the gateway start" "$here/hearth.sh" start-system
    tests --filter "${FILTER:-EndToEndTests}"
fi
if [[ -z ${FILTER:-} ]]; then
    # After the tests, as it takes no heed of what it changes.
    check "schemathesis finds nothing to say against the gateway" "$here/schemathesis.sh"
    "$here/hearth.sh" stop-system
    check "every service and server is killed while 1,000 listings flow" env HEARTH_BUILT=1 COPIES=1 "$here/chaos.sh" faults --count 1000
fi
((!failed)) || printf '  failed: %s\n' "${failures[@]}"
((!${#unsteady[@]})) || printf '  passed only when run once more: %s\n' "${unsteady[@]}"
summarise
((!failed))
