"""Loading files into the record: in parallel, at most once, with every refusal accounted for.

in = stored + already there + rejected, for each type. Killed at any moment and started
again, a load goes on where it was: a part and the fact that it is written are one
transaction. Parts whose conditional references don't resolve yet wait until the others
are in, so the order of files does not matter.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from psycopg import errors

from fellesjournal.access.once import was_written, write_once
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.fhir.issues import FhirError, Issue, PreconditionFailed
from fellesjournal.surfaces.exchange.operations import Wanted, wanted
from fellesjournal.surfaces.exchange.parts import Part

ATTEMPTS = 6
PARTS_AHEAD = 3
# Containers made (and not freed) before the collector of reference cycles looks: some parts.
CONTAINERS_BETWEEN_COLLECTIONS = 500_000


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one resource did not get in. ``location`` is a FHIRPath inside the file's document."""

    file: str
    line: int
    type: str
    location: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """What became of one part, or of a whole load: counts per type."""

    size: int = 0
    read: Counter[str] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)
    waiting: Part | None = None

    def add(self, other: Outcome) -> None:
        """Count another part in; its rejections are the caller's to keep."""
        self.size += other.size
        for mine, theirs in (
            (self.read, other.read),
            (self.stored, other.stored),
            (self.there, other.there),
            (self.rejected, other.rejected),
        ):
            mine.update(theirs)

    @property
    def balances(self) -> bool:
        """Nothing came in that isn't stored, there before, or rejected with a reason."""
        return self.read == self.stored + self.there + self.rejected


def load(
    parts: Iterable[Part],
    *,
    workers: int,
    prepare: Callable[[], None],
    report: Callable[[Outcome], None],
) -> Outcome:
    """Load all parts; ``report`` is called with the outcome of each as it is done.

    ``prepare`` runs once in each worker process, to set up its database connection.
    """
    total = Outcome()
    waiting: list[Part] = []
    context = multiprocessing.get_context("spawn")
    start = partial(_start_worker, prepare)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=start) as pool:
        work: Iterator[tuple[Part, bool]] = ((part, False) for part in parts)
        while True:
            before = len(waiting)
            found: list[Part] = []
            for outcome in _in_parallel(pool, work, workers * PARTS_AHEAD):
                if outcome.waiting is not None:
                    found.append(outcome.waiting)
                    continue
                total.add(outcome)
                report(outcome)
            if not found:
                return total
            # as long as a round brings some in, the rest may resolve in the next
            final = before == len(found)
            waiting = found
            work = ((part, final) for part in waiting)


def _start_worker(prepare: Callable[[], None]) -> None:
    """Make a worker process ready.

    Parsed JSON has no cycles; walking a part's thousands of objects for some after every
    few hundred new ones took a fifth of all processor time.
    """
    prepare()
    gc.freeze()
    gc.set_threshold(CONTAINERS_BETWEEN_COLLECTIONS)


def _in_parallel(
    pool: ProcessPoolExecutor, work: Iterable[tuple[Part, bool]], ahead: int
) -> Iterator[Outcome]:
    """Outcomes as they come, with a bounded number of parts in memory."""
    running: set[Future[Outcome]] = set()
    queue = deque[Future[Outcome]]()
    for part, final in chain(work):
        running.add(pool.submit(load_part, part, final=final))
        if len(running) >= ahead:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            queue.extend(done)
        while queue:
            yield queue.popleft().result()
    for future in running:
        yield future.result()


def load_part(part: Part, *, final: bool) -> Outcome:
    """Write one part. Unless ``final``, one with unresolved conditional references waits."""
    session = system_session("system:load", purpose="HSYSADMIN")
    asked, all_or_nothing = wanted(part)
    outcome = Outcome(size=part.size, read=Counter(item.type for item in asked))
    if was_written(part.key):
        outcome.there.update(outcome.read)
        return outcome
    writable = []
    for item in asked:
        if item.refusal is None:
            writable.append(item)
        else:
            _reject(outcome, part, item, item.refusal.issues)
    if all_or_nothing and len(writable) < len(asked):
        _reject_rest(
            outcome, part, writable, "its transaction was refused because of another entry"
        )
        return outcome
    try:
        _write(session, part, writable, outcome, all_or_nothing=all_or_nothing, final=final)
    except _Waits:
        return Outcome(waiting=part)
    return outcome


