"""What is wrong with compose files, or left out of them, each with its file and line."""

from __future__ import annotations

from dataclasses import dataclass, field

from spec.compose.source import Document, Key
from spec.errors import SpecError


@dataclass
class Findings:
    """Collects, so that everything is told at once."""

    document: Document
    refusals: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse(self, place: tuple[Key, ...], found: str, fix: str) -> None:
        """Note what can't be honoured."""
        self.refusals.append(self._line(place, found, fix))

    def warn(self, place: tuple[Key, ...], found: str, fix: str) -> None:
        """Note what is left out without changing what runs."""
        self.warnings.append(self._line(place, found, fix))

    def raise_any(self) -> None:
        """Raise SpecError with every refusal, if there is one."""
        if self.refusals:
            count = len(self.refusals)
            head = [] if count == 1 else [f"{count} things in compose files can't be honoured"]
            raise SpecError("", "\n".join([*head, *self.refusals]))

    def _line(self, place: tuple[Key, ...], found: str, fix: str) -> str:
        return f"{self.document.where(*place)}: {'.'.join(map(str, place))}: {found}\n  -> {fix}"
