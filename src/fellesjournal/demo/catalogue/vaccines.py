"""The childhood programme and the seasonal vaccines, as ATC codes with our own wording.

The schedule is an assumption (configurable). SYSVAK's own codes (9501) are not used: the list is
not at hand, and an invented national code would be worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vaccine:
    """One vaccine."""

    atc: str
    name: str
    protects: str


ROTA = Vaccine("J07BH01", "Rotavirusvaksine", "rotavirus")
HEXAVALENT = Vaccine(
    "J07CA09",
    "Seksvalent vaksine",
    "difteri, stivkrampe, kikhoste, polio, Hib-infeksjon og hepatitt B",
)
PNEUMOCOCCAL = Vaccine("J07AL02", "Pneumokokkvaksine, konjugert", "pneumokokksykdom")
MMR = Vaccine("J07BD52", "MMR-vaksine", "meslinger, kusma og røde hunder")
DTP_POLIO = Vaccine("J07CA02", "DTP-poliovaksine", "difteri, stivkrampe, kikhoste og polio")
HPV = Vaccine("J07BM03", "HPV-vaksine", "humant papillomavirus")
INFLUENZA = Vaccine("J07BB02", "Influensavaksine", "sesonginfluensa")
COVID = Vaccine("J07BN01", "Koronavaksine", "covid-19")
PNEUMOCOCCAL_ADULT = Vaccine("J07AL01", "Pneumokokkvaksine", "pneumokokksykdom")

# (age in days, vaccine, dose number): norway.md section 12.2, and the school doses.
INFANT_PROGRAMME = (
    (42, ROTA, 1),
    (91, ROTA, 2),
    (91, HEXAVALENT, 1),
    (91, PNEUMOCOCCAL, 1),
    (152, HEXAVALENT, 2),
    (152, PNEUMOCOCCAL, 2),
    (365, HEXAVALENT, 3),
    (365, PNEUMOCOCCAL, 3),
    (457, MMR, 1),
)
SCHOOL_PROGRAMME = (
    (7, DTP_POLIO, 4),
    (11, MMR, 2),
    (12, HPV, 1),
    (12, HPV, 2),
    (15, DTP_POLIO, 5),
)
