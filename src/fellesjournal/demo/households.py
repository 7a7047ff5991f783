"""Who lives with whom: people of one municipality become couples, families and next of kin."""

from __future__ import annotations

from datetime import date
from random import Random

from fellesjournal.demo import identities, names
from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.people import Person, Relative
from fellesjournal.registry.municipalities import Municipality

# Assumption (configurable): share dying within the last years of the recorded time, by age.
_DEATHS = ((85, 0.12), (75, 0.05), (60, 0.015), (0, 0.001))
_DEATH_WINDOW_DAYS = 900
# Nynorsk is the written language of most of these municipalities in the west.
_NYNORSK_COUNTY = "15"


def settle(
    place: Municipality,
    drawn: list[tuple[int, str]],
    rng: Random,
    until: int,
    numbers: identities.PersonNumbers,
    first_index: int,
) -> list[Person]:
    """Make persons with names, numbers and relatives of the drawn (age, sex) of a municipality.

    The order is that of the ages; keys are `p` and a running number from `first_index`.
    """
    births = [(_birth(age, until, rng), sex) for age, sex in drawn]
    people = [
        _person(place, birth, sex, rng, first_index + turn)
        for turn, (birth, sex) in enumerate(births)
    ]
    couples = _pair(people, until, rng)
    _raise_children(people, couples, until, rng)
    _link_grown_children(people, until, rng)
    for person in people:
        _give_number(person, until, rng, numbers)
    for person in people:
        _find_next_of_kin(person, until, rng)
    return people


def _birth(age: int, until: int, rng: Random) -> int:
    now = date.fromordinal(until)
    leap = (now.month, now.day) == (2, 29)
    day = 28 if leap else now.day
    latest = date(now.year - age, now.month, day).toordinal()
    earliest = date(now.year - age - 1, now.month, day).toordinal() + 1
    return rng.randint(earliest, latest)


def _person(place: Municipality, birth: int, sex: str, rng: Random, index: int) -> Person:
    origin = names.draw_origin(rng, sami_area=bool(place.sami))
    year = date.fromordinal(birth).year
    language = origin.language
    if origin is names.NORWEGIAN and place.county_number == _NYNORSK_COUNTY and rng.random() < 0.5:
        language = "nn"
    foreign = origin.citizenship != "NOR" and rng.random() < 0.7
    return Person(
        key=f"p{index:06d}",
        index=index,
        given=names.draw_given(rng, origin, sex, year),
        middle=names.draw_middle(rng, origin),
        family=names.draw_family(rng, origin),
        sex=sex,
        birth=birth,
        number="",
        municipality=place,
        street=names.draw_street(rng),
        post_code=place.post_code,
        post_town=place.post_town,
        language=language,
        citizenship=origin.citizenship if foreign else "NOR",
    )


def _pair(people: list[Person], until: int, rng: Random) -> dict[str, Person]:
    """Couples by key, both ways: women with the free man nearest in age."""
    men = [p for p in people if p.sex == "male" and p.age(until) >= 20]
    couples: dict[str, Person] = {}
    for woman in people:
        age = woman.age(until)
        wanted = 0.0 if age < 20 else 0.35 if age < 28 else 0.66 if age < 75 else 0.4
        if woman.sex != "female" or rng.random() >= wanted or not men:
            continue
        man = min(men, key=lambda other: abs(other.birth + 900 - woman.birth))
        if abs(man.birth - woman.birth) > 9 * YEAR:
            continue
        men.remove(man)
        couples[woman.key], couples[man.key] = man, woman
        _share_home(man, woman)
        if rng.random() < 0.6:
            man.family = woman.family if rng.random() < 0.1 else man.family
            woman.family = man.family
        for one, other in ((woman, man), (man, woman)):
            _relate(one, other, "ektefelleEllerPartner", next_of_kin=True)
    return couples


