"""What differs between a stack's file on base and head, as a reader may see it: no secret, not even its ciphertext."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from review.diff import leaves
from review.marks import HIDDEN
from review.model import Change
from review.redact import Redactor, settle

ENCRYPTION = ("encryptionsalt", "secretsprovider", "encryptedkey")
"""What decides which key opens a stack's secrets."""


def encryption_changed(base: str | None, head: str | None) -> tuple[str, ...]:
    """Return the keys by which a stack's secrets are encrypted otherwise than before; none for a new stack."""
    if base is None or head is None:
        return ()
    old, new = _parsed(base), _parsed(head)
    return tuple(key for key in ENCRYPTION if old.get(key) != new.get(key))


def differences(base: str | None, head: str | None, redactor: Redactor) -> tuple[Change, ...]:
    """Return the leaves that differ. A secret that differs is named, and nothing of it shown."""
    sides = (redactor.value(_sealed(_parsed(text or ""), redactor)) for text in (base, head))
    return tuple(_change(leaf.path, leaf.kind, leaf.before, leaf.after) for leaf in leaves(*sides))


def _sealed(value: Any, redactor: Redactor) -> Any:
    """Replace ciphertexts and encryption keys by tokens, equal for equal texts, before anything else sees them."""
    if isinstance(value, dict):
        if set(value) == {"secure"}:
            return redactor.value(str(value["secure"]), "secret")
        hide = {key: redactor.value(str(each), "secret") for key, each in value.items() if key in ENCRYPTION}
        return {str(key): hide.get(key, _sealed(each, redactor)) for key, each in value.items()}
    return [_sealed(each, redactor) for each in value] if isinstance(value, list) else value


def _change(path: str, kind: str, before: Any, after: Any) -> Change:
    old, new = settle(before), settle(after)
    concealed = HIDDEN in (old, new)
    content = {"path": settle(path), "kind": kind, "before": old, "after": new, "concealed": concealed}
    return Change.model_validate(content)


def _parsed(text: str) -> dict[str, Any]:
    """Return a file's content; an empty one for what is no YAML mapping, which the rehearsal reports."""
    try:
        content = YAML(typ="safe").load(text)
    except YAMLError:
        return {}
    return content if isinstance(content, dict) else {}
