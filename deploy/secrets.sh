#!/usr/bin/env bash
# secrets.sh FOLDER: makes the secrets that are missing, once: passwords of every service, of the administrators, the encryption key; and per
# service the URLs that contain them. Run by deploy/local and, inside a container, by docker compose.
#
#   FOLDER/admin/…       for hearthctl and the servers
#   FOLDER/<service>/…   what one service may know, each file named after the setting (DATABASE_URL is read from DATABASE_URL_FILE)
#
# ADMIN_DATABASE_URL, BROKER_URL and MANAGEMENT_URL say where the servers are; {password} in them stands for the generated one.
set -euo pipefail
umask 077

folder=$1
services=${HEARTH_SERVICES:?}

random() { od -An -vtx1 -N"$1" /dev/urandom | tr -d ' \n'; }
keep() { [[ -s $1 ]] || printf '%s' "$2" >"$1"; }

# with_user URL USER PASSWORD PATH: the same server, another user and path; the query stays.
with_user() {
    local scheme=${1%%://*} rest=${1#*://} query=""
    if [[ $rest == *\?* ]]; then query="?${rest#*\?}" rest=${rest%%\?*}; fi
    rest=${rest#*@}
    printf '%s://%s:%s@%s/%s%s' "$scheme" "$2" "$3" "${rest%%/*}" "$4" "$query"
}

mkdir -p "$folder/admin"
keep "$folder/admin/postgres_password" "$(random 16)"
keep "$folder/admin/rabbitmq_password" "$(random 16)"
keep "$folder/admin/encryption_keys" "k1:$(head -c 32 /dev/urandom | base64 -w0)"
keep "$folder/admin/demo_password" "$(random 8)-Hearth"
keep "$folder/admin/administrator_password" "$(random 16)-Hearth"

database=${ADMIN_DATABASE_URL//\{password\}/$(<"$folder/admin/postgres_password")}
broker=${BROKER_URL//\{password\}/$(<"$folder/admin/rabbitmq_password")}
printf '%s' "$database" >"$folder/admin/database_url"
printf '%s' "$broker" >"$folder/admin/broker_url"
printf '%s' "${MANAGEMENT_URL//\{password\}/$(<"$folder/admin/rabbitmq_password")}" >"$folder/admin/management_url"

for service in $services; do
    mkdir -p "$folder/$service"
    keep "$folder/admin/${service}_database_password" "$(random 16)"
    keep "$folder/admin/${service}_broker_password" "$(random 16)"
    user=hearth_$service
    with_user "$database" "$user" "$(<"$folder/admin/${service}_database_password")" "$HEARTH_DATABASE" >"$folder/$service/database_url"
    with_user "$broker" "$user" "$(<"$folder/admin/${service}_broker_password")" "$HEARTH_VHOST" >"$folder/$service/amqp_url"
    cp "$folder/admin/encryption_keys" "$folder/$service/encryption_keys"
done
