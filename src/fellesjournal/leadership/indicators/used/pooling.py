"""Which ages are put together, and which places are told beside each other, so that no few are.

The ages of a service are pooled alike everywhere: neighbours until what all places together have may be
told. Then a place is told or held back as the units of an organisation are (``holding_back``): its rate is
then that of the county or of all. What was told of an overlapping period stays told: a count that has moved by
little since is not told anew, and ages that were pooled once stay together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fellesjournal.leadership.figures.suppression import Cell, Rule
from fellesjournal.leadership.indicators.asking import Group
from fellesjournal.leadership.indicators.holding_back import held_back
from fellesjournal.leadership.indicators.parts import Part
from fellesjournal.leadership.indicators.used.counting import SPOTS, Count, Counts, Spot
from fellesjournal.registry.municipalities import municipalities

Block = frozenset[Spot]
"""Spots that are told as one: neighbouring ages of a sex, or all ages of both."""
ALL = "all"
_COUNTY = -100


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was told of an overlapping period, by block and number of a place: parts as they were shown, and as
    they stood when they were held back. A part has in ``value`` what its contacts and amounts add up to.
    """

    shown: Mapping[Block, Mapping[int, Part]]
    held: Mapping[Block, Mapping[int, Part]]


@dataclass(frozen=True, slots=True)
class Told:
    """How a service may be told: each block with what each place has, of those that are told, and those that
    are held back.
    """

    shown: Mapping[Block, Mapping[str, Count]]
    held: Mapping[Block, Mapping[str, Count]]


def places() -> list[Group]:
    """Everybody, the counties, their municipalities: each after what it is part of."""
    known = municipalities().values()
    by_county: dict[str, list[str]] = {}
    for each in known:
        by_county.setdefault(each.county_number, []).append(each.number)
    found = [Group(0, ALL, tuple(int(each.number) for each in known))]
    above = dict.fromkeys(municipalities(), ALL)
    for county, numbers in by_county.items():
        if len(numbers) > 1:
            key = f"county-{county}"
            found.append(Group(_COUNTY - int(county), key, tuple(map(int, numbers)), ALL))
            above |= dict.fromkeys(numbers, key)
    return [*found, *(Group(int(each), each, (int(each),), above[each]) for each in above)]


def pooled(
    counts: Counts, groups: Sequence[Group], earlier: Sequence[Earlier], rule: Rule
) -> Told | None:
    """What may be told of a service; None when not even all ages of all places together may be."""
    blocks = _as_before(earlier)
    sums = {group.unit: _sums(counts, group) for group in groups}
    while True:
        back = {block: _back(block, sums, groups, earlier, rule) for block in blocks}
        untold = next((block for block in blocks if ALL in back[block]), None)
        if untold is None:
            return _told(blocks, back, sums)
        if len(blocks) == 1:
            return None
        blocks = _merged(blocks, untold, sums[ALL])


def part_of(count: Count) -> Part:
    """A count as it is remembered."""
    return Part(count.users, count.residents, count.amount + count.acts)


def total(of: Mapping[Spot, Count], block: Iterable[Spot]) -> Count:
    """What the spots of a block have together."""
    return sum((of.get(spot, Count()) for spot in block), Count())


def _sums(counts: Counts, group: Group) -> dict[Spot, Count]:
    inside = [of for place, of in counts.items() if int(place) in group.units]
    return {spot: sum((of.get(spot, Count()) for of in inside), Count()) for spot in SPOTS}


def _as_before(earlier: Sequence[Earlier]) -> list[Block]:
    """Every spot by itself, but for those that were told together."""
    blocks = [frozenset({spot}) for spot in SPOTS]
    for each in earlier:
        for old in each.shown:
            touched = [block for block in blocks if block & old]
            blocks = [block for block in blocks if not block & old]
            blocks.append(frozenset().union(*touched))
    return sorted(blocks, key=_order)


def _order(block: Block) -> tuple[str, int]:
    return min(block)


def _merged(blocks: Sequence[Block], untold: Block, of: Mapping[Spot, Count]) -> list[Block]:
    """The block with the smaller of its neighbours in age; without any, both sexes in one."""
    sexes = {spot.sex for spot in untold}
    row = [each for each in blocks if {spot.sex for spot in each} == sexes]
    at = row.index(untold)
    beside = [*row[max(0, at - 1) : at], *row[at + 1 : at + 2]]
    if not beside:
        return [frozenset().union(*blocks)]
    other = min(beside, key=lambda each: (total(of, each).users, total(of, each).residents))
    rest = [each for each in blocks if each not in {untold, other}]
    return sorted([*rest, untold | other], key=_order)


def _back(
    block: Block, sums: Mapping[str, Mapping[Spot, Count]], groups: Sequence[Group],
    earlier: Sequence[Earlier], rule: Rule,
) -> frozenset[str]:  # fmt: skip
    now = {unit: part_of(total(of, block)) for unit, of in sums.items()}
    if now[ALL].denominator < rule.denominator:
        return frozenset({ALL})
    cells: dict[str, Cell] = {unit: part.cell for unit, part in now.items()}
    must, known = set(), set()
    for each in earlier:
        for group in groups:
            part = now[group.unit]
            was = _together(block, group.number, each.shown)
            stood = _together(block, group.number, each.shown, each.held)
            if was is not None and (part.cell, part.value) == (was.cell, was.value):
                known.add(group.unit)
            elif stood is not None and _is_close(part, stood, rule):
                must.add(group.unit)
    return held_back(groups, cells, rule, must=frozenset(must), known=frozenset(known - must))


def _is_close(part: Part, was: Part, rule: Rule) -> bool:
    """Whether the two beside each other would tell of somebody: she may have come more often, too."""
    return part.stands_close_to(was, rule)


def _together(block: Block, number: int, *told: Mapping[Block, Mapping[int, Part]]) -> Part | None:
    """What was told of exactly these spots at a place, in one or several blocks."""
    found: dict[Block, Part] = {}
    for each in told:
        for old, by_place in each.items():
            if old <= block and number in by_place and old not in found:
                found[old] = by_place[number]
    if not found or frozenset().union(*found) != block:
        return None
    parts = found.values()
    return Part(
        sum(part.numerator or 0 for part in parts), sum(part.denominator for part in parts),
        sum((part.value or Fraction() for part in parts), Fraction()),
    )  # fmt: skip


def _told(
    blocks: Sequence[Block],
    back: Mapping[Block, frozenset[str]],
    sums: Mapping[str, Mapping[Spot, Count]],
) -> Told:
    shown: dict[Block, dict[str, Count]] = {}
    held: dict[Block, dict[str, Count]] = {}
    for block in blocks:
        for unit, of in sums.items():
            count = total(of, block)
            if count.residents:
                into = held if unit in back[block] else shown
                into.setdefault(block, {})[unit] = count
    return Told(shown, held)


__all__ = ["ALL", "Block", "Earlier", "Told", "part_of", "places", "pooled", "total"]
