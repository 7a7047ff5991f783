"""A laboratory, as a program of its own that speaks FHIR: it finds what is asked of laboratories,
and answers. A stand-in for demonstrations and tests, which invents every value.

It knows the platform by its API alone: a backend service with a key of its own (RFC 7523) and
three narrow scopes (:data:`SCOPE`). It reads no Patient: what it needs stands in the requisition.
Killed anywhere and started again it goes on, for all it knows stands in the record.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from fellesjournal.surfaces.stand_in.laboratory_values import (
    HL7,
    NLK,
    NORMAL,
    OWN,
    interpreted,
    now,
    other_than,
    value_of,
)

# Resources as JSON.
Resource = dict[str, Any]

ORDER_TYPE = "https://fellesjournal.example/fhir/CodeSystem/order-type"
REQUISITION = "https://fellesjournal.example/fhir/NamingSystem/requisition"
_ORDERS = f"{ORDER_TYPE}|laboratory-requisition"
_REPORTS = f"{HL7}v2-0074|LAB"
_VALUES = f"{HL7}observation-category|laboratory"

SCOPE = (
    f"system/ServiceRequest.rs?category={_ORDERS}"
    f" system/DiagnosticReport.crus?category={_REPORTS}"
    f" system/Observation.crus?category={_VALUES}"
)
"""Laboratory requisitions to read, laboratory reports and values to read and write; no more."""

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_TOKEN_SECONDS = 200  # less than the five minutes that a token lasts


@dataclass(slots=True)
class Service:
    """The platform's API for a backend service. ``fhir`` is the base without a trailing slash."""

    fhir: str
    client_id: str
    key: ECKey
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))
    _token: str = ""
    _until: float = 0.0

    def get(self, path: str, **query: str) -> Resource:
        """A read or a search. Raises httpx.HTTPStatusError."""
        answer = self.http.get(f"{self.fhir}/{path}", params=query, headers=self._headers())
        found: Resource = answer.raise_for_status().json()
        return found

    def transact(self, entries: Iterable[Resource]) -> None:
        """Carry out all entries or none. Raises httpx.HTTPStatusError."""
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": list(entries)}
        self.http.post(self.fhir, json=bundle, headers=self._headers()).raise_for_status()

    def _headers(self) -> dict[str, str]:
        if time.monotonic() > self._until:
            self._token, self._until = self._new_token(), time.monotonic() + _TOKEN_SECONDS
        return {"Authorization": f"Bearer {self._token}", "Accept": "application/fhir+json"}

    def _new_token(self) -> str:
        where = self.http.get(f"{self.fhir}/.well-known/smart-configuration")
        endpoint = where.raise_for_status().json()["token_endpoint"]
        moment = int(time.time())
        claims = {
            "iss": self.client_id, "sub": self.client_id, "aud": endpoint,
            "exp": moment + 240, "jti": str(uuid.uuid4()),
        }  # fmt: skip
        signed = jwt.encode(
            {"alg": "ES384", "kid": self.key.kid or ""}, claims, self.key, ["ES384"]
        )
        form = {
            "grant_type": "client_credentials",
            "scope": SCOPE,
            "client_assertion_type": _ASSERTION,
            "client_assertion": signed,
        }
        answer = self.http.post(endpoint, data=form).raise_for_status()
        return str(answer.json()["access_token"])


def work(service: Service) -> int:
    """One round: each requisition goes one step on (registered, preliminary, final), and what is
    taken back is cancelled. Answers how many steps were taken. Raises httpx.HTTPError.
    """
    steps = 0
    for number, requests, report in open_work(service):
        standing = [each for each in requests if each.get("status") == "active"]
        if report is None and standing:
            service.transact([_post(_report(number, standing, "registered", ()))])
        elif report is not None and not standing:
            service.transact(_cancelled(report, []))
        elif report is not None and report["status"] in {"registered", "preliminary"}:
            service.transact(_answer(number, standing, report, earlier_values(service, standing)))
        else:
            continue
        steps += 1
    return steps


def open_work(service: Service) -> list[tuple[str, list[Resource], Resource | None]]:
    """Each requisition that awaits a step: its number, its requests, and its report if any."""
    asked = service.get(
        "ServiceRequest",
        category=_ORDERS,
        status="active",
        _revinclude="DiagnosticReport:based-on",
        _count="200",
    )
    begun = service.get(
        "DiagnosticReport",
        category=_REPORTS,
        status="registered,preliminary",
        identifier=f"{OWN}|",
        _include="DiagnosticReport:based-on",
        _count="200",
    )
    found = [entry["resource"] for page in (asked, begun) for entry in page.get("entry", ())]
    by_kind: dict[str, dict[str, Resource]] = {"ServiceRequest": {}, "DiagnosticReport": {}}
    for each in found:
        by_kind.setdefault(each["resourceType"], {})[each["id"]] = each
    grouped: dict[str, list[Resource]] = {}
    for request in by_kind["ServiceRequest"].values():
        identifier = request.get("requisition", {})
        if identifier.get("system") == REQUISITION:
            grouped.setdefault(identifier["value"], []).append(request)
    reports = {_number_of(each): each for each in by_kind["DiagnosticReport"].values()}
    return [(number, listed, reports.get(number)) for number, listed in sorted(grouped.items())]


