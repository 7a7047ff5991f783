"""The CapabilityStatement is complete and true: all it claims is used here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fellesjournal.fhir.definitions import COMPARTMENTS, RESOURCE_TYPES
from fellesjournal.fhir.validation import validate
from fellesjournal.surfaces.fhir_api import routing
from tests.resources import minimal
from tests.surfaces.fhir_api.client import Answer, Client, Json, bundle, entry

# A value of each kind of search parameter that any parameter of the kind takes.
VALUES = {
    "token": "urn:walk|code",
    "string": "text",
    "reference": "walk",
    "date": "ge2020",
    "number": "5",
    "quantity": "5.4",
    "uri": "http://example.test/x",
    "special": "63|10|5|km",
}


@pytest.fixture(scope="module")
def statement(api: Client) -> Json:
    """The server's own statement."""
    return api.get("metadata").json


def rest(statement: Json) -> Json:
    (found,) = statement["rest"]
    return found


def test_the_statement_is_a_valid_resource_and_needs_no_token() -> None:
    answer = Client(None).get("metadata")
    assert answer.status == 200
    assert validate(answer.json) == []
    assert answer.json["implementation"]["url"] == "http://journal.test/fhir"
    assert answer.json["fhirVersion"] == "4.0.1"


def test_every_type_is_there(statement: Json) -> None:
    assert [resource["type"] for resource in rest(statement)["resource"]] == list(RESOURCE_TYPES)


@pytest.mark.parametrize("type_name", RESOURCE_TYPES)
def test_a_type_does_all_it_claims(api: Client, statement: Json, type_name: str) -> None:
    (claimed,) = [each for each in rest(statement)["resource"] if each["type"] == type_name]
    body = {**minimal(type_name), "id": "walk"}
    if type_name == "Composition":
        body["status"] = "preliminary"  # a signed one takes additions only (INV-43)
    address = f"{type_name}/walk"

    done: set[str] = set()

    def does(interaction: str, answer: Json, *statuses: int) -> None:
        assert answer.status in statuses, (interaction, answer.body)
        done.add(interaction)

    does("update", api.put(address, body), 201)  # updateCreate
    does("read", api.get(address), 200)
    does("vread", api.get(f"{address}/_history/1"), 200)
    does("patch", api.patch(address, [{"op": "add", "path": "/language", "value": "nb"}]), 200)
    does("create", api.post(type_name, body), 201)
    does("history-instance", api.get(f"{address}/_history"), 200)
    does("history-type", api.get(f"{type_name}/_history"), 200)
    does("search-type", api.get(f"{type_name}?_id=walk"), 200)
    search_parameters(api, type_name, claimed["searchParam"])
    includes(api, type_name, claimed)
    operations(api, address, claimed["operation"])
    conditions(api, type_name, body)
    does("delete", api.delete(address), 204)
    assert {interaction["code"] for interaction in claimed["interaction"]} == done


def search_parameters(api: Client, type_name: str, claimed: list[Json]) -> None:
    for parameter in claimed:
        value = VALUES.get(parameter["type"])
        if parameter["name"] == "_has":
            answer = api.get(f"{type_name}?_has:List:item:code=walk")
            assert answer.status == 200, answer.body
            continue
        if parameter["type"] == "composite":
            answer = api.get(f"{type_name}?{parameter['name']}:missing=true")
        elif parameter["name"] in _SPECIAL:
            answer = api.get(f"{type_name}?{parameter['name']}={_SPECIAL[parameter['name']]}")
        else:
            answer = api.get(f"{type_name}?{parameter['name']}={value}")
        assert answer.status == 200, (parameter, answer.body)
        assert parameter.get("definition", "http://hl7.org/fhir/SearchParameter/").startswith(
            "http://hl7.org/fhir/SearchParameter/"
        )


_SPECIAL = {"_id": "walk", "_filter": "_id eq walk", "_list": "walk", "_type": "Patient"}


def includes(api: Client, type_name: str, claimed: Json) -> None:
    asked = "&".join(f"_include={include}" for include in claimed["searchInclude"])
    answer = api.get(f"{type_name}?_id=walk&{asked}")
    assert answer.status == 200, answer.body
    reverse = claimed.get("searchRevInclude", [])
    for start in range(0, len(reverse), 20):
        asked = "&".join(f"_revinclude={include}" for include in reverse[start : start + 20])
        answer = api.get(f"{type_name}?_id=walk&{asked}")
        assert answer.status == 200, answer.body


