"""Pathways on pages: drawn in and out, compared, measures, phases, claims, and the way to the queue."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fellesjournal.access import acts
from fellesjournal.access.sessions import system_session
from fellesjournal.config.cli.demo_pathways import fill_pathways
from fellesjournal.demo import pathways as told
from fellesjournal.demo.cast import STAFF
from fellesjournal.fhir.pathway_plans import read_plan
from fellesjournal.foundation import clock
from fellesjournal.leadership.decisions import keeping
from fellesjournal.leadership.decisions.queries import usability_queue
from fellesjournal.leadership.decisions.usability import Source
from fellesjournal.leadership.pathways import actions, jobs, queries
from fellesjournal.leadership.pathways.bpmn import written
from fellesjournal.leadership.pathways.bpmn_reading import read
from fellesjournal.leadership.pathways.measures import Status
from fellesjournal.leadership.pathways.pathway import Kind, Scope
from fellesjournal.leadership.pathways.phases import Guard, Phase, There
from fellesjournal.surfaces.leaders.usability_forms import IssueForm
from tests.signing_in import GP, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
SESSION = system_session("system:test", purpose="HOPERAT")
ONE = "leaders-pathway"


@pytest.fixture
def lead(db: None) -> Client:
    del db
    client = staff_client(BY_ROLE["rollout-lead"])
    fill_pathways()
    return client


@pytest.fixture
def leader(lead: Client) -> Client:
    del lead
    return staff_client(BY_ROLE["unit-leader"])


def _found() -> queries.Standing:
    return queries.improvement(SESSION.again(), told.KEY)


def _page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=[told.KEY, *args]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def _read_in(client: Client, file: bytes, part: str = "to-be", **said: str) -> tuple[int, str]:
    sent = SimpleUploadedFile("drawn.bpmn", file)
    version = said.pop("version", "1")
    answer = client.post(
        reverse("leaders-pathway-read-in", args=[told.KEY, part]),
        {"version": version, "reason": "From the meeting", "file": sent, **said},
    )
    return answer.status_code, answer.content.decode()


def test_the_demo_has_a_pathway_in_its_second_phase_with_its_gaps(lead: Client) -> None:
    fill_pathways()  # a start that was interrupted goes on
    found = _found()
    assert found.project.phase is Phase.MEASURES
    assert [len(part.pathway.steps) for part in (d.body for d in found.drawings.values())]
    assert {guard for guard, _ in found.lacking} == {Guard.LOCAL_PLAN}
    page = lead.get(reverse("leaders-pathways")).content.decode()
    assert told.TITLE in page
    assert page.count("<tr>") == 2


def test_both_drawings_stand_beside_a_table_that_says_the_same(leader: Client) -> None:
    page = _page(leader, ONE)
    assert page.count('class="lanes"') == 2
    assert "style=" not in page.split("<main")[1]
    compared = _found().compared["as-is-1"][1]
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    for step in compared.add | compared.drop:
        assert step.partition(" / ")[2] in table
    both = {step.key for part in ("as-is-1", "to-be") for step in _found().pathways[part].steps}
    assert table.count("<tr>") == len(both)
    steps = sum(len(_found().pathways[part].steps) for part in ("as-is-1", "to-be"))
    assert page.count("lanes__step ") == steps
    handovers = sum(len(_found().pathways[part].handovers) for part in ("as-is-1", "to-be"))
    assert page.count("lanes__line") == handovers
    assert table.count('aria-hidden="true">→') == handovers
    other = _page(leader, ONE, place="as-is-2")
    assert "Røros" in other
    assert _page(leader, ONE, place="nonsense") == page or "Trondheim" in page


def test_what_the_page_counts_is_what_the_comparison_gives(leader: Client) -> None:
    compared = _found().compared["as-is-1"][1]
    figures = re.findall(r"<dt>[^<]*</dt><dd>([^<]*)</dd>", _page(leader, ONE))
    assert figures[:3] == [
        str(len(compared.add)), str(len(compared.drop)), str(len(compared.gaps)),
    ]  # fmt: skip
    assert compared.likeness == Decimal(5) / Decimal(10)
    assert figures[3].startswith("50")
    assert _found().variation.value is not None


def test_a_drawing_goes_out_as_bpmn_and_comes_in_as_a_new_version(lead: Client) -> None:
    answer = lead.get(reverse("leaders-pathway-bpmn", args=[told.KEY, "to-be"]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert read(answer.content).pathway == _found().pathways["to-be"]
    assert _read_in(lead, answer.content.replace(b'name="Medisin"', b""))[0] == 302
    after = _found().drawings["to-be"]
    assert (after.version, after.body.file) == (2, "drawn.bpmn")
    assert after.body.pathway.version == "2"
    first = lead.get(reverse("leaders-pathway-bpmn", args=[told.KEY, "to-be"]), {"version": "1"})
    assert b'version="1"' in first.content
    for wrong in ("9", "x", "9" * 30):
        address = reverse("leaders-pathway-bpmn", args=[told.KEY, "to-be"])
        assert lead.get(address, {"version": wrong}).status_code == 404


def test_what_is_drawn_is_what_she_said_she_draws(lead: Client) -> None:
    as_is = written(_found().pathways["as-is-1"])
    assert _read_in(lead, as_is)[0] == 302
    found = _found().pathways["to-be"]
    assert (found.kind, found.scope, found.actor) == (Kind.TO_BE, Scope.COMMON, "")
    assert _read_in(lead, as_is, "as-is-2")[0] == 302
    assert _found().pathways["as-is-2"].actor == "Røros"


def test_a_file_with_a_fault_is_not_kept_and_the_fault_has_its_place(lead: Client) -> None:
    broken = written(_found().pathways["to-be"]).replace(b'limitHours="24"', b'limitHours="soon"')
    line = 1 + broken[: broken.index(b'limitHours="soon"')].count(b"\n")
    status, page = _read_in(lead, broken)
    assert status == 422
    assert f"{line}, " in page.split('id="id_file-error"')[1][:60]
    for wrong in (b"", b"no", b"<a/>", b"\x00"):
        assert _read_in(lead, wrong)[0] == 422
    assert _found().drawings["to-be"].version == 1
    assert _read_in(lead, written(_found().pathways["to-be"]), version="0")[0] == 422
    assert (
        lead.get(reverse("leaders-pathway-read-in", args=[told.KEY, "as-is-9"])).status_code == 404
    )


def test_what_has_no_place_in_a_pathway_is_told_on_the_page(lead: Client) -> None:
    file = written(_found().pathways["to-be"]).replace(
        b"</bpmn:process>", b'<bpmn:exclusiveGateway id="g" name="Akutt?"/></bpmn:process>'
    )
    assert _read_in(lead, file)[0] == 302
    assert "exclusiveGateway Akutt?" in _page(lead, ONE)


def test_a_leader_reads_and_changes_nothing(leader: Client) -> None:
    for name in (ONE, "leaders-pathway-measures", "leaders-pathway-introduction",
                 "leaders-pathway-effect"):  # fmt: skip
        page = _page(leader, name).split("<main")[1].split("</main>")[0]
        assert "<form" not in page
    posts: tuple[tuple[str, list[object]], ...] = (
        ("leaders-pathway-publish", [told.KEY]), ("leaders-pathway-measures", [told.KEY]),
        ("leaders-pathway-measure-act", [told.KEY, 2, "start"]),
        ("leaders-pathway-introduction", [told.KEY]), ("leaders-pathway-effect", [told.KEY]),
        ("leaders-pathway-export", [told.KEY, 3]), ("leaders-pathway-read-in", [told.KEY, "to-be"]),
        ("leaders-pathway-new", []),
    )  # fmt: skip
    before = _found().version
    for name, args in posts:
        said = {"version": str(before), "do": "move"}
        assert leader.post(reverse(name, args=args), said).status_code == 404
    assert _found().version == before
    assert staff_client(GP).get(reverse(ONE, args=[told.KEY])).status_code == 404


def test_a_pathway_is_begun_once_however_often_it_is_sent(lead: Client) -> None:
    said = {
        "title": "Barn", "group": "children_long_needs", "places": "Molde; Molde; Molde og Kristiansund",
        "once": "5b6b6e2e-2a8f-4f0e-9a7e-0d8a4c3f1b22",
    }  # fmt: skip
    first, again = (lead.post(reverse("leaders-pathway-new"), said) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert len(queries.improvements(SESSION.again())) == 2
    assert lead.get(first["Location"]).status_code == 200  # nothing drawn yet
    for name in ("measures", "introduction", "effect"):
        key = first["Location"].rstrip("/").rpartition("/")[2]
        assert lead.get(reverse(f"leaders-pathway-{name}", args=[key])).status_code == 200
    for wrong in ({"title": ""}, {"places": "Molde"}, {"places": "a;b;c\na;d;e"}, {"group": "x"},
                  {"places": "\n"}, {"places": "\n".join(f"{n};b;c" for n in range(13))}):  # fmt: skip
        assert lead.post(reverse("leaders-pathway-new"), {**said, **wrong}).status_code == 422


def _measure(client: Client, **said: object) -> int:
    form = {
        "version": str(_found().version), "title": "Ett nummer å ringe", "gaps": ["0"],
        "workstream": "Røros", "within_platform": "yes", "effect_0": "-20000", "effect_2": "50000",
    }  # fmt: skip
    return client.post(
        reverse("leaders-pathway-measures", args=[told.KEY]), {**form, **said}
    ).status_code


def test_a_measure_closes_a_gap_and_says_what_it_gives_whom(lead: Client) -> None:
    assert _measure(lead) == 302
    added = _found().body.measures[-1]
    assert {each.actor: each.amount for each in added.effects} == {
        "municipality Trondheim": -20000, "hospital St. Olavs": 50000,
    }  # fmt: skip
    assert added.gaps == (next(iter(_found().gaps)),)
    wrongs: tuple[dict[str, object], ...] = (
        {"title": ""}, {"gaps": []}, {"gaps": ["99"]}, {"effect_0": "", "effect_2": ""},
        {"title": "ETT nummer å ringe"}, {"workstream": "Bergen"}, {"effect_0": "1e40"},
    )  # fmt: skip
    for wrong in wrongs:
        assert _measure(lead, **{"title": "Annet", **wrong}) == 422
    assert len(_found().body.measures) == 4


def test_measures_start_and_end_and_one_that_needs_the_platform_does_not_start(
    lead: Client,
) -> None:
    def act(place: int, act: str) -> Status:
        said = {"version": str(_found().version)}
        address = reverse("leaders-pathway-measure-act", args=[told.KEY, place, act])
        assert lead.post(address, said).status_code in {302, 404}
        return _found().body.measures[place - 1].status

    assert act(2, "start") is Status.STARTED
    assert act(2, "finish") is Status.DONE
    assert act(2, "start") is Status.DONE
    assert act(3, "start") is Status.PROPOSED
    assert act(1, "export") is Status.STARTED
    assert lead.post(
        reverse("leaders-pathway-measure-act", args=[told.KEY, 99, "start"]),
        {"version": str(_found().version)},
    ).status_code == 404  # fmt: skip


EXPORT = {
    "workflow": "Sykehusets plan vises", "users": "40", "uses_per_day": "3", "days": "220",
    "seconds_lost": "60", "safety": "2", "fix": "build", "effort_days": "20", "reach": "shared",
    "duplicate_group": "",
}  # fmt: skip


def test_a_measure_is_handed_to_the_usability_queue_as_one_act(lead: Client) -> None:
    address = reverse("leaders-pathway-export", args=[told.KEY, 3])
    assert lead.get(address).status_code == 200
    said = {**EXPORT, "version": str(_found().version)}
    assert lead.post(address, {**said, "effort_days": "0"}).status_code == 422
    assert lead.post(address, said).status_code == 302
    assert _found().body.measures[2].status is Status.EXPORTED
    [ranked] = usability_queue(SESSION.again()).open
    assert ranked.issue.source is Source.PATHWAY
    assert ranked.issue.hours_a_year == 440
    assert lead.post(address, said).status_code == 404  # it is handed over
    assert len(usability_queue(SESSION.again()).open) == 1
    assert lead.get(reverse("leaders-pathway-export", args=[told.KEY, 1])).status_code == 404


def test_a_measure_is_not_handed_over_when_the_queue_does_not_take_it(lead: Client) -> None:
    address = reverse("leaders-pathway-export", args=[told.KEY, 3])
    stale = {**EXPORT, "version": str(_found().version - 1)}
    assert lead.post(address, stale).status_code == 422
    taken = IssueForm({**EXPORT, "source": "ticket"})
    assert taken.is_valid()
    keeping.report_issue(SESSION.again(), taken.issue(f"{told.KEY}-3"))
    assert lead.post(address, {**EXPORT, "version": str(_found().version)}).status_code == 422
    assert _found().body.measures[2].status is Status.PROPOSED


def _introduce(client: Client, do: str, **said: str) -> int:
    form = {"version": str(_found().version), "do": do, **said}
    return client.post(reverse("leaders-pathway-introduction", args=[told.KEY]), form).status_code


def test_a_phase_is_left_when_all_it_asks_for_is_there_and_not_before(lead: Client) -> None:
    assert _introduce(lead, "move") == 422
    assert _found().project.phase is Phase.MEASURES
    for guard, of in _found().lacking:
        assert _introduce(lead, "there", what=f"{guard}|{of}", document="Plan 1") == 302
    assert _found().lacking == ()
    assert _introduce(lead, "move") == 302
    assert _found().project.phase is Phase.INTRODUCTION
    assert _introduce(lead, "heard", forum="Brukerrådet", said="Bra", answer="") == 302
    assert Guard.USERS_HEARD not in {guard for guard, _ in _found().lacking}
    assert _introduce(lead, "start", municipality="Røros", day="2025-04-01") == 302
    assert _found().project.starts[-1].municipality == "Røros"
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    for wrong in ({"day": tomorrow}, {"municipality": "Bergen"}, {"day": "soon"}):
        said = {"municipality": "Røros", "day": "2025-04-01", **wrong}
        assert _introduce(lead, "start", **said) == 422
    assert _introduce(lead, "there", what="as-is|Røros", document="x") == 404  # the drawing says it
    assert _introduce(lead, "nothing") == 404


def test_nobody_says_of_a_drawing_that_is_not_there_that_it_is(lead: Client) -> None:
    said = {"title": "Ny", "group": "several_chronic", "places": "A; A; B"}
    key = lead.post(reverse("leaders-pathway-new"), said)["Location"].rstrip("/").rpartition("/")[2]
    for version, guard in enumerate((Guard.AS_IS, Guard.COMMON_TO_BE, Guard.GAPS), 1):
        actions.show(SESSION.again(), key, There(guard, "I say so", "A"), seen=version)
    assert queries.improvement(SESSION.again(), key).project.there == ()


def _effect(client: Client, do: str, **said: object) -> int:
    form = {"version": str(_found().version), "do": do, **said}
    return client.post(reverse("leaders-pathway-effect", args=[told.KEY]), form).status_code


CLAIM = {
    "text": "Flere får besøk innen et døgn", "indicator": "LE1", "improved": "on",
    "design": "with-controls", "points_before": "0", "probability": "", "strength": "plausible",
}  # fmt: skip


def test_no_claim_is_stronger_than_what_there_is_and_later_knowledge_is_held_against_it(
    lead: Client,
) -> None:
    assert _effect(lead, "claim", **{**CLAIM, "strength": "attributable"}) == 422
    assert _effect(lead, "claim", **{**CLAIM, "indicator": "H4"}) == 422  # something else did it
    assert _effect(lead, "claim", **CLAIM) == 302
    page = _page(lead, "leaders-pathway-effect")
    assert "Flere får besøk innen et døgn" in page
    assert 'data-color="danger"' not in page
    happened = {
        "asked": "Økonomi", "what": "Flere ansatte", "day": "2026-01-01", "direction": "better",
        "indicators": ["LE1"],
    }  # fmt: skip
    assert _effect(lead, "confounder", **happened) == 302
    assert 'data-color="danger"' in _page(lead, "leaders-pathway-effect")
    assert _effect(lead, "confounder", asked="Lederne", direction="unknown") == 302
    found = _found().body.confounders
    assert found is not None
    assert (len(found.known), found.asked.count(";")) == (2, 2)
    wrongs: tuple[dict[str, object], ...] = (
        {"asked": ""}, {"day": ""}, {"indicators": []}, {"direction": "up"},
    )  # fmt: skip
    for wrong in wrongs:
        assert _effect(lead, "confounder", **{**happened, **wrong}) == 422


def test_nothing_is_claimed_before_somebody_was_asked_what_else_happened(lead: Client) -> None:
    said = {"title": "Ny", "group": "several_chronic", "places": "A; A; B"}
    address = lead.post(reverse("leaders-pathway-new"), said)["Location"]
    answer = lead.post(
        f"{address}effect/", {**CLAIM, "strength": "observed", "version": "1", "do": "claim"}
    )
    assert answer.status_code == 422


def test_what_is_published_becomes_a_plan_definition_and_again_changes_nothing(
    lead: Client,
) -> None:
    payload = {"key": told.KEY, "version": "1"}
    for _ in range(2):
        jobs.write_plan(SESSION.again(), payload)
    data, version = acts.read(SESSION.again(), "PlanDefinition", jobs.plan_id(told.KEY))
    assert version == 1
    plan = read_plan(data)
    assert [step.purpose for step in plan.steps] == [
        step.purpose for step in _found().pathways["to-be"].steps
    ]
    assert set(plan.lanes.values()) == {"patient", "municipality", "hospital", "gp"}
    assert _read_in(lead, written(_found().pathways["to-be"]))[0] == 302
    for drawing in ("1", ""):  # what she has looked at is what is published
        said = {"version": str(_found().version), "drawing": drawing}
        lead.post(reverse("leaders-pathway-publish", args=[told.KEY]), said)
        assert _found().body.published == "1"
    said["drawing"] = "2"
    assert lead.post(reverse("leaders-pathway-publish", args=[told.KEY]), said).status_code == 302
    assert _found().body.published == "2"


def test_a_drawing_that_nobody_could_follow_is_not_published(lead: Client) -> None:
    file = written(_found().pathways["to-be"]).replace(b'level="gp"', b'level="unknown"')
    assert _read_in(lead, file)[0] == 302
    said = {"version": str(_found().version), "drawing": "2"}
    assert lead.post(reverse("leaders-pathway-publish", args=[told.KEY]), said).status_code == 302
    assert _found().body.published == "1"


def test_pages_of_pathways_ask_the_database_little(lead: Client) -> None:
    for name, args in (
        ("leaders-pathways", []), (ONE, [told.KEY]), ("leaders-pathway-measures", [told.KEY]),
        ("leaders-pathway-introduction", [told.KEY]), ("leaders-pathway-effect", [told.KEY]),
        ("leaders-pathway-export", [told.KEY, 3]), ("leaders-pathway-read-in", [told.KEY, "to-be"]),
    ):  # fmt: skip
        with counted() as statements:
            assert lead.get(reverse(name, args=args)).status_code == 200
        assert len(statements) <= 20, name
        assert list(statements.asked_again()) == []
