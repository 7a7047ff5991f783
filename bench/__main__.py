"""Measure the platform. See ``fellesjournal bench --help``.

Processor time counts server and PostgreSQL together; the ratio to bare SQL, taken in the
same run on the same database, is the figure that holds when machines differ.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psycopg

from bench.as_gp import as_gp
from bench.instance import COMMAND, Instance, command, running, settings
from bench.journey.load import under_load
from bench.leading import leading
from bench.processes import cpu_seconds, descendants, private_megabytes
from bench.requests import Request, drive
from bench.scenarios import Sample, Scenario, sample, scenarios, scenarios_as_gp
from fellesjournal.foundation.database.embedded import EmbeddedPostgres


def main() -> None:
    """Fill a record of the wanted size (kept between runs), then measure."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--citizens", type=int, default=10_000)
    parser.add_argument("--data", type=Path, default=Path("var/bench"))
    parser.add_argument(
        "--also", type=int, nargs="*", default=[1000], help="smaller regions, for growth"
    )
    arguments = parser.parse_args()
    for citizens in [*arguments.also, arguments.citizens]:
        data = (arguments.data / f"region-{citizens}").absolute()
        fill(data, citizens)
        # Signing in through the stand-in, for the chart, is for demonstrations only.
        with running(data, FELLESJOURNAL_DEMO="1") as instance:
            measure(instance, citizens, full=citizens == arguments.citizens)
    print(flush=True)
    subprocess.run([sys.executable, "-m", "bench.volume"], check=True)


def fill(data: Path, citizens: int) -> None:
    """A demo region in its own data folder; made once."""
    done = data / "filled"
    if done.exists():
        return
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    print(f"inventing {citizens} citizens ...", flush=True)
    started = time.monotonic()
    out = command(data, "demo", "--citizens", str(citizens), "--until", "2026-11-01")
    total = int(re.findall(r"all\s+\D*(\d+)", out.stdout)[0])
    seconds = time.monotonic() - started
    print(f"  {total} resources in {seconds:.0f} s, {total / seconds:.0f}/s with their invention")
    done.write_text(str(total))


def measure(instance: Instance, citizens: int, *, full: bool) -> None:
    """Print the table for one region."""
    conninfo = EmbeddedPostgres(instance.data).conninfo
    with psycopg.connect(conninfo, autocommit=True, prepare_threshold=1) as database:
        numbers = type_numbers()
        settle(instance, database)
        resources, raw, disk = sizes(database)
        print(f"\n{citizens} citizens, {resources} resources, {raw / 1e6:.0f} MB of JSON, database {disk / 1e6:.0f} MB:"
              f" {disk / raw:.2f} times (budget 2.5)")  # fmt: skip
        print(
            f"{'work':38}{'budget':>9}{'CPU/request':>13}{'bare SQL':>10}{'ratio':>7}{'p50':>9}{'p99':>9}  errors"
        )
        found = sample(database, numbers)
        gp = as_gp(settings(instance.data, instance.port))
        for scenario in (*scenarios(found, instance.token, numbers), *scenarios_as_gp(gp)):
            print(line(instance, scenario, database), flush=True)
        print(door(instance), flush=True)
        under_load(instance, list(dict.fromkeys(patient for patient, _ in gp.pairs)))
        if full:
            mixed(instance, found, numbers)
            chart(instance, [patient for patient, _ in gp.pairs])
            leading(instance)
            bulk(instance)
    workers = [private_megabytes(pid) for pid in instance.tree.workers()]
    print(
        f"memory per process of the server: {', '.join(f'{size:.0f} MB' for size in workers)} (budget 150)"
    )


QUIET_SHARE = 0.03
MOST_SECONDS_TO_SETTLE = 300


def settle(instance: Instance, database: psycopg.Connection[Any]) -> None:
    """Leave the work that filling the record has put off behind us, and say what it took.

    A vacuum after millions of inserts touches every page once, and the checkpointer writes
    them for minutes: that belongs to the load and not to the requests measured next. What
    those cause themselves (full pages in the log, autovacuum) still counts as theirs.
    """
    started, before = time.monotonic(), instance.tree.cpu()
    database.execute("vacuum analyze")
    database.execute("checkpoint")
    while time.monotonic() - started < MOST_SECONDS_TO_SETTLE:
        used = instance.tree.cpu()
        time.sleep(2)
        if instance.tree.cpu() - used < 2 * QUIET_SHARE:
            break
    else:
        print("the database did not come to rest; the figures below hold other work too")
    print(
        f"settled after {time.monotonic() - started:.0f} s,"
        f" {instance.tree.cpu() - before:.1f} s CPU: vacuum, analyze, checkpoint"
    )


def type_numbers() -> dict[str, int]:
    """The store's numbers of the types used here."""
    from fellesjournal.fhir.definitions import type_number  # noqa: PLC0415 - loads tables that only this needs

    return {name: type_number(name) for name in ("Observation", "Patient")}


def sizes(database: psycopg.Connection[Any]) -> tuple[int, int, int]:
    """Resources, bytes of JSON, bytes on disk."""
    row = database.execute(
        "select count(*), sum(length(body)), pg_database_size(current_database()) from store.version"
    ).fetchone()
    assert row is not None  # an aggregate always answers
    return int(row[0]), int(row[1]), int(row[2])


