"""Fuzz the FHIR API for a while: ``python -m bench.fuzz --seconds 3600 --seed 1``.

No input may give a 5xx, an answer that isn't JSON, or an error that is no OperationOutcome;
what was accepted must come back as it was sent. Each finding is printed once per place in
the code, with the request. The database is a throw-away one.
"""

from __future__ import annotations

import argparse
import gzip
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from bench.fuzz_requests import Maker, Sent
    from tests.surfaces.fhir_api.client import Answer, Client


SLOW_SECONDS = 15


class Failures(logging.Handler):
    """Keeps the last line of the last-resort handler: it tells where a 500 came from."""

    def __init__(self) -> None:
        super().__init__()
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Remember the line."""
        self.last = record.getMessage()


@dataclass
class Report:
    """What happened: statuses, and findings by their place in the code."""

    statuses: Counter[int] = field(default_factory=Counter)
    findings: dict[str, str] = field(default_factory=dict)

    def note(self, what: str, sent: Sent, answer: Answer | None) -> None:
        """Keep the first request of each kind of finding."""
        if what not in self.findings:
            seen = b"" if answer is None else answer.body[:300]
            self.findings[what] = f"{what}\n  {sent}\n  -> {seen!r}"
            print(self.findings[what], file=sys.stderr, flush=True)


def fuzz(client: Client, maker: Maker, *, seconds: float = 0, requests: int = 0) -> Report:
    """Send requests for so long, or so many."""
    report = Report()
    failures = Failures()
    logging.getLogger("fellesjournal").addHandler(failures)
    logging.getLogger("fellesjournal").propagate = False
    deadline = time.monotonic() + seconds
    while sum(report.statuses.values()) < requests or time.monotonic() < deadline:
        sent = maker.request()
        failures.last = ""
        started = time.monotonic()
        try:
            headers: dict[str, Any] = {**sent.headers}
            answer = client.request(
                sent.method, sent.address, sent.body, content_type=sent.content_type, **headers
            )
        except Exception as error:  # noqa: BLE001 - an exception out of the callable is a finding
            report.note(f"raised {type(error).__name__}: {error}", sent, None)
            report.statuses[599] += 1
            continue
        report.statuses[answer.status] += 1
        took = time.monotonic() - started
        if took > SLOW_SECONDS:
            report.note(f"took more than {SLOW_SECONDS} s", sent, answer)
        if answer.status >= 500 or failures.last:
            where = failures.last.partition(": ")[2][:300]
            report.note(f"{answer.status} {where}", sent, answer)
        else:
            _check(sent, answer, client, maker, report)
    logging.getLogger("fellesjournal").removeHandler(failures)
    logging.getLogger("fellesjournal").propagate = True
    return report


def _check(sent: Sent, answer: Answer, client: Client, maker: Maker, report: Report) -> None:
    if not answer.body:
        return
    if answer.headers.get("content-encoding") == "gzip":
        answer.body = gzip.decompress(answer.body)
    try:
        found = answer.json
    except orjson.JSONDecodeError:
        report.note("an answer is no JSON", sent, answer)
        return
    if answer.status >= 400 and found.get("resourceType") != "OperationOutcome":
        report.note("an error is no OperationOutcome", sent, answer)
    if answer.status in {200, 201}:
        _follow(sent, answer, found, client, maker, report)


def _follow(
    sent: Sent, answer: Answer, found: Any, client: Client, maker: Maker, report: Report
) -> None:
    """What was taken comes back; ids and links feed later requests."""
    if "/$" in sent.address or "$" in sent.address:
        return
    if sent.method in {"POST", "PUT"} and "id" in found and found["resourceType"] != "Bundle":
        maker.ids.setdefault(found["resourceType"], []).append(found["id"])
        del maker.ids[found["resourceType"]][:-20]
        read = client.get(f"{found['resourceType']}/{found['id']}")
        if read.status != 200 or read.body != answer.body:
            report.note("what was written is not what is read", sent, read)
        if not sent.headers and sent.body is not None:
            _compare(sent, found, report, answer)
    for link in found.get("link", []) if found.get("resourceType") == "Bundle" else []:
        if (
            isinstance(link, dict)
            and link.get("relation") == "next"
            and "_page=" in str(link.get("url"))
        ):
            maker.pages.append(link["url"])
            del maker.pages[:-20]


def _compare(sent: Sent, found: Any, report: Report, answer: Answer) -> None:
    given = orjson.loads(sent.body or b"{}")
    server_owned = {"id", "meta"}
    for name in (set(given) | set(found)) - server_owned:
        if given.get(name) != found.get(name):
            report.note(f"{found['resourceType']}.{name} came back changed", sent, answer)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.randrange(10**6)
    with tempfile.TemporaryDirectory(prefix="fj-fuzz-") as folder:
        os.environ.update(FELLESJOURNAL_DATA=folder, FELLESJOURNAL_SECRET_KEY="only for fuzzing")
        os.environ.pop("DATABASE_URL", None)
        from fellesjournal.config.cli.database import open_database  # noqa: PLC0415 - after the environment is set

        with open_database():
            from bench.fuzz_requests import Maker  # noqa: PLC0415 - after the environment is set
            from fellesjournal.access.tokens import issue_token  # noqa: PLC0415 - after the environment is set
            from tests.surfaces.fhir_api.client import Client  # noqa: PLC0415 - after the environment is set

            report = fuzz(
                Client(issue_token()), Maker(random.Random(seed)), seconds=arguments.seconds
            )
    print(f"seed {seed}: {sum(report.statuses.values())} requests, {len(report.findings)} findings")
    print("  ".join(f"{status}: {count}" for status, count in sorted(report.statuses.items())))
    raise SystemExit(1 if report.findings else 0)


if __name__ == "__main__":
    main()