def operations(api: Client, address: str, claimed: list[Json]) -> None:
    meta = {
        "resourceType": "Parameters",
        "parameter": [{"name": "meta", "valueMeta": {"tag": [{"code": "walk"}]}}],
    }
    calls = {
        "validate": lambda: api.get(f"{address}/$validate"),
        "meta": lambda: api.get(f"{address}/$meta"),
        "meta-add": lambda: api.post(f"{address}/$meta-add", meta),
        "meta-delete": lambda: api.post(f"{address}/$meta-delete", meta),
        "everything": lambda: api.get(f"{address}/$everything"),
    }
    for operation in claimed:
        if operation["name"] in {"merge", "unmerge"}:
            continue  # they take two Patients: tests/surfaces/fhir_api/test_merging.py
        if operation["name"] == "evaluate-measure":
            continue  # for leaders, of indicators: tests/surfaces/fhir_api/test_measures.py
        answer = calls[operation["name"]]()
        assert answer.status == 200, (operation, answer.body)


def conditions(api: Client, type_name: str, body: Json) -> None:
    """conditionalCreate, conditionalRead, conditionalUpdate, conditionalDelete single."""
    without_id = {name: value for name, value in body.items() if name != "id"}
    assert api.post(type_name, without_id, If_None_Exist="_id=walk").status == 200
    assert api.put(f"{type_name}?_id=walk", body).status == 200
    tag = api.get(f"{type_name}/walk").headers["etag"]
    assert api.get(f"{type_name}/walk", If_None_Match=tag).status == 304
    assert api.put(f"{type_name}/walk", body, If_Match='W/"99"').status == 412
    assert api.delete(f"{type_name}?_id=walk-none").status == 204


def test_the_system_does_all_it_claims(api: Client, statement: Json) -> None:
    read = entry("GET", "Patient?_count=1")
    calls: dict[str, Callable[[], Answer]] = {
        "transaction": lambda: api.post("", bundle("transaction", read)),
        "batch": lambda: api.post("", bundle("batch", read)),
        "search-system": lambda: api.get("?_type=Patient"),
        "history-system": lambda: api.get("_history"),
    }
    claimed = {interaction["code"] for interaction in rest(statement)["interaction"]}
    assert claimed == set(calls)
    for call in calls.values():
        assert call().status == 200
    for parameter in rest(statement)["searchParam"]:
        if parameter["name"] == "_has":
            continue  # it needs one type
        value = _SPECIAL.get(parameter["name"]) or VALUES[parameter["type"]]
        answer = api.get(f"?_type=Patient,Observation&{parameter['name']}={value}")
        assert answer.status == 200, (parameter, answer.body)
    (operation,) = rest(statement)["operation"]
    assert operation["name"] == "validate"


def test_every_operation_that_is_answered_is_claimed(statement: Json) -> None:
    words = {*routing._SYSTEM_WORDS, *routing._TYPE_WORDS, *routing._INSTANCE_WORDS}
    words |= {word for _, word in (*routing._OPERATIONS_OF, *routing._OPERATIONS_ON)}
    claimed = {
        operation["name"]
        for resource in rest(statement)["resource"]
        for operation in resource["operation"]
    }
    assert {word[1:] for word in words if word.startswith("$")} == claimed


def test_the_compartments_are_those_of_the_standard(api: Client, statement: Json) -> None:
    claimed = {url.rpartition("/")[2] for url in rest(statement)["compartment"]}
    assert claimed == {name.lower() for name in COMPARTMENTS}
    for owner in COMPARTMENTS:
        assert api.get(f"{owner}/walk/*").status == 200


def test_the_statement_can_be_cut_but_is_only_one(api: Client) -> None:
    assert "rest" in api.get("metadata?_summary=true").json
    assert api.get("metadata?mode=full").status == 200
    assert api.get("metadata?mode=terminology").status == 400
    assert api.get("metadata?_format=json").status == 200


def test_smart_says_what_there_is() -> None:
    answer = Client(None).get("/.well-known/smart-configuration")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    told = answer.json
    assert told["issuer"] == "http://journal.test"
    assert told["authorization_endpoint"] == "http://journal.test/oauth/authorize"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert {"launch-ehr", "launch-standalone", "permission-v2"} <= set(told["capabilities"])
    stated = rest(Client(None).get("metadata").json)["security"]["extension"][0]["extension"]
    addresses = {each["url"]: each["valueUri"] for each in stated}
    assert addresses["token"] == told["token_endpoint"]
    openid = Client(None).get("/.well-known/openid-configuration").json
    assert openid["jwks_uri"] == told["jwks_uri"]
    assert Client(None).get("/fhir/.well-known/smart-configuration").body == answer.body
    assert Client(None).get("/.well-known/other").status == 404
