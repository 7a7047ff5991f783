"""Two records of one person become one, and two again; nothing that was written is lost."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest

from fellesjournal.access import merging
from fellesjournal.access.export import check_record
from fellesjournal.access.merging import gather, left_behind, merge, unmerge
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import Conflict, FhirError, NotAllowed, NotFound, Unprocessable

SESSION = system_session("Practitioner/registrar", purpose="HOPERAT")
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
FHN = "urn:oid:2.16.578.1.12.4.1.4.3"
REASON = "same person"

Json = dict[str, Any]


def put(raw: bytes | Json) -> None:
    body = bodies.parse(raw if isinstance(raw, bytes) else orjson.dumps(raw))
    write(SESSION, [Operation("update", body.data["resourceType"], id=body.data["id"], body=body)])


def patient(fhir_id: str, *numbers: tuple[str, str], **members: Any) -> Json:
    identifier = [{"system": system, "value": value} for system, value in numbers]
    found = {"resourceType": "Patient", "id": fhir_id, "active": True, **members}
    return {**found, "identifier": identifier} if identifier else found


def to(fhir_id: str) -> Json:
    return {"reference": f"Patient/{fhir_id}"}


def basic(fhir_id: str, subject: str, **members: Any) -> Json:
    return {
        "resourceType": "Basic", "id": fhir_id, "code": {"text": "x"}, "subject": to(subject),
        **members,
    }  # fmt: skip


def raw(reference: str) -> bytes:
    row = (
        SESSION.connection()
        .execute(
            "select v.body from store.resource r join store.entry e on e.rid = r.rid and e.died is null"
            " join store.version v on v.rid = e.rid and v.version = e.version"
            " where r.fhir_id = %s",
            [reference.split("/")[1]],
        )
        .fetchone()
    )
    assert row is not None
    return bytes(row[0])


def content(reference: str) -> Json:
    found: Json = orjson.loads(raw(reference))
    return found


def state() -> dict[str, Json]:
    """The current content of everything, but for the server's part of meta."""
    found = {}
    for (body,) in SESSION.connection().execute(
        "select v.body from store.entry e join store.version v on v.rid = e.rid"
        " and v.version = e.version where e.died is null"
    ):
        data = orjson.loads(body)
        del data["meta"]["versionId"], data["meta"]["lastUpdated"]
        found[f"{data['resourceType']}/{data['id']}"] = data
    return found


def versions() -> dict[tuple[int, int], bytes]:
    rows = SESSION.connection().execute("select rid, version, body from store.version").fetchall()
    return {(rid, version): bytes(body or b"") for rid, version, body in rows}


@pytest.fixture
def pair(db: None) -> None:
    put(patient("old", (FHN, "80000012061"), ("urn:ward", "W-7")))
    put(patient("new", (FNR, "23851882316"), name=[{"family": "Hagensvik"}]))


@pytest.mark.usefixtures("pair")
def test_all_that_refers_to_the_source_leads_to_the_target() -> None:
    put(basic("b", "old", author=to("old")))
    put(
        {
            "resourceType": "Observation",
            "id": "o",
            "status": "final",
            "code": {"text": "x"},
            "subject": to("old"),
            "performer": [to("old"), to("other")],
            "extension": [{"url": "urn:x", "valueReference": to("old")}],
            "contained": [
                {
                    "resourceType": "Observation",
                    "id": "c",
                    "status": "final",
                    "code": {"text": "y"},
                    "subject": to("old"),
                }
            ],
            "hasMember": [{"reference": "#c"}],
        }
    )  # fmt: skip
    put({"resourceType": "Group", "id": "g", "type": "person", "actual": True,
         "member": [{"entity": to("other")}, {"entity": to("old")}]})  # fmt: skip

    done = merge(SESSION, "old", "new", REASON)

    assert set(done.moved) == {"Basic/b", "Observation/o", "Group/g"}
    assert left_behind(SESSION.connection(), "old") == ["Patient/new"]
    observation = content("Observation/o")
    assert observation["subject"] == to("new")
    assert observation["performer"] == [to("new"), to("other")]
    assert observation["extension"][0]["valueReference"] == to("new")
    assert observation["contained"][0]["subject"] == to("new")
    owners = (
        SESSION.connection()
        .execute(
            "select distinct e.patient from store.entry e join store.resource r on r.rid = e.rid"
            " where e.died is null and r.fhir_id in ('b', 'o', 'new')"
        )
        .fetchall()
    )
    assert len(owners) == 1


