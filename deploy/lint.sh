#!/usr/bin/env bash
# lint.sh [format|imports|scripts|facts…]: the rules of the repository that a machine can check; all of them by default.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
failed=0

report() {
    printf '%s\n' "$1" >&2
    failed=1
}

format() {
    swift format lint --strict --parallel --recursive Package.swift Services Shared Tests deploy ||
        report "The format is not the toolchain's: run make format."
}

# A service stands on Shared and never on another service; C libraries are imported by their one wrapper; SQL stands in Store, Migrations and Jobs'
# stores, not in routes or rules.
imports() {
    local service services wrapper library found
    services=$(find Services -mindepth 1 -maxdepth 1 -type d -printf '%f\n')
    for service in $services; do
        found=$(grep -rnE "^(@testable )?import ($(tr '\n' '|' <<<"$services" | sed 's/|$//'))$" Services Shared --include='*.swift')
        [[ -z $found ]] || { report "A service or shared module imports a service:"$'\n'"$found" && break; }
    done
    while read -r library wrapper; do
        found=$(grep -rnE "^(@preconcurrency )?import $library$" Services Shared deploy --include='*.swift' | grep -vE "^($wrapper)/")
        [[ -z $found ]] || report "$library is imported outside of $wrapper:"$'\n'"$found"
    done <<-END
		CLibPQ Shared/Postgres
		CHiredis Shared/Redis
		CRabbitMQ Shared/Messaging
		CCurl Services/Campaigns
		CGumbo Services/Scraper
		CCrypt Shared/Passwords
		CQREncode Services/Auth
		CFIDO2 Services/Auth
		CCBOR Services/Auth
		CTurboJPEG Shared/Images
		CPNG Shared/Images
	END
    found=$(grep -rnE '"(""\s*$)?\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH) [a-z_(*$]' Services --include='*.swift' | grep -vE '^Services/[^/]+/([^/]+/)?Store/')
    [[ -z $found ]] || report "SQL outside of Store/:"$'\n'"$found"
}

scripts() {
    local files
    mapfile -t files < <(find deploy .ci -name '*.sh' -o -path '.ci/run')
    if command -v shellcheck >/dev/null; then
        (cd deploy && shellcheck -x -S warning -e SC1091,SC2154 "${files[@]/#/../}") || report "shellcheck found something."
    else
        for file in "${files[@]}"; do bash -n "$file" || report "$file is not valid."; done
        echo "shellcheck is not installed, so only the syntax was checked"
    fi
}

# Every service of the code is in .env, the route table and docker-compose.yml.
facts() {
    local service services
    services=$(sed -nE 's/^ *case ([a-z, ]+)$/\1/p' Shared/Contracts/ServiceName.swift | tr -d ',')
    grep -qE "^HEARTH_SERVICES=\"$services\"$" .env || report "HEARTH_SERVICES in .env is not the list of ServiceName: $services"
    for service in $services; do
        grep -qE "^HEARTH_${service^^}_PORT=[0-9]+$" .env || report ".env has no HEARTH_${service^^}_PORT."
        grep -qE "^HEARTH_${service^^}_ADMIN_PORT=[0-9]+$" .env || report ".env has no HEARTH_${service^^}_ADMIN_PORT."
        grep -qP "^/\S+\t$service\t(api|upload|stream)$" deploy/gateway/routes.tsv || report "deploy/gateway/routes.tsv has no route to $service."
        grep -qE "^  $service:$" docker-compose.yml || report "docker-compose.yml has no service $service."
        grep -q "\"hearth-$service\"" Package.swift || report "Package.swift has no product hearth-$service."
    done
    local unknown
    unknown=$(grep -P '^/' deploy/gateway/routes.tsv | cut -f2 | sort -u | grep -vwE "$(tr ' ' '|' <<<"$services")")
    [[ -z $unknown ]] || report "deploy/gateway/routes.tsv routes to services that do not exist: $unknown"
}

for part in "${@:-format imports scripts facts}"; do
    for name in $part; do "$name"; done
done
exit "$failed"
