"""Loading: everything is stored or accounted for, once, whatever the order and the interruptions."""

from __future__ import annotations

import bz2
import gzip
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from bench.instance import COMMAND, command, settings

from fellesjournal.access.export import counts
from fellesjournal.access.records import read
from fellesjournal.access.sessions import system_session
from fellesjournal.surfaces.exchange.load import Outcome, load_part
from fellesjournal.surfaces.exchange.parts import Part, UnreadableInput, find_files, read_parts

SESSION = system_session("system:test", purpose="HSYSADMIN")


def part(*documents: Any, file: str = "x.ndjson") -> Part:
    lines = tuple(
        document if isinstance(document, bytes) else json.dumps(document).encode()
        for document in documents
    )
    return Part(file, 1, lines, sum(map(len, lines)))


def loaded(*parts: Part, final: bool = True) -> Outcome:
    total = Outcome()
    for one in parts:
        outcome = load_part(one, final=final)
        total.add(outcome)
        total.rejections += outcome.rejections
        total.waiting = outcome.waiting or total.waiting
    return total


def bundle(kind: str, *entries: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def posted(resource: dict[str, Any], url: str | None = None) -> dict[str, Any]:
    entry = {"resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}}
    return entry | ({"fullUrl": url} if url else {})


PATIENT = {"resourceType": "Patient", "id": "p"}
BROKEN = {"resourceType": "Patient", "id": "b", "gender": "unclear"}


@pytest.mark.django_db
def test_lines_of_ndjson_are_put_under_their_own_id() -> None:
    outcome = loaded(
        part(PATIENT, {"resourceType": "Patient", "id": "q"}, {"resourceType": "Patient"})
    )

    assert outcome.stored == {"Patient": 3}
    assert outcome.balances
    assert counts(SESSION) == {"Patient": 3}


@pytest.mark.django_db
def test_a_refused_line_does_not_hold_the_others_back() -> None:
    outcome = loaded(part(PATIENT, BROKEN, b"{not json", {"resourceType": "Nonsense"}, b"\n"))

    assert outcome.stored == {"Patient": 1}
    assert outcome.balances
    assert sum(outcome.rejected.values()) == 3
    assert {(found.line, found.type) for found in outcome.rejections} == {
        (2, "Patient"),
        (3, "?"),
        (4, "?"),
    }
    (gender,) = [found for found in outcome.rejections if found.line == 2]
    assert gender.location.endswith(".gender")


@pytest.mark.django_db
def test_two_lines_about_one_resource_become_two_versions_in_order() -> None:
    outcome = loaded(part({**PATIENT, "gender": "male"}, {**PATIENT, "gender": "female"}))

    assert outcome.stored == {"Patient": 2}
    found = read(SESSION, "Patient", "p")
    assert found.version == 2
    assert found.body is not None
    assert json.loads(found.body)["gender"] == "female"


@pytest.mark.django_db
def test_the_same_part_again_changes_nothing() -> None:
    """INV-63."""
    first = loaded(part(PATIENT, BROKEN))
    again = loaded(part(PATIENT, BROKEN))

    assert first.stored == {"Patient": 1}
    assert again.stored == {}
    assert again.there == {"Patient": 1}
    assert again.balances
    assert counts(SESSION) == {"Patient": 1}


@pytest.mark.django_db
def test_a_transaction_is_written_whole_or_not_at_all() -> None:
    good = bundle("transaction", posted({"resourceType": "Patient"}, "urn:uuid:1"), posted(
        {"resourceType": "Basic", "code": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}}))  # fmt: skip
    bad = bundle("transaction", posted({"resourceType": "Patient"}), posted({**BROKEN, "id": "z"}))

    outcome = loaded(part(good), part(bad))

    assert outcome.stored == {"Patient": 1, "Basic": 1}
    assert outcome.rejected == {"Patient": 2}
    assert outcome.balances
    assert [found.reason for found in outcome.rejections if "because of another" in found.reason]
    assert counts(SESSION) == {"Patient": 1, "Basic": 1}


@pytest.mark.django_db
def test_entries_of_a_batch_stand_for_themselves() -> None:
    outcome = loaded(
        part(bundle("batch", posted({"resourceType": "Patient"}), posted(dict(BROKEN))))
    )

    assert outcome.stored == {"Patient": 1}
    assert outcome.rejected == {"Patient": 1}


@pytest.mark.django_db
def test_conditions_of_entries_hold_as_they_do_over_http() -> None:
    resource = {"resourceType": "Patient", "id": "c", "identifier": [{"system": "s", "value": "1"}]}
    once = posted(resource)
    once["request"]["ifNoneExist"] = "Patient?identifier=s|1"
    stale = {
        "resource": resource,
        "request": {"method": "PUT", "url": "Patient/c", "ifMatch": 'W/"7"'},
    }
    asked = posted(resource)
    asked["request"]["url"] = "Patient/$validate"
    loaded(part(resource))

    outcome = loaded(part(bundle("batch", once, stale, asked)))

    assert counts(SESSION) == {"Patient": 1}
    assert outcome.balances
    assert sum(outcome.rejected.values()) == 2
    assert read(SESSION, "Patient", "c").version == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["collection", "document", "searchset"])
def test_other_bundles_are_collections_of_resources(kind: str) -> None:
    outcome = loaded(
        part(bundle(kind, {"fullUrl": "http://x.test/Patient/p", "resource": PATIENT}))
    )

    assert outcome.stored == {"Patient": 1}
    assert counts(SESSION) == {"Patient": 1}


