"""Laboratory analyses with NLK codes, units and reference ranges, and the panels ordered together.

A small own selection of NLK (national laboratory code list, 7280). Reference ranges follow what
Norwegian laboratories commonly print, UNVERIFIED: not checked against any laboratory's list.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis.

    Ranges are (low, high), None for an open end; `noise` is one SD between two measurements, as a
    share of the value; `decimals` is how it is reported.
    """

    key: str
    nlk: str
    name: str
    unit: str
    ucum: str
    decimals: int
    mean_female: float
    mean_male: float
    spread: float
    noise: float
    female: tuple[float | None, float | None]
    male: tuple[float | None, float | None]
    least: float = 0.0


# Children are not small adults: their own ranges (UNVERIFIED like the rest), and where the
# range of grown-ups would mislead and none is given here, none is printed.
CHILD_UNTIL = 12
CHILD_RANGES: dict[str, tuple[float | None, float | None] | None] = {
    "hb": (11.0, 14.5),
    "leukocytes": (4.5, 13.5),
    "platelets": (180, 450),
    "creatinine": None,
    "alat": None,
    "ferritin": None,
    "tsh": None,
    "vitamin-d": (50, 150),
}


def _a(
    key: str,
    nlk: str,
    name: str,
    unit: tuple[str, str],
    decimals: int,
    usual: tuple[float, float, float, float],
    female: tuple[float | None, float | None],
    male: tuple[float | None, float | None] | None = None,
    least: float = 0.0,
) -> Analysis:
    return Analysis(key, nlk, name, *unit, decimals, *usual, female, male or female, least)


_MMOL, _UMOL = ("mmol/L", "mmol/L"), ("µmol/L", "umol/L")

