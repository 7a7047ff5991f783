"""batch and transaction."""

from __future__ import annotations

import base64

import orjson
import pytest

from tests.surfaces.fhir_api.client import Client, Json, bundle, entry, observation, patient

URN = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
OTHER_URN = "urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9"


def statuses(answer: Json) -> list[str]:
    return [each["response"]["status"][:3] for each in answer.json["entry"]]


def reference_of(response: Json) -> str:
    """Type/id from the location of a response entry."""
    return str(response["response"]["location"]).partition("/_history")[0]


def test_a_transaction_links_its_entries_even_in_a_circle(api: Client) -> None:
    answer = api.post(
        "",
        bundle(
            "transaction",
            entry(
                "POST",
                "Observation",
                observation(
                    subject={"reference": URN},
                    derivedFrom=[{"reference": OTHER_URN}],
                    text={
                        "status": "generated",
                        "div": f'<div {XHTML}><a href="{URN}">p</a></div>',
                    },
                ),
            ),
            entry(
                "POST",
                "Observation",
                observation(hasMember=[{"reference": "urn:uuid:0a"}]),
                OTHER_URN,
            ),
            entry("POST", "Patient", patient(), URN),
            entry(
                "POST",
                "Observation",
                observation(derivedFrom=[{"reference": OTHER_URN}]),
                "urn:uuid:0a",
            ),
        ),
    )

    assert answer.status == 200, answer.body
    assert answer.json["type"] == "transaction-response"
    assert statuses(answer) == ["201"] * 4
    first, second, third, fourth = answer.json["entry"]
    written = api.get(reference_of(first)).json
    assert written["subject"]["reference"] == reference_of(third)
    assert written["derivedFrom"][0]["reference"] == reference_of(second)
    assert f'href="{reference_of(third)}"' in written["text"]["div"]
    assert api.get(reference_of(second)).json["hasMember"][0]["reference"] == reference_of(fourth)
    assert third["response"]["etag"] == 'W/"1"'
    assert (
        third["response"]["lastModified"]
        == api.get(reference_of(third)).json["meta"]["lastUpdated"]
    )
    assert "resource" not in third


def test_a_transaction_that_fails_in_one_entry_leaves_nothing(api: Client) -> None:
    answer = api.post(
        "",
        bundle(
            "transaction",
            entry("PUT", "Patient/tx-none", patient(id="tx-none")),
            entry("POST", "Patient", patient(gender="neither")),
            entry("POST", "Patient", patient(birthDate="soon")),
        ),
    )

    assert answer.status == 422
    places = [place for issue in answer.json["issue"] for place in issue["expression"]]
    assert "Bundle.entry[1].resource.gender" in places
    assert "Bundle.entry[2].resource.birthDate" in places
    assert api.get("Patient/tx-none").status == 404


def test_a_transaction_deletes_before_it_creates_and_reads_last(api: Client) -> None:
    api.put(
        "Patient/tx-order",
        patient(id="tx-order", identifier=[{"system": "urn:tx", "value": "order"}]),
    )
    answer = api.post(
        "",
        bundle(
            "transaction",
            entry("GET", "Patient?identifier=urn:tx|order"),
            entry(
                "POST",
                "Patient",
                patient(identifier=[{"system": "urn:tx", "value": "order"}]),
                ifNoneExist="identifier=urn:tx|order2",
            ),
            entry("DELETE", "Patient/tx-order"),
        ),
    )

    assert statuses(answer) == ["200", "201", "204"]
    found = answer.json["entry"][0]["resource"]
    assert found["type"] == "searchset"
    assert [e["resource"]["id"] for e in found["entry"]] == [
        reference_of(answer.json["entry"][1])[8:]
    ]


def test_a_failing_read_fails_the_whole_transaction(api: Client) -> None:
    answer = api.post(
        "",
        bundle(
            "transaction",
            entry("PUT", "Patient/tx-read", patient(id="tx-read")),
            entry("GET", "Patient/tx-nobody"),
        ),
    )
    assert answer.status == 404
    assert answer.json["issue"][0]["expression"] == ["Bundle.entry[1]"]
    assert api.get("Patient/tx-read").status == 404


