#!/usr/bin/env bash
# Checks docker-compose.yml by docker-compose itself, and that every service gets the same settings there as from deploy/local/services.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

if command -v docker-compose >/dev/null; then
    compose=(docker-compose)
elif docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
else
    echo "skipped: docker-compose is not installed"
    exit 0
fi
resolved=$(mktemp)
trap 'rm -f "$resolved"' EXIT
# Facts from .env alone: what this shell happens to have exported is not the file's.
env -i PATH="$PATH" HOME="$HOME" "${compose[@]}" --project-directory . config >"$resolved"

/usr/bin/python3 - "$resolved" <<'END'
import re, subprocess, sys
import yaml

compose = yaml.safe_load(open(sys.argv[1]))["services"]
facts = dict(re.findall(r'^(\w+)="?(.*?)"?$', open(".env").read(), re.M))
wrong = []


def environment(service):
    env = compose[service].get("environment", {})
    if isinstance(env, list):
        env = dict(entry.split("=", 1) for entry in env)
    return {name: "" if value is None else str(value) for name, value in env.items()}


def local(service):
    clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/"}
    out = subprocess.run(["deploy/local/services.sh", "environment", service], capture_output=True, text=True, check=True, env=clean).stdout
    return dict(line.split("=", 1) for line in out.splitlines())


# Different by nature: addresses, files' places.
PLACES = {"HTTP_HOST", "ADMIN_HOST", "REDIS_URL", "SMTP_URL", "FILES_PATH", "SCRAPER_ALLOWED_HOSTS",
          "DATABASE_URL_FILE", "AMQP_URL_FILE", "ENCRYPTION_KEYS_FILE"}

for service in facts["HEARTH_SERVICES"].split():
    here, there = local(service), environment(service)
    for name in sorted(here.keys() ^ there.keys()):
        wrong.append(f"{service}: {name} is set only {'locally' if name in here else 'in docker-compose.yml'}")
    for name in sorted(here.keys() & there.keys() - PLACES):
        if here[name] != there[name]:
            wrong.append(f"{service}: {name} is {here[name]!r} locally and {there[name]!r} in docker-compose.yml")
    for name in ("REDIS_URL", "SMTP_URL"):
        if here[name].rsplit(":", 1)[1] != there[name].rsplit(":", 1)[1]:
            wrong.append(f"{service}: {name} has another port in docker-compose.yml")
    if compose[service].get("command") not in (f"hearth-{service}", [f"hearth-{service}"]):
        wrong.append(f"{service} does not run hearth-{service}")
    # Each of these belongs to one container: a second copy could not start beside the first.
    for name in compose[service].keys() & {"container_name", "hostname", "ports", "network_mode"}:
        wrong.append(f"{service} cannot run in several copies: it has {name}")
    if str(compose[service].get("deploy", {}).get("replicas")) != facts["HEARTH_COPIES"]:
        wrong.append(f"{service} does not run in HEARTH_COPIES copies")

for name, service in compose.items():
    if "mem_limit" not in service:
        wrong.append(f"{name} has no memory limit")
    if "healthcheck" not in service and name not in ("secrets", "setup"):
        wrong.append(f"{name} has no health check")
    if name not in ("postgres", "rabbitmq") and service.get("user", "root") in ("root", "0"):
        wrong.append(f"{name} runs as root")

literal = re.findall(r"^\s*ports:.*:\d{4,5}", open("docker-compose.yml").read(), re.M)
wrong += [f"a port is written out instead of taken from .env: {line.strip()}" for line in literal]
if wrong:
    sys.exit("\n".join(wrong))
print(f"{len(compose)} services, valid")
END
