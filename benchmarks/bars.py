"""What is promised of a measurement."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """At most, or at least, so much."""

    name: str
    value: float
    bar: float
    least: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is kept; a figure that is no number keeps nothing."""
        return self.value >= self.bar if self.least else self.value <= self.bar

    def __str__(self) -> str:
        sign = "≥" if self.least else "≤"
        verdict = "holds" if self.holds else "BROKEN"
        return f"  {self.name:<68} {self.value:>9.3g}  {sign} {self.bar:<6g} {verdict}"