def test_conditional_references_and_creates_find_what_is_there(api: Client) -> None:
    identifier = [{"system": "urn:tx", "value": "there"}]
    there = api.create({"resourceType": "Practitioner", "identifier": identifier})
    answer = api.post(
        "",
        bundle(
            "transaction",
            entry(
                "POST",
                "Observation",
                observation(performer=[{"reference": "Practitioner?identifier=urn:tx|there"}]),
            ),
            entry(
                "POST",
                "Practitioner",
                {"resourceType": "Practitioner", "identifier": identifier},
                URN,
                ifNoneExist="identifier=urn:tx|there",
            ),
            entry("POST", "Observation", observation(performer=[{"reference": URN}])),
        ),
    )

    assert statuses(answer) == ["201", "200", "201"]
    for number in (0, 2):
        written = api.get(reference_of(answer.json["entry"][number])).json
        assert written["performer"][0]["reference"] == f"Practitioner/{there['id']}"

    nothing = api.post(
        "",
        bundle(
            "transaction",
            entry(
                "POST",
                "Observation",
                observation(performer=[{"reference": "Practitioner?identifier=urn:tx|absent"}]),
            ),
        ),
    )
    assert nothing.status == 412


def test_a_batch_answers_each_entry_for_itself(api: Client) -> None:
    created = api.create(patient())
    answer = api.post(
        "",
        bundle(
            "batch",
            entry("PUT", "Patient/batch-1", patient(id="batch-1")),
            entry("POST", "Patient", patient(gender="neither")),
            entry("GET", f"Patient/{created['id']}"),
            entry("GET", f"Patient/{created['id']}", ifNoneMatch='W/"1"'),
            entry("GET", "Patient/batch-nobody"),
            entry("GET", "Patient?_id=" + created["id"]),
            entry("DELETE", "Patient/batch-nobody"),
            entry("PUT", "Patient/batch-1", patient(id="batch-1"), ifMatch='W/"7"'),
            entry("GET", "metadata?_summary=true"),
            entry("GET", f"Patient/{created['id']}/_history"),
            entry("POST", "Patient/$validate", patient()),
            entry("GET", "Nonsense/1"),
            entry("POST", "Nonsense", {"resourceType": "Nonsense"}),
            {"request": {"method": "TRACE", "url": "Patient"}},
            {},
        ),
    )

    assert answer.status == 200, answer.body
    assert answer.json["type"] == "batch-response"
    assert statuses(answer) == [
        "201",
        "422",
        "200",
        "304",
        "404",
        "200",
        "204",
        "412",
        "200",
        "200",
        "200",
        "404",
        "404",
        "400",
        "400",
    ]
    entries = answer.json["entry"]
    assert entries[2]["resource"] == created
    assert entries[2]["response"]["etag"] == 'W/"1"'
    assert entries[2]["response"]["lastModified"][:19] == created["meta"]["lastUpdated"][:19]
    assert entries[1]["response"]["outcome"]["issue"][0]["expression"] == [
        "Bundle.entry[1].resource.gender"
    ]
    assert entries[4]["response"]["outcome"]["resourceType"] == "OperationOutcome"
    assert api.get("Patient/batch-1").status == 200


def test_prefer_decides_whether_resources_come_back(api: Client) -> None:
    sent = bundle("transaction", entry("POST", "Patient", patient(gender="other")))
    whole = api.post("", sent, Prefer="return=representation").json["entry"][0]
    assert whole["resource"]["gender"] == "other"
    assert whole["fullUrl"].endswith("/Patient/" + whole["resource"]["id"])
    outcome = api.post("", sent, Prefer="return=OperationOutcome").json["entry"][0]
    assert outcome["response"]["outcome"]["resourceType"] == "OperationOutcome"


def test_patches_travel_in_bundles(api: Client) -> None:
    api.put("Patient/tx-patch", patient(id="tx-patch"))
    document = base64.b64encode(
        orjson.dumps([{"op": "add", "path": "/active", "value": True}])
    ).decode()
    binary = {
        "resourceType": "Binary",
        "contentType": "application/json-patch+json",
        "data": document,
    }
    parameters = {
        "resourceType": "Parameters",
        "parameter": [
            {
                "name": "operation",
                "part": [
                    {"name": "type", "valueCode": "add"},
                    {"name": "path", "valueString": "Patient"},
                    {"name": "name", "valueString": "gender"},
                    {"name": "value", "valueCode": "male"},
                ],
            }
        ],
    }
    for kind in ("batch", "transaction"):
        answer = api.post("", bundle(kind, entry("PATCH", "Patient/tx-patch", binary)))
        assert statuses(answer) == ["200"], answer.body
        api.patch("Patient/tx-patch", [{"op": "remove", "path": "/active"}])
    answer = api.post("", bundle("transaction", entry("PATCH", "Patient/tx-patch", parameters)))
    assert statuses(answer) == ["200"]
    assert api.get("Patient/tx-patch").json["gender"] == "male"


