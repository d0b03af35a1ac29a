#!/usr/bin/env bash
# render.sh: prints nginx's configuration, made from nginx.conf.template and routes.tsv. Settings by environment:
#
#   GATEWAY_LISTEN        where it listens, by default 127.0.0.1:HEARTH_GATEWAY_PORT
#   GATEWAY_STATE         a folder for its temporary files
#   GATEWAY_STATIC        the folder that holds openapi.json and docs.html
#   GATEWAY_ACCESS_LOG    a file, or "off"
#   GATEWAY_ERROR_LOG     a file, or "stderr"
#   GATEWAY_USER          the user that its workers run as, when root starts it
#   HEARTH_<SERVICE>_ADDRESSES   host:port of every copy, separated by spaces; by default HEARTH_<SERVICE>_HOST (127.0.0.1) and HEARTH_<SERVICE>_PORT
#   GATEWAY_CONNECTIONS_PER_ADDRESS   how many requests of one address may be under way, live streams among them; 4096 by default, or "off", as behind
#                         a balancer that speaks for everybody
#   CORS_ALLOWED_ORIGINS  origins separated by commas, or "*"; none by default
#   HEARTH_TLS_CERTIFICATE, HEARTH_TLS_KEY   PEM files; with both it speaks TLS
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

value() { printf '%s' "${!1:-}"; }

upstreams() {
    local service address addresses host list
    for service in $HEARTH_SERVICES; do
        host=$(value "HEARTH_${service^^}_HOST")
        addresses=$(value "HEARTH_${service^^}_ADDRESSES")
        printf '    upstream %s {\n' "$service"
        read -ra list <<<"${addresses:-${host:-127.0.0.1}:$(value "HEARTH_${service^^}_PORT")}"
        # A copy that refuses is left out for two seconds. Before a request is refused because all are left out, they are tried after all: one of them
        # may have come back meanwhile.
        for address in "${list[@]}"; do printf '        server %s max_fails=2 fail_timeout=2s;\n' "$address"; done
        for address in "${list[@]}"; do printf '        server %s max_fails=0 backup;\n' "$address"; done
        # Shorter than a service keeps an idle connection, so that none is closed under a request.
        printf '        keepalive 64;\n        keepalive_requests 100000;\n        keepalive_timeout 20s;\n    }\n'
    done
}

# location PATTERN SERVICE KIND
location() {
    printf '        location %s {\n' "$1"
    case $3 in
        upload) printf '            client_max_body_size 100m;\n            proxy_request_buffering off;\n' ;;
        stream) printf '            proxy_buffering off;\n            proxy_read_timeout 1h;\n            gzip off;\n' ;;
    esac
    printf '            proxy_pass http://%s;\n        }\n' "$2"
}

routes() {
    local prefix service kind
    while IFS=$'\t' read -r prefix service kind; do
        [[ $prefix == /* ]] || continue
        if [[ $prefix == *= ]]; then
            location "= ${prefix%=}" "$service" "$kind"
        else
            location "= $prefix" "$service" "$kind"
            location "$prefix/" "$service" "$kind"
        fi
    done <"$here/routes.tsv"
    for service in $HEARTH_SERVICES; do location "= /v1/$service/openapi.json" "$service" api; done
}

cors() {
    local origin origins=${CORS_ALLOWED_ORIGINS:-}
    for origin in ${origins//,/ }; do
        if [[ $origin == "*" ]]; then
            printf '        "~^https?://" $http_origin;\n'
        else
            printf '        "%s" $http_origin;\n' "$origin"
        fi
    done
}

tls() {
    [[ -n ${HEARTH_TLS_CERTIFICATE:-} && -n ${HEARTH_TLS_KEY:-} ]] || return 0
    cat <<-END
		        ssl_certificate $HEARTH_TLS_CERTIFICATE;
		        ssl_certificate_key $HEARTH_TLS_KEY;
		        ssl_protocols TLSv1.2 TLSv1.3;
		        ssl_prefer_server_ciphers off;
		        ssl_session_cache shared:tls:10m;
		        ssl_session_timeout 1d;
		        ssl_session_tickets off;
		        add_header Strict-Transport-Security "max-age=31536000" always;
	END
}

# A body that drips resets nginx's time limits with every byte, so that only their number bounds those who do it.
connections() {
    local limit=${GATEWAY_CONNECTIONS_PER_ADDRESS:-4096}
    [[ $limit != off ]] || return 0
    printf '    limit_conn_zone $binary_remote_addr zone=addresses:10m;\n    limit_conn addresses %s;\n    limit_conn_status 429;\n    limit_conn_log_level warn;' "$limit"
}

listen() {
    local suffix=""
    [[ -z ${HEARTH_TLS_CERTIFICATE:-} || -z ${HEARTH_TLS_KEY:-} ]] || suffix=" ssl http2"
    printf '%s backlog=4096%s' "${GATEWAY_LISTEN:-127.0.0.1:$HEARTH_GATEWAY_PORT}" "$suffix"
}

access_log() {
    if [[ ${GATEWAY_ACCESS_LOG:-off} == off ]]; then printf off; else printf '%s line buffer=64k flush=1s' "$GATEWAY_ACCESS_LOG"; fi
}

text=$(<"$here/nginx.conf.template")
fill() { text=${text//"%$1%"/"$2"}; }
fill USER "${GATEWAY_USER:+user $GATEWAY_USER;}"
fill STATE "$GATEWAY_STATE"
fill STATIC "$GATEWAY_STATIC"
fill ACCESS_LOG "$(access_log)"
fill ERROR_LOG "${GATEWAY_ERROR_LOG:-stderr}"
fill CORS "$(cors)"
fill UPSTREAMS "$(upstreams)"
fill CONNECTIONS "$(connections)"
fill LISTEN "$(listen)"
fill TLS "$(tls)"
fill ROUTES "$(routes)"
printf '%s\n' "$text"
