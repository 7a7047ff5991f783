"""Names of the demo: common given and family names, combined at random.

The lists are common knowledge and name no person; a combination that happens to be someone's name
is chance. Older people get older names. Street names are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_OLD_FEMALE = (
    "Anna Marie Ingrid Kari Inger Bjørg Solveig Gerd Astrid Ruth Aslaug Borghild Gudrun Ragnhild "
    "Åse Randi Berit Torbjørg Sigrid Margit Olga Klara Else Liv Turid Grete Karin Reidun Målfrid "
    "Jorunn Edel Synnøve Brit Magnhild Helga"
).split()
_MID_FEMALE = (
    "Anne Marit Hilde Tone Heidi Trine Nina Mona Siv Unni Wenche Elin Gro Anita Monica Lise Bente "
    "Mette Kristin Ellen Tove Hege Grethe Merete Laila Linda Camilla Stine Marianne Silje Hanne "
    "Cathrine Ann-Kristin Vigdis Guro Torunn"
).split()
_YOUNG_FEMALE = (
    "Emma Nora Ingrid Sofie Thea Sara Maja Ida Frida Tuva Vilde Hedda Amalie Julie Emilie Selma "
    "Astrid Live Eira Marie Mathilde Oda Malin Ronja Tiril Signe Iben Aurora Solveig Hermine Alma "
    "Mie Ella Sunniva Ylva Åsne"
).split()
_OLD_MALE = (
    "Olav Arne Kåre Odd Harald Leif Einar Johan Per Knut Ola Ivar Magne Sverre Torbjørn Asbjørn "
    "Reidar Gunnar Håkon Nils Birger Oddvar Sigurd Alf Erling Bjarne Trygve Finn Egil Ingvald "
    "Peder Torleif Ottar Kolbjørn Anders Jostein"
).split()
_MID_MALE = (
    "Jan Terje Bjørn Geir Rune Frode Morten Svein Tor Øyvind Stein Roar Kjell Arild Jarle Vidar "
    "Trond Espen Ståle Kjetil Roger Dag Eirik Gaute Steinar Lars Pål Atle Torgeir Ronny Jørn "
    "Thomas Anders Petter Snorre Hallgeir"
).split()
_YOUNG_MALE = (
    "Jakob Emil Noah Oliver Filip William Lukas Henrik Sander Jonas Mathias Magnus Kasper Theo "
    "Isak Elias Håkon Sondre Sivert Tobias Eskil Aksel Mikkel Ludvig Olav Brage Even Ulrik Trym "
    "Johannes Martin Vetle Odin Jens Amund Sverre"
).split()
_FAMILY = (
    "Aune Bakken Berg Bjerkan Brekke Buan Dahl Eide Eidsvåg Engen Fagerli Fjeld Fossum Gjerde "
    "Grande Haugan Haugen Hegstad Helland Holm Hoem Iversen Jensen Johansen Karlsen Kvam Kvande "
    "Larsen Lian Lillebø Lund Løkken Moe Moen Myhre Myklebust Nilsen Nordvik Næss Olsen Opdal "
    "Pedersen Remme Risan Rønning Rød Sandvik Selnes Skjelstad Skogstad Solbakken Solem Sletten "
    "Stene Strand Sund Sæther Sørli Tangen Tiller Torvik Ulvund Vik Voll Wold Ytterhus Øien Ødegård "
    "Åkervik Ås Aasen Aakre Bergset Bøe Digre Estenstad Folden Gaustad Hammer Kleven Krogstad "
    "Langås Mjelva Nesset Orvik Reitan Rokseth Sjøvold Tømmerås Uglem Vestad Viken Ystad"
).split()
_MIDDLE = "Aune Berg Dahl Eide Haug Holm Lie Lund Moe Nes Ness Ree Sand Skog Vik Voll".split()


@dataclass(frozen=True, slots=True)
class Origin:
    """Names used together, the share of people with them and the citizenship they often have."""

    key: str
    share: float
    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]
    citizenship: str
    language: str


def _origin(key: str, share: float, names: tuple[str, str, str], land: str, tongue: str) -> Origin:
    female, male, family = (tuple(text.split()) for text in names)
    return Origin(key, share, female, male, family, land, tongue)


NORWEGIAN = Origin("norwegian", 0.0, (), (), tuple(_FAMILY), "NOR", "nb")
# Shares are rounded guesses of the region's mixture, not statistics.
ORIGINS = (
    _origin(
        "sami",
        0.008,
        (
            "Aile Elle Maajja Laila Sire Ánne Lisá Máret",
            "Aslak Ante Jovnna Nils Mihkkel Lemet Ándde Jåvva",
            "Joma Kappfjell Bientie Appfjell Vesterfjell Danielsen Nordfjell Dunfjeld",
        ),
        "NOR",
        "sma",
    ),
    _origin(
        "polish",
        0.022,
        (
            "Agnieszka Katarzyna Magdalena Zofia Julia Ewa Maja Joanna",
            "Piotr Tomasz Marek Jakub Krzysztof Paweł Filip Wojciech",
            "Kowalczyk Nowak Wiśniewski Zieliński Wójcik Mazur Kamiński Dąbrowski",
        ),
        "POL",
        "pl",
    ),
    _origin(
        "lithuanian",
        0.009,
        (
            "Rasa Jurga Ieva Daiva Lina",
            "Tomas Mantas Darius Lukas Arvydas",
            "Petrauskas Kazlauskas Jankauskas Stankevičius",
        ),
        "LTU",
        "lt",
    ),
    _origin(
        "ukrainian",
        0.010,
        (
            "Olena Iryna Kateryna Sofiia Oksana Daryna",
            "Andrii Dmytro Oleksandr Maksym Serhii Danylo",
            "Kovalenko Shevchenko Bondarenko Tkachenko Melnyk Kravchuk",
        ),
        "UKR",
        "uk",
    ),
    _origin(
        "somali",
        0.007,
        (
            "Hodan Amina Fadumo Ayaan Sahra Ifrah",
            "Abdi Mohamed Yusuf Hassan Liban Guled",
            "Ali Hussein Warsame Farah Nuur Jama",
        ),
        "SOM",
        "so",
    ),
    _origin(
        "eritrean",
        0.005,
        (
            "Selam Saba Rahwa Mehret Lidya",
            "Filmon Yonas Samuel Robel Tesfay",
            "Tesfai Gebremedhin Habte Kidane Weldu",
        ),
        "ERI",
        "ti",
    ),
    _origin(
        "syrian",
        0.007,
        (
            "Rana Nour Layla Hala Yasmin",
            "Omar Khaled Ahmad Tarek Yousef",
            "Haddad Khoury Darwish Saleh Nasser",
        ),
        "SYR",
        "ar",
    ),
    _origin(
        "german",
        0.006,
        (
            "Katharina Anja Claudia Lena Birgit",
            "Jürgen Matthias Stefan Uwe Florian",
            "Schneider Fischer Weber Hoffmann Becker",
        ),
        "DEU",
        "de",
    ),
    _origin(
        "thai-filipino",
        0.008,
        (
            "Siriporn Malee Maricel Jocelyn Rosalie",
            "Somchai Anan Jomar Rodel Arnel",
            "Suksai Chaiyasit Santos Reyes Dela-Cruz",
        ),
        "THA",
        "th",
    ),
)
# Municipalities with a Sami name have a larger Sami share.
SAMI_AREA_SHARE = 0.06

_STREET_FIRST = (
    "Bjørke Granli Myr Solbakk Fjord Elve Lyng Nordlys Skog Haug Tyttebær Seter Rogne Lia Strand "
    "Kirke Skole Mølle Fjell Utsikts Blåklokke Rype Hegge Kløver Brygge Nøste Orre Linerle"
).split()
_STREET_LAST = "vegen veien gata lia bakken stien tunet svingen kroken".split()


def draw_origin(rng: Random, sami_area: bool) -> Origin:
    """Draw where a household's names come from."""
    mark = rng.random()
    if sami_area and mark > 1 - SAMI_AREA_SHARE:
        return ORIGINS[0]
    for origin in ORIGINS:
        mark -= origin.share
        if mark < 0:
            return origin
    return NORWEGIAN