@pytest.mark.parametrize(
    "sent",
    [
        bundle("collection"),
        {"resourceType": "Bundle"},
        patient(),
        {"resourceType": "Bundle", "type": "transaction", "entry": {}},
        {"resourceType": "Bundle", "type": "transaction", "entry": [1]},
        {"resourceType": "Bundle", "type": "transaction", "entry": [None]},
        bundle("transaction", {"resource": patient()}),
        bundle("transaction", {"request": {"method": "POST"}, "resource": patient()}),
        bundle("transaction", {"request": {"method": 1, "url": "Patient"}}),
        bundle("transaction", {"request": [], "fullUrl": 1}),
        bundle("transaction", {"request": {"method": "POST", "url": "Patient"}, "resource": []}),
        bundle("transaction", {**entry("POST", "Patient", patient()), "fullUrl": 7}),
        bundle("transaction", entry("PUT", "Patient", patient(id="a"))),
        bundle(
            "transaction", entry("POST", "Patient", patient(), URN), entry("POST", "Basic", {}, URN)
        ),
        bundle("transaction", entry("POST", "Patient/1", patient(id="1"))),
        bundle("transaction", entry("POST", "Patient")),
        bundle("transaction", entry("DELETE", "Patient")),
        bundle("transaction", entry("PATCH", "Patient/1", {"resourceType": "Binary"})),
        bundle(
            "transaction",
            entry("PUT", "Patient/a", patient(id="a")),
            entry("PUT", "Patient/a", patient(id="a")),
        ),
        bundle(
            "transaction", entry("PUT", "Patient/a", patient(id="a")), entry("DELETE", "Patient/a")
        ),
        bundle("transaction", entry("POST", "", patient())),
        bundle("transaction", entry("GET", "Patient/%zz")),
        bundle("transaction", entry("GET", "Patient?_count=😀")),
        bundle("transaction", entry("POST", "", bundle("batch"))),
        bundle("transaction", entry("POST", "Patient", patient(), ifNoneExist="?")),
        bundle("transaction", entry("POST", "Patient", patient(), ifNoneExist="nonsense=1")),
        bundle("transaction", entry("PUT", "Patient/a", patient(id="a"), ifMatch="x")),
    ],
)
def test_a_bundle_that_makes_no_sense_is_refused(api: Client, sent: Json) -> None:
    answer = api.post("", sent)
    assert 400 <= answer.status < 500, answer.body
    assert answer.json["resourceType"] == "OperationOutcome"
    assert api.get("Patient/a").status == 404


def test_an_empty_bundle_is_answered_by_an_empty_one(api: Client) -> None:
    for kind in ("batch", "transaction"):
        answer = api.post("", bundle(kind))
        assert (answer.status, answer.json["type"]) == (200, f"{kind}-response")


def test_absolute_urls_of_this_server_are_understood(api: Client) -> None:
    answer = api.post(
        "",
        bundle(
            "transaction",
            entry(
                "PUT",
                "http://journal.test/fhir/Patient/tx-abs",
                patient(id="tx-abs"),
                "http://journal.test/fhir/Patient/tx-abs",
            ),
            entry(
                "PUT",
                "/Observation/tx-abs",
                observation(id="tx-abs", subject={"reference": "Patient/tx-abs"}),
            ),
        ),
    )
    assert statuses(answer) == ["201", "201"]


def test_more_entries_than_allowed_are_refused(api: Client) -> None:
    answer = api.post("", bundle("batch", *([{}] * 25_001)))
    assert answer.status == 413


