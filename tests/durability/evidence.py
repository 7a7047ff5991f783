"""What must hold of the record whatever was killed: each rule names what it finds wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from bench.journey.person import Deed

from tests.durability.record import NAMES, OWN, Record, Resource, codes, identifiers, reference

Carries = Callable[[Resource, str], str]
"""What of a resource carries the words, as one thing: its id or number; "" when it does not."""


def _texts(element: object) -> Iterator[str]:
    if isinstance(element, str):
        yield element
    elif isinstance(element, Mapping):
        for value in element.values():
            yield from _texts(value)
    elif isinstance(element, list):
        for each in element:
            yield from _texts(each)


def _has(element: object, marker: str) -> bool:
    return any(marker in text for text in _texts(element))


def _plain(
    kind: str, *places: str, code: str = "", not_code: str = "", status: str = ""
) -> Carries:
    def carries(resource: Resource, marker: str) -> str:
        its_codes = codes(resource.get("category")) | codes(resource.get("type"))
        fits = (
            resource["resourceType"] == kind
            and (not code or code in its_codes)
            and not_code not in its_codes
            and (not status or resource.get("status") == status)
            and any(_has(resource.get(place), marker) for place in places)
        )
        return str(resource["id"]) if fits else ""

    return carries


def _summary(resource: Resource, marker: str) -> str:
    """By its course alone: a later one tells of the medicines that the stay before has begun."""
    is_one = resource["resourceType"] == "Composition" and resource["status"] == "final"
    course = [each for each in resource.get("section", ()) if "course" in codes(each.get("code"))]
    return str(resource["id"]) if is_one and _has(course, marker) else ""


def _requisition(resource: Resource, marker: str) -> str:
    is_one = resource["resourceType"] == "ServiceRequest" and "requisition" in resource
    words = [each for name, each in resource.items() if name != "requisition"]
    return str(resource["requisition"]["value"]) if is_one and _has(words, marker) else ""


def _planned(resource: Resource, marker: str) -> Iterator[str]:
    if resource["resourceType"] == "CarePlan":
        for each in resource.get("activity", ()):
            if marker in each["detail"].get("code", {}).get("text", ""):
                yield f"{resource['id']} {each['id']}"


DEEDS: Mapping[str, Carries] = {
    "appointment": _plain("Appointment", "reasonCode", "comment"),
    "allocation": _plain("Appointment", "description"),
    "note": _plain("Composition", "section", status="final", not_code="A03-2"),
    "requisition": _requisition,
    "referral": _plain("ServiceRequest", "code", code="referral"),
    "letter": _plain("DocumentReference", "description"),
    "prescription": _plain("MedicationRequest", "reasonCode"),
    "opening": _plain("Task", "description", "reasonCode", "note", code="break-glass-review"),
    "stay": _plain("Encounter", "reasonCode"),
    "summary": _summary,
    "application": _plain("ServiceRequest", "note"),
    "decision": _plain("ServiceRequest", "reasonCode", code="service-decision"),
    "deviation": _plain("Task", "description", code=""),
}


def lost_or_doubled(record: Record, deeds: Iterable[Deed]) -> Iterator[str]:
    """Each thing that the platform said is done stands exactly once."""
    by_patient: dict[str, list[Resource]] = defaultdict(list)
    for each in record.standing:
        by_patient[reference(each.get("subject") or each.get("for")) or _actor(each)].append(each)
    for deed in deeds:
        hers = by_patient[f"Patient/{deed.patient}"]
        if deed.kind == "planned":
            found = {one for each in hers for one in _planned(each, deed.marker)}
        elif deed.kind in DEEDS:
            found = {DEEDS[deed.kind](each, deed.marker) for each in hers} - {""}
        else:
            continue
        if len(found) != 1:
            yield f"{deed.kind} «{deed.marker}» of {deed.patient} stands {len(found)} times: {sorted(found)}"


def _actor(resource: Resource) -> str:
    people = [reference(each.get("actor")) for each in resource.get("participant", ())]
    return next((each for each in people if each.startswith("Patient/")), "")


def names_twice(record: Record) -> Iterator[str]:
    """No two resources of a type carry the same number of ours."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for each in record.standing:
        if each.get("status") != "entered-in-error":
            own = {pair for pair in identifiers(each) if pair[0].startswith(NAMES)}
            seen.update((each["resourceType"], *pair) for pair in own)
    for (kind, system, value), number in seen.items():
        if number > 1:
            yield f"{number} {kind} are {system.removeprefix(NAMES)}|{value}"


