"""What Pulumi's marked objects stand for."""

from __future__ import annotations

from typing import Any

import pytest

from review.marks import (
    COMPUTED,
    OUTPUT_SIGNATURE,
    REFERENCE_SIGNATURE,
    SEALED,
    SECRET_SIGNATURE,
    SIGNATURE,
    unmark,
)

ASSET = "c44067f5952c0a294b673a41bacd8c17"


@pytest.mark.parametrize(
    ("signature", "more", "meant"),
    [
        (SECRET_SIGNATURE, {"ciphertext": "[secret]"}, SEALED),
        (SECRET_SIGNATURE, {"plaintext": '"hunter2"'}, SEALED),
        (SECRET_SIGNATURE, {}, SEALED),
        (REFERENCE_SIGNATURE, {"urn": "urn:x", "id": "vm-1"}, "vm-1"),
        (REFERENCE_SIGNATURE, {"urn": "urn:x", "id": ""}, "urn:x"),
        (REFERENCE_SIGNATURE, {}, ""),
        (OUTPUT_SIGNATURE, {"value": {"a": 1}}, {"a": 1}),
        (OUTPUT_SIGNATURE, {"value": "hunter2", "secret": True}, SEALED),
        (OUTPUT_SIGNATURE, {"dependencies": ["urn:x"]}, COMPUTED),
        (ASSET, {"hash": "0123456789abcdef", "text": "hunter2"}, "«asset 0123456789ab»"),
        (ASSET, {"text": "hunter2", "path": "/root/.ssh/id"}, "«asset»"),
        ("a signature of tomorrow", {"value": "hunter2"}, "«asset»"),
    ],
)
def test_a_marked_object_is_what_it_stands_for(signature: str, more: dict[str, Any], meant: Any) -> None:
    assert unmark({SIGNATURE: signature, **more}) == meant
