# shellcheck shell=bash
# What the scripts beside it share: the facts of .env, where things lie, how a daemon is started, found and stopped, and how to say what failed.
# HEARTH_INSTANCE=test is a second system beside the first: own data, ports 10,000 higher; HEARTH_INSTANCE=bench a third, 20,000 higher; chaos and soak
# are two more, 5,000 higher.
# HEARTH_PORT_OFFSET chooses another distance, for two checkouts on one machine.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
INSTANCE=${HEARTH_INSTANCE:-main}
HOME_DIRECTORY=$ROOT/.local
[[ $INSTANCE == main ]] || HOME_DIRECTORY=$ROOT/.local/$INSTANCE
umask 022
mkdir -p "$HOME_DIRECTORY"
# shellcheck disable=SC2034
RUN=$HOME_DIRECTORY/run LOGS=$HOME_DIRECTORY/log SECRETS=$HOME_DIRECTORY/secrets

say() { printf '%s\n' "$*"; }

# build OPTIONS...: swift build with the flags that every build here shares, as others would undo its work. What only debuggers read is left out: it takes a
# fifth of the time. SWIFT_BUILD_FLAGS="" brings it back.
build() {
    # shellcheck disable=SC2086
    (cd "$ROOT" && swift build ${SWIFT_BUILD_FLAGS--debug-info-format none} "$@")
}

# Each argument is a line: what, why, what to do.
fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

# Names that the environment has already are left alone, except ports that `make env` printed for another instance.
read_facts() {
    local name value inherited=${HEARTH_PORTS_OF:-} offset=${HEARTH_PORT_OFFSET:-}
    if [[ -z $offset ]]; then
        case $INSTANCE in
            main) offset=0 ;;
            bench) offset=20000 ;;
            chaos | soak) offset=5000 ;;
            *) offset=10000 ;;
        esac
    fi
    while IFS='=' read -r name value; do
        [[ $name =~ ^[A-Z][A-Z0-9_]*$ ]] || continue
        value=${value%\"} value=${value#\"}
        if [[ $name == *_PORT ]]; then
            [[ -z $inherited || $inherited == "$INSTANCE" ]] || printf -v "$name" '%s' ""
            if [[ -n ${!name:-} && $inherited == "$INSTANCE" ]]; then continue; fi
            value=${!name:-$value}
            printf -v "$name" '%s' "$((value + offset))"
        elif [[ -z ${!name:-} ]]; then
            printf -v "$name" '%s' "$value"
        fi
    done <"$ROOT/.env"
}
read_facts

# Existing servers and the certificate given by environment: `make run` writes them down, so that `make env` and the others know them later.
read_externals() {
    # shellcheck disable=SC1091
    [[ ! -f $RUN/external.env ]] || source "$RUN/external.env"
}

# The port of a service: `port_of auth`, `port_of auth_admin`; of its third copy: `port_of auth 3`.
port_of() {
    local name=HEARTH_${1^^}_PORT
    printf '%s' "$((${!name} + (${2:-1} - 1) * HEARTH_COPY_DISTANCE))"
}

# How many copies of each service there are: COPIES where it is given, else what the running system was started with.
copies() {
    local number=${COPIES:-}
    if [[ -z $number && -f $RUN/copies ]]; then number=$(<"$RUN/copies"); fi
    number=${number:-$HEARTH_COPIES}
    [[ $number =~ ^[1-4]$ ]] || fail "COPIES must be 1, 2, 3 or 4." "It is \"$number\"."
    printf '%s' "$number"
}

# What a copy is called: the first bears the name of its service, the others `auth.2`, `auth.3`.
copy_name() { if (($2 == 1)); then printf '%s' "$1"; else printf '%s.%s' "$1" "$2"; fi; }

# The names of the copies of a service that run.
running_copies() {
    local number
    for number in 1 2 3 4; do
        if pid_of "$(copy_name "$1" "$number")" >/dev/null; then copy_name "$1" "$number" && printf '\n'; fi
    done
}

# Where people and programs reach the gateway.
gateway_url() {
    local scheme=http
    [[ -z ${HEARTH_TLS_CERTIFICATE:-} || -z ${HEARTH_TLS_KEY:-} ]] || scheme=https
    printf '%s://127.0.0.1:%s' "$scheme" "$HEARTH_GATEWAY_PORT"
}

# --- where servers keep their data -----------------------------------------------------------------------------------------------------------

# PostgreSQL and RabbitMQ refuse to be root, so root runs them as the users of their packages.
as_user() {
    local user=$1
    shift
    if [[ $(id -u) == 0 ]]; then
        setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"
    else
        "$@"
    fi
}

# Those users must be able to walk to the data; where a parent folder forbids it, the data lies under /var/tmp instead.
server_data() {
    local place=$HOME_DIRECTORY/data
    mkdir -p "$place"
    if [[ $(id -u) == 0 ]] && ! as_user nobody test -x "$place"; then
        place=/var/tmp/hearth-$(id -u)-$(printf '%s' "$HOME_DIRECTORY" | cksum | cut -d' ' -f1)
        mkdir -p "$place"
        chmod 755 "$place"
    fi
    printf '%s' "$place"
}

