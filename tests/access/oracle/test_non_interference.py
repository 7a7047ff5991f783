"""What is forbidden may change as it likes: not one byte of any answer changes (INV-33, INV-36)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.oracle.evaluator import Citizen, Staff
from tests.access.oracle.population import ref, resource
from tests.access.oracle.test_operators import SEARCHES, of_one
from tests.access.oracle.world import Asking, World, pages, plain
from tests.surfaces.fhir_api.client import bundle, entry

Json = dict[str, Any]
Plain = tuple[Any, ...]

_FREE = frozenset({
    "Observation", "Condition", "AllergyIntolerance", "MedicationRequest", "DocumentReference",
    "FamilyMemberHistory", "Communication", "DiagnosticReport", "List", "Flag", "Goal", "Composition",
    "Media", "Coverage", "QuestionnaireResponse", "Patient",
})  # fmt: skip
"""Types that give nobody access, so that changing them changes no permission."""


def probes(asking: Asking, hidden: list[str]) -> Iterator[str]:
    """Addresses to get, all pages of each."""
    yield from SEARCHES
    yield from of_one(asking)
    for each in SEARCHES[::5]:
        yield (
            each
            + ("&" if "?" in each else "?")
            + "_total=accurate"
            + ("" if "_count" in each else "&_count=2")
        )
        yield each + ("&" if "?" in each else "?") + "_summary=count"
    for key in [*hidden[:12], "Observation/nowhere", f"Observation/new-0-{asking.name}"]:
        name, _, fhir_id = key.partition("/")
        yield key
        yield f"{key}/_history"
        yield f"{key}/_history/1"
        yield f"{key}/_history/2"
        yield f"{name}?_id={fhir_id}"
        yield f"{name}?_id={fhir_id}&_revinclude=*"
        yield f"{key}/$meta"
        if name == "Patient":
            yield f"{key}/$everything"
    for key in [
        *[key for key in hidden if key.startswith("List/")][:8],
        f"List/new-0-{asking.name}",
    ]:
        yield f"Observation?_list={key.removeprefix('List/')}"
    yield "Observation/_history?_count=9"
    yield "_history?_count=50"
    yield from (f"{each}/$everything?_count=11" for each in sorted(asking.of_type("Patient"))[:4])
    yield from (f"{each}/_history" for each in sorted(asking.of_type("Observation"))[:4])
    yield f"Patient?identifier=http://x.test/no|fresh-{asking.name}"
    yield f"Observation?identifier=http://x.test/o|fresh-{asking.name}"
    yield "Patient?name=aaaa&_sort=name"
    yield "Observation?code:text=aaaa"
    yield "Observation?code:below=http://loinc.org|0"
    yield f"Observation?_filter=derived-from:Observation.code eq 0-{asking.name}"


def refusals(asking: Asking, hidden: list[str]) -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """Writes that must fail, whether there is something or not: verb, address, body, headers."""
    stranger = next(key for key in hidden if key.startswith("Patient/"))
    subject = ref(stranger)
    code = {"text": "x"}
    observation = {
        "resourceType": "Observation",
        "status": "final",
        "code": code,
        "subject": subject,
    }
    for key in [
        *[k for k in hidden if k.startswith("Observation/")][:4],
        "Observation/nowhere",
        f"Observation/new-0-{asking.name}",
    ]:
        own = {**observation, "id": key.partition("/")[2]}
        yield "PUT", key, own, {}
        for condition in (
            {"If_Match": 'W/"1"'},
            {"If_Match": 'W/"2"'},
            {"If_Match": "*"},
            {"If_None_Match": "*"},
        ):
            yield "PUT", key, own, condition
        yield "PATCH", key, [{"op": "replace", "path": "/status", "value": "amended"}], {}
        yield "DELETE", key, None, {}
        yield "DELETE", key, None, {"If_Match": 'W/"1"'}
        yield "POST", f"{key}/$meta-add", {"resourceType": "Parameters", "parameter": [
            {"name": "meta", "valueMeta": {"tag": [{"code": "x"}]}}]}, {}  # fmt: skip
        transaction = bundle(
            "transaction", entry("PUT", key, own), entry("DELETE", "Observation/elsewhere")
        )
        yield "POST", "", transaction, {}
    for criteria in (f"identifier=http://x.test/o|fresh-{asking.name}", f"code=0-{asking.name}",
                     f"subject={stranger}&code=0-{asking.name}"):  # fmt: skip
        yield "POST", "Observation", observation, {"If_None_Exist": criteria}
        yield "PUT", f"Observation?{criteria}", observation, {}
        yield "PATCH", f"Observation?{criteria}", [{"op": "remove", "path": "/note"}], {}
        yield "DELETE", f"Observation?{criteria}", None, {}
        linked = {**observation, "derivedFrom": [ref(f"Observation?{criteria}")]}
        yield "POST", "", bundle("transaction", entry("POST", "Observation", linked)), {}
        made = entry("POST", "Observation", observation, ifNoneExist=criteria)
        yield "POST", "", bundle("transaction", made), {}
        yield "POST", "", bundle("batch", made, entry("GET", f"Observation?{criteria}")), {}


def answers(asking: Asking, hidden: list[str], every: int) -> dict[str, list[Plain]]:
    """All bytes that somebody can get, by what was asked."""
    found = {
        address: [plain(each) for each in pages(asking.client, address)]
        for address in list(probes(asking, hidden))[:: every]
    }  # fmt: skip
    for n, (verb, address, body, headers) in enumerate(refusals(asking, hidden)):
        answer = asking.client.request(verb, address, body, **headers)
        found[f"{n} {verb} {address} {headers} {body}"] = [plain(answer)]
    return found


def changes(asking: Asking, hidden: list[str]) -> Iterator[Json | tuple[str, str]]:
    """What may happen to what is hidden: it points at what is seen, sorts first, comes and goes."""
    seen = [ref(key) for key in sorted(asking.of_type("Observation"))] or [ref("Observation/none")]
    stranger = ref(next(key for key in hidden if key.startswith("Patient/")))
    first = {"coding": [{"system": "http://loinc.org", "code": f"0-{asking.name}"}], "text": "aaaa"}
    fresh = [{"system": "http://x.test/o", "value": f"fresh-{asking.name}"}]
    for n, key in enumerate(hidden):
        data = asking.truth.versions[key][-1]
        name = key.partition("/")[0]
        if (
            data is None
            or name not in _FREE
            or (name == "Patient" and not key.startswith("Patient/p"))
        ):
            continue  # ages and numbers in families give access
        if name == "Composition" and data["status"] == "final":
            continue  # what is signed stays
        if n % 4 == 0 and name != "Patient":
            yield name, key.partition("/")[2]
        elif name == "Observation":
            yield {**data, "code": first, "effectiveDateTime": "1800-01-01", "identifier": fresh,
                   "derivedFrom": seen[:5], "valueQuantity": {"value": 1 + n}}  # fmt: skip
        elif name == "Patient":
            yield {**data, "birthDate": "1900-01-01", "name": [{"family": "Aaaa Berg"}],
                   "identifier": [{"system": "http://x.test/no", "value": f"fresh-{asking.name}"}]}  # fmt: skip
        elif name == "DiagnosticReport":
            yield {**data, "result": seen[:9], "status": "preliminary"}
        elif name == "List":
            yield {**data, "entry": [{"item": each} for each in seen[:9]], "title": "Aaaa"}
        elif name == "Communication":
            yield {**data, "about": seen[:9], "status": "in-progress"}
        else:
            yield {**data, "language": "nb"}
    for n in range(4):
        yield resource("Observation", f"new-{n}-{asking.name}", status="final", subject=stranger, code=first,
                       effectiveDateTime="1800-01-01", identifier=fresh, derivedFrom=seen[:9])  # fmt: skip
        yield resource("DiagnosticReport", f"new-{n}-{asking.name}", status="final", subject=stranger, code=first,
                       result=seen[:9])  # fmt: skip
        yield resource("List", f"new-{n}-{asking.name}", status="current", mode="working",
                       entry=[{"item": each} for each in seen[:9]])  # fmt: skip
        yield resource("Provenance", f"new-{n}-{asking.name}", recorded="2026-11-20T10:00:00Z", target=seen[:9],
                       agent=[{"who": ref("Practitioner/w0")}])  # fmt: skip
        own = [ref(key) for key in sorted(asking.of_type("Patient"))[:1]]
        yield resource("Communication", f"new-{n}-{asking.name}", status="completed", subject=stranger,
                       about=seen[:9], sender=own[0] if own else None)  # fmt: skip
        yield resource("Group", f"new-{n}-{asking.name}", type="person", actual=True,
                       member=[{"entity": each} for each in [stranger, *own]])  # fmt: skip
        yield resource("Patient", f"new-{n}-{asking.name}", name=[{"family": "Berg", "given": ["Aaaa"]}],
                       birthDate="1800-01-01")  # fmt: skip


@pytest.mark.parametrize(
    "turn", [0, 5, *(pytest.param(n, marks=pytest.mark.thorough) for n in (1, 2, 3, 4, 6))]
)
def test_no_byte_depends_on_what_is_forbidden(world: World, turn: int) -> None:
    staff = {each.worker.name: each for each in _staff(world)}
    people = [*(staff[f"w{n}"] for n in (0, 2, 3, 7, 8)), *_citizens(world)]
    rules = people[turn]
    (asking,) = [each for each in (*world.staff(), *world.citizens()) if each.rules == rules]
    hidden = sorted(key for key, versions in asking.seen.items() if not versions)
    hidden = hidden[::2] + hidden[1::2]
    before = answers(asking, hidden, 1 if turn in {0, 5} else 3)
    seen = dict(asking.seen)
    allowed = asking.current
    for step in list(changes(asking, hidden)):
        world.apply(step)
    (later,) = [each for each in (*world.staff(), *world.citizens()) if each.name == asking.name]
    assert later.current == allowed  # or something seen was changed
    later.seen = seen
    after = answers(_as(later, asking), hidden, 1 if turn in {0, 5} else 3)
    differ = [asked for asked, said in before.items() if after[asked] != said]
    assert not differ, (asking.name, differ[:5], *_first_difference(before, after, differ))
    assert sum(len(page[2]) for said in before.values() for page in said) > 20_000


def _first_difference(
    before: dict[str, list[Plain]], after: dict[str, list[Plain]], differ: list[str]
) -> tuple[Any, Any]:
    """What was said differently, for whoever reads the failure."""
    for one, other in zip(before[differ[0]], after[differ[0]], strict=False):
        if one != other:
            at = next(
                (
                    n
                    for n, pair in enumerate(zip(one[2], other[2], strict=False))
                    if len(set(pair)) > 1
                ),
                0,
            )
            return (one[:2], one[2][max(0, at - 200) : at + 200]), (
                other[:2],
                other[2][max(0, at - 200) : at + 200],
            )
    return len(before[differ[0]]), len(after[differ[0]])


def _as(later: Asking, before: Asking) -> Asking:
    """The same questions again: about the keys there were."""
    later.truth = type(later.truth)({key: later.truth.versions[key] for key in before.seen})
    return later


def _staff(world: World) -> list[Staff]:
    return [each.rules for each in world.staff() if isinstance(each.rules, Staff)]


def _citizens(world: World) -> list[Citizen]:
    found = [each.rules for each in world.citizens() if isinstance(each.rules, Citizen)]
    return [found[0], next(each for each in found if each.person == "mother" != each.subject)]