_ARRIVED = frozenset({"accepted", "opened", "posted"})


def deliveries_unowned(record: Record) -> Iterator[str]:
    """Each letter has a delivery for each recipient; what has not arrived has owner and deadline."""
    tasks = record.of("Task", "delivery")
    followed = {
        reference(part): each
        for each in record.of("Task", "delivery-follow-up")
        for part in each.get("partOf", ())
    }
    about = {reference(each.get("focus")) for each in tasks}
    for letter in record.of("DocumentReference"):
        is_letter = any(system == NAMES + "letter" for system, _ in identifiers(letter))
        if is_letter and f"DocumentReference/{letter['id']}" not in about:
            yield f"letter {letter['id']} has no delivery"
    for each in tasks:
        state = next(iter(codes(each.get("businessStatus"))), "")
        if each["status"] == "failed":
            follow_up = followed.get(f"Task/{each['id']}")
            if follow_up is None or not _is_owned(follow_up):
                yield f"delivery {each['id']} has failed ({state}) and nobody takes care of it"
        elif state not in _ARRIVED and each["status"] != "completed" and not _is_owned(each):
            yield f"delivery {each['id']} ({state}) has no owner or no deadline"


def deliveries_left_lying(record: Record) -> Iterator[str]:
    """What goes to somebody on the platform is there as soon as the messages between packages are
    handled: an event that was lost with its process leaves it queued.
    """
    for each in record.of("Task", "delivery"):
        routes = {code for one in each.get("performerType", ()) for code in codes(one)}
        state = next(iter(codes(each.get("businessStatus"))), "")
        if routes & {"inside", "helsami"} and state == "queued":
            yield f"delivery {each['id']} ({sorted(routes)}) was never handed over"


def _is_owned(task: Resource) -> bool:
    deadline = task.get("restriction", {}).get("period", {}).get("end")
    return bool(reference(task.get("owner"))) and bool(deadline)


def results_unowned(record: Record) -> Iterator[str]:
    """Each answer of a laboratory has one who answers for it."""
    owned: dict[str, list[Resource]] = defaultdict(list)
    for each in record.of("Task", "result-acknowledgement"):
        owned[reference(each.get("focus"))].append(each)
    for report in record.of("DiagnosticReport"):
        if report["status"] in {"registered", "cancelled", "entered-in-error"}:
            continue
        tasks = owned[f"DiagnosticReport/{report['id']}"]
        if len(tasks) != 1 or not reference(tasks[0].get("owner")):
            yield f"report {report['id']} ({report['status']}) has {len(tasks)} tasks to acknowledge it"


def referrals_unowned(record: Record) -> Iterator[str]:
    """Each referral that was sent has one task, with an owner, and a deadline while it is open."""
    tasks: dict[str, list[Resource]] = defaultdict(list)
    for each in record.of("Task", "referral"):
        tasks[reference(each.get("focus"))].append(each)
    for request in record.of("ServiceRequest"):
        if "referral" not in codes(request.get("category")) or request["status"] == "draft":
            continue
        of_it = tasks[f"ServiceRequest/{request['id']}"]
        is_open = any(each["status"] not in _OVER for each in of_it)
        if len(of_it) != 1 or (is_open and not _is_owned(of_it[0])):
            yield f"referral {request['id']} ({request['status']}) has {len(of_it)} tasks"


_OVER = frozenset({"completed", "cancelled", "rejected", "failed", "entered-in-error"})
_ENDS = frozenset({"done", "not-done", "moved", "cancelled-by-decision"})


def doses_ended_twice(record: Record) -> Iterator[str]:
    """What has become of a planned dose is said once, and one administration at most tells of it."""
    for name, versions in record.versions.items():
        ends = [
            next(iter(codes(body.get("businessStatus"))), "")
            for _, body in versions
            if body and codes(body.get("code")) & {"planned-dose", "planned-action"}
        ]
        ended = [each for each in ends if each in _ENDS]
        if len(set(ended)) > 1 or (ended and ends[ends.index(ended[0]) :] != ends[-len(ended) :]):
            yield f"{name} ended more than once: {ends}"
    given = Counter(
        value
        for each in record.of("MedicationAdministration")
        for system, value in identifiers(each)
    )
    yield from (
        f"dose {key} was given {number} times" for key, number in given.items() if number > 1
    )


