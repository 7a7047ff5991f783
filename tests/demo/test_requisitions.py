"""Requisitions of the demo await their answer as those sent from the clinic's pages do."""

from __future__ import annotations

from fellesjournal.access.relations.derive import ANSWERING_UNIT
from fellesjournal.care.orders.queries import requisition_number
from fellesjournal.care.orders.resources import LABORATORY_REQUISITION, ORDER_TYPE
from tests.demo.conftest import Demo


def test_the_named_citizens_requisitions_are_read_as_requisitions(demo: Demo) -> None:
    found = [each for each in demo.of("ServiceRequest") if requisition_number(each)]
    assert {each["subject"]["reference"] for each in found} == {
        "Patient/cast-havard",
        "Patient/cast-jesper",
    }
    for each in found:
        assert each["status"] == "active"
        assert each["category"][0]["coding"][0]["code"] == LABORATORY_REQUISITION
        assert each["category"][0]["coding"][0]["system"] == ORDER_TYPE
        assert each["extension"][0]["url"] == ANSWERING_UNIT
