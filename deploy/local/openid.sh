#!/usr/bin/env bash
# Installs the OpenID provider that tests sign in with (oidc-provider-mock, PyPI) and prints the Python that has it; prints nothing where PyPI is away.
source "$(dirname "$0")/lib.sh"

version=0.3.4
environment=$ROOT/.local/openid
installed() { "$environment/bin/pip" show oidc-provider-mock 2>/dev/null | grep -qx "Version: $version"; }
if ! installed; then
    rm -rf "$environment"
    python3 -m venv "$environment" && "$environment/bin/pip" install --quiet --disable-pip-version-check "oidc-provider-mock==$version" || exit 0
fi
printf '%s\n' "$environment/bin/python"
