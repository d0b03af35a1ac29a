#!/usr/bin/env bash
# In a container, before the services start: database, broker, migrations, and what the gateway reads.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)

hearthctl provision
hearthctl migrate
mkdir -p /gateway/static
cp "$here/gateway/docs.html" /gateway/static/docs.html
hearthctl openapi join --output /gateway/static/openapi.json
# Services are reached by their names on the containers' network.
for service in $HEARTH_SERVICES; do export "HEARTH_${service^^}_HOST=$service"; done
GATEWAY_LISTEN=0.0.0.0:$HEARTH_GATEWAY_PORT GATEWAY_STATE=/tmp GATEWAY_STATIC=/gateway/static GATEWAY_ACCESS_LOG=/dev/stdout \
    "$here/gateway/render.sh" >/gateway/nginx.conf
chmod -R a+rX /gateway
