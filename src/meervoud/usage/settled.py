"""What later rooms must know: what became of a usage moment is settled, or settled anew."""

from dataclasses import dataclass

from meervoud.usage.models import UsageMoment


@dataclass(frozen=True)
class MomentSettled:
    """A moment counts, counts no more, or counts differently from now on."""

    moment: UsageMoment