def earlier_values(service: Service, requests: Sequence[Resource]) -> dict[str, Resource]:
    """The newest value before today of each analysis asked for, by NLK code: what the patient is
    used to, as any laboratory has it.
    """
    codes = ",".join(f"{NLK}|{each['code']['coding'][0]['code']}" for each in requests)
    page = service.get(
        "Observation",
        subject=requests[0]["subject"]["reference"],
        code=codes,
        status="final",
        date=f"lt{now()[:10]}",
        _sort="-date",
        _count="300",
    )
    found: dict[str, Resource] = {}
    for entry in page.get("entry", ()):
        value = entry["resource"]
        if "valueQuantity" in value:
            found.setdefault(value["code"]["coding"][0]["code"], value)
    return found


def report_of(service: Service, number: str) -> Resource:
    """The report of a requisition. Raises LookupError."""
    page = service.get("DiagnosticReport", identifier=f"{OWN}|{number}")
    for entry in page.get("entry", ()):
        found: Resource = entry["resource"]
        return found
    raise LookupError(f"no report of {number}")


def correct(service: Service, number: str) -> None:
    """The first value turns out to be another one: it and the report are corrected."""
    report = report_of(service, number)
    first, *_ = _observations(service, report)
    quantity = {**first["valueQuantity"], "value": other_than(first["valueQuantity"]["value"])}
    changed = {**_without_meta(first), "status": "corrected", "valueQuantity": quantity}
    changed |= interpreted(quantity["value"], first.get("referenceRange", []))
    renewed = {**_without_meta(report), "status": "corrected", "issued": now()}
    service.transact([_put(changed, first), _put(renewed, report)])


def add(service: Service, number: str, words: str) -> None:
    """Words are added to a report that was final."""
    report = report_of(service, number)
    renewed = {**_without_meta(report), "status": "appended", "conclusion": words}
    service.transact([_put({**renewed, "issued": now()}, report)])


def cancel(service: Service, number: str) -> None:
    """The report is taken back, with all of its values: the sample was somebody else's, say."""
    report = report_of(service, number)
    service.transact(_cancelled(report, _observations(service, report)))


def _cancelled(report: Resource, observations: Iterable[Resource]) -> list[Resource]:
    taken_back = [
        _put({**_without_meta(each), "status": "cancelled"}, each) for each in observations
    ]
    renewed = {**_without_meta(report), "status": "cancelled", "issued": now()}
    return [*taken_back, _put(renewed, report)]


def _answer(
    number: str,
    requests: Sequence[Resource],
    report: Resource,
    earlier: Mapping[str, Resource],
) -> list[Resource]:
    """The next step: half of the values first when there are several, then all."""
    is_first = report["status"] == "registered" and len(requests) > 1
    ready = requests[: (len(requests) + 1) // 2] if is_first else requests
    have = {each.get("display"): each for each in report.get("result", ())}
    entries, results = [], []
    for request in ready:
        value = value_of(number, request, _day(report), earlier)
        name = value["code"]["text"]
        if name in have:
            results.append(have[name])
            continue
        known_as = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, value['identifier'][0]['value'])}"
        entries.append(_post(value, known_as))
        results.append({"reference": known_as, "display": name})
    status = "preliminary" if is_first else "final"
    renewed = _report(number, requests, status, results)
    return [*entries, _put({**renewed, "id": report["id"]}, report)]


def _report(
    number: str, requests: Sequence[Resource], status: str, results: Sequence[Resource]
) -> Resource:
    first = requests[0]
    return {
        "resourceType": "DiagnosticReport",
        "meta": {"security": [NORMAL]},
        "identifier": [{"system": OWN, "value": number}],
        "basedOn": [{"reference": f"ServiceRequest/{each['id']}"} for each in requests],
        "status": status,
        "category": [{"coding": [{"system": f"{HL7}v2-0074", "code": "LAB"}]}],
        "code": {
            "coding": [{"system": "http://loinc.org", "code": "11502-2"}],
            "text": "Laboratoriesvar",
        },
        "subject": first["subject"],
        "effectiveDateTime": now(),
        "issued": now(),
        "performer": first["performer"],
        **({"result": list(results)} if results else {}),
    }


def _observations(service: Service, report: Resource) -> list[Resource]:
    return [service.get(each["reference"]) for each in report.get("result", ())]


def _post(resource: Resource, known_as: str = "") -> Resource:
    identifier = resource["identifier"][0]
    unless = f"identifier={identifier['system']}|{identifier['value']}"
    entry: Resource = {
        "resource": resource,
        "request": {"method": "POST", "url": resource["resourceType"], "ifNoneExist": unless},
    }
    return {**entry, "fullUrl": known_as} if known_as else entry


def _put(resource: Resource, seen: Resource) -> Resource:
    address = f"{seen['resourceType']}/{seen['id']}"
    version = seen["meta"]["versionId"]
    return {
        "resource": resource,
        "request": {"method": "PUT", "url": address, "ifMatch": f'W/"{version}"'},
    }


def _without_meta(resource: Resource) -> Resource:
    """A resource to be written anew: what the server says of it is left out, its labels stay."""
    labels = {"security": resource["meta"]["security"]} if "security" in resource["meta"] else {}
    return {**resource, "meta": labels} if labels else {**resource, "meta": {"security": [NORMAL]}}


def _number_of(report: Resource) -> str:
    return next(
        (
            str(each.get("value"))
            for each in report.get("identifier", ())
            if each.get("system") == OWN
        ),
        "",
    )


def _day(report: Resource) -> str:
    return str(report.get("issued", ""))[:10]


__all__ = ["SCOPE", "Service", "add", "cancel", "correct", "open_work", "report_of", "work"]