def draw_given(rng: Random, origin: Origin, sex: str, birth_year: int) -> str:
    """Draw a given name, or two, of the fashion of the birth year."""
    if origin is not NORWEGIAN:
        return rng.choice(origin.female if sex == "female" else origin.male)
    if sex == "female":
        fashions = (_OLD_FEMALE, _MID_FEMALE, _YOUNG_FEMALE)
    else:
        fashions = (_OLD_MALE, _MID_MALE, _YOUNG_MALE)
    fashion = fashions[0 if birth_year < 1955 else 1 if birth_year < 1988 else 2]
    first = rng.choice(fashion)
    if rng.random() < 0.22:
        second = rng.choice(fashion)
        if second != first and "-" not in first:
            return f"{first} {second}"
    return first


def draw_family(rng: Random, origin: Origin) -> str:
    """Draw a family name."""
    return rng.choice(origin.family)


def draw_middle(rng: Random, origin: Origin) -> str:
    """Draw a middle name (a family name in front of the family name), mostly none."""
    return rng.choice(_MIDDLE) if origin is NORWEGIAN and rng.random() < 0.12 else ""


def draw_street(rng: Random) -> str:
    """Draw an invented street address."""
    letter = rng.choice("ABC") if rng.random() < 0.15 else ""
    street = rng.choice(_STREET_FIRST) + rng.choice(_STREET_LAST)
    return f"{street} {rng.randint(1, 96)}{letter}"
