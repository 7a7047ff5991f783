"""The named citizens of the demo: fixed ids, names and numbers, and the story each is there for.

Later tests and pictures rely on them. All names are invented combinations; the numbers are of the
synthetic series. Stories are told relative to the day the demo is made for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fellesjournal.demo.identities import telephone
from fellesjournal.demo.people import Person, Relative
from fellesjournal.registry.municipalities import municipalities


@dataclass(frozen=True, slots=True)
class CastCitizen:
    """One named citizen. `born` is None for the newborn, who is always two days old."""

    id: str
    given: str
    family: str
    sex: str
    born: date | None
    number: str
    municipality: str
    gp_office: str
    street: str
    story_nb: str
    number_kind: str = "FNR"
    middle: str = ""
    language: str = "nb"
    citizenship: str = "NOR"
    protection: str = ""

    @property
    def name(self) -> str:
        """The full name."""
        return " ".join(part for part in (self.given, self.middle, self.family) if part)


CITIZENS = (
    CastCitizen(
        "cast-aslaug", "Aslaug", "Kvernbråten", "female", date(1944, 3, 14), "14834447836",
        "5001", "gp-5001-1", "Granlivegen 12",
        "82 år med hjertesvikt, diabetes og hjemmesykepleie; hovedpersonen i den gylne reisen.",
    ),
    CastCitizen(
        "cast-marit", "Marit", "Lyngstad", "female", date(1971, 8, 2), "02887148239",
        "5001", "gp-5001-1", "Seterveien 4",
        "Datter og nærmeste pårørende til Aslaug; handler på hennes vegne i HelsaMi.",
        middle="Kvernbråten",
    ),
    CastCitizen(
        "cast-emrik", "Emrik", "Vollseter", "male", date(2018, 5, 23), "23851882316",
        "5001", "gp-5001-1", "Tyttebærstien 7",
        "Skolebarn med astma og peanøttallergi; foreldrene følger ham i HelsaMi.",
    ),
    CastCitizen(
        "cast-ylva", "Ylva", "Vollseter", "female", date(2014, 11, 27), "27911462856",
        "5001", "gp-5001-1", "Tyttebærstien 7",
        "Fyller snart tolv; da ser foreldrene bare det som er merket for å vises.",
    ),
    CastCitizen(
        "cast-storm", "Storm", "Vollseter", "male", date(2012, 4, 3), "03841269321",
        "5001", "gp-5001-1", "Tyttebærstien 7",
        "Fjorten år; foreldrene ser en del av journalen i HelsaMi.",
    ),
    CastCitizen(
        "cast-oda", "Oda", "Vollseter", "female", date(2009, 9, 15), "15890983089",
        "5001", "gp-5001-1", "Tyttebærstien 7",
        "Sytten år og helserettslig myndig; foreldrene ser ikke lenger journalen.",
    ),
    CastCitizen(
        "cast-sunniva", "Sunniva", "Vollseter", "female", date(1988, 10, 11), "11908804270",
        "5001", "gp-5001-1", "Tyttebærstien 7",
        "Mor til fire, med migrene og et eldre sykdomsforløp som vises først etter et ekstra steg.",
    ),
    CastCitizen(
        "cast-havard", "Håvard", "Vollseter", "male", date(1986, 2, 27), "27828612994",
        "5001", "gp-5001-1", "Tyttebærstien 7",
        "Far til fire, frisk, med forstuet ankel og ryggvondt; verge for Torvald.",
    ),
    CastCitizen(
        "cast-thea", "Thea", "Brandhaugen", "female", date(1995, 6, 18), "18869542403",
        "5001", "gp-5001-1", "Lyngveien 21B",
        "Gravid i uke 31 med første barn; kontroller hos jordmor og fastlege.",
    ),
    CastCitizen(
        "cast-oddmund", "Oddmund", "Skarvøy", "male", date(1954, 12, 5), "05925431542",
        "1505", "gp-1505-1", "Bryggegata 33",
        "Tidligere fisker med alvorlig kols, hyppige forverringer og digital hjemmeoppfølging.",
    ),
    CastCitizen(
        "cast-jesper", "Jesper", "Lindåsmo", "male", date(2004, 1, 30), "30810472193",
        "1506", "gp-1506-1", "Utsiktsvegen 58",
        "Ung mann med diabetes type 1 siden barneårene og svingende blodsukker.",
    ),
    CastCitizen(
        "cast-karoline", "Karoline", "Vesterbukt", "female", date(1991, 7, 9), "09879104448",
        "5006", "gp-5006-1", "",
        "Lever på strengt fortrolig adresse (kode 6); adressen finnes ikke i journalen.",
        protection="strengtFortrolig",
    ),
    CastCitizen(
        "cast-torvald", "Torvald", "Rekdalshaug", "male", date(1938, 4, 21), "21843817170",
        "1508", "gp-1508-1", "Fjordvegen 2",
        "Demens, fast plass på sykehjem, uten samtykkekompetanse; kona er nærmeste pårørende.",
        language="nn",
    ),
    CastCitizen(
        "cast-laejsa", "Læjsa", "Vaartoejaevrie", "female", date(1979, 2, 11), "11827948278",
        "5025", "gp-5025-1", "Fjellveien 9",
        "Sørsamisk reineier i Røros – Rosse som vil ha brev og timer på sitt språk.",
        language="sma",
    ),
    CastCitizen(
        "cast-zbigniew", "Zbigniew", "Nowakiewicz", "male", date(1988, 9, 3), "43898804152",
        "5014", "gp-5014-1", "Nøstegata 15",
        "Arbeider på oppdrettsanlegg, i landet på D-nummer, med håndskade fra jobb.",
        number_kind="DNR", language="pl", citizenship="POL",
    ),
    CastCitizen(
        "cast-ingebrigt", "Ingebrigt", "Nesjevoll", "male", date(1959, 11, 17), "17915943136",
        "1539", "gp-1539-1", "Elveveien 40",
        "Mange sykdommer og fjorten legemidler; går ofte til fastlegen.",
    ),
    CastCitizen(
        "cast-newborn", "Nyfødt jente", "Hagensvik", "female", None, "80000012061",
        "1508", "gp-1508-1", "Strandvegen 18",
        "To dager gammel, bare med felles hjelpenummer; skal senere slås sammen med fødselsnummer.",
        number_kind="FHN",
    ),
    CastCitizen(
        "cast-bergljot", "Bergljot", "Fossmyrhaug", "female", date(1946, 5, 30), "30854609218",
        "5037", "gp-5037-1", "Kirkegata 6",
        "Døde av tykktarmskreft for seks uker siden; journal, avtaler og plan er avsluttet.",
    ),
)  # fmt: skip

NUMBERS = frozenset(citizen.number for citizen in CITIZENS)
EARLIEST_UNTIL = date(2026, 1, 1)
_NEWBORN_AGE_DAYS = 2
_DECEASED = {"cast-bergljot": 42}  # days before the demo's day
_MOVED_IN = {"cast-zbigniew": 700}
_FIRST_INDEX = 99_000

_CHILDREN = ("cast-emrik", "cast-ylva", "cast-storm", "cast-oda")
_PARENTS = (("mor", "cast-sunniva"), ("far", "cast-havard"))
# (citizen, relation of the other, other citizen, next of kin, parental responsibility)
_FAMILY = (
    *((child, kind, parent, True, "felles") for child in _CHILDREN for kind, parent in _PARENTS),
    *((parent, "barn", child, False, "") for _, parent in _PARENTS for child in _CHILDREN),
    *((a, "søsken", b, False, "") for a in _CHILDREN for b in _CHILDREN if a != b),
    ("cast-aslaug", "barn", "cast-marit", True, ""),
    ("cast-marit", "mor", "cast-aslaug", False, ""),
    ("cast-sunniva", "ektefelleEllerPartner", "cast-havard", True, ""),
    ("cast-havard", "ektefelleEllerPartner", "cast-sunniva", True, ""),
)
# (citizen, the other who acts for the citizen, code of list 7611)
_ACTING = (("cast-aslaug", "cast-marit", "FU"), ("cast-torvald", "cast-havard", "VE"))
# (citizen, relation, given and family name, sex): next of kin who are not citizens of the demo.
_OUTSIDE = (
    ("cast-thea", "ektefelleEllerPartner", ("Mathias", "Solbergmo"), "male"),
    ("cast-oddmund", "barn", ("Roy", "Skarvøy"), "male"),
    ("cast-jesper", "mor", ("Anniken", "Lindåsmo"), "female"),
    ("cast-torvald", "ektefelleEllerPartner", ("Jorunn", "Rekdalshaug"), "female"),
    ("cast-laejsa", "søsken", ("Nils Aslak", "Vaartoejaevrie"), "male"),
    ("cast-ingebrigt", "søsken", ("Borghild", "Nesjevoll"), "female"),
    ("cast-newborn", "mor", ("Mona", "Hagensvik"), "female"),
    ("cast-bergljot", "barn", ("Steinar", "Fossmyrhaug"), "male"),
)


def people(until: int) -> list[Person]:
    """The cast as persons with their relatives, in the order of CITIZENS."""
    cast = {citizen.id: _person(citizen, turn, until) for turn, citizen in enumerate(CITIZENS)}
    for key, relation, other, next_of_kin, parental in _FAMILY:
        person = cast[other]
        cast[key].relatives.append(
            Relative(relation, ("", ""), person.sex, person, next_of_kin, parental)
        )
    for turn, (key, relation, name, sex) in enumerate(_OUTSIDE):
        phone = telephone(_FIRST_INDEX + 100 + turn)
        parental = "mor" if key == "cast-newborn" else ""
        cast[key].relatives.append(
            Relative(relation, name, sex, next_of_kin=True, parental=parental, telephone=phone)
        )
    for key, other, code in _ACTING:
        known = [each for each in cast[key].relatives if each.person is cast[other]]
        if not known:
            known = [Relative("", ("", ""), cast[other].sex, cast[other])]
            cast[key].relatives += known
        known[0].acts_as = code
    return list(cast.values())


def _person(citizen: CastCitizen, turn: int, until: int) -> Person:
    place = municipalities()[citizen.municipality]
    born = citizen.born.toordinal() if citizen.born else until - _NEWBORN_AGE_DAYS
    gone = _DECEASED.get(citizen.id)
    moved = _MOVED_IN.get(citizen.id)
    return Person(
        key=citizen.id,
        index=_FIRST_INDEX + turn,
        given=citizen.given,
        middle=citizen.middle,
        family=citizen.family,
        sex=citizen.sex,
        birth=born,
        number=citizen.number,
        number_kind=citizen.number_kind,
        municipality=place,
        street=citizen.street,
        post_code=place.post_code,
        post_town=place.post_town,
        death=None if gone is None else until - gone,
        language=citizen.language,
        citizenship=citizen.citizenship if citizen.number_kind != "FHN" else "",
        protection=citizen.protection,
        moved_in=None if moved is None else until - moved,
    )
