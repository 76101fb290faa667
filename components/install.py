"""How the engine gets onto a node: from the template, the distribution, or Docker's apt repository."""

from __future__ import annotations

import shlex

from spec.engine import InstallSpec

PACKAGES = {
    "image": (),
    "distribution": ("docker.io",),
    "docker": ("docker-ce", "docker-ce-cli", "containerd.io"),
}
SCRIPT_PATH = "/usr/local/sbin/longshore-install-docker"
# Only the key with the pinned fingerprint gets into the keyring, whatever else the file holds; apt uses no other.
SCRIPT = r"""#!/bin/sh
set -eu
repository=$1 fingerprint=$2 keyring=$3 list=$4
shift 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GNUPGHOME="$work" DEBIAN_FRONTEND=noninteractive
keys() { gpg --batch --quiet --no-autostart "$@"; }
curl --fail --silent --show-error --location --retry 5 --output "$work/key" "$repository/gpg"
keys --import "$work/key"
keys --export "$fingerprint" >"$work/keyring"
found=$(keys --show-keys --with-colons "$work/keyring" | awk -F: '$1 == "fpr" {print $10; exit}')
if [ "$found" != "$fingerprint" ]; then
    echo "$repository/gpg holds no key $fingerprint: nothing is installed" >&2
    exit 1
fi
install -D -m 0644 "$work/keyring" "$keyring"
. /etc/os-release
echo "deb [arch=$(dpkg --print-architecture) signed-by=$keyring] $repository $VERSION_CODENAME stable" >"$list"
apt-get -q update
apt-get -q -y install "$@"
"""
KEYRING = "/etc/apt/keyrings/docker.gpg"
LIST = "/etc/apt/sources.list.d/docker.list"


def packages(install: InstallSpec) -> tuple[str, ...]:
    """Return the engine's packages; none when it's in the template."""
    return () if install.source == "image" else install.packages or PACKAGES[install.source]


def files(install: InstallSpec) -> dict[str, str]:
    """Return the scripts to write, by path."""
    return {SCRIPT_PATH: SCRIPT} if install.source == "docker" else {}


def commands(install: InstallSpec) -> list[list[str]]:
    """Return the commands that install the engine; where they fail, its start fails, which cloud-init reports."""
    wanted = list(packages(install))
    if install.source == "image":
        return []
    if install.source == "docker":
        return [[SCRIPT_PATH, install.repository, install.key_fingerprint, KEYRING, LIST, *wanted]]
    update = "export DEBIAN_FRONTEND=noninteractive; apt-get -q update && apt-get -q -y install"
    return [["sh", "-c", f"{update} {shlex.join(wanted)}"]]