@pytest.mark.usefixtures("pair")
def test_the_two_patients_tell_of_each_other_and_no_number_is_lost() -> None:
    merge(SESSION, "old", "new", REASON)

    old, new = content("Patient/old"), content("Patient/new")
    assert old["active"] is False
    assert old["link"] == [{"other": to("new"), "type": "replaced-by"}]
    assert new["link"] == [{"other": to("old"), "type": "replaces"}]
    assert [each["value"] for each in new["identifier"]] == ["23851882316", "80000012061", "W-7"]
    assert [each["value"] for each in old["identifier"]] == ["80000012061", "W-7"]
    with pytest.raises(Conflict):
        put(patient("third", (FHN, "80000012061")))


@pytest.mark.django_db
def test_a_second_number_of_the_same_kind_is_kept_as_an_old_one() -> None:
    put(patient("old", (FNR, "11908804270")))
    put(patient("new", (FNR, "23851882316")))

    merge(SESSION, "old", "new", REASON)

    uses = {each["value"]: each.get("use") for each in content("Patient/new")["identifier"]}
    assert uses == {"23851882316": None, "11908804270": "old"}


@pytest.mark.usefixtures("pair")
def test_undoing_gives_every_resource_its_bytes_back() -> None:
    put(
        b'{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":'
        rb'{"\u0072efer\u0065nce":"Patient\/old"},"valueQuantity":{"value":1.50}}'
    )
    put(b'{"resourceType":"Patient","id":"bare","birthDate":"2020-01-01"}')
    before = {
        key: raw(key) for key in ("Observation/o", "Patient/old", "Patient/new", "Patient/bare")
    }
    first = merge(SESSION, "old", "new", REASON)
    second = merge(SESSION, "bare", "new", REASON)
    assert content("Observation/o")["subject"] == to("new")
    assert b'"value":1.50' in raw("Observation/o")

    unmerge(SESSION, first.id, "two people after all")
    unmerge(SESSION, second.id, "and a third")

    for key, body in before.items():
        stamp_ends = body.index(b'Z"')
        after = raw(key)
        assert after[after.index(b'Z"') :] == body[stamp_ends:], key


@pytest.mark.usefixtures("pair")
def test_what_changed_since_keeps_its_changes_and_gets_its_references_back() -> None:
    put(basic("b", "old", author=to("old")))
    put(basic("moved-on", "old"))
    put(basic("gone", "old"))
    done = merge(SESSION, "old", "new", REASON)
    put(basic("b", "new", author=to("new"), code={"text": "later"}))
    put(basic("moved-on", "other"))
    put(basic("later", "new"))
    write(SESSION, [Operation("delete", "Basic", id="gone")])
    put({**content("Patient/new"), "birthDate": "2020-01-01"})

    undone = unmerge(SESSION, done.id, "two people after all")

    assert content("Basic/b")["code"] == {"text": "later"}
    assert content("Basic/b")["subject"] == content("Basic/b")["author"] == to("old")
    assert content("Basic/moved-on")["subject"] == to("other")
    assert content("Patient/new")["birthDate"] == "2020-01-01"
    assert "link" not in content("Patient/new")
    assert [each["value"] for each in content("Patient/new")["identifier"]] == ["23851882316"]
    assert undone.put_back == ("Basic/b",)
    assert undone.unclear == ("Basic/moved-on",)
    assert undone.since == ("Basic/later",)


@pytest.mark.usefixtures("pair")
def test_what_arrives_for_the_source_later_is_gathered_and_undone_with_the_merge() -> None:
    done = merge(SESSION, "old", "new", REASON)
    put(basic("late", "old"))

    assert gather(SESSION, done.id) == ("Basic/late",)
    assert content("Basic/late")["subject"] == to("new")
    assert gather(SESSION, done.id) == ()
    unmerge(SESSION, done.id, "two people after all")
    assert content("Basic/late")["subject"] == to("old")


@pytest.mark.usefixtures("pair")
def test_what_is_kept_as_received_and_what_means_one_version_stays() -> None:
    put({"resourceType": "Provenance", "id": "p", "recorded": "2026-01-01T00:00:00Z",
         "target": [{"reference": "Patient/old/_history/1"}],
         "agent": [{"who": {"reference": "https://elsewhere.test/fhir/Patient/old"}}]})  # fmt: skip
    put({"resourceType": "Bundle", "id": "b", "type": "collection",
         "entry": [{"fullUrl": "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7",
                    "resource": basic("inner", "old")}]})  # fmt: skip

    assert merge(SESSION, "old", "new", REASON).moved == ()
    assert "Bundle/b" in left_behind(SESSION.connection(), "old")
    assert "Provenance/p" in left_behind(SESSION.connection(), "old")


