"""Regions of municipalities, and what is wrong in a list of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from fellesjournal.leadership.rollout.findings import Code, Finding, Severity, finding
from fellesjournal.leadership.rollout.waves import Actor


@dataclass(frozen=True, slots=True)
class Region:
    """Municipalities that bring the platform in together. ``stated`` is how many the source says they
    are; ``leader`` the regional implementation leader, who reports to the cooperation council.
    """

    name: str
    municipalities: tuple[str, ...]
    stated: int | None = None
    leader: str = ""


@dataclass(frozen=True, slots=True)
class RegionList:
    """A list of regions as published. ``county``: of which county its heading says it is;
    ``together``: municipalities that take part without a region; ``working_group``: members of the
    regional working group, one from each region.
    """

    county: str
    regions: tuple[Region, ...]
    together: tuple[str, ...] = ()
    working_group: int | None = None
    source: str = ""

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Those of all regions, in order."""
        return tuple(name for region in self.regions for name in region.municipalities)

    @property
    def regions_not_listed(self) -> int:
        """How many members of the working group come from regions that the list leaves out."""
        return max(0, (self.working_group or 0) - len(self.regions))


def region_of(regions: Iterable[Region], municipality: str) -> Region | None:
    """The region that a municipality is in."""
    return next((each for each in regions if municipality in each.municipalities), None)


def problems(listed: RegionList, actors: tuple[Actor, ...]) -> tuple[Finding, ...]:
    """What a list contradicts: its own counts, its heading, the register of municipalities."""
    known = {actor.name: actor for actor in actors}
    found = [
        finding(
            Code.COUNT_DIFFERS,
            region.name,
            stated=region.stated,
            counted=len(region.municipalities),
        )
        for region in listed.regions
        if region.stated is not None and region.stated != len(region.municipalities)
    ]
    for name, times in Counter(listed.municipalities).items():
        if times > 1:
            found.append(finding(Code.IN_TWO_REGIONS, name, times=times))
        if name not in known:
            found.append(finding(Code.UNKNOWN_MUNICIPALITY, name))
        elif known[name].county != listed.county:
            found.append(
                finding(
                    Code.OTHER_COUNTY,
                    name,
                    Severity.LOOK,
                    county=known[name].county,
                    heading=listed.county,
                )
            )
    named = {*listed.municipalities, *listed.together}
    found += (
        finding(Code.MISSING_FROM_COUNTY, actor.name, heading=listed.county)
        for actor in actors
        if actor.county == listed.county and actor.name not in named
    )
    if listed.regions_not_listed:
        found.append(
            finding(
                Code.REGIONS_NOT_LISTED,
                "",
                Severity.TOLD,
                members=listed.working_group or 0,
                listed=len(listed.regions),
                missing=listed.regions_not_listed,
            )
        )
    return tuple(found)


__all__ = ["Region", "RegionList", "problems", "region_of"]