def line(instance: Instance, scenario: Scenario, database: psycopg.Connection[Any]) -> str:
    """Measure one scenario, platform and bare."""
    warm = drive(
        "127.0.0.1",
        instance.port,
        requests(scenario, max(scenario.count // 10, 100)),
        clients=8,
        expect=ok,
    )
    before = instance.tree.cpu()
    result = drive(
        "127.0.0.1", instance.port, requests(scenario, scenario.count), clients=8, expect=ok
    )
    per_request = (instance.tree.cpu() - before) / scenario.count * 1000
    bare = bare_cpu(scenario, database) if scenario.bare else None
    beside = f"{'':10}{'':7}" if bare is None else f"{bare:7.2f} ms{per_request / bare:7.1f}"
    errors = len(result.errors) + len(warm.errors)
    first = f"  {result.errors[0]}" if result.errors else ""
    return (
        f"{scenario.name:38}{scenario.budget:>9}{per_request:10.2f} ms{beside}"
        f"{result.percentile(0.5):6.1f} ms{result.percentile(0.99):6.1f} ms  {errors}{first}"
    )


def door(instance: Instance) -> str:
    """What policy and log cost; in a process of its own, which has the platform's settings."""
    return subprocess.run(
        [sys.executable, "-m", "bench.door"],
        env=settings(instance.data, instance.port),
        text=True,
        capture_output=True,
        check=True,
    ).stdout.rstrip()


def requests(scenario: Scenario, count: int) -> itertools.chain[Request]:
    """``count`` requests of a scenario."""
    return itertools.chain(scenario.request(n) for n in range(count))


def ok(status: int) -> bool:
    """Whether the answer is what was asked for."""
    return status in {200, 201}


def bare_cpu(scenario: Scenario, database: psycopg.Connection[Any]) -> float:
    """Milliseconds of processor time per piece of bare work, client and database."""
    assert scenario.bare is not None  # asked only for those with a twin
    backend = database.info.backend_pid
    for n in range(20):
        scenario.bare(database, n)
    before, own = cpu_seconds([backend]), time.process_time()
    for n in range(scenario.count):
        scenario.bare(database, n)
    used = cpu_seconds([backend]) - before + time.process_time() - own
    return used / scenario.count * 1000


def mixed(instance: Instance, found: Sample, numbers: dict[str, int]) -> None:
    """Reads, searches and creates together, from 1, 8 and 32 clients."""
    kinds = list(scenarios(found, instance.token, numbers))[:3]
    print("mixed load: 7 reads, 2 searches, 1 create")
    for clients in (1, 8, 32):
        count = 1500 if clients == 1 else 5000
        choice = random.Random(clients)
        stream = (choice.choices(kinds, weights=[7, 2, 1])[0].request(n) for n in range(count))
        result = drive("127.0.0.1", instance.port, stream, clients=clients, expect=ok)
        print(
            f"  {clients:2} clients: {count / result.seconds:6.0f} requests/s,"
            f" p50 {result.percentile(0.5):5.1f} ms, p99 {result.percentile(0.99):5.1f} ms,"
            f" errors {len(result.errors)}",
            flush=True,
        )


def chart(instance: Instance, patients: Iterable[str]) -> None:
    """The chart overview of many patients of hers, as a signed-in clinician sees it."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    try:
        sign_in(instance, browser)
        times = []
        for patient in itertools.islice(dict.fromkeys(patients), 60):
            started = time.perf_counter()
            browser.open(instance.url(f"/patients/{patient}/")).read()
            times.append((time.perf_counter() - started) * 1000)
        times.sort()
        half, most = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"chart overview: p50 {half:.0f} ms, p95 {most:.0f} ms (budget 150)")
    except OSError as error:
        print(f"chart overview: not measured, {error}")


def sign_in(instance: Instance, browser: urllib.request.OpenerDirector) -> None:
    """Be the first clinician of the demo, through the stand-in."""
    answer = browser.open(instance.url("/sign-in/staff/"))
    address, page = answer.url, answer.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    choice = re.search(r'name="person" value="([^"]+)"', page)
    assert token is not None  # the page has a form
    assert choice is not None  # with somebody to be
    data = f"csrfmiddlewaretoken={token[1]}&person={choice[1]}".encode()
    browser.open(urllib.request.Request(address, data, {"Referer": address}))


def bulk(instance: Instance) -> None:
    """Export the observations and load them into an empty record."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        command(instance.data, "export", str(place / "out"), "--type", "Observation")
        source = place / "out" / "Observation.ndjson"
        part = place / "part.ndjson"
        with source.open("rb") as lines, part.open("wb") as target:
            target.writelines(itertools.islice(lines, 60_000))
        started = time.monotonic()
        loading = subprocess.Popen(
            [COMMAND, "load", str(part)],
            env=settings(place / "empty"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        cpu = 0.0
        while loading.poll() is None:
            cpu = max(cpu, cpu_seconds(descendants(loading.pid)))
            time.sleep(0.1)
        seconds = time.monotonic() - started
        said = (loading.communicate()[1] or b"").decode()
        rate = re.search(r"(\d+)/s", said)
        count = sum(1 for _ in part.open("rb"))
        print(f"bulk load: {count} observations, {rate[1] if rate else '?'} resources/s"
              f" ({count / seconds:.0f}/s with making and stopping the database; budget 6000),"
              f" {cpu / count * 1000:.2f} ms CPU each")  # fmt: skip


if __name__ == "__main__":
    main()
