"""What a citizen fills in to make a block: read, checked, and kept while she looks for names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils.translation import gettext

from fellesjournal.access.blocks.actions import HOLDER_TYPES
from fellesjournal.access.blocks.derive import Block
from fellesjournal.access.policy.areas import ABOUT_PATIENTS, AREA_BY_CODE, NOTHING, Area
from fellesjournal.care.privacy.documents import DOCUMENT_TYPES
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.surfaces.portal.wording import FOLLOWS

THESE, ALL_BUT = "these", "all-but"
WHOLE, AREAS, DOCUMENT = "whole", "areas", "document"


@dataclass(slots=True)
class BlockForm:
    """The fields as typed; ``problems`` is field -> what to correct, after :meth:`block`."""

    mode: str = THESE
    holders: list[str] = field(default_factory=list)
    what: str = WHOLE
    areas: list[str] = field(default_factory=list)
    document: str = ""
    care_from: str = ""
    care_to: str = ""
    until: str = ""
    words: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    def block(self) -> Block | None:
        """The block it describes; None when something must be corrected first."""
        self.problems = {}
        holders = tuple(_pair(text) for text in self.holders if _pair(text)[0] in HOLDER_TYPES)
        if not holders and self.mode != ALL_BUT:
            self.problems["holders"] = gettext("Choose who may not see it.")
        care_from, care_to = self._day("care_from"), self._day("care_to", end=True)
        ends = self._day("until", end=True)
        if ends is not None and ends <= clock.now():
            self.problems["until"] = gettext("Choose a day from today on, or leave it empty.")
        if care_from is not None and care_to is not None and care_from >= care_to:
            self.problems["care_to"] = gettext("The last day comes after the first.")
        areas, resource = self._areas(), self._resource()
        if self.problems:
            return None
        return Block(
            holders=holders,
            all_but=self.mode == ALL_BUT,
            ends=ends,
            areas=areas,
            resource=resource,
            care_from=care_from,
            care_to=care_to,
        )

    def _areas(self) -> Area:
        if self.what != AREAS:
            return ABOUT_PATIENTS
        areas = NOTHING
        for code in self.areas:
            areas |= AREA_BY_CODE.get(code, NOTHING) & ABOUT_PATIENTS
        if not areas:
            self.problems["areas"] = gettext("Choose at least one kind of information.")
            return areas
        return areas | FOLLOWS

    def _resource(self) -> tuple[str, str] | None:
        if self.what != DOCUMENT:
            return None
        if _pair(self.document)[0] not in DOCUMENT_TYPES:
            self.problems["document"] = gettext("Choose a document.")
        return _pair(self.document)

    def _day(self, name: str, *, end: bool = False) -> datetime | None:
        """The beginning of a day in Norway, or of the day after it."""
        text = str(getattr(self, name))
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
            return datetime.combine(day + timedelta(days=end), time(), tzinfo=NORWAY)
        except (ValueError, OverflowError):
            self.problems[name] = gettext("Write a day as day.month.year.")
            return None


def read_form(posted: QueryDict) -> BlockForm:
    """The fields of a posted form; what is not among the choices is taken for the first."""
    mode, what = posted.get("mode", ""), posted.get("what", "")
    return BlockForm(
        mode=mode if mode in {THESE, ALL_BUT} else THESE,
        holders=list(dict.fromkeys(posted.getlist("holder")))[:50],
        what=what if what in {WHOLE, AREAS, DOCUMENT} else WHOLE,
        areas=posted.getlist("area"),
        document=posted.get("document", ""),
        care_from=posted.get("care_from", ""),
        care_to=posted.get("care_to", ""),
        until=posted.get("until", ""),
        words=posted.get("words", "")[:100],
    )


def _pair(reference: str) -> tuple[str, str]:
    kind, _, fhir_id = reference.partition("/")
    return kind, fhir_id
