"""A second opinion: derive every claim of a result again, from the inputs and with nothing of the engine but its types."""

from meervoud.core.engine.verify.answers import verify
from meervoud.core.engine.verify.claims import Violation

__all__ = ["Violation", "verify"]
