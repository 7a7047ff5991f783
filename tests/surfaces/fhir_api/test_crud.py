"""read, vread, create, update, delete and their conditions."""

from __future__ import annotations

import gzip

import orjson
import pytest

from tests.surfaces.fhir_api.client import Client, observation, patient


def test_a_created_resource_comes_back_with_its_address_and_version(api: Client) -> None:
    answer = api.post("Patient", patient(gender="female"))

    assert answer.status == 201
    identity = answer.json["id"]
    assert answer.headers["location"] == f"http://journal.test/fhir/Patient/{identity}/_history/1"
    assert answer.headers["etag"] == 'W/"1"'
    assert "last-modified" in answer.headers
    assert answer.json["meta"]["versionId"] == "1"
    assert api.get(f"Patient/{identity}").body == answer.body


def test_the_bytes_of_a_body_survive_with_their_digits_order_and_escapes(api: Client) -> None:
    body = (
        b'{"resourceType":"Observation","status":"final","code":{"text":"\\u00e6 \\/ "},'
        b'"valueQuantity":{"value":1.00,"unit":"kg"},"component":[{"code":{"text":"x"},'
        b'"valueQuantity":{"value":12345678901234567890.10}}]}'
    )
    created = api.request("POST", "Observation", body)

    read = api.get(f"Observation/{created.json['id']}").body
    assert b'"value":1.00,' in read
    assert b'"value":12345678901234567890.10}' in read
    assert b'"\\u00e6 \\/ "' in read


def test_an_id_given_at_create_is_replaced(api: Client) -> None:
    assert api.post("Patient", patient(id="mine")).json["id"] != "mine"


def test_an_update_under_an_unknown_id_creates_it(api: Client) -> None:
    answer = api.put("Patient/crud-new", patient(id="crud-new"))

    assert answer.status == 201
    assert answer.headers["location"].endswith("/Patient/crud-new/_history/1")


def test_an_update_makes_a_version_and_the_old_one_stays(api: Client) -> None:
    api.put("Patient/crud-v", patient(id="crud-v", gender="female"))
    answer = api.put("Patient/crud-v", patient(id="crud-v", gender="male"))

    assert (answer.status, answer.headers["etag"]) == (200, 'W/"2"')
    assert api.get("Patient/crud-v/_history/1").json["gender"] == "female"
    assert api.get("Patient/crud-v/_history/2").json["gender"] == "male"
    assert api.get("Patient/crud-v/_history/3").status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (patient(id="other"), 400),
        (patient(), 400),
        (observation(id="crud-x"), 422),
        ({"resourceType": "Nonsense", "id": "crud-x"}, 422),
        ({"id": "crud-x"}, 422),
        ([], 400),
    ],
)
def test_a_body_that_does_not_fit_the_address_is_refused(
    api: Client, body: object, status: int
) -> None:
    answer = api.put("Patient/crud-x", body)

    assert answer.status == status
    assert answer.json["resourceType"] == "OperationOutcome"


def test_an_invalid_resource_is_refused_with_all_its_places(api: Client) -> None:
    answer = api.post("Patient", patient(gender="neither", birthDate="2020-02-30"))

    assert answer.status == 422
    places = [place for issue in answer.json["issue"] for place in issue["expression"]]
    assert sorted(places) == ["Patient.birthDate", "Patient.gender"]


def test_a_deleted_resource_is_gone_but_its_versions_stay(api: Client) -> None:
    api.put("Patient/crud-d", patient(id="crud-d"))

    answer = api.delete("Patient/crud-d")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["etag"] == 'W/"2"'
    assert api.get("Patient/crud-d").status == 410
    assert api.get("Patient/crud-d/_history/1").status == 200
    assert api.get("Patient/crud-d/_history/2").status == 410
    assert api.delete("Patient/crud-d").status == 204
    assert api.delete("Patient/crud-never").status == 204

    again = api.put("Patient/crud-d", patient(id="crud-d"))
    assert (again.status, again.headers["etag"]) == (201, 'W/"3"')


def test_delete_can_answer_with_an_outcome(api: Client) -> None:
    api.put("Patient/crud-do", patient(id="crud-do"))
    answer = api.delete("Patient/crud-do", Prefer="return=OperationOutcome")
    assert (answer.status, answer.json["resourceType"]) == (200, "OperationOutcome")