@pytest.mark.usefixtures("pair")
def test_one_source_never_leads_to_two_people() -> None:
    put(patient("third"))
    merge(SESSION, "old", "new", REASON)

    with pytest.raises(Conflict):
        merge(SESSION, "old", "third", REASON)
    with pytest.raises(Conflict):
        merge(SESSION, "third", "old", REASON)
    # also not when somebody has put the source into use again by hand
    put(patient("old", ("urn:ward", "W-7")))
    with pytest.raises(Conflict, match="merged already"):
        merge(SESSION, "old", "third", REASON)


@pytest.mark.usefixtures("pair")
def test_a_merge_that_another_was_built_on_is_undone_after_it() -> None:
    put(patient("third"))
    first = merge(SESSION, "old", "new", REASON)
    second = merge(SESSION, "new", "third", REASON)

    with pytest.raises(Conflict, match=f"undo merge {second.id} first"):
        unmerge(SESSION, first.id, REASON)
    unmerge(SESSION, second.id, REASON)
    unmerge(SESSION, first.id, REASON)
    with pytest.raises(NotFound):
        unmerge(SESSION, first.id, REASON)
    assert merging.standing_merge_of(SESSION.connection(), 1) is None


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(
    ("source", "target", "reason", "refusal"),
    [
        ("old", "old", REASON, Unprocessable),
        ("old", "new", " ", Unprocessable),
        ("old", "nobody", REASON, NotFound),
        ("nobody", "new", REASON, NotFound),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused_and_changes_nothing(
    source: str, target: str, reason: str, refusal: type[FhirError]
) -> None:
    before = versions()

    with pytest.raises(refusal):
        merge(SESSION, source, target, reason)
    assert versions() == before


@pytest.mark.usefixtures("pair")
def test_who_does_not_see_all_can_not_merge() -> None:
    narrow = SESSION.narrowed(see=("{row}.patient = 0",))

    with pytest.raises(NotAllowed):
        merge(narrow, "old", "new", REASON)


@pytest.mark.usefixtures("pair")
def test_who_merged_and_why_is_kept() -> None:
    done = merge(SESSION, "old", "new", REASON)
    unmerge(SESSION, done.id, "two people after all")

    row = (
        SESSION.connection()
        .execute(
            "select person, reason, undone_person, undone_reason from access.merge where id = %s",
            [done.id],
        )
        .fetchone()
    )
    assert row == (SESSION.person, REASON, SESSION.person, "two people after all")


PEOPLE = 5


def _resources(rng: random.Random) -> list[Json]:
    def someone() -> Json:
        return to(f"p{rng.randrange(PEOPLE)}")

    made: list[Json] = []
    for turn in range(PEOPLE):
        numbers = [(FNR, f"number-{turn}")] if rng.random() < 0.6 else [(FHN, f"help-{turn}")]
        members = {"link": [{"other": someone(), "type": "seealso"}]} if rng.random() < 0.3 else {}
        made.append(patient(f"p{turn}", *numbers[: rng.randrange(2)], **members))
    made += [basic(f"b{turn}", f"p{rng.randrange(PEOPLE)}", author=someone()) for turn in range(6)]
    made += [
        {
            "resourceType": "Group", "id": f"g{turn}", "type": "person", "actual": True,
            "member": [{"entity": someone()} for _ in range(4)],
        }
        for turn in range(3)
    ]  # fmt: skip
    return made


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_merges_undone_in_any_order_restore_the_record_and_history_only_grows(seed: int) -> None:
    rng = random.Random(seed)
    for resource in _resources(rng):
        put(resource)
    before, history = state(), versions()
    standing: dict[int, tuple[str, str]] = {}

    def undo(merge_id: int) -> None:
        _, target = standing[merge_id]
        built_on = any(source == target for source, _ in standing.values())
        if built_on:
            with pytest.raises(Conflict):
                unmerge(SESSION, merge_id, REASON)
        else:
            assert unmerge(SESSION, merge_id, REASON).unclear == ()
            del standing[merge_id]

    for _ in range(10):
        if standing and rng.random() < 0.4:
            undo(rng.choice(list(standing)))
        else:
            source, target = (f"p{each}" for each in rng.sample(range(PEOPLE), 2))
            gone = {each for each, _ in standing.values()}
            if gone & {source, target}:
                with pytest.raises(Conflict):
                    merge(SESSION, source, target, REASON)
            else:
                standing[merge(SESSION, source, target, REASON).id] = (source, target)
                left = set(left_behind(SESSION.connection(), source))
                assert left - {f"Patient/{source}"} == {f"Patient/{target}"}
        assert history.items() <= versions().items()
        history = versions()
    while standing:
        undo(rng.choice(list(standing)))

    assert state() == before
    assert [each for each in check_record(SESSION) if not isinstance(each, int)] == []
