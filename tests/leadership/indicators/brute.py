"""The indicators worked out anew, resource by resource, from what the API gives out.

No view, no SQL, none of the code that measures: loops over JSON, as the definitions are written. A figure
is a dict of "n" and "d" (a share) or "value" and "d", of companions as (n, d) or a number, and of what
was left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from statistics import mean, median
from typing import Any
from zoneinfo import ZoneInfo

import holidays

Json = dict[str, Any]
OSLO = ZoneInfo("Europe/Oslo")
OWN = "https://fellesjournal.example/fhir/"
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
FREE = holidays.country_holidays("NO", years=[2022, 2023])


def at(text: str | None) -> datetime | None:
    """An instant in UTC; a day begins at midnight in Norway."""
    if not text:
        return None
    if "T" not in text:
        return datetime.combine(date.fromisoformat(text), time(), OSLO).astimezone(UTC)
    said: datetime = datetime.fromisoformat(text)
    return said.astimezone(UTC)


def day_of(moment: datetime) -> date:
    """The day in Norway."""
    return moment.astimezone(OSLO).date()


def ref(value: Json | None) -> str:
    """What a reference refers to."""
    return str((value or {}).get("reference", ""))


def codes(concept: Json | None) -> set[str]:
    """All codes of a CodeableConcept."""
    return {each.get("code", "") for each in (concept or {}).get("coding", ())}


def extensions(resource: Json, name: str) -> list[Json]:
    """The extensions whose address ends so."""
    return [each for each in resource.get("extension", ()) if each["url"].endswith(f"/{name}")]


def inner(extension: Json, name: str) -> Any:
    """A part of a complex extension."""
    for each in extension.get("extension", ()):
        if each["url"] == name:
            return next(value for key, value in each.items() if key.startswith("value"))
    return None


@dataclass
class Record:
    """All resources that were given out, what is asked of them, and when."""

    all: dict[str, list[Json]]
    units: set[str]
    start: date
    end: date
    cut: datetime
    is_to: bool

    def of(self, kind: str) -> list[Json]:
        """All of a type."""
        return self.all.get(kind, [])

    def holds(self, moment: datetime | None) -> bool:
        """Whether a moment is in the period, and not after the cut."""
        return moment is not None and self.start <= day_of(moment) < self.end and moment <= self.cut

    def tasks(self, code: str) -> Iterator[Json]:
        """Tasks of a code."""
        return (each for each in self.of("Task") if code in codes(each.get("code")))

    @property
    def outside(self) -> set[str]:
        """Units on other systems."""
        return {
            f"Organization/{each['id']}" for each in self.of("Organization")
            if any(tag.get("code") == "outsider" for tag in each.get("meta", {}).get("tag", ()))
        }  # fmt: skip

    @property
    def closed(self) -> set[str]:
        """Patients who have closed something."""
        return {
            ref(each.get("patient")) for each in self.of("Consent")
            if each["status"] == "active" and "patient-privacy" in codes(each.get("scope"))
        }  # fmt: skip

    def is_here(self, sender: str, receiver: str) -> bool:
        """Whether a handover counts here. All units asked about are of one organisation."""
        if self.is_to:
            return receiver in self.units and sender not in self.units
        return sender in self.units

    def inside(self, *ends: str) -> bool:
        """Whether all ends are on the platform."""
        return not self.outside & set(ends)


def le1(record: Record) -> Json:
    """Medication on time."""
    visits = {f"Encounter/{each['id']}": ref(each.get("serviceProvider")) for each in record.of("Encounter")
              if each["class"]["code"] == "HH"}  # fmt: skip
    count: Counter[str] = Counter()
    lags = []
    scanned: set[tuple[str, datetime]] = set()
    in_order = sorted(
        record.of("MedicationAdministration"),
        key=lambda each: at(each["effectiveDateTime"]) or record.cut,
    )
    for each in in_order:
        planned = next((at(e["valueDateTime"]) for e in extensions(each, "planned-at")), None)
        given = at(each.get("effectiveDateTime"))
        if visits.get(ref(each.get("context"))) not in record.units or given is None:
            continue
        counts_on = planned or given
        if not record.start <= day_of(counts_on) < record.end or given > record.cut:
            continue
        of = ref(each.get("request"))
        if each["status"] == "completed" and of and planned is not None:
            if (of, planned) in scanned:
                count["repeated"] += 1
                continue
            scanned.add((of, planned))
        if each["status"] == "entered-in-error":
            count["in_error"] += 1
        elif each["status"] == "completed" and planned is None:
            count["unplanned"] += 1
        elif each["status"] == "completed" and planned is not None:
            off = given - planned
            count["all"] += 1
            count["early" if off < -HOUR else "late" if off > HOUR else "on time"] += 1
            count["exact"] += off == timedelta()
            if _atc(each).startswith(("A10A", "N03", "N04")):
                count["critical"] += 1
                count["critical on time"] += abs(off) <= HOUR / 2
        if each["status"] == "completed":
            recorded = at(each["meta"]["lastUpdated"])
            if recorded is not None and given <= recorded <= given + DAY:
                lags.append((recorded - given) / MINUTE)
            elif recorded is not None and recorded > given and planned is not None:
                count["afterwards"] += 1
    for task in record.tasks("planned-dose"):
        planned = next((at(e["valueDateTime"]) for e in extensions(task, "planned-at")), None)
        if ref(task.get("owner")) not in record.units or not record.holds(planned):
            continue
        (state,) = codes(task["businessStatus"])
        ends = at(task["restriction"]["period"]["end"])
        is_open = state == "open" and ends is not None and ends <= record.cut
        count["due"] += state in {"done", "not-done"} or is_open
        count["omitted"] += state == "not-done"
        count["away"] += state == "paused"
    return {
        "n": count["on time"], "d": count["all"],
        "le1b": (count["on time"], count["due"]), "omitted": (count["omitted"], count["due"]),
        "early": (count["early"], count["all"]), "late": (count["late"], count["all"]),
        "exact": (count["exact"], count["all"]),
        "critical": (count["critical on time"], count["critical"]),
        "lag": median(lags) if lags else None, "afterwards": (count["afterwards"], count["all"]),
        "left out": {name: count[name] for name in ("unplanned", "in_error", "repeated", "away")},
    }  # fmt: skip


def _atc(administration: Json) -> str:
    for each in administration.get("medicationCodeableConcept", {}).get("coding", ()):
        if each.get("system") == "http://www.whocc.no/atc":
            return str(each.get("code", ""))
    return ""


def h4(record: Record) -> Json:
    """Few faces."""
    visits = []
    for each in record.of("Encounter"):
        began = at(each.get("period", {}).get("start"))
        if each["class"]["code"] == "HH" and each["status"] == "finished" and record.holds(began) \
                and ref(each.get("serviceProvider")) in record.units:  # fmt: skip
            who = {ref(part.get("individual")) for part in each.get("participant", ())}
            visits.append((began, at(each["period"].get("end")), ref(each["subject"]),
                           ref(each["serviceProvider"]), who))  # fmt: skip
    visits.sort(key=lambda visit: visit[0] or record.cut)
    counted: dict[str, list[set[str]]] = defaultdict(list)
    lately: dict[str, list[set[str]]] = defaultdict(list)
    for n, (began, _, patient, unit, who) in enumerate(visits):
        is_again = any(
            patient == p and unit == u and who & w and b is not None and began is not None
            and e is not None and began - e <= 10 * MINUTE
            for b, e, p, u, w in visits[:n]
        )  # fmt: skip
        if not is_again and began is not None:
            counted[patient].append(who)
            if day_of(began) >= record.end - 14 * DAY:
                lately[patient].append(who)
    each_of: dict[str, list[float]] = defaultdict(list)
    one, unknown, weights = 0, 0, []
    for listed in counted.values():
        n = len(listed)
        unknown += sum(not who for who in listed)
        if n < 2:
            one += 1
            continue
        new = sum(
            not any(who & before for before in listed[:at_]) for at_, who in enumerate(listed)
        )
        people: Counter[str] = Counter(person for who in listed for person in who)
        strangers = sum(not who for who in listed)
        total = len(people) + strangers
        same = sum(bool(a & b) for a, b in pairwise(listed))
        value = (n - new) / (n - 1)
        mci = 1 - new / (n + 0.1)
        weights.append((n, value))
        for name, found in {
            "value": value, "each": (n - total) / (n - 1), "upc": max([*people.values(), 1]) / n,
            "coc": (sum(k * k for k in people.values()) + strangers - n) / (n * (n - 1)),
            "secon": same / (n - 1), "mci": mci, "mmci": mci / (1 - 1 / (n + 0.1)),
        }.items():  # fmt: skip
            each_of[name].append(found)
    told: Json = {name: median(values) for name, values in each_of.items()}
    faces = [len(set().union(*came)) + sum(not who for who in came) for came in lately.values()]
    told["people"] = mean(faces) if faces else None
    if weights:
        told["weighted"] = sum(n * value for n, value in weights) / sum(n for n, _ in weights)
    return {**told, "d": len(weights), "left out": {"one_visit": one, "unknown_carer": unknown}}


def _stays(record: Record) -> Iterator[tuple[Json, datetime, datetime, str]]:
    """Stays that ended in the period, and why one is left out ("": it is not)."""
    people = {f"Patient/{each['id']}": each for each in record.of("Patient")}
    for each in record.of("Encounter"):
        began, ended = (
            at(each.get("period", {}).get("start")),
            at(each.get("period", {}).get("end")),
        )
        if each["class"]["code"] not in {"IMP", "ACUTE", "NONAC"} or each["status"] != "finished" \
                or not record.holds(ended) or began is None or ended is None:  # fmt: skip
            continue
        person = people[ref(each["subject"])]
        died = at(person.get("deceasedDateTime"))
        to = codes(each["hospitalization"].get("dischargeDisposition"))
        reasons = {inner(e, "reason") for e in extensions(each, "ended-without-summary")}
        if "exp" in to or (died is not None and died <= ended):
            why = "died"
        elif "other-hcf" in to or "moved-within-hospital" in reasons:
            why = "moved"
        elif date.fromisoformat(person["birthDate"]) >= day_of(began):
            why = "newborn"
        else:
            why = "blocked" if ref(each["subject"]) in record.closed else ""
        yield each, began, ended, why


def _receivers(record: Record, stay: Json, began: datetime, ended: datetime) -> set[str]:
    found = set()
    for each in record.of("EpisodeOfCare"):
        starts = at(each.get("period", {}).get("start"))
        ends = at(each.get("period", {}).get("end"))
        is_hers = ref(each["patient"]) == ref(stay["subject"])
        is_given = each["status"] in {"planned", "active", "onhold", "finished"}
        if is_hers and is_given and starts is not None and day_of(starts) <= day_of(ended) \
                and (ends is None or day_of(ends) >= day_of(began)):  # fmt: skip
            found.add(ref(each["managingOrganization"]))
    for each in _notices(record, "3"):
        if ref(each["encounter"]) == f"Encounter/{stay['id']}" and _before(
            each["sent"], record.cut
        ):
            found.add(ref(each["recipient"][0]))
    return found


def _notices(record: Record, event: str) -> Iterator[Json]:
    return (
        each for each in record.of("Communication")
        if any(c.get("system", "").endswith("/plo-kind")
               for concept in each.get("category", ()) for c in concept.get("coding", ()))
        and event in codes(each["reasonCode"][0])
    )  # fmt: skip


def _before(text: str, cut: datetime) -> bool:
    moment = at(text)
    return moment is not None and moment <= cut


def _handed(record: Record) -> Iterator[tuple[Json, datetime, datetime, str, set[str]]]:
    """Each stay once for who sends, and once for each unit that receives."""
    for stay, began, ended, why in _stays(record):
        sender = ref(stay["serviceProvider"])
        here = {r for r in _receivers(record, stay, began, ended) if record.is_here(sender, r)}
        if record.is_to:
            for each in here:
                yield stay, began, ended, why, {each}
        elif here:
            yield stay, began, ended, why, here


def sa1(record: Record) -> Json:
    """Early notice."""
    count: Counter[str] = Counter()
    for stay, began, ended, why, receivers in _handed(record):
        if why:
            count[why] += 1
            continue
        if ended - began < DAY:
            count["short"] += 1
            continue
        told: dict[str, datetime] = {}
        for each in _notices(record, "1"):
            sent = at(each["sent"])
            if ref(each["encounter"]) == f"Encounter/{stay['id']}" and "inResponseTo" not in each \
                    and sent is not None and sent <= record.cut:  # fmt: skip
                to = ref(each["recipient"][0])
                told[to] = min(told.get(to, sent), sent)
        said = {inner(e, "event")["code"] for e in extensions(stay, "discharge-readiness")
                if _before(inner(e, "at"), record.cut)}  # fmt: skip
        count["d"] += 1
        count["n"] += all(to in told and told[to] <= began + DAY for to in receivers)
        count["ready"] += "3" in said
        count["withdrawn"] += {"3", "4"} <= said
        count["inside"] += record.inside(ref(stay["serviceProvider"]), *receivers)
    return {
        "n": count["n"], "d": count["d"], "withdrawn": (count["withdrawn"], count["ready"]),
        "complete": (count["ready"], count["d"]), "coverage": (count["inside"], count["d"]),
        "left out": {k: count[k] for k in ("died", "moved", "newborn", "blocked", "short")},
    }  # fmt: skip


def _agreed(start: datetime, end: datetime) -> timedelta:
    """What lies between in the agreed hours: 8 to 15:30 on working days, minute by minute of the wall."""
    total, day = timedelta(), day_of(start)
    while day <= day_of(end):
        if day.weekday() < 5 and day not in FREE:
            opens = datetime.combine(day, time(8), OSLO).astimezone(UTC)
            closes = datetime.combine(day, time(15, 30), OSLO).astimezone(UTC)
            total += max(min(end, closes) - max(start, opens), timedelta())
        day += DAY
    return total


def sa2(record: Record) -> Json:
    """Answer to ready for discharge."""
    first: dict[tuple[str, str, str, str], datetime] = {}
    for each in _notices(record, "3"):
        sent = at(each["sent"])
        key = (
            ref(each["encounter"]),
            ref(each["subject"]),
            ref(each["sender"]),
            ref(each["recipient"][0]),
        )
        if sent is not None and sent <= record.cut:
            first[key] = min(first.get(key, sent), sent)
    count: Counter[str] = Counter()
    waited = []
    kinds = {"letter", "services-offered", "health-information", "admission-report"}
    for (_, patient, sender, receiver), sent in first.items():
        if not record.holds(sent) or not record.is_here(sender, receiver):
            continue
        if patient in record.closed:
            count["blocked"] += 1
            continue
        count["notices"] += 1
        if not record.inside(sender, receiver):
            count["outside"] += 1
            continue
        answers = [
            when for task in record.tasks("delivery")
            if (when := at(task["authoredOn"])) is not None and sent <= when <= min(record.cut, sent + 30 * DAY)
            and ref(task["owner"]) == receiver and _to(task) == sender and ref(task["for"]) == patient
            and kinds & codes(task["code"])
        ]  # fmt: skip
        if answers:
            waited.append(_agreed(sent, min(answers)) / MINUTE)
        else:
            count["unanswered"] += 1
    inside = count["notices"] - count["outside"]
    ordered = sorted(waited)
    rank = -(-9 * len(ordered) // 10)
    return {
        "d": len(waited), **({"value": median(waited), "p90": ordered[rank - 1]} if waited else {}),
        "within": (sum(each <= 60 for each in waited), len(waited)),
        "answered": (len(waited), inside), "coverage": (inside, count["notices"]),
        "left out": {k: count[k] for k in ("blocked", "outside", "unanswered")},
    }  # fmt: skip


def _place(resource: Json) -> str:
    """The number of the municipality in the first address."""
    for address in resource.get("address", ())[:1]:
        for each in address.get("_district", {}).get("extension", ()):
            return str(each["valueCoding"]["code"])
    return ""


def sa3(record: Record) -> Json:
    """Waiting bed-days."""
    places = {
        place for each in record.of("Organization")
        if f"Organization/{each['id']}" in record.units and (place := _place(each))
    }  # fmt: skip
    people = {f"Patient/{each['id']}": each for each in record.of("Patient")}
    groups = {}
    for name, each in people.items():
        age = _years(each, record.start)
        groups[name] = (3 if age >= 80 else 2 if age >= 67 else 1), each.get("gender", "")
    living = {
        name for name, each in people.items()
        if _place(each) and not ((died := at(each.get("deceasedDateTime"))) and died <= record.cut)
    }  # fmt: skip
    standard = Counter(groups[name] for name in living)
    here = Counter(groups[name] for name in living if _place(people[name]) in places)
    nights: Counter[Any] = Counter()
    count: Counter[str] = Counter()
    for stay, _, ended, why in _stays(record):
        who = ref(stay["subject"])
        if _place(people[who]) not in places:
            continue
        if why:
            count[why] += 1
            continue
        count["all"] += 1
        said = sorted(
            ((at(inner(e, "at")), inner(e, "event")["code"], at(inner(e, "from")))
             for e in extensions(stay, "discharge-readiness") if _before(inner(e, "at"), record.cut)),
            key=lambda each: (each[0] or record.cut, each[1]),
        )  # fmt: skip
        if said and said[-1][1] == "3" and said[-1][2] is not None:
            count["known"] += 1
            nights[groups[who]] += max((day_of(ended) - day_of(said[-1][2])).days, 0)
    if not here:
        return {"d": 0, "complete": (0, 0), "left out": {}}
    all_of = sum(standard.values())
    weights = {each: standard[each] / all_of for each in here}
    rate = sum(weights[each] * nights[each] / here[each] for each in here) / sum(weights.values())
    counted = sum(nights[each] for each in here)
    return {
        "d": count["known"], "value": 1000 * rate, "crude": 1000 * counted / sum(here.values()),
        "complete": (count["known"], count["all"]),
        "left out": {k: count[k] for k in ("died", "moved", "newborn", "blocked")},
    }  # fmt: skip


def _to(task: Json) -> str:
    target = ref(task["restriction"]["recipient"][0])
    return target if target.startswith("Organization/") else ""


def _proofs(task: Json, *states: str, until: datetime) -> list[datetime]:
    found = [
        at(each["valueString"].split(" ")[0]) for each in task.get("output", ())
        if codes(each["type"]) & set(states)
    ]  # fmt: skip
    return sorted(each for each in found if each is not None and each <= until)


def _working_days(start: date, end: date) -> int:
    """How many working days come after a day, until another."""
    days = (start + n * DAY for n in range(1, (end - start).days + 1))
    return sum(day.weekday() < 5 and day not in FREE for day in days)


def sa4(record: Record) -> Json:
    """Discharge summary within a day."""
    summaries = defaultdict(list)
    for each in record.of("DocumentReference"):
        if "A03-2" in codes(each.get("type")):
            summaries[ref(each["context"]["encounter"][0])].append(
                f"DocumentReference/{each['id']}"
            )
    count: Counter[str] = Counter()
    for stay, _, ended, why in _stays(record):
        sender = ref(stay["serviceProvider"])
        sent = [
            task for task in record.tasks("delivery")
            if ref(task["focus"]) in summaries[f"Encounter/{stay['id']}"] and _to(task)
            and _before(task["authoredOn"], record.cut)
        ]  # fmt: skip
        if record.is_to:
            to = {_to(task) for task in sent if record.is_here(sender, _to(task))}
            turns = [[task for task in sent if _to(task) == each] for each in to]
        else:
            turns = [sent] if sender in record.units else []
        for turn in turns:
            if why:
                count[why] += 1
                continue
            first = min((at(task["authoredOn"]) or record.cut for task in turn), default=None)
            if first is None and ended + DAY > record.cut:
                count["open"] += 1
            else:
                count["d"] += 1
                count["n"] += first is not None and first <= ended + DAY
            status = {
                each["status"] for each in record.of("Composition")
                if ref(each["encounter"]) == f"Encounter/{stay['id']}"
                and each["status"] in {"final", "amended"}
            }  # fmt: skip
            count["written"] += bool(status)
            count["amended"] += "amended" in status
            for task in turn:
                when = day_of(at(task["authoredOn"]) or record.cut)
                opened = _proofs(task, "opened", "accepted", until=record.cut)
                if not opened and _working_days(when, day_of(record.cut)) <= 3:
                    count["opens yet"] += 1
                count["opened"] += bool(opened) and _working_days(when, day_of(opened[0])) <= 3
                count["sent"] += 1
                count["inside"] += record.inside(sender, _to(task))
    return {
        "n": count["n"], "d": count["d"], "opened": (count["opened"], count["sent"] - count["opens yet"]),
        "amended": (count["amended"], count["written"]), "coverage": (count["inside"], count["sent"]),
        "left out": {k: count[k] for k in ("open", "died", "moved", "newborn", "blocked")},
    }  # fmt: skip


def _per_day(dosages: list[Json]) -> Any:
    """(unit, so much a day); None when no number says so."""
    days = {"h": Fraction(1, 24), "d": Fraction(1), "wk": Fraction(7)}
    units, sums = set(), Fraction(0)
    for each in dosages:
        repeat = each.get("timing", {}).get("repeat", {})
        amount = next((rate["doseQuantity"] for rate in each.get("doseAndRate", ())), None)
        needed = "asNeededBoolean" in each or "asNeededCodeableConcept" in each
        if needed or not amount or not {"frequency", "period", "periodUnit"} <= repeat.keys():
            return None
        units.add(amount["code"])
        every = Fraction(str(repeat["period"])) * days[repeat["periodUnit"]]
        sums += Fraction(str(amount["value"])) * repeat["frequency"] / every
    return (units.pop(), sums) if len(units) == 1 else None


def _key(each: Json) -> Any:
    """(ATC, strength, dose per day); a prescription that does not say all of them is itself alone."""
    said = {c["system"].rpartition("/")[2]: c["code"]
            for c in each["medicationCodeableConcept"].get("coding", ())}  # fmt: skip
    dose = _per_day(each.get("dosageInstruction", []))
    if dose is None or not {"atc", "demo-formulary"} <= said.keys():
        return each["id"]
    return said["atc"], said["demo-formulary"], dose


def sa5(record: Record) -> Json:
    """Medication list agreed."""
    people = {f"Patient/{each['id']}": each for each in record.of("Patient")}
    kept = {
        ref(each["subject"]) for each in record.of("List") if "medications" in codes(each["code"])
    }
    reported = {ref(each["subject"]) for each in record.of("MedicationStatement")
                if each["status"] in {"active", "intended", "on-hold"}}  # fmt: skip
    count: Counter[str] = Counter()
    likeness: list[Fraction] = []
    for stay, _, ended, why, receivers in _handed(record):
        who, later = ref(stay["subject"]), ended + 72 * HOUR
        died = at(people[who].get("deceasedDateTime"))
        lists: tuple[dict[Any, list[Json]], ...] = (defaultdict(list), defaultdict(list))
        undated = False
        for each in record.of("MedicationRequest"):
            written = at(each["authoredOn"])
            if ref(each["subject"]) != who or written is None or written > later:
                continue
            if any("inpatient" in codes(of) for of in each.get("category", ())) \
                    or each["status"] in {"entered-in-error", "draft"}:  # fmt: skip
                continue
            goes: datetime | None = None
            if each["status"] not in {"active", "on-hold"}:
                goes = at(each.get("dispenseRequest", {}).get("validityPeriod", {}).get("end"))
                if goes is None:
                    goes = at(each["meta"]["lastUpdated"])
                    undated |= goes is not None and goes > ended
            for listed, moment in zip(lists, (ended, later), strict=True):
                if written <= moment and (goes is None or goes > moment):
                    listed[_key(each)].append(each)
        a, b = lists
        if why:
            count[why] += 1
        elif died is not None and died <= later:
            count["died"] += 1
        elif later > record.cut:
            count["open"] += 1
        elif not record.inside(ref(stay["serviceProvider"]), *receivers):
            count["outside"] += 1
        elif who not in kept or undated:
            count["undated" if who in kept else "unlisted"] += 1
        else:
            gone = [each for key in a.keys() - b.keys() for each in a[key]]
            came = [each for key in b.keys() - a.keys() for each in b[key]]
            all_of = a.keys() | b.keys()
            likeness.append(
                Fraction(len(a.keys() & b.keys()), len(all_of)) if all_of else Fraction(1)
            )
            count["d"] += 1
            count["n"] += all("requester" in each for each in came) and all(
                "statusReason" in each or each["status"] == "completed" for each in gone
            )
            count["complete"] += who not in reported and not any(isinstance(k, str) for k in all_of)
    known = count["d"] + count["unlisted"] + count["undated"]
    return {
        "n": count["n"], "d": count["d"], "complete": (count["complete"], count["d"]),
        "likeness": float(median(likeness)) if likeness else None,
        "coverage": (known, known + count["outside"]),
        "left out": {k: count[k] for k in ("open", "died", "moved", "newborn", "blocked", "outside",
                                           "unlisted", "undated")},
    }  # fmt: skip


def sa6(record: Record) -> Json:
    """Closed message loop."""
    found_at = {}
    for each in record.tasks("delivery-follow-up"):
        found_at[ref(each["partOf"][0])] = at(each["authoredOn"])
    count: Counter[str] = Counter()
    detected = []
    seen: Counter[tuple[str, str]] = Counter()
    tasks = [
        task
        for task in record.tasks("delivery")
        if _to(task) and record.holds(at(task["authoredOn"]))
    ]
    for task in sorted(tasks, key=lambda each: at(each["authoredOn"]) or record.cut):
        again = seen[(ref(task["focus"]), _to(task))] > 0
        seen[(ref(task["focus"]), _to(task))] += 1
        if not record.is_here(ref(task["owner"]), _to(task)):
            continue
        if ref(task["for"]) in record.closed:
            count["blocked"] += 1
            continue
        sent = at(task["authoredOn"])
        assert sent is not None
        patience = 24 * HOUR if task["priority"] == "urgent" else 72 * HOUR
        receipts = _proofs(task, "transport-acked", "delivered", "opened", "accepted",
                           "accepted-with-errors", until=record.cut)  # fmt: skip
        handled = _proofs(task, "opened", "accepted", until=record.cut)
        refused = _proofs(task, "rejected", "returned", until=record.cut)
        count["all"] += 1
        count["again"] += again
        count["inside"] += record.inside(ref(task["owner"]), _to(task))
        silent = not receipts or receipts[0] - sent > 15 * MINUTE
        if receipts or sent + 15 * MINUTE <= record.cut:
            count["told"] += 1
            count["silent"] += silent
        found = found_at.get(f"Task/{task['id']}")
        if silent and found is not None and found <= record.cut:
            detected.append((found - sent) / MINUTE)
        if sent + patience <= record.cut or handled or refused:
            count["d"] += 1
            count["n"] += bool(
                receipts and handled and not refused and handled[0] - sent <= patience
            )
        else:
            count["open"] += 1
    return {
        "n": count["n"], "d": count["d"], "silent": (count["silent"], count["told"]),
        "detected": median(detected) if detected else None, "again": (count["again"], count["all"]),
        "coverage": (count["inside"], count["all"]),
        "left out": {k: count[k] for k in ("open", "blocked")},
    }  # fmt: skip


def sa7(record: Record) -> Json:
    """Referral right first time."""
    owners = {ref(task["focus"]): ref(task["owner"]) for task in record.tasks("referral")}
    asked = {ref(task["focus"]) for task in record.tasks("referral-question")
             if _before(task["authoredOn"], record.cut)}  # fmt: skip
    told: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for each in record.of("Communication"):
        topic = codes(each.get("topic")) & {"referral-accepted", "referral-rejected"}
        to = ref(each["recipient"][0])
        if topic and to.startswith("Organization/") and _before(each["sent"], record.cut):
            told[ref(each["about"][0])].append((at(each["sent"]) or record.cut, topic.pop()))
    count: Counter[str] = Counter()
    for each in record.of("ServiceRequest"):
        name = f"ServiceRequest/{each['id']}"
        dates = [e["valueDateTime"] for e in extensions(each, "no-mottatt-dato")]
        sender = next((ref(e["valueReference"]) for e in extensions(each, "referring-unit")), "")
        if not dates or each["status"] not in {"active", "completed", "revoked", "on-hold"} \
                or not record.holds(at(dates[0])) or not record.is_here(sender, owners.get(name, "")):  # fmt: skip
            continue
        if ref(each["subject"]) in record.closed:
            count["blocked"] += 1
            continue
        received = date.fromisoformat(dates[0])
        count["d"] += 1
        count["n"] += name not in asked
        count["inside"] += record.inside(sender, owners.get(name, ""))
        count["rejected"] += any(topic == "referral-rejected" for _, topic in told[name])
        if told[name] or received + 14 * DAY < day_of(record.cut):
            count["due"] += 1
            first = min((when for when, _ in told[name]), default=None)
            count["told"] += first is not None and day_of(first) - received <= 14 * DAY
    return {
        "n": count["n"], "d": count["d"], "told": (count["told"], count["due"]),
        "rejected": (count["rejected"], count["d"]), "coverage": (count["inside"], count["d"]),
        "left out": {"blocked": count["blocked"]},
    }  # fmt: skip


def _years(person: Json, on: date) -> int:
    born = date.fromisoformat(person["birthDate"])
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def sa8(record: Record) -> Json:
    """Emergency readmission, 67 years and older."""
    people = {f"Patient/{each['id']}": each for each in record.of("Patient")}
    judged = []
    for stay, began, ended, why in _stays(record):
        age = _years(people[ref(stay["subject"])], day_of(ended))
        if age < 67:
            continue
        back = False
        for other in record.of("Encounter"):
            comes = at(other.get("period", {}).get("start"))
            source = (other.get("hospitalization") or {}).get("admitSource")
            if other["id"] != stay["id"] and ref(other["subject"]) == ref(stay["subject"]) \
                    and other["class"]["code"] in {"IMP", "ACUTE", "NONAC"} and "emd" in codes(source) \
                    and other["status"] in {"arrived", "triaged", "in-progress", "onleave", "finished"} \
                    and comes is not None and comes <= record.cut:  # fmt: skip
                back |= 8 * HOUR < comes - ended <= 30 * DAY
        band = 3 if age >= 85 else 2 if age >= 75 else 1
        group = band, people[ref(stay["subject"])].get("gender", "")
        judged.append((stay, began, ended, why, ended + 30 * DAY <= record.cut, back, group))
    rates: dict[Any, list[bool]] = defaultdict(list)
    for *_, why, due, back, group in judged:
        if not why and due:
            rates[group].append(back)
    count: Counter[str] = Counter()
    expected = 0.0
    for stay, began, ended, why, due, back, group in judged:
        sender, receivers = ref(stay["serviceProvider"]), _receivers(record, stay, began, ended)
        here = [record.is_here(sender, each) for each in receivers]
        times = sum(here) if record.is_to else int(sender in record.units)
        if not times:
            continue
        if why or not due:
            count[why or "open"] += times
            continue
        count["d"] += times
        count["n"] += times * back
        expected += times * sum(rates[group]) / len(rates[group])
        if receivers:
            count["reached"] += times
            count["inside"] += times * record.inside(sender, *receivers)
    return {
        "n": count["n"], "d": count["d"], "oe": count["n"] / expected if expected else None,
        "coverage": (count["inside"], count["reached"]),
        "left out": {k: count[k] for k in ("open", "died", "moved", "blocked")},
    }  # fmt: skip


def sa9(record: Record) -> Json:
    """First municipal contact."""
    people = {f"Patient/{each['id']}": each for each in record.of("Patient")}
    count: Counter[str] = Counter()
    for stay, _, ended, why, receivers in _handed(record):
        died = at(people[ref(stay["subject"])].get("deceasedDateTime"))
        if why:
            count[why] += 1
            continue
        if "home" not in codes(stay["hospitalization"].get("dischargeDisposition")):
            count["elsewhere"] += 1
            continue
        is_frail = _score(record, ref(stay["subject"]), ended) >= 5
        latest = ended + (24 if is_frail else 72) * HOUR
        if died is not None and died <= latest:
            count["died"] += 1
            continue
        visits = [
            came for each in record.of("Encounter")
            if each["class"]["code"] == "HH" and each["status"] == "finished"
            and ref(each["subject"]) == ref(stay["subject"])
            and (came := at(each["period"]["start"])) is not None and ended <= came <= record.cut
        ]  # fmt: skip
        if not visits and latest > record.cut:
            count["open"] += 1
            continue
        count["d"] += 1
        count["n"] += (in_time := bool(visits) and min(visits) <= latest)
        count["frail"] += is_frail
        count["frail in time"] += is_frail and in_time
        count["inside"] += record.inside(ref(stay["serviceProvider"]), *receivers)
    return {
        "n": count["n"], "d": count["d"], "coverage": (count["inside"], count["d"]),
        "frail": (count["frail in time"], count["frail"]),
        "left out": {k: count[k] for k in ("open", "died", "moved", "newborn", "elsewhere", "blocked")},
    }  # fmt: skip


def _score(record: Record, who: str, until: datetime) -> float:
    """The newest score of the Clinical Frailty Scale at a moment; 0 without one."""
    found = [
        (came, each["id"], each.get("valueInteger", each.get("valueQuantity", {}).get("value")))
        for each in record.of("Observation")
        if ref(each["subject"]) == who and "763264000" in codes(each["code"])
        and each["status"] in {"final", "amended", "corrected"}
        and (came := at(each["effectiveDateTime"])) is not None and came <= until
    ]  # fmt: skip
    known = [each for each in found if each[2] is not None]
    return float(max(known)[2]) if known else 0.0


def _actor(record: Record, reference: str) -> set[str]:
    """The organisations that somebody writes for."""
    above = {
        f"Organization/{each['id']}": ref(each.get("partOf")) for each in record.of("Organization")
    }
    if reference.startswith("Organization/"):
        while above.get(reference):
            reference = above[reference]
        return {reference} & above.keys()
    found: set[str] = set()
    for each in record.of("PractitionerRole"):
        if reference in {f"PractitionerRole/{each['id']}", ref(each.get("practitioner"))}:
            found |= _actor(record, ref(each["organization"]))
    return found


def _used(record: Record) -> dict[str, set[tuple[str, str]]]:
    """(unit, service) of each patient in the ninety days before the end of the period."""
    used: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for each in [*record.of("EpisodeOfCare"), *record.of("Encounter")]:
        began, ends = at(each["period"].get("start")), at(each["period"].get("end"))
        if began is None or began > record.cut or day_of(began) >= record.end \
                or (ends is not None and day_of(ends) + 90 * DAY < record.end):  # fmt: skip
            continue
        if each["resourceType"] == "EpisodeOfCare" and each["status"] != "planned":
            kind = "".join(sorted(codes(next(iter(each.get("type", ())), None))))
            unit_ = ref(each["managingOrganization"])
            used[ref(each["patient"])].add((unit_, f"{min(_actor(record, unit_))} {kind}"))
        elif each["resourceType"] == "Encounter" and each["class"]["code"] != "HH" \
                and each["status"] in {"in-progress", "onleave", "finished"}:  # fmt: skip
            unit_ = ref(each["serviceProvider"])
            used[ref(each["subject"])].add((unit_, unit_))
    return used


def sa10(record: Record) -> Json:
    """One shared plan."""
    people = {f"Patient/{each['id']}": each for each in record.of("Patient")}
    coordinated = {
        f"CareTeam/{each['id']}" for each in record.of("CareTeam")
        if any(role.get("text") == "Koordinator" for member in each["participant"] for role in member["role"])
    }  # fmt: skip
    count: Counter[str] = Counter()
    ages: list[int] = []
    for who, used in _used(record).items():
        actors = {min(_actor(record, unit_)) for unit_, _ in used}
        if len({service for _, service in used}) < 3 or len(actors) < 2:
            continue
        times = len({unit_ for unit_, _ in used} & record.units)
        died = at(people[who].get("deceasedDateTime"))
        if died is not None and died <= record.cut and day_of(died) < record.end:
            count["died"] += times
            continue
        if who in record.closed:
            count["blocked"] += times
            continue
        shared = complete = False
        newest = None
        for each in record.of("CarePlan"):
            written = at(each["created"])
            if ref(each["subject"]) != who or each["status"] not in {"active", "on-hold", "completed"} \
                    or written is None or written > record.cut or day_of(written) >= record.end:  # fmt: skip
                continue
            authors = [
                _actor(record, ref(by)) for by in (each["author"], *each.get("contributor", ()))
            ]
            complete |= all(authors)
            newest = max(newest or day_of(written), day_of(written))
            shared |= (
                len(set.union(*authors)) >= 2 and ref(each["careTeam"][0]) in coordinated
                and not any(label["code"] == "NORN_ALL" for label in each["meta"].get("security", ()))
                and day_of(written) + 180 * DAY >= record.end
            )  # fmt: skip
        count["d"] += times
        count["n"] += times * shared
        count["inside"] += times * record.inside(*(unit_ for unit_, _ in used))
        if newest is not None:
            count["planned"] += times
            count["complete"] += times * complete
            ages += times * [(record.end - newest).days]
    return {
        "n": count["n"], "d": count["d"], "age": median(ages) if ages else None,
        "complete": (count["complete"], count["planned"]), "coverage": (count["inside"], count["d"]),
        "left out": {k: count[k] for k in ("died", "blocked")},
    }  # fmt: skip


BRUTE: dict[str, Callable[[Record], Json]] = {
    "LE1": le1, "H4": h4, "SA1": sa1, "SA2": sa2, "SA3": sa3, "SA4": sa4, "SA5": sa5, "SA6": sa6, "SA7": sa7,
    "SA8": sa8, "SA9": sa9, "SA10": sa10,
}  # fmt: skip


def grouped(resources: Iterable[Json]) -> dict[str, list[Json]]:
    """Resources by their type."""
    found: dict[str, list[Json]] = defaultdict(list)
    for each in resources:
        found[each["resourceType"]].append(each)
    return found


__all__ = ["BRUTE", "Record", "grouped"]
