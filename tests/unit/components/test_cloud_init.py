"""The cloud-init text of a node."""

from __future__ import annotations

import base64
import gzip
import hashlib

import pytest

from components import names
from components.cloud_init import GUESTINFO_LIMIT, guestinfo, metadata, userdata
from spec.errors import SpecError
from spec.target import as_vsphere
from tests.conftest import Golden
from tests.specs import stack

CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def test_userdata(golden: Golden) -> None:
    spec = stack({"engine.registries": {"registry.test:5000": {"ca": CA}}})
    golden.check("userdata.yaml", userdata(next(names.nodes(spec.cluster)), spec.engine))


def test_metadata(golden: Golden) -> None:
    spec = stack()
    golden.check("metadata.yaml", metadata(next(names.nodes(spec.cluster)), as_vsphere(spec.target)))


def test_another_user_than_root_joins_the_docker_group() -> None:
    spec = stack({"engine.ssh.user": "ops"})
    text = userdata(next(names.nodes(spec.cluster)), spec.engine)
    assert "groups: docker" in text
    assert "disable_root: true" in text


def test_guestinfo_is_packed_and_the_same_every_time() -> None:
    spec = stack()
    node = next(names.nodes(spec.cluster))
    first, second = (guestinfo(node, spec.engine, as_vsphere(spec.target)) for _ in range(2))
    assert first == second
    text = gzip.decompress(base64.b64decode(first["guestinfo.userdata"])).decode()
    assert text == userdata(node, spec.engine)
    assert first["guestinfo.userdata.encoding"] == "gzip+base64"


def test_too_large_a_value_is_refused() -> None:
    digests = (hashlib.sha512(str(number).encode()).hexdigest() for number in range(GUESTINFO_LIMIT // 64))
    noise = "".join(digests)
    spec = stack({"engine.ssh.authorized_keys": [f"ssh-ed25519 {noise}"]})
    with pytest.raises(SpecError, match="VMware allows 65536"):
        guestinfo(next(names.nodes(spec.cluster)), spec.engine, as_vsphere(spec.target))