def _raise_children(
    people: list[Person], couples: dict[str, Person], until: int, rng: Random
) -> None:
    children = [p for p in people if p.age(until) < 19]
    brood: dict[str, list[Person]] = {}
    for child in children:
        mothers = [
            p
            for p in people
            if p.sex == "female"
            and 20 * YEAR < child.birth - p.birth < 42 * YEAR
            and len(brood.get(p.key, ())) < 4
            and all(abs(s.birth - child.birth) > 400 for s in brood.get(p.key, ()))
        ][:40]
        if not mothers:
            _outside_parents(child, rng)
            continue
        # Families fill up: a woman with children is likelier than one without.
        mother = max(mothers, key=lambda m: rng.random() + 0.3 * bool(brood.get(m.key)))
        father = couples.get(mother.key)
        if father is not None and child.birth - father.birth < 18 * YEAR:
            father = None
        siblings = brood.setdefault(mother.key, [])
        child.family = (father or mother).family
        child.language, child.citizenship = mother.language, mother.citizenship
        _share_home(child, mother)
        _parent(child, mother, "mor", shared=father is not None)
        if father is not None:
            _parent(child, father, "far", shared=True)
        for sibling in siblings:
            _relate(child, sibling, "søsken")
            _relate(sibling, child, "søsken")
        siblings.append(child)


def _link_grown_children(people: list[Person], until: int, rng: Random) -> None:
    grown = [p for p in people if 30 <= p.age(until) < 66]
    for elder in people:
        if elder.age(until) < 68 or rng.random() < 0.35 or not grown:
            continue
        child = grown[int(rng.random() * len(grown))]
        relation = "mor" if elder.sex == "female" else "far"
        taken = any(relative.relation == relation for relative in child.relatives)
        if 19 * YEAR < child.birth - elder.birth < 42 * YEAR and not taken:
            alone = not elder.relatives
            _relate(elder, child, "barn", next_of_kin=alone)
            _relate(child, elder, relation)


def _find_next_of_kin(person: Person, until: int, rng: Random) -> None:
    if person.relatives or person.age(until) < 19 or rng.random() < 0.25:
        return
    relation = "barn" if person.age(until) > 62 else "søsken" if rng.random() < 0.5 else "mor"
    sex = "female" if relation == "mor" or rng.random() < 0.5 else "male"
    given = names.draw_given(rng, names.NORWEGIAN, sex, 1970)
    phone = identities.telephone(50_000 + person.index)
    person.relatives.append(
        Relative(relation, (given, person.family), sex, next_of_kin=True, telephone=phone)
    )


def _give_number(
    person: Person, until: int, rng: Random, numbers: identities.PersonNumbers
) -> None:
    foreign = person.citizenship != "NOR"
    age = person.age(until)
    worker = foreign and 20 <= age < 60 and not person.relatives and rng.random() < 0.3
    person.number_kind = "DNR" if worker else "FNR"
    person.number = numbers.take(person.birth, person.sex, d_number=worker)
    if foreign and age > 5:
        person.moved_in = until - int(rng.uniform(0.6, 6) * YEAR)
    for limit, share in _DEATHS:
        if age >= limit:
            if rng.random() < share:
                earliest = max(person.birth, until - _DEATH_WINDOW_DAYS)
                person.death = rng.randint(earliest, until - 1) if earliest < until else None
            break


def _share_home(person: Person, host: Person) -> None:
    person.street, person.post_code, person.post_town = host.street, host.post_code, host.post_town


def _parent(child: Person, parent: Person, relation: str, *, shared: bool) -> None:
    _relate(child, parent, relation, next_of_kin=True, parental="felles" if shared else relation)
    _relate(parent, child, "barn")


def _relate(
    person: Person,
    other: Person,
    relation: str,
    *,
    next_of_kin: bool = False,
    parental: str = "",
) -> None:
    # The other's name can still change (marriage, children): it is read when written.
    person.relatives.append(Relative(relation, ("", ""), other.sex, other, next_of_kin, parental))


def _outside_parents(child: Person, rng: Random) -> None:
    """Parents who are not among the demo's citizens."""
    for turn, (relation, sex) in enumerate((("mor", "female"), ("far", "male"))):
        given = names.draw_given(rng, names.NORWEGIAN, sex, 1988)
        phone = identities.telephone(60_000 + 2 * child.index + turn)
        child.relatives.append(
            Relative(
                relation, (given, child.family), sex, next_of_kin=True, parental="felles",
                telephone=phone,
            )
        )  # fmt: skip
