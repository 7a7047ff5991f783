"""The demo's own formulary: generic names, ATC codes, strength, form and unit of dose.

DEMO FORMULARY: our own ids, no product, no price, no national identifier (FEST is not
redistributable and not used). UNVERIFIED: ATC codes and strengths are from general knowledge,
not checked against a source; never to be used for treatment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ATC = "http://www.whocc.no/atc"
FORMULARY = "https://fellesjournal.example/fhir/CodeSystem/demo-formulary"


@dataclass(frozen=True, slots=True)
class Item:
    """One medicine that can be prescribed; ``unit`` is a key of ``fhir.dosage.UNITS``.

    ``weekly_only``: this medicine, in this strength and form, is taken by the week.
    """

    id: str
    atc: str
    name: str
    strength: str
    form: str
    unit: str
    weekly_only: bool = False

    @property
    def label(self) -> str:
        """``Metformin 500 mg tablett``."""
        return " ".join(part for part in (self.name, self.strength, self.form) if part)


# id | ATC | name | strength | form | unit
_LINES = """
1|C08CA01|Amlodipin|5 mg|tablett|tablet
2|C08CA01|Amlodipin|10 mg|tablett|tablet
3|C09AA05|Ramipril|5 mg|tablett|tablet
4|C09CA06|Kandesartan|8 mg|tablett|tablet
5|C09CA06|Kandesartan|16 mg|tablett|tablet
6|C03AA03|Hydroklortiazid|12,5 mg|tablett|tablet
7|C07AB02|Metoprolol|50 mg|depottablett|tablet
8|C07AB02|Metoprolol|100 mg|depottablett|tablet
9|C03CA01|Furosemid|40 mg|tablett|tablet
10|C03DA01|Spironolakton|25 mg|tablett|tablet
11|A10BK01|Dapagliflozin|10 mg|tablett|tablet
12|A10BK03|Empagliflozin|10 mg|tablett|tablet
13|A10BA02|Metformin|500 mg|tablett|tablet
14|A10BA02|Metformin|1000 mg|tablett|tablet
15|A10AE04|Insulin glargin|100 E/ml|injeksjonsvæske|unit
16|A10AB05|Insulin aspart|100 E/ml|injeksjonsvæske|unit
17|A10BJ06|Semaglutid|0,5 mg|injeksjonsvæske|dose
18|C10AA05|Atorvastatin|20 mg|tablett|tablet
19|C10AA05|Atorvastatin|40 mg|tablett|tablet
20|B01AC06|Acetylsalisylsyre|75 mg|tablett|tablet
21|B01AF02|Apiksaban|2,5 mg|tablett|tablet
22|B01AF02|Apiksaban|5 mg|tablett|tablet
23|B01AA03|Warfarin|2,5 mg|tablett|tablet
24|H03AA01|Levotyroksin|50 mikrog|tablett|tablet
25|H03AA01|Levotyroksin|75 mikrog|tablett|tablet
26|R03BB04|Tiotropium|18 mikrog|inhalasjonspulver|inhalation
27|R03BA02|Budesonid|200 mikrog|inhalasjonspulver|inhalation
28|R03AC02|Salbutamol|0,1 mg|inhalasjonsaerosol|inhalation
29|H02AB06|Prednisolon|5 mg|tablett|tablet
30|H02AB06|Prednisolon|20 mg|tablett|tablet
31|J01CE02|Fenoksymetylpenicillin|650 mg|tablett|tablet
32|J01CA04|Amoksicillin|500 mg|kapsel|capsule
33|J01CA08|Pivmecillinam|200 mg|tablett|tablet
34|J01CF01|Dikloksacillin|500 mg|kapsel|capsule
35|J01FA01|Erytromycin|250 mg|tablett|tablet
36|J01AA02|Doksysyklin|100 mg|tablett|tablet
37|J01MA02|Ciprofloksacin|500 mg|tablett|tablet
38|J01EA01|Trimetoprim|160 mg|tablett|tablet
39|N02BE01|Paracetamol|500 mg|tablett|tablet
40|N02BE01|Paracetamol|1 g|tablett|tablet
41|M01AE01|Ibuprofen|400 mg|tablett|tablet
42|M01AE02|Naproksen|500 mg|tablett|tablet
43|N02AA05|Oksykodon|5 mg|tablett|tablet
44|N06AB10|Escitalopram|10 mg|tablett|tablet
45|N06AB06|Sertralin|50 mg|tablett|tablet
46|N06AX11|Mirtazapin|15 mg|tablett|tablet
47|N05CF01|Zopiklon|5 mg|tablett|tablet
48|N06DA02|Donepezil|10 mg|tablett|tablet
49|N06DX01|Memantin|20 mg|tablett|tablet
50|M05BA04|Alendronsyre|70 mg|tablett|tablet
51|A12AX|Kalsium og vitamin D|500 mg/800 IE|tyggetablett|tablet
52|A02BC02|Pantoprazol|20 mg|tablett|tablet
53|A02BC02|Pantoprazol|40 mg|tablett|tablet
54|A06AD11|Laktulose|667 mg/ml|mikstur|ml
55|B03AA07|Jernsulfat|100 mg|depottablett|tablet
56|B03BB01|Folsyre|1 mg|tablett|tablet
57|B03BA03|Hydroksokobalamin|1 mg/ml|injeksjonsvæske|injection
58|R06AE07|Cetirizin|10 mg|tablett|tablet
59|M04AA01|Allopurinol|100 mg|tablett|tablet
60|L04AX03|Metotreksat|2,5 mg|tablett|tablet
61|G04CA02|Tamsulosin|0,4 mg|depotkapsel|capsule
62|S01ED01|Timolol|5 mg/ml|øyedråper|drop
63|S01AA01|Kloramfenikol|10 mg/g|øyesalve|application
64|D07AA02|Hydrokortison|1 %|krem|smear
65|C01DA02|Glyserolnitrat|0,5 mg|tablett|tablet
66|C01AA05|Digoksin|62,5 mikrog|tablett|tablet
"""

# Medicines that are taken by the week, by ATC code and strength ("" is any) and form ("" is any).
# UNVERIFIED source: methotrexate tablets outside oncology are taken once a week (the European
# Medicines Agency's measures of 2019 against daily dosing by mistake); alendronic acid 70 mg
# and semaglutide for injection are made for once a week by their product information.
_WEEKLY_ONLY = (
    ("L04AX03", "", ""),
    ("L01BA01", "", "tablett"),
    ("M05BA04", "70 mg", ""),
    ("M05BA07", "35 mg", ""),
    ("A10BJ06", "", "injeksjonsvæske"),
    ("A10BJ05", "", ""),
)


def is_weekly_only(atc: str, label: str) -> bool:
    """Whether a medicine is one of those that must be taken by the week; unknown: no."""
    return any(
        atc == code and strength in label and form in label for code, strength, form in _WEEKLY_ONLY
    )


def _item(line: str) -> Item:
    number, atc, name, strength, form, unit = line.split("|")
    return Item(
        f"fj-{number}",
        atc,
        name,
        strength,
        form,
        unit,
        is_weekly_only(atc, f"{name} {strength} {form}"),
    )


ITEMS: Mapping[str, Item] = MappingProxyType(
    {item.id: item for item in map(_item, _LINES.strip().splitlines())}
)
"""Every medicine of the demo's formulary, by its id."""


def search(words: str, *, most: int = 10) -> list[Item]:
    """What fits each of the words: names that begin so first, then alphabetical. At least two
    letters; an ATC code or its beginning counts as a name.
    """
    wanted = words.casefold().split()
    if not wanted or len(wanted[0]) < 2:
        return []
    found = [item for item in ITEMS.values() if all(_fits(item, word) for word in wanted)]
    order = sorted(
        found, key=lambda item: (not item.name.casefold().startswith(wanted[0]), item.name, item.id)
    )
    return order[:most]


def _fits(item: Item, word: str) -> bool:
    return word in item.label.casefold() or item.atc.casefold().startswith(word)


__all__ = ["ATC", "FORMULARY", "ITEMS", "Item", "is_weekly_only", "search"]
