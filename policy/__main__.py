"""The policy pack, as the engine starts it: in this folder, with nothing of the project on the path."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from policy.pack import serve

serve()
