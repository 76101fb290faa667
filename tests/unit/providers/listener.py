"""Who is told what: a listener that remembers it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Listener:
    """Remembers what the user was told."""

    lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def status(self, text: str) -> None:
        self.lines.append(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)
