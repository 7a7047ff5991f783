"""Which figure opens a finding again, as a form asks it and a page says it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.sessions import Session
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.decisions.findings import By, Finding, Seen, State, Watch
from fellesjournal.leadership.indicators.catalogue import called
from fellesjournal.leadership.indicators.courses import definition_now, last_of
from fellesjournal.leadership.indicators.definition import Direction, Indicator, Scoring
from fellesjournal.surfaces.leaders.indicator_words import Shown, shown, value_of

_HUNDRED = 100


class WatchFields(PlainForm):
    """What opens the finding again by itself, when it is closed."""

    watch = forms.ChoiceField(label=_("Opens again by itself"), required=False)
    limit = forms.DecimalField(
        label=_("The limit (a share in per cent)"), min_value=0, max_digits=9, decimal_places=2,
        required=False,
    )  # fmt: skip

    def linked(self, indicators: Sequence[str]) -> None:
        """With the figures that are linked to the finding; without any the fields go."""
        if not indicators:
            del self.fields["watch"], self.fields["limit"]
            return
        field = self.fields["watch"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("No: somebody has to say so")), *_choices(indicators)]

    def clean(self) -> dict[str, object]:
        """A limit where one is needed."""
        said = super().clean() or self.cleaned_data
        has_limit = said.get("limit") is not None or "limit" in self.errors
        if str(said.get("watch", "")).endswith(f":{By.LIMIT}") and not has_limit:
            self.add_error("limit", gettext("Say from where on it has come back."))
        return said

    def rule(self, session: Session) -> Watch | None:
        """What was chosen; of a form that is valid."""
        name, _sep, by = str(self.cleaned_data.get("watch") or "").partition(":")
        indicator = called(name)
        if indicator is None:
            return None
        if By(by) is By.SIGNAL:
            return Watch(name, By.SIGNAL)
        limit = Fraction(self.cleaned_data["limit"])
        if indicator.scoring is Scoring.PROPORTION:
            limit /= _HUNDRED
        return Watch(name, By.LIMIT, limit, definition_now(session, name))


def _choices(indicators: Sequence[str]) -> list[tuple[str, str]]:
    found = []
    for name in indicators:
        indicator = called(name)
        if indicator is None:
            continue
        is_up = indicator.direction is Direction.UP
        limit = (
            gettext("%(figure)s of a whole month is below the limit")
            if is_up
            else gettext("%(figure)s of a whole month is above the limit")
        )
        found.append((f"{name}:{By.LIMIT}", limit % {"figure": name}))
        found.append((
            f"{name}:{By.SIGNAL}",
            gettext("%(figure)s of a whole month is outside its control chart, on the worse side")
            % {"figure": name},
        ))  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of a closed finding in words. ``is_stale``: the figure is counted otherwise by now."""

    indicator: str
    text: str
    is_stale: bool


def rule_of(session: Session, finding: Finding) -> Rule | None:
    """What opens a finding that is closed; None when a person has to."""
    watch = finding.watch
    indicator = None if watch is None else called(watch.indicator)
    if watch is None or indicator is None or finding.state is not State.CLOSED:
        return None
    if watch.limit is None:
        return Rule(
            watch.indicator,
            gettext("Opens again when a whole month is outside the control chart, on the worse side:"),
            is_stale=False,
        )  # fmt: skip
    stale = definition_now(session, watch.indicator) != watch.definition
    return Rule(watch.indicator, _beyond(indicator, watch.limit), stale)


def _beyond(indicator: Indicator, limit: Fraction) -> str:
    said = {"limit": value_of(indicator, limit)}
    if indicator.direction is Direction.UP:
        return gettext("Opens again when a whole month is below %(limit)s:") % said
    return gettext("Opens again when a whole month is above %(limit)s:") % said


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure that opened a finding, in words; ``value`` and ``beyond`` "" for who may not see it."""

    unit: str
    starts: date
    last_day: date
    value: str
    beyond: str
    definition: str


def figure_of(seen: Seen | None, names: Mapping[str, str], mine: Collection[str]) -> Figure | None:
    """The figure that opened a finding. ``mine``: the organisations whose figures may be seen."""
    indicator = None if seen is None else called(seen.indicator)
    if seen is None or indicator is None:
        return None
    is_mine = seen.unit in mine
    return Figure(
        names.get(seen.unit, seen.unit), seen.starts, seen.ends - timedelta(days=1),
        value_of(indicator, seen.value) if is_mine else "",
        value_of(indicator, seen.beyond) if is_mine else "",
        seen.definition,
    )  # fmt: skip


def newest(session: Session, findings: Sequence[Finding], organisation: str) -> dict[str, Shown]:
    """What the figures that closed findings of an organisation wait for say of it, for the last month
    that is over; by their indicator.
    """
    watched = {
        each.watch.indicator
        for each in findings
        if each.state is State.CLOSED and each.watch and organisation in each.addressed_to
    }
    return {
        name: shown(indicator, measured)
        for name in sorted(watched)
        if (indicator := called(name)) is not None
        and (measured := last_of(session, name, organisation)) is not None
    }


__all__ = ["Figure", "Rule", "WatchFields", "figure_of", "newest", "rule_of"]