class _Waits(Exception):
    """A conditional reference matches nothing yet."""


def _write(
    session: Session,
    part: Part,
    items: list[Wanted],
    outcome: Outcome,
    *,
    all_or_nothing: bool,
    final: bool,
) -> None:
    """Write what can be written, halving refused sets until each refusal is one resource's own."""
    pending = deque([items] if all_or_nothing else _rounds(items))
    while pending:
        group = pending.popleft()
        if not group:
            continue
        try:
            _write_group(session, part, group, outcome)
        except PreconditionFailed as error:
            if not final and _unresolved(error):
                raise _Waits from None
            _refused(part, group, error, outcome, pending, all_or_nothing=all_or_nothing)
        except FhirError as error:
            _refused(part, group, error, outcome, pending, all_or_nothing=all_or_nothing)


def _rounds(items: list[Wanted]) -> list[list[Wanted]]:
    """The items in as many sets as one resource occurs: its lines become versions, in order."""
    rounds: list[list[Wanted]] = [[]]
    seen: Counter[tuple[str, str | None]] = Counter()
    for item in items:
        operation = item.operation
        turn = 0
        if operation is not None and operation.id is not None:
            turn = seen[operation.type, operation.id]
            seen[operation.type, operation.id] += 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(item)
    return rounds


def _write_group(session: Session, part: Part, group: list[Wanted], outcome: Outcome) -> None:
    operations = [item.operation for item in group if item.operation is not None]
    key = part.key if len(operations) == sum(outcome.read.values()) else _group_key(part, group)
    for attempt in range(ATTEMPTS):
        try:
            written = write_once(session, key, operations)
            break
        except (errors.DeadlockDetected, errors.SerializationFailure):
            if attempt == ATTEMPTS - 1:
                raise
    counts = Counter(item.type for item in group)
    (outcome.there if written is None else outcome.stored).update(counts)


def _group_key(part: Part, group: list[Wanted]) -> str:
    """The name of a piece of a part, when some of the part was refused."""
    return f"{part.key}:{group[0].line}:{group[0].location}:{len(group)}"


def _refused(
    part: Part,
    group: list[Wanted],
    error: FhirError,
    outcome: Outcome,
    pending: deque[list[Wanted]],
    *,
    all_or_nothing: bool,
) -> None:
    guilty = _guilty(group, error)
    if all_or_nothing:
        for item, issues in guilty:
            _reject(outcome, part, item, issues)
        named = {id(item) for item, _ in guilty}
        rest = [item for item in group if id(item) not in named]
        why = "its transaction was refused because of another entry" if guilty else str(error)
        _reject_rest(outcome, part, rest, why)
    elif guilty:
        for item, issues in guilty:
            _reject(outcome, part, item, issues)
        named = {id(item) for item, _ in guilty}
        pending.append([item for item in group if id(item) not in named])
    elif len(group) == 1:
        _reject(outcome, part, group[0], error.issues)
    else:
        middle = len(group) // 2
        pending.extend([group[:middle], group[middle:]])


def _guilty(group: list[Wanted], error: FhirError) -> list[tuple[Wanted, list[Issue]]]:
    """The resources whose location the issues name."""
    found = []
    for item in group:
        place = item.operation.location if item.operation else ""
        issues = [
            issue
            for issue in error.issues
            if any(said == place or said.startswith(place + ".") for said in issue.expression)
        ]
        if issues:
            found.append((item, issues))
    return found


def _unresolved(error: FhirError) -> bool:
    return all(issue.code == "not-found" for issue in error.issues)


def _reject(outcome: Outcome, part: Part, item: Wanted, issues: Iterable[Issue]) -> None:
    outcome.rejected[item.type] += 1
    outcome.rejections.extend(
        Rejection(
            part.file, item.line, item.type,
            issue.expression[0] if issue.expression else item.location, issue.diagnostics,
        )
        for issue in issues
    )  # fmt: skip


def _reject_rest(outcome: Outcome, part: Part, items: Iterable[Wanted], why: str) -> None:
    for item in items:
        outcome.rejected[item.type] += 1
        outcome.rejections.append(Rejection(part.file, item.line, item.type, item.location, why))
