#!/bin/sh
# Healthy when the server answers this container's own password.
set -eu
REDISCLI_AUTH=$(cat "${CACHE_PASSWORD_FILE:-/run/secrets/cache-password}")
export REDISCLI_AUTH
test "$(redis-cli ping)" = PONG
