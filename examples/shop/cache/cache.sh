#!/bin/sh
# The configuration goes in by standard input: a password in the arguments would show in the process list.
set -eu
password=$(sed 's/[\\"]/\\&/g' "${CACHE_PASSWORD_FILE:-/run/secrets/cache-password}")
exec redis-server - <<CONFIG
bind * -::*
dir /tmp
save ""
appendonly no
maxmemory 64mb
maxmemory-policy noeviction
requirepass "$password"
CONFIG
