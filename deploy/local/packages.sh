#!/usr/bin/env bash
# Installs the Debian packages that are missing, and keeps them from starting daemons of the system.
source "$(dirname "$0")/lib.sh"

servers=(postgresql-15 postgresql-15-postgis-3 pgbouncer redis-server rabbitmq-server nginx python3-aiosmtpd)
libraries=(libpq-dev libhiredis-dev librabbitmq-dev libcurl4-openssl-dev libgumbo-dev libcrypt-dev libqrencode-dev libfido2-dev libcbor-dev libzxcvbn-dev libarchive-dev
    libphonenumber-dev libpsl-dev libtesseract-dev libturbojpeg0-dev libpng-dev libbrotli-dev pkg-config)
# What a service starts, or reads, as it works: text of PDFs, and text of pictures.
readers=(poppler-utils tesseract-ocr-deu tesseract-ocr-eng)
tools=(curl openssl git)
wanted=("${servers[@]}" "${libraries[@]}" "${readers[@]}" "${tools[@]}")
# `packages.sh test` adds what only tests and benchmarks use.
if [[ ${1:-} == test ]]; then wanted+=(python3-venv docker-compose wrk redis-tools postgresql-contrib shellcheck gcc libc6-dev oathtool chromium); fi

command -v swift >/dev/null || fail "There is no swift on the PATH." "Hearth needs Swift 6.3." "Install it from https://www.swift.org/install/linux/ and try again."
command -v dpkg-query >/dev/null || fail "This is not Debian." "The local servers come from Debian 12 packages." "Elsewhere use: docker compose up"

missing=()
for package in "${wanted[@]}"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true) == installed ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

sudo=()
if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null || fail "Packages are missing: ${missing[*]}" "Installing needs root, and there is no sudo." "As root: apt-get install ${missing[*]}"
    sudo=(sudo)
fi
say "Installing ${#missing[@]} packages: ${missing[*]}"

# invoke-rc.d asks this file before it starts anything; 101 means no. One that is there already is somebody's own decision.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    trap '"${sudo[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
    "${sudo[@]}" chmod 755 "$policy"
fi
# The units are enabled when a package is installed; without this the next boot would start them.
units=()
for package in "${missing[@]}"; do
    case $package in postgresql-15) units+=(postgresql) ;; pgbouncer | redis-server | rabbitmq-server | nginx) units+=("$package") ;; esac
done

mkdir -p "$LOGS"
log=$LOGS/packages.log
install() { "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; }
if ! { "${sudo[@]}" apt-get update && install; } 2>&1 | tee "$log" | grep --line-buffered -E '^(Get|Unpacking|Setting up|E:)' | cut -c1-110; then
    fail "apt-get could not install them (the whole output is in $log)." "Often a mirror is out of reach or another apt runs." "Try: apt-get install ${missing[*]}"
fi
if [[ -d /run/systemd/system ]] && ((${#units[@]})); then "${sudo[@]}" systemctl disable --quiet "${units[@]}" || true; fi
