#!/usr/bin/env bash
# In a container: makes the secrets and RabbitMQ's configuration, which holds one.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)

"$here/secrets.sh" /secrets
{
    cat "$here/rabbitmq.conf"
    printf 'listeners.tcp.default = %s\nmanagement.tcp.port = %s\n' "$HEARTH_RABBITMQ_PORT" "$HEARTH_RABBITMQ_MANAGEMENT_PORT"
    printf 'default_pass = %s\n' "$(</secrets/admin/rabbitmq_password)"
} >/secrets/rabbitmq/20-hearth.conf
# The broker runs as another user; nobody else has this volume.
chmod 644 /secrets/rabbitmq/20-hearth.conf