@pytest.mark.parametrize("tag", ['W/"1"', '"1"', "1", "*"])
def test_if_match_lets_the_right_version_pass(api: Client, tag: str) -> None:
    created = api.create(patient())
    answer = api.put(f"Patient/{created['id']}", patient(id=created["id"]), If_Match=tag)
    assert answer.status == 200


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        ('W/"9"', 412),
        ('W/"abc"', 412),
        ('W/"0"', 412),
        ('W/"99999999999999"', 412),
        ("W/", 400),
        ("", 400),
    ],
)
def test_if_match_refuses_any_other_version(api: Client, tag: str, status: int) -> None:
    created = api.create(patient())
    address = f"Patient/{created['id']}"
    assert api.put(address, patient(id=created["id"]), If_Match=tag).status == status
    assert api.delete(address, If_Match=tag).status == status
    assert (
        api.patch(address, [{"op": "add", "path": "/active", "value": True}], If_Match=tag).status
        == status
    )
    assert api.get(address).json["meta"]["versionId"] == "1"


def test_if_match_star_asks_that_something_stands(api: Client) -> None:
    assert api.put("Patient/crud-star", patient(id="crud-star"), If_Match="*").status == 412


def test_if_none_match_star_refuses_to_overwrite(api: Client) -> None:
    assert api.put("Patient/crud-inm", patient(id="crud-inm"), If_None_Match="*").status == 201
    assert api.put("Patient/crud-inm", patient(id="crud-inm"), If_None_Match="*").status == 412


