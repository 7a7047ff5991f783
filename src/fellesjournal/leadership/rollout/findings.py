"""What contradicts itself or breaks a rule: found as data here, said in plain words by ``words``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Code(StrEnum):
    """What is wrong."""

    LATE = "late"
    LATE_AND_OPEN = "late-and-open"
    PROMISE_BREACHED = "promise-breached"
    OUTSIDE_WINDOW = "outside-window"
    NOT_ELIGIBLE = "not-eligible"
    OPTION_NOT_IN_TIME = "option-not-in-time"
    OPTION_NOT_KNOWN = "option-not-known"
    GP_FOLLOWS_PRIVATE = "gp-follows-private"
    WINDOWS_OVERLAP = "windows-overlap"
    ALIAS_TWICE = "alias-twice"
    UNKNOWN_WAVE = "unknown-wave"
    START_AFTER_GO_LIVE = "start-after-go-live"
    NO_DATE = "no-date"
    COUNT_DIFFERS = "count-differs"
    OTHER_COUNTY = "other-county"
    MISSING_FROM_COUNTY = "missing-from-county"
    IN_TWO_REGIONS = "in-two-regions"
    UNKNOWN_MUNICIPALITY = "unknown-municipality"
    REGIONS_NOT_LISTED = "regions-not-listed"
    NOT_A_PARTITION = "not-a-partition"
    TRAINING_EXPIRES = "training-expires"


class Severity(StrEnum):
    """Whether a rule is broken, something must be looked at, or is only told."""

    BROKEN = "broken"
    LOOK = "look"
    TOLD = "told"


Value = str | int | date


@dataclass(frozen=True, slots=True)
class Finding:
    """One of them. ``subject`` is a wave, an organisation or a region; ``about`` the values that the
    sentence names, by name.
    """

    code: Code
    subject: str
    severity: Severity = Severity.BROKEN
    about: tuple[tuple[str, Value], ...] = ()

    def __getitem__(self, name: str) -> Value:
        return dict(self.about)[name]

    @property
    def is_of(self) -> tuple[Code, str, Value]:
        """What is wrong with whom, by which rule: the same whatever dates it is of."""
        return self.code, self.subject, dict(self.about).get("rule", "")


def finding(
    code: Code, subject: str, severity: Severity = Severity.BROKEN, **about: Value
) -> Finding:
    """A finding with the values its sentence names."""
    return Finding(code, subject, severity, tuple(sorted(about.items())))


__all__ = ["Code", "Finding", "Severity", "Value", "finding"]