ANALYSES = {
    analysis.key: analysis
    for analysis in (
        _a("hb", "NOR05172", "B-Hemoglobin", ("g/dL", "g/dL"), 1, (13.4, 14.9, 0.7, 0.02),
           (11.7, 15.3), (13.4, 17.0), 4.5),
        _a("crp", "NPU19748", "P-CRP", ("mg/L", "mg/L"), 0, (2.0, 2.0, 1.2, 0.15), (None, 4.0),
           least=1.0),
        _a("leukocytes", "NPU02593", "B-Leukocytter", ("10*9/L", "10*9/L"), 1,
           (6.4, 6.4, 1.2, 0.06), (3.5, 10.0), least=1.0),
        _a("platelets", "NPU03568", "B-Trombocytter", ("10*9/L", "10*9/L"), 0,
           (270, 250, 45, 0.05), (165, 387), (145, 348), 40),
        _a("creatinine", "NPU04998", "P-Kreatinin", _UMOL, 0, (67, 82, 9, 0.04), (45, 90),
           (60, 105), 20),
        _a("sodium", "NPU03429", "P-Natrium", _MMOL, 0, (140, 140, 1.6, 0.007), (137, 145),
           least=115),
        _a("potassium", "NPU03230", "P-Kalium", _MMOL, 1, (4.2, 4.2, 0.2, 0.03), (3.5, 5.0),
           least=2.4),
        _a("urea", "NPU01459", "P-Karbamid", _MMOL, 1, (4.9, 5.6, 1.0, 0.08), (2.6, 7.8),
           (3.2, 8.1), 1.5),
        _a("hba1c", "NPU27300", "B-HbA1c", ("mmol/mol", "mmol/mol"), 0, (35, 35, 2.6, 0.02),
           (None, 42), least=20),
        _a("glucose", "NPU02192", "P-Glukose", _MMOL, 1, (5.2, 5.3, 0.4, 0.08), (4.0, 6.0),
           least=2.2),
        _a("cholesterol", "NPU01566", "P-Kolesterol", _MMOL, 1, (5.2, 5.1, 0.8, 0.04), (3.3, 6.9),
           least=2.0),
        _a("hdl", "NPU01567", "P-HDL-kolesterol", _MMOL, 1, (1.7, 1.3, 0.28, 0.05), (1.0, 2.7),
           (0.8, 2.1), 0.5),
        _a("ldl", "NPU01568", "P-LDL-kolesterol", _MMOL, 1, (3.1, 3.2, 0.7, 0.05), (1.4, 4.9),
           least=0.6),
        _a("triglycerides", "NPU04094", "P-Triglyserid", _MMOL, 1, (1.1, 1.4, 0.4, 0.15),
           (0.5, 2.6), least=0.3),
        _a("tsh", "NPU27547", "P-TSH", ("10*-3 IU/L", "m[IU]/L"), 1, (1.9, 1.8, 0.6, 0.12),
           (0.5, 3.6), least=0.1),
        _a("t4", "NPU03579", "P-T4, fritt", ("pmol/L", "pmol/L"), 0, (15, 15, 1.5, 0.04), (11, 22),
           least=4),
        _a("alat", "NPU19651", "P-ALAT", ("U/L", "U/L"), 0, (20, 27, 7, 0.12), (10, 45), (10, 70),
           5),
        _a("albumin", "NPU19673", "P-Albumin", ("g/L", "g/L"), 0, (43, 44, 2.2, 0.03), (36, 48),
           least=18),
        _a("ferritin", "NPU19763", "P-Ferritin", ("µg/L", "ug/L"), 0, (65, 140, 30, 0.06),
           (10, 170), (30, 400), 3),
        _a("b12", "NPU01700", "P-Vitamin B12", ("pmol/L", "pmol/L"), 0, (360, 350, 80, 0.05),
           (150, 650), least=70),
        _a("vitamin-d", "NPU10267", "P-Vitamin D (25-OH)", ("nmol/L", "nmol/L"), 0,
           (66, 62, 16, 0.06), (50, 150), least=12),
        _a("inr", "NPU01685", "P-INR", ("INR", "{INR}"), 1, (1.0, 1.0, 0.05, 0.06), (0.8, 1.2),
           least=0.8),
        _a("ntprobnp", "NPU21571", "P-NT-proBNP", ("ng/L", "ng/L"), 0, (85, 60, 30, 0.12),
           (None, 330), (None, 230), 10),
        _a("troponin", "NPU27501", "P-Troponin T", ("ng/L", "ng/L"), 0, (6, 7, 2, 0.08),
           (None, 14), least=3),
        _a("psa", "NPU08669", "P-PSA", ("µg/L", "ug/L"), 1, (0.0, 1.2, 0.7, 0.08), (None, 4.0),
           least=0.1),
        _a("urate", "NPU09356", "P-Urat", _UMOL, 0, (280, 345, 50, 0.05), (155, 350), (230, 480),
           120),
        _a("acr", "NOR15260", "U-Albumin/Kreatinin", ("mg/mmol", "mg/mmol"), 1,
           (0.9, 0.8, 0.4, 0.2), (None, 3.0), least=0.3),
        # Computed from creatinine, age and sex; see findings.estimated_gfr.
        _a("egfr", "NOR15245", "Nyre-eGFR", ("mL/min/1,73m2", "mL/min/{1.73_m2}"), 0,
           (90, 90, 0, 0), (60, None), least=5),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Panel:
    """Analyses ordered together; `title` is the name of the report."""

    title: str
    keys: tuple[str, ...]


BASIC = Panel("Blodprøver, generell vurdering", ("hb", "crp", "creatinine", "egfr", "sodium",
                                                 "potassium"))  # fmt: skip
FATIGUE = Panel("Blodprøver ved slapphet", ("hb", "crp", "ferritin", "b12", "tsh", "t4", "hba1c",
                                            "vitamin-d"))  # fmt: skip
INFECTION = Panel("Infeksjonsprøver", ("crp", "hb", "leukocytes"))
CRP_ONLY = Panel("CRP", ("crp",))
DIABETES = Panel("Diabeteskontroll", ("hba1c", "creatinine", "egfr", "cholesterol", "ldl", "hdl",
                                      "acr"))  # fmt: skip
HBA1C_ONLY = Panel("HbA1c", ("hba1c",))
LIPIDS = Panel("Fettstoffer i blodet", ("cholesterol", "ldl", "hdl", "triglycerides"))
KIDNEY = Panel("Nyre og salter", ("creatinine", "egfr", "sodium", "potassium"))
HEART = Panel("Hjertekontroll", ("hb", "creatinine", "egfr", "sodium", "potassium", "ntprobnp"))
THYROID = Panel("Stoffskifteprøver", ("tsh", "t4"))
INR = Panel("INR", ("inr",))
ADMISSION = Panel("Innkomstprøver", ("hb", "leukocytes", "platelets", "crp", "sodium",
                                     "potassium", "creatinine", "egfr", "glucose", "alat",
                                     "albumin"))  # fmt: skip
CHEST_PAIN = Panel("Brystsmerteprøver", ("troponin", "hb", "crp", "potassium", "creatinine",
                                         "egfr"))  # fmt: skip
WARD = Panel("Kontrollprøver på avdeling", ("hb", "crp", "sodium", "potassium", "creatinine",
                                            "egfr"))  # fmt: skip
PROSTATE = Panel("PSA", ("psa",))
PREGNANCY = Panel("Svangerskapsprøver", ("hb", "ferritin", "tsh", "hba1c"))
RHEUMA = Panel("Kontroll ved leddgikt", ("hb", "leukocytes", "platelets", "crp", "alat",
                                         "creatinine", "egfr"))  # fmt: skip
GOUT = Panel("Urinsyre", ("urate", "creatinine", "egfr"))
IRON = Panel("Jernstatus", ("hb", "ferritin"))
CHECK_UP = Panel("Helsesjekk", ("hb", "creatinine", "egfr", "hba1c", "cholesterol", "ldl", "hdl",
                                "tsh"))  # fmt: skip