def lists_forked(record: Record) -> Iterator[str]:
    """Each patient has one medication list, whose versions follow each other without a gap."""
    lists = [each for each in record.of("List", "medications") if each["status"] == "current"]
    for patient, number in Counter(reference(each.get("subject")) for each in lists).items():
        if number > 1:
            yield f"{patient} has {number} medication lists"
    for name, versions in record.versions.items():
        numbers = [version for version, _ in versions]
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            yield f"the versions of {name} have a gap: {numbers}"
    there = {f"{each['resourceType']}/{each['id']}" for each in record.standing}
    for each in lists:
        entries = [reference(entry.get("item")) for entry in each.get("entry", ())]
        new = {one for one in entries if one in record.versions}
        if len(entries) != len(set(entries)) or not new <= there:
            yield f"the list of {reference(each.get('subject'))} names a medicine twice, or none"


def stays_without_summary(record: Record) -> Iterator[str]:
    """No stay has ended without its one summary, and nobody lies twice in one ward."""
    summaries = Counter(
        reference(each.get("encounter"))
        for each in record.of("Composition", "A03-2")
        if each["status"] in {"final", "amended"}
    )
    lying: Counter[tuple[str, str]] = Counter()
    for each in record.of("Encounter"):
        if each.get("class", {}).get("code") != "IMP":
            continue
        number = summaries[f"Encounter/{each['id']}"]
        if each["status"] == "finished" and number != 1:
            yield f"stay {each['id']} has ended with {number} summaries"
        if each["status"] == "in-progress":
            lying[reference(each.get("subject")), reference(each.get("serviceProvider"))] += 1
    yield from (f"{key} stays {number} times" for key, number in lying.items() if number > 1)


def events_not_handled_once(record: Record) -> Iterator[str]:
    """What follows from an event is there, once: the task of each application, each decision and
    each report of a stay; and nothing that is due waits.
    """
    for event, subscriber, is_done, attempts in record.outbox:
        if not is_done:
            yield f"{event} for {subscriber} waits still, after {attempts} attempts"
    work = Counter(
        value for each in record.of("Task") for system, value in identifiers(each)
        if system == NAMES + "home-care-work"
    )  # fmt: skip
    services = Counter(
        reference(one)
        for each in record.of("EpisodeOfCare")
        for one in each.get("referralRequest", ())
    )
    for each in record.of("ServiceRequest"):
        if any(value.startswith("application.") for _, value in identifiers(each)):
            what, number = "application on a list", work[f"handle.{each['id']}"]
        elif "service-decision" in codes(each.get("category")) and not each.get("doNotPerform"):
            what, number = "service of a decision", services[f"ServiceRequest/{each['id']}"]
        else:
            continue
        if number != 1:
            yield f"{what}: {number} for {each['id']}"


def scored_twice(record: Record) -> Iterator[str]:
    """Each function is scored once for an application."""
    scores = Counter(
        (reference(one), code)
        for each in record.of("Observation")
        for one in each.get("basedOn", ())
        for code in codes(each.get("code"))
        if "survey" in codes(each.get("category"))
    )
    yield from (f"{key} is scored {number} times" for key, number in scores.items() if number > 1)


def drafts_doubled(record: Record) -> Iterator[str]:
    """Nobody has more than the one draft she has begun and not written in yet."""
    drafts = Counter(
        (reference(each.get("subject")), reference(next(iter(each.get("author", ())), None)))
        for each in record.of("Composition")
        if each["status"] == "preliminary" and not each.get("section")
    )
    yield from (f"{key} has {number} empty drafts" for key, number in drafts.items() if number > 1)


RULES: tuple[Callable[[Record], Iterator[str]], ...] = (
    names_twice,
    deliveries_unowned,
    deliveries_left_lying,
    results_unowned,
    referrals_unowned,
    doses_ended_twice,
    lists_forked,
    stays_without_summary,
    events_not_handled_once,
    scored_twice,
    drafts_doubled,
)

__all__ = ["DEEDS", "OWN", "RULES", "lost_or_doubled"]