# --- daemons ---------------------------------------------------------------------------------------------------------------------------------

# Pid, start time and boot together name one process for ever: a pid that was given to another process later is not ours.
identity() {
    [[ -r /proc/$1/stat ]] || return 1
    local fields
    fields=$(sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null) || return 1
    # shellcheck disable=SC2086
    set -- "$1" $fields
    [[ $2 != Z ]] || return 1
    printf '%s %s %s' "$1" "${21}" "$(</proc/sys/kernel/random/boot_id)"
}

# pid_of NAME: prints the pid of a daemon of this instance that runs.
pid_of() {
    local file=$RUN/$1.pid pid
    [[ -f $file ]] || return 1
    read -r pid _ <"$file"
    [[ $(identity "$pid") == "$(<"$file")" ]] || return 1
    printf '%s' "$pid"
}

# start_daemon NAME COMMAND...: in a session of its own, its output in log/NAME.log; as DAEMON_USER when that is set and we are root.
start_daemon() {
    local name=$1 as=()
    shift
    if [[ -n ${DAEMON_USER:-} && $(id -u) == 0 ]]; then as=(setpriv --reuid="$DAEMON_USER" --regid="$(id -g "$DAEMON_USER")" --clear-groups); fi
    mkdir -p "$RUN" "$LOGS"
    printf '\n--- started %s\n' "$(date -u +%FT%TZ)" >>"$LOGS/$name.log"
    # A program that starts this script may have signals blocked, and a daemon that inherits that never hears that it is asked to end.
    setsid "${as[@]}" env --default-signal "$@" >>"$LOGS/$name.log" 2>&1 </dev/null 9>&- &
    identity $! >"$RUN/$name.pid" || true
}

# stop_daemon NAME [SECONDS]: asks it to end, and kills it when it does not in that time.
stop_daemon() {
    local name=$1 patience=${2:-20} pid
    if pid=$(pid_of "$name"); then
        kill -TERM "$pid" 2>/dev/null || true
        for ((i = 0; i < patience * 10; i++)); do
            pid_of "$name" >/dev/null || break
            sleep 0.1
        done
        if pid=$(pid_of "$name"); then
            say "$name did not end within $patience s and is killed"
            kill -KILL -- "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null || true
        fi
    fi
    rm -f "$RUN/$name.pid"
}

# kill_daemon NAME: as a crash or the kernel's out-of-memory killer would: SIGKILL to the process group that was started, and to its descendants, since
# each process of PostgreSQL leads a group of its own. It is stopped first, so that it begets nobody between the count and the kill.
kill_daemon() {
    local name=$1 pid family
    pid=$(pid_of "$name") || fail "$name cannot be killed: it does not run."
    kill -STOP "$pid"
    mapfile -t family < <(descendants "$pid")
    kill -KILL -- "-$pid" "${family[@]}" 2>/dev/null || true
    # Gone is one whom init has reaped, too: PostgreSQL does not start while the pid in its lock file means anything.
    for pid in "$pid" "${family[@]}"; do
        for ((i = 0; i < 200; i++)); do
            [[ -e /proc/$pid ]] || break
            sleep 0.05
        done
    done
    rm -f "$RUN/$name.pid"
}

# The pids of all that a process has started, and of what those have.
descendants() {
    local child
    for child in $(sed -nE "s/^([0-9]+) \\(.*\\) \\S+ $1 .*/\\1/p" /proc/[0-9]*/stat 2>/dev/null); do
        printf '%s\n' "$child"
        descendants "$child"
    done
}

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# claim_port WHAT PORT VARIABLE: fails when something else listens there.
claim_port() {
    port_open "$2" || return 0
    local who=""
    if command -v ss >/dev/null; then who=$(ss -Hltnp "sport = :$2" 2>/dev/null | grep -o 'users:.*' | head -1 || true); fi
    fail "$1 cannot start: port $2 is taken by something else${who:+ ($who)}." \
        "End that, or choose another port: $3=<port> make run (or change it in .env)."
}

# wait_for NAME SECONDS COMMAND...: until the command succeeds; fails with the daemon's last words when it ends or takes too long.
wait_for() {
    local name=$1 seconds=$2
    shift 2
    for ((i = 0; i < seconds * 10; i++)); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        if ! pid_of "$name" >/dev/null; then
            fail_with_log "$name" "$name ended while it was starting."
        fi
        sleep 0.1
    done
    fail_with_log "$name" "$name is not ready after $seconds s."
}

fail_with_log() {
    printf 'error: %s Its last words (%s):\n' "$2" "$LOGS/$1.log" >&2
    tail -n 15 "$LOGS/$1.log" 2>/dev/null | sed 's/^/       | /' >&2
    exit 1
}

# dispatch NAME start|stop|kill|status: the usual end of a server's script, which defines `start` and `stop`.
dispatch() {
    local name=$1 command=${2:-}
    case $command in
        start) if pid_of "$name" >/dev/null; then return 0; else start; fi ;;
        stop) stop ;;
        kill) kill_daemon "$name" ;;
        status) pid_of "$name" >/dev/null ;;
        *) fail "usage: $(basename "$0") start|stop|kill|status" ;;
    esac
}
