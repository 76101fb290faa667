"""docs/compose.md, written from the table of keys: `python -m spec.compose.page`."""

from __future__ import annotations

from pathlib import Path

from spec.compose.keys import KEYS

HEAD = """# Compose files

A stack may take services from compose files, beside or instead of those it declares itself:

```yaml
config:
  longshore:compose:
    files: [app/compose.yaml, app/compose.prod.yaml]   # merged in this order, paths relative to the project
    profiles: [metrics]
    variables: {TAG: "1.4"}                            # what ${TAG} stands for
```

`longshore check dev` tells what is left out or can't be honoured, each with file and line, without any engine.

- Files are checked against the published Compose schema, then merged as `docker compose -f a -f b` merges them.
  `extends`, `env_file`, YAML anchors and `x-` keys work; `x-routes` of a service are its `routes`
  ([ingress.md](ingress.md)). `include`, `!reset` and `!override` don't.
- `${NAME}`, `${NAME:-default}`, `${NAME:?error}`, `${NAME:+other}` are replaced from `variables` only, never from the
  shell: a preview is the same for everyone.
- A service, network or config that the stack file declares too is refused: override it by another compose file.
- Secrets are taken from their `file` or `environment` on the machine that runs Longshore, never from `variables`, and
  encrypted in the state; git must not know the file. `external: true` ones are declared under `longshore:secrets`
  ([secrets.md](secrets.md)).
- Relative bind mounts are refused: a folder of your machine is on no node.
- Ports are published by the routing mesh (`mode: ingress`) unless the long form says `mode: host`, as Docker does.

## Key by key
"""
TITLES = {"honoured": "Honoured", "warning": "Left out, with a warning", "refused": "Refused, with an alternative"}


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for status, title in TITLES.items():
        keys = sorted((name, key.says) for name, key in KEYS.items() if key.status == status)
        rows = [f"| `{name}` | {says.replace('|', chr(92) + '|')} |" for name, says in keys]
        parts.append("\n".join([f"\n### {title}\n", "| key of a service | |", "|---|---|", *rows, ""]))
    return "".join(parts)


if __name__ == "__main__":
    (Path(__file__).resolve().parents[2] / "docs" / "compose.md").write_text(page())