def test_conditional_updates_and_deletes_work_in_a_transaction(api: Client) -> None:
    identifier = [{"system": "urn:tx", "value": "cond"}]
    sent = bundle(
        "transaction",
        entry("PUT", "Patient?identifier=urn:tx|cond", patient(identifier=identifier), URN),
        entry("POST", "Observation", observation(subject={"reference": URN})),
    )
    first, second = api.post("", sent), api.post("", sent)
    assert (statuses(first), statuses(second)) == (["201", "201"], ["200", "201"])
    assert reference_of(first.json["entry"][0]) == reference_of(second.json["entry"][0])
    written = api.get(reference_of(second.json["entry"][1])).json
    assert written["subject"]["reference"] == reference_of(first.json["entry"][0])
    gone = api.post("", bundle("transaction", entry("DELETE", "Patient?identifier=urn:tx|cond")))
    assert statuses(gone) == ["204"]
    assert api.get(reference_of(first.json["entry"][0])).status == 410


@pytest.mark.slow
def test_a_transaction_may_have_25000_entries(api: Client) -> None:
    names = [f"urn:uuid:00000000-0000-4000-8000-{number:012d}" for number in range(25_000)]
    entries = [
        entry(
            "POST",
            "Basic",
            {"resourceType": "Basic", "code": {"text": "x"}, "subject": {"reference": names[0]}},
            name,
        )
        for name in names
    ]
    answer = api.post("", bundle("transaction", *entries))
    assert answer.status == 200, answer.body[:500]
    assert {each["response"]["status"] for each in answer.json["entry"]} == {"201 Created"}
    last = api.get(reference_of(answer.json["entry"][-1])).json
    assert last["subject"]["reference"] == reference_of(answer.json["entry"][0])


def test_a_link_in_a_transaction_that_no_entry_answers_is_refused(api: Client) -> None:
    answer = api.post(
        "",
        bundle(
            "transaction",
            entry("PUT", "Patient/tx-linked", patient(id="tx-linked"), URN),
            entry("POST", "Observation", observation(subject={"reference": URN})),
            entry(
                "POST",
                "Observation",
                observation(
                    subject={"reference": "Patient/tx-linked"},
                    hasMember=[{"reference": URN}, {"reference": OTHER_URN}],
                    performer=[{"reference": "urn:oid:1.2.3"}],
                    identifier=[{"system": "urn:ietf:rfc:3986", "value": OTHER_URN}],
                ),
            ),
        ),
    )

    assert answer.status == 400, answer.body
    assert [issue["expression"] for issue in answer.json["issue"]] == [
        ["Bundle.entry[2].resource.hasMember[1].reference"],
        ["Bundle.entry[2].resource.performer[0].reference"],
    ]
    assert OTHER_URN in answer.diagnostics
    assert api.get("Patient/tx-linked").status == 404


def test_a_bundle_stored_as_such_keeps_its_own_links(api: Client) -> None:
    inner = bundle("collection")
    inner["entry"] = [{"resource": observation(subject={"reference": URN}), "fullUrl": OTHER_URN}]
    answer = api.post("", bundle("transaction", entry("POST", "Bundle", inner)))

    assert answer.status == 200, answer.body
    stored = api.get(reference_of(answer.json["entry"][0])).json
    assert stored["entry"][0]["resource"]["subject"]["reference"] == URN


def test_if_match_in_an_entry_takes_several_tags_or_any(api: Client) -> None:
    there = api.create(patient())
    address = f"Patient/{there['id']}"
    for kind, tag in (
        ("batch", "*"),
        ("batch", 'W/"2", W/"9"'),
        ("transaction", "*"),
        ("transaction", 'W/"9", W/"4"'),
    ):
        answer = api.post("", bundle(kind, entry("PUT", address, there, ifMatch=tag)))
        assert answer.status == 200, answer.body
        assert statuses(answer) == ["200"]
    for tag in ("*", 'W/"8", W/"9"'):
        for kind in ("batch", "transaction"):
            answer = api.post(
                "",
                bundle(kind, entry("PUT", "Patient/nil", patient(id="nil"), ifMatch=tag)),
            )
            said = statuses(answer)[0] if kind == "batch" else str(answer.status)
            assert said == "412"
    assert api.get("Patient/nil").status == 404


def test_a_resource_of_another_server_is_named_in_the_refusal(api: Client) -> None:
    foreign = "http://hl7.org/fhir/us/sdc/Questionnaire/1"
    for method, resource in (("PUT", patient()), ("GET", None)):
        sent = bundle("transaction", entry(method, foreign, resource))
        answer = api.post("", sent)
        assert answer.status == 400
        assert f"{method} {foreign}" in answer.diagnostics
        assert "outside this server" in answer.diagnostics
        assert answer.json["issue"][0]["expression"] == ["Bundle.entry[0].request.url"]
