"""Files of population and activity, as somebody would send them."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook

from fellesjournal.leadership.projections.regions import EVERYBODY

AGES = ("0-66", "67-79", "80+")
PEOPLE = {"0-66": 25_000, "67-79": 4_000, "80+": 1_000}
LATER = {"0-66": 26_000, "67-79": 5_000, "80+": 2_000}
RATES = {"0-66": "0.2", "67-79": "1.5", "80+": "5"}
POPULATION = ("region", "year", "sex", "age", "alternative", "people")
ACTIVITY = ("region", "year", "sex", "age", "group", "mode", "stays", "bed_days")
YEARS = (2018, 2019, 2022)
SMALL = "5025"

Lines = list[list[object]]


def population(*regions: str, names: Iterable[str] = ("MMMM", "HHMH", "LLML")) -> Lines:
    """Who lived there in the years that rates are taken from, and who will in the two after."""
    rows: Lines = [list(POPULATION)]
    for region in regions or (EVERYBODY,):
        for sex in ("female", "male"):
            for age in AGES:
                by = 100 if region == SMALL else 1
                rows += [
                    [region, y, sex, age, "observed", PEOPLE[age] / by] for y in (*YEARS, 2021)
                ]
                for place, name in enumerate(names):
                    more = place * 500
                    rows += [
                        [region, 2023, sex, age, name, PEOPLE[age] / by],
                        [region, 2024, sex, age, name, (LATER[age] + more) / by],
                    ]
    return rows


def activity(*regions: str, times: int = 1) -> Lines:
    """What was done there; 2021 is quite another year, which does not count."""
    rows: Lines = [list(ACTIVITY)]
    for region in regions or (EVERYBODY,):
        for sex in ("female", "male"):
            for age in AGES:
                for year in (*YEARS, 2021):
                    by = 100 if region == SMALL else 1
                    days = float(RATES[age]) * PEOPLE[age] / by * (9 if year == 2021 else times)
                    rows.append([region, year, sex, age, "all", "inpatient", days / 4, days])
                    rows.append([region, year, sex, age, "all", "day", days / 8, ""])
    return rows


def as_csv(lines: Lines, mark: str = ";") -> bytes:
    """As text."""
    return "\n".join(mark.join(str(each) for each in line) for line in lines).encode()


def as_workbook(lines: Lines) -> bytes:
    """As a workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


__all__ = [
    "ACTIVITY", "AGES", "POPULATION", "SMALL", "YEARS", "Lines", "activity", "as_csv", "as_workbook",
    "population",
]  # fmt: skip
