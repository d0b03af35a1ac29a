#!/usr/bin/env bash
# Lets schemathesis (PyPI) attack the running gateway by its own OpenAPI document: as a seeker, as an agent of an agency and as an
# administrator, each also without the token (ignored_auth), from a fixed seed. It changes and deletes what they may, system templates among it:
# run it last. SCHEMATHESIS_SEED and SCHEMATHESIS_EXAMPLES choose others; SCHEMATHESIS_OPTIONS adds options.
# The three run side by side, each for SCHEMATHESIS_TIMEOUT seconds at most.
source "$(dirname "$0")/lib.sh"
# shellcheck disable=SC1090
source <("$ROOT/deploy/local/hearth.sh" env)

version=4.32.5
environment=$ROOT/.local/schemathesis
reports=$LOGS/schemathesis
gateway=$HEARTH_GATEWAY_URL
mkdir -p "$reports"

# What must hold of every answer. Left out are checks that ask whether data that fits the schema is accepted: tokens, cursors and rules between fields
# are no matter of a schema.
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance
checks+=,negative_data_rejection,unsupported_method,ignored_auth

# Operations that end what the run itself stands on: its account, its password, its session; and the stream, which does not end.
excluded=(deleteMe deactivateMe changeEmail changePassword decideUser endSessionsOfUser logout endSession openStream)

install() {
    [[ $("$environment/bin/st" --version 2>/dev/null) != *"$version"* ]] || return 0
    rm -rf "$environment"
    if ! python3 -m venv "$environment" || ! "$environment/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"; then
        say "SKIPPED: schemathesis $version cannot be installed from PyPI here"
        exit 0
    fi
}

# json PATH EXPRESSION: what python finds in the answer on the standard input.
json() { python3 -c "import json, sys; answer = json.load(sys.stdin); print($1)"; }

post() { curl -sf -m 30 "$gateway$1" -H 'Content-Type: application/json' "${@:3}" -d "$2"; }

sign_in() { post /v1/auth/login "{\"email\":\"$1\",\"password\":\"$2\"}"; }

# An account of the run's own, made the way an operator makes one, so that nothing that it does to itself matters to anybody.
account() {
    local email=schemathesis-$1@hearth.example file=$reports/password
    printf 'Nine Doors by the Harbour %s' "$1" >"$file"
    "$ROOT/deploy/local/hearth.sh" hearthctl "$2" --email "$email" --password-file "$file" --if-missing >/dev/null
    sign_in "$email" "$(<"$file")"
}

token() {
    local answer
    case $1 in
        seeker) account seeker create-account | json 'answer["access_token"]' ;;
        administrator) account administrator create-administrator | json 'answer["access_token"]' ;;
        agent)
            answer=$(account agent create-account)
            post /v1/agencies '{"kind":"brokerage","name":"Property Based Homes"}' \
                -H "Authorization: Bearer $(json 'answer["access_token"]' <<<"$answer")" >/dev/null
            post /v1/auth/refresh "{\"refresh_token\":\"$(json 'answer["refresh_token"]' <<<"$answer")\"}" | json 'answer["access_token"]'
            ;;
    esac
}

# attack NAME [OPTION…]: one run; its whole output is kept.
attack() {
    local name=$1 options=() operation
    shift
    for operation in "${excluded[@]}"; do options+=(--exclude-operation-id "$operation"); done
    # In the folder of its reports, as it keeps notes where it runs.
    cd "$reports" && timeout "${SCHEMATHESIS_TIMEOUT:-600}" "$environment/bin/st" --config-file "$reports/schemathesis.toml" run \
        "$reports/openapi.json" --url "$gateway" --checks "$checks" --phases examples,coverage,fuzzing --max-examples "${SCHEMATHESIS_EXAMPLES:-5}" --seed "${SCHEMATHESIS_SEED:-20261121}" \
        --generation-database none --no-shrink --continue-on-failure --request-timeout 30 --warnings off --output-truncate false "${options[@]}" \
        "$@" ${SCHEMATHESIS_OPTIONS:-} >"$reports/$name.txt" 2>&1
}

install
# What is too large is refused as such, which it does not know of.
printf '[checks.negative_data_rejection]\nexpected-statuses = ["4xx"]\n' >"$reports/schemathesis.toml"
curl -sf -m 30 "$gateway/openapi.json" >"$reports/openapi.json" || fail "The gateway does not answer." "It should be at $gateway." "Start it with: make run"

runs=() failed=()
for who in seeker agent administrator; do
    bearer=$(token "$who") || fail "Nobody could be signed in as $who."
    attack "$who" -H "Authorization: Bearer $bearer" &
    runs+=("$!:$who")
done
cases=0
for run in "${runs[@]}"; do
    wait "${run%%:*}" || failed+=("${run#*:}")
    generated=$(sed -nE 's/^ *([0-9]+) generated.*/\1/p' "$reports/${run#*:}.txt" | tail -1)
    [[ -n $generated ]] || failed+=("${run#*:} (it made no request)")
    ((cases += ${generated:-0})) || true
done
if ((${#failed[@]})); then
    for who in "${failed[@]}"; do
        printf -- '--- as %s\n' "$who"
        sed -n '/FAILURES\|ERRORS/,$p' "$reports/${who%% *}.txt" | cut -c1-2000 | tail -n 400
    done
    exit 1
fi
say "$cases requests"