@pytest.mark.django_db
def test_a_conditional_reference_waits_for_its_target_in_a_later_file() -> None:
    reference = "Practitioner?identifier=urn:x|1"
    waiting = {"resourceType": "Basic", "code": {"text": "x"}, "author": {"reference": reference}}
    early = part(bundle("transaction", posted(waiting)), file="a.json")
    late = part(
        {
            "resourceType": "Practitioner",
            "id": "d",
            "identifier": [{"system": "urn:x", "value": "1"}],
        }
    )

    assert loaded(early, final=False).waiting == early
    assert loaded(late).stored == {"Practitioner": 1}
    assert loaded(early, final=False).stored == {"Basic": 1}


@pytest.mark.django_db
def test_a_conditional_reference_that_never_resolves_is_rejected_with_its_reason() -> None:
    reference = "Practitioner?identifier=urn:x|none"
    outcome = loaded(part(bundle("transaction", posted(
        {"resourceType": "Basic", "code": {"text": "x"}, "author": {"reference": reference}}))))  # fmt: skip

    assert outcome.rejected == {"Basic": 1}
    assert reference in outcome.rejections[0].reason


def test_files_are_found_in_folders_and_by_globs_and_read_packed(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    line = json.dumps(PATIENT).encode() + b"\n"
    (tmp_path / "a.ndjson").write_bytes(line * 2)
    (tmp_path / "deep" / "b.ndjson.gz").write_bytes(gzip.compress(line))
    (tmp_path / "deep" / "c.json.bz2").write_bytes(bz2.compress(line))
    (tmp_path / "notes.txt").write_text("not for us")

    files = find_files([str(tmp_path), str(tmp_path / "*.ndjson")])

    assert [file.name for file in files] == ["a.ndjson", "b.ndjson.gz", "c.json.bz2"]
    assert [len(found.lines) for file in files for found in read_parts(file)] == [2, 1, 1]


def test_a_path_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"no \.json"):
        find_files([str(tmp_path / "nothing")])
    damaged = tmp_path / "x.json.gz"
    damaged.write_bytes(b"not gzip at all")
    with pytest.raises(UnreadableInput, match=r"x\.json\.gz"):
        list(read_parts(damaged))


@pytest.mark.slow
def test_a_load_that_is_killed_goes_on_without_duplicates(tmp_path: Path) -> None:
    source = tmp_path / "many.ndjson"
    with source.open("w", encoding="utf-8") as lines:
        for n in range(12_000):
            lines.write(
                json.dumps({"resourceType": "Patient", "name": [{"family": f"N{n}"}]}) + "\n"
            )
    data = tmp_path / "data"
    command(data, "check")  # the database is made before the clock runs
    environment = settings(data)
    first = subprocess.Popen(
        [COMMAND, "load", str(source)], env=environment, cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    time.sleep(2.5)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()

    again = subprocess.run(
        [COMMAND, "load", str(source)],
        env=environment,
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=False,
    )

    assert again.returncode == 0, again.stdout + again.stderr
    command(data, "export", str(tmp_path / "out"))
    names = [
        json.loads(line)["name"][0]["family"]
        for line in (tmp_path / "out" / "Patient.ndjson").read_text().splitlines()
    ]
    assert len(names) == len(set(names)) == 12_000
    command(data, "check")


@pytest.mark.slow
@pytest.mark.thorough
def test_all_third_party_bundles_load_and_the_counts_agree(
    shared_data: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    done = subprocess.run(
        [COMMAND, "load", str(shared_data / "synthea")], env=settings(data), cwd=tmp_path,
        text=True, capture_output=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    command(data, "export", str(tmp_path / "out"))
    found = {file.stem: len(file.read_text().splitlines()) for file in (tmp_path / "out").iterdir()}
    assert sum(found.values()) == 5887
    assert found["Observation"] == 2628
    assert found["Patient"] == 30
    command(data, "check")


@pytest.mark.django_db
def test_a_transaction_with_a_link_to_no_entry_is_refused_whole() -> None:
    lost = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": {"reference": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"},
    }
    outcome = loaded(part(bundle("transaction", posted({"resourceType": "Patient"}), posted(lost))))

    assert outcome.rejected == {"Patient": 1, "Encounter": 1}
    assert outcome.balances
    assert outcome.rejections[0].location == "Bundle.entry[1].resource.subject.reference"


@pytest.mark.django_db
def test_entries_that_ask_for_something_else_than_storing_say_so() -> None:
    parameters = {"resourceType": "Parameters"}
    foreign = "http://hl7.org/fhir/us/sdc/Questionnaire/1"
    outcome = loaded(
        part(
            bundle(
                "batch",
                {"resource": parameters, "request": {"method": "POST", "url": "ValueSet/$lookup"}},
                {"resource": PATIENT, "request": {"method": "PUT", "url": foreign}},
                {"resource": PATIENT, "request": {"method": "PUT", "url": "Nonsense/1"}},
                {
                    "resource": PATIENT,
                    "request": {"method": "PUT", "url": "http://localhost:8000/fhir/Patient/p"},
                },
            )
        )
    )

    operation, elsewhere, unknown = (each.reason for each in outcome.rejections)
    assert operation.startswith("POST ValueSet/$lookup asks a running server for an operation")
    assert elsewhere.startswith(f"PUT {foreign} is about a resource outside this server")
    assert unknown == "'Nonsense' is not a resource type of FHIR R4"
    assert outcome.stored == {"Patient": 1}
    assert outcome.balances