def test_an_unchanged_resource_is_not_sent_again(api: Client) -> None:
    created = api.post("Patient", patient())
    address = f"Patient/{created.json['id']}"
    tag, modified = created.headers["etag"], created.headers["last-modified"]

    for headers in (
        {"If_None_Match": tag},
        {"If_None_Match": f'W/"7", {tag}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": modified},
    ):
        answer = api.get(address, **headers)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == tag
    for headers in (
        {"If_None_Match": 'W/"7"'},
        {"If_None_Match": 'W/"7"', "If_Modified_Since": modified},
        {"If_Modified_Since": "Sun, 06 Nov 1994 08:49:37 GMT"},
        {"If_Modified_Since": "yesterday"},
    ):
        assert api.get(address, **headers).status == 200


def test_prefer_chooses_what_a_write_answers(api: Client) -> None:
    minimal = api.post("Patient", patient(), Prefer="return=minimal")
    assert (minimal.status, minimal.body) == (201, b"")
    assert "location" in minimal.headers
    outcome = api.post("Patient", patient(), Prefer="return=OperationOutcome")
    assert outcome.json["resourceType"] == "OperationOutcome"
    whole = api.post(
        "Patient", patient(), Prefer="respond-async, return=representation; handling=strict"
    )
    assert whole.json["resourceType"] == "Patient"


def test_head_answers_the_headers_of_a_get(api: Client) -> None:
    created = api.create(patient())
    get, head = api.get(f"Patient/{created['id']}"), api.request("HEAD", f"Patient/{created['id']}")

    assert (head.status, head.body) == (200, b"")
    assert head.headers == get.headers
    assert head.headers["content-length"] == str(len(get.body))
    assert api.request("HEAD", "Patient/crud-none").status == 404


def test_a_large_body_is_compressed_for_who_takes_it(api: Client) -> None:
    created = api.create(patient(name=[{"text": "long " * 1000}]))
    address = f"Patient/{created['id']}"

    plain, zipped = api.get(address), api.get(address, Accept_Encoding="deflate, gzip;q=0.8")
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert "Accept-Encoding" in plain.headers["vary"]
    assert "content-encoding" not in api.get(address, Accept_Encoding="gzip;q=0, identity").headers


def test_a_compressed_body_is_read(api: Client) -> None:
    body = gzip.compress(orjson.dumps(patient(gender="female")))
    answer = api.request("POST", "Patient", body, Content_Encoding="gzip")
    assert answer.json["gender"] == "female"
    assert api.request("POST", "Patient", body[:20], Content_Encoding="gzip").status == 400
    assert api.request("POST", "Patient", b"{}", Content_Encoding="gzip").status == 400
    assert api.request("POST", "Patient", b"{}", Content_Encoding="br").status == 415


def test_the_number_a_client_gives_a_request_comes_back(api: Client) -> None:
    assert api.get("Patient", X_Request_Id="a-1:2.b").headers["x-request-id"] == "a-1:2.b"
    assert "x-request-id" not in api.get("Patient", X_Request_Id="a\r\nSet-Cookie: b").headers


def test_pretty_is_for_people_and_keeps_the_digits(api: Client) -> None:
    created = api.request(
        "POST",
        "Observation",
        b'{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.00}}',
    )
    answer = api.get(f"Observation/{created.json['id']}?_pretty=true")
    assert b'\n  "status": "final"' in answer.body
    assert b'"value": 1.00' in answer.body
    assert answer.headers["content-length"] == str(len(answer.body))


def test_a_resource_can_be_read_in_part(api: Client) -> None:
    created = api.create(
        observation(
            note=[{"text": "n"}],
            text={
                "status": "generated",
                "div": '<div xmlns="http://www.w3.org/1999/xhtml">x</div>',
            },
        )
    )
    address = f"Observation/{created['id']}"

    def members(query: str) -> set[str]:
        answer = api.get(f"{address}?{query}")
        assert answer.json["meta"]["tag"][0]["code"] == "SUBSETTED"
        return set(answer.json) - {"resourceType", "id", "meta"}

    assert members("_elements=note") == {"note", "status", "code"}
    assert members("_elements=Observation.note,Patient.name") == {"note", "status", "code"}
    assert members("_summary=true") == {"status", "code"}
    assert members("_summary=text") == {"status", "code", "text"}
    assert members("_summary=data") == {"status", "code", "note"}
    assert api.get(f"{address}?_summary=false").json == created
    assert api.get(f"{address}?_summary=some").status == 400
    assert api.get(f"{address}?_summary=true&_elements=note").status == 400


def test_parameters_that_mean_nothing_are_refused_unless_lenient(api: Client) -> None:
    created = api.create(patient())
    address = f"Patient/{created['id']}?name=x"
    assert api.get(address).status == 400
    assert api.get(address, Prefer="handling=lenient").status == 200


@pytest.mark.parametrize("tag", ['W/"7", W/"2"', '"2","7"', "*", ', W/"2" ,', 'W/"a,b", W/"2"'])
def test_if_match_takes_several_tags_or_any(api: Client, tag: str) -> None:
    patch = [{"op": "add", "path": "/active", "value": True}]
    for method in ("PUT", "PATCH", "DELETE"):
        created = api.create(patient())
        address = f"Patient/{created['id']}"
        api.put(address, created)
        if method == "PUT":
            done = api.put(address, created, If_Match=tag)
        elif method == "PATCH":
            done = api.patch(address, patch, If_Match=tag)
        else:
            done = api.delete(address, If_Match=tag)
        assert done.status in {200, 204}


@pytest.mark.parametrize("tag", ['W/"7", W/"3"', "*"])
def test_if_match_with_several_tags_or_any_refuses_what_does_not_stand(
    api: Client, tag: str
) -> None:
    gone = api.create(patient())
    address = f"Patient/{gone['id']}"
    api.delete(address)
    patch = [{"op": "add", "path": "/active", "value": True}]
    assert api.put(address, gone, If_Match=tag).status == 412
    assert api.delete(address, If_Match=tag).status == 412
    assert api.delete("Patient?identifier=urn:crud|none", If_Match=tag).status == 412
    assert api.put("Patient?identifier=urn:crud|none", patient(), If_Match=tag).status == 412
    assert api.put("Patient?identifier=urn:crud|none", patient(), If_Match='W/"1"').status == 412
    there = api.create(patient())
    if tag != "*":
        answer = api.patch(f"Patient/{there['id']}", patch, If_Match=tag)
        assert answer.status == 412
        assert "version 1 stands" in answer.diagnostics


def test_if_match_that_is_no_list_of_tags_is_refused(api: Client) -> None:
    created = api.create(patient())
    for tag in ('W/"1" W/"2"', '"1', ",", '"1", *'):
        assert api.put(f"Patient/{created['id']}", created, If_Match=tag).status == 400, tag
