"""The demo's own formulary: generic names, ATC codes, strength, form and usual dose.

Generic names only; FEST is not redistributable and not used. Doses are usual adult ones,
UNVERIFIED: not checked against a reference and never to be used for treatment.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.demo.terms import ATC, Element, coding


@dataclass(frozen=True, slots=True)
class Medicine:
    """One medicine as prescribed.

    `doses` is the amount morning, midday, evening and night in `unit`s. All zero means as needed
    with `at_most` per day, or, with `once_per` (number, UCUM time unit), `at_most` at a time with
    that interval. `reason` is what the citizen reads: "mot ..." / "for ...".
    """

    atc: str
    name: str
    strength: str
    form: str
    doses: tuple[float, float, float, float]
    reason: str
    unit: str = "tablett"
    at_most: int = 0
    route: str = "i munnen"
    once_per: tuple[int, str] | None = None

    @property
    def label(self) -> str:
        """Name, strength and form, as printed."""
        return " ".join(part for part in (self.name, self.strength, self.form) if part)

    def concept(self) -> Element:
        """The medication as a CodeableConcept."""
        return {"coding": [coding(ATC, self.atc, self.name)], "text": self.label}


def _m(
    atc: str,
    name: str,
    strength: str,
    doses: tuple[float, float, float, float],
    reason: str,
    form: str = "tablett",
) -> Medicine:
    unit = "kapsel" if form.endswith("kapsel") else "tablett"
    return Medicine(atc, name, strength, form, doses, reason, unit)


_MORNING = (1, 0, 0, 0)
_EVENING = (0, 0, 1, 0)
_NIGHT = (0, 0, 0, 1)
_TWICE = (1, 0, 1, 0)
_THRICE = (1, 1, 1, 0)

AMLODIPINE = _m("C08CA01", "Amlodipin", "5 mg", _MORNING, "mot høyt blodtrykk")
RAMIPRIL = _m("C09AA05", "Ramipril", "5 mg", _MORNING, "mot høyt blodtrykk")
CANDESARTAN = _m("C09CA06", "Kandesartan", "8 mg", _MORNING, "mot høyt blodtrykk")
HYDROCHLOROTHIAZIDE = _m("C03AA03", "Hydroklortiazid", "12,5 mg", _MORNING, "mot høyt blodtrykk")
METOPROLOL = _m("C07AB02", "Metoprolol", "50 mg", _MORNING, "for hjertet", "depottablett")
FUROSEMIDE = _m("C03CA01", "Furosemid", "40 mg", _MORNING, "vanndrivende")
SPIRONOLACTONE = _m("C03DA01", "Spironolakton", "25 mg", _MORNING, "for hjertet")
DAPAGLIFLOZIN = _m("A10BK01", "Dapagliflozin", "10 mg", _MORNING, "for hjertet og blodsukkeret")
EMPAGLIFLOZIN = _m("A10BK03", "Empagliflozin", "10 mg", _MORNING, "mot høyt blodsukker")
METFORMIN = _m("A10BA02", "Metformin", "500 mg", _TWICE, "mot høyt blodsukker")
METFORMIN_1G = _m("A10BA02", "Metformin", "1000 mg", _TWICE, "mot høyt blodsukker")
INSULIN_GLARGINE = Medicine(
    "A10AE04", "Insulin glargin", "100 E/ml", "injeksjonsvæske", (0, 0, 0, 16),
    "mot høyt blodsukker", unit="enhet", route="under huden",
)  # fmt: skip
INSULIN_ASPART = Medicine(
    "A10AB05", "Insulin aspart", "100 E/ml", "injeksjonsvæske", (6, 6, 8, 0),
    "mot høyt blodsukker", unit="enhet", route="under huden",
)  # fmt: skip
SEMAGLUTIDE = Medicine(
    "A10BJ06", "Semaglutid", "0,5 mg", "injeksjonsvæske", (0, 0, 0, 0),
    "mot høyt blodsukker", unit="dose", at_most=1, route="under huden", once_per=(1, "wk"),
)  # fmt: skip
ATORVASTATIN = _m("C10AA05", "Atorvastatin", "40 mg", _EVENING, "mot høyt kolesterol")
ACETYLSALICYLIC = _m("B01AC06", "Acetylsalisylsyre", "75 mg", _MORNING, "mot blodpropp")
APIXABAN = _m("B01AF02", "Apiksaban", "5 mg", _TWICE, "mot blodpropp")
WARFARIN = _m("B01AA03", "Warfarin", "2,5 mg", (0, 0, 2, 0), "mot blodpropp")
LEVOTHYROXINE = _m("H03AA01", "Levotyroksin", "75 mikrog", _MORNING, "mot lavt stoffskifte")
TIOTROPIUM = Medicine(
    "R03BB04", "Tiotropium", "18 mikrog", "inhalasjonspulver", _MORNING,
    "mot kols", unit="inhalasjon", route="inhalasjon",
)  # fmt: skip
OLODATEROL_TIOTROPIUM = Medicine(
    "R03AL06", "Tiotropium og olodaterol", "2,5/2,5 mikrog", "inhalasjonsvæske", (2, 0, 0, 0),
    "mot kols", unit="inhalasjon", route="inhalasjon",
)  # fmt: skip
BUDESONIDE = Medicine(
    "R03BA02", "Budesonid", "200 mikrog", "inhalasjonspulver", _TWICE,
    "forebygger astma", unit="inhalasjon", route="inhalasjon",
)  # fmt: skip
BUDESONIDE_CHILD = Medicine(
    "R03BA02", "Budesonid", "100 mikrog", "inhalasjonspulver", _TWICE,
    "forebygger astma", unit="inhalasjon", route="inhalasjon",
)  # fmt: skip
SALBUTAMOL = Medicine(
    "R03AC02", "Salbutamol", "0,1 mg", "inhalasjonsaerosol", (0, 0, 0, 0),
    "ved tung pust", unit="inhalasjon", at_most=8, route="inhalasjon",
)  # fmt: skip
PREDNISOLONE = _m("H02AB06", "Prednisolon", "20 mg", (2, 0, 0, 0), "mot betennelse i luftveiene")
PHENOXYMETHYLPENICILLIN = _m(
    "J01CE02", "Fenoksymetylpenicillin", "650 mg", (1, 1, 1, 1), "mot infeksjon"
)
PENICILLIN_SMALL_CHILD = Medicine(
    "J01CE02", "Fenoksymetylpenicillin", "50 mg/ml", "mikstur", (2.5, 2.5, 2.5, 0),
    "mot infeksjon", unit="ml",
)  # fmt: skip
PENICILLIN_CHILD = Medicine(
    "J01CE02", "Fenoksymetylpenicillin", "50 mg/ml", "mikstur", (5, 5, 5, 0),
    "mot infeksjon", unit="ml",
)  # fmt: skip
AMOXICILLIN = _m("J01CA04", "Amoksicillin", "500 mg", _THRICE, "mot infeksjon", "kapsel")
PIVMECILLINAM = _m("J01CA08", "Pivmecillinam", "200 mg", _THRICE, "mot urinveisinfeksjon")
CIPROFLOXACIN = _m("J01MA02", "Ciprofloksacin", "500 mg", _TWICE, "mot infeksjon")
DICLOXACILLIN = _m("J01CF01", "Dikloksacillin", "500 mg", (1, 1, 1, 1), "mot hudinfeksjon",
                   "kapsel")  # fmt: skip
ERYTHROMYCIN = _m("J01FA01", "Erytromycin", "250 mg", (1, 1, 1, 1), "mot infeksjon")
DOXYCYCLINE = _m("J01AA02", "Doksysyklin", "100 mg", _MORNING, "mot infeksjon")
PARACETAMOL = _m("N02BE01", "Paracetamol", "1 g", _THRICE, "mot smerter")
PARACETAMOL_AS_NEEDED = Medicine(
    "N02BE01",
    "Paracetamol",
    "500 mg",
    "tablett",
    (0, 0, 0, 0),
    "ved smerter",
    at_most=6,
)
IBUPROFEN = _m("M01AE01", "Ibuprofen", "400 mg", _THRICE, "mot smerter og betennelse")
OXYCODONE = Medicine(
    "N02AA05",
    "Oksykodon",
    "5 mg",
    "tablett",
    (0, 0, 0, 0),
    "ved sterke smerter",
    at_most=4,
)
ESCITALOPRAM = _m("N06AB10", "Escitalopram", "10 mg", _MORNING, "mot depresjon og angst")
SERTRALINE = _m("N06AB06", "Sertralin", "50 mg", _MORNING, "mot depresjon og angst")
MIRTAZAPINE = _m("N06AX11", "Mirtazapin", "15 mg", _NIGHT, "mot depresjon")
ZOPICLONE = Medicine(
    "N05CF01", "Zopiklon", "5 mg", "tablett", (0, 0, 0, 0), "ved søvnvansker", at_most=1
)
METHYLPHENIDATE = _m("N06BA04", "Metylfenidat", "36 mg", _MORNING, "mot ADHD", "depottablett")
DONEPEZIL = _m("N06DA02", "Donepezil", "10 mg", _NIGHT, "mot demens")
MEMANTINE = _m("N06DX01", "Memantin", "20 mg", _MORNING, "mot demens")
ALENDRONATE = Medicine(
    "M05BA04", "Alendronsyre", "70 mg", "tablett", (0, 0, 0, 0),
    "mot beinskjørhet", at_most=1, once_per=(1, "wk"),
)  # fmt: skip
CALCIUM_VITAMIN_D = _m("A12AX", "Kalsium og vitamin D", "500 mg/800 IE", _MORNING,
                       "for skjelettet", "tyggetablett")  # fmt: skip
PANTOPRAZOLE = _m("A02BC02", "Pantoprazol", "20 mg", _MORNING, "mot sure oppstøt")
LACTULOSE = Medicine(
    "A06AD11",
    "Laktulose",
    "667 mg/ml",
    "mikstur",
    (15, 0, 0, 0),
    "mot forstoppelse",
    unit="ml",
)
IRON = _m("B03AA07", "Jernsulfat", "100 mg", _MORNING, "mot jernmangel", "depottablett")
CETIRIZINE = _m("R06AE07", "Cetirizin", "10 mg", _MORNING, "mot allergi")
ADRENALINE_PEN = Medicine(
    "C01CA24", "Adrenalin", "300 mikrog", "injeksjonspenn", (0, 0, 0, 0),
    "ved alvorlig allergisk reaksjon", unit="injeksjon", at_most=2, route="i muskelen",
)  # fmt: skip
SUMATRIPTAN = Medicine(
    "N02CC01",
    "Sumatriptan",
    "50 mg",
    "tablett",
    (0, 0, 0, 0),
    "ved migreneanfall",
    at_most=2,
)
HYDROCORTISONE_CREAM = Medicine(
    "D07AA02", "Hydrokortison", "1 %", "krem", (1, 0, 1, 0),
    "mot eksem", unit="påsmøring", route="på huden",
)  # fmt: skip
CHLORAMPHENICOL = Medicine(
    "S01AA01", "Kloramfenikol", "10 mg/g", "øyesalve", (1, 1, 1, 1),
    "mot øyekatarr", unit="påføring", route="i øyet",
)  # fmt: skip
DESOGESTREL = _m("G03AC09", "Desogestrel", "75 mikrog", _MORNING, "prevensjon")
ETONOGESTREL = Medicine(
    "G03AC08", "Etonogestrel", "68 mg", "implantat", (0, 0, 0, 0),
    "prevensjon", unit="implantat", at_most=1, route="under huden", once_per=(3, "a"),
)  # fmt: skip
TAMOXIFEN = _m("L02BA01", "Tamoksifen", "20 mg", _MORNING, "hindrer tilbakefall av brystkreft")
TAMSULOSIN = _m("G04CA02", "Tamsulosin", "0,4 mg", _MORNING, "mot vannlatingsplager",
                "depotkapsel")  # fmt: skip
ALLOPURINOL = _m("M04AA01", "Allopurinol", "100 mg", _MORNING, "mot urinsyregikt")
METHOTREXATE = Medicine(
    "L04AX03", "Metotreksat", "2,5 mg", "tablett", (0, 0, 0, 0),
    "mot leddgikt", at_most=6, once_per=(1, "wk"),
)  # fmt: skip
FOLIC_ACID = _m("B03BB01", "Folsyre", "0,4 mg", _MORNING, "kosttilskudd")
COD_LIVER_OIL = Medicine("A11CB", "Tran", "", "mikstur", (5, 0, 0, 0), "kosttilskudd", unit="ml")
