"""A short run of bench/fuzz.py, always the same one. What longer runs found is below it."""

from __future__ import annotations

import random

import pytest
from bench.fuzz import fuzz
from bench.fuzz_requests import Maker

from tests.surfaces.fhir_api.client import Client, Json


@pytest.mark.parametrize("seed", [7, pytest.param(8, marks=pytest.mark.thorough)])
def test_nothing_random_breaks_the_api(api: Client, seed: int) -> None:
    report = fuzz(api, Maker(random.Random(seed)), requests=1500)
    assert not report.findings
    # a run in which nothing succeeds would prove little
    assert report.statuses[201] > 30
    assert report.statuses[200] > 200


@pytest.mark.parametrize(
    "sent",
    [{"resourceType": "Bundle", "type": ["batch"], "entry": []}],
)
def test_what_fuzzing_found_stays_mended(api: Client, sent: Json) -> None:
    answer = api.post("", sent)
    assert 400 <= answer.status < 500
