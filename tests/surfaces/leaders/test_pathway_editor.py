"""A pathway drawn on the page, without a file and without a script; and two who draw at once."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.config.cli.demo_pathways import fill_pathways
from fellesjournal.demo import pathways as told
from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.pathways import queries
from fellesjournal.leadership.pathways.pathway import Level, Pathway, Value
from tests.signing_in import staff_client
from tests.staff import SYSTEM
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
STEP = {
    "lane": "Hjemmetjenesten", "purpose": "Ringe pårørende", "action": "", "trigger": "", "channel": "",
    "limit_hours": "", "documents": "", "value": "adding", "after": "", "why": "",
}  # fmt: skip


@pytest.fixture
def lead(db: None) -> Client:
    del db
    client = staff_client(BY_ROLE["rollout-lead"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    fill_pathways()
    return client


def drawing(part: str = "to-be", key: str = told.KEY) -> Pathway:
    return queries.drawing(SYSTEM.again(), key, part).body.pathway


def address(thing: str = "", part: str = "to-be", key: str = told.KEY) -> str:
    if not thing:
        return reverse("leaders-pathway-edit", args=[key, part])
    return reverse("leaders-pathway-edit-thing", args=[key, part, thing])


def send(
    client: Client, thing: str, part: str = "to-be", key: str = told.KEY, **said: object
) -> tuple[int, str]:
    """A form with the version that stands, unless another is given."""
    stands = queries.improvement(SYSTEM.again(), key).drawings.get(part)
    form = {"version": str(stands.version if stands else 0), **said}
    answer = client.post(address(thing, part, key), form)
    return answer.status_code, answer.content.decode()


def do(client: Client, what: str, part: str = "to-be", **said: str) -> None:
    assert send(client, "", part, do=what, **said)[0] == 302


def test_a_pathway_is_drawn_from_nothing_without_a_file(lead: Client) -> None:
    said = {"title": "Ny", "group": "several_chronic", "places": "A; A; B"}
    key = lead.post(reverse("leaders-pathway-new"), said)["Location"].rstrip("/").rpartition("/")[2]
    assert "First say who acts" in lead.get(address("step", key=key)).content.decode()
    assert "First draw a step" in lead.get(address("handover", key=key)).content.decode()
    lead.get(address(key=key))
    for name, level in (("Ward", "hospital"), ("Home care", "municipality")):
        assert send(lead, "lane", key=key, name=name, level=level)[0] == 302
    for lane, purpose in (("Ward", "tell"), ("Home care", "visit")):
        form = {**STEP, "lane": lane, "purpose": purpose, "limit_hours": "24",
                "documents": "Plan\n\nList", "requires_platform": "on"}  # fmt: skip
        assert send(lead, "step", key=key, **form)[0] == 302
    keys = {"start": "Ward / tell", "end": "Home care / visit"}
    assert send(lead, "handover", key=key, **keys, message="Comes home", receipt="on")[0] == 302
    found = drawing(key=key)
    assert [lane.level for lane in found.lanes] == [Level.HOSPITAL, Level.MUNICIPALITY]
    assert (found.steps[1].limit_hours, found.steps[1].documents) == (24, ("Plan", "List"))
    assert (found.steps[1].value, found.steps[1].requires_platform) == (Value.ADDING, True)
    assert found.handovers[0].receipt
    page = lead.get(address(key=key)).content.decode()
    assert page.count("lanes__step ") == 2  # the drawing follows what is saved
    assert page.count("lanes__line") == 1
    assert "<script" not in page.split("<main")[1].split("</main>")[0]
    assert found.version == "5"


def test_what_is_written_wrong_is_told_at_its_field_and_stays(lead: Client) -> None:
    before = drawing()
    for wrong in (
        {"purpose": ""}, {"lane": "Ingen"}, {"limit_hours": "-1"}, {"limit_hours": "9e9"},
        {"value": "nice"}, {"purpose": "Første besøk hjemme"}, {"purpose": "x" * 301},
    ):  # fmt: skip
        status, page = send(lead, "step", **{**STEP, "action": "Skrevet", **wrong})
        assert status == 422, wrong
        assert "Skrevet" in page
        assert 'role="alert"' in page or "aria-invalid" in page
    same = before.steps[0].key
    assert send(lead, "handover", start=same, end=same)[0] == 422
    assert drawing() == before


def test_steps_are_changed_moved_and_removed_and_each_can_be_undone(lead: Client) -> None:
    first = drawing()
    assert send(lead, "step", **{**STEP, "after": first.steps[0].key})[0] == 302
    assert drawing().steps[1].purpose == "Ringe pårørende"
    do(lead, "down step 2")
    do(lead, "up step 1")  # at the top it stays, and makes no version
    assert drawing().steps[2].purpose == "Ringe pårørende"
    changed = {**STEP, "of": "3", "purpose": "Ringe datteren", "why": "Brukerrådet"}
    assert send(lead, "step", **changed)[0] == 302
    do(lead, "remove step 3")
    assert [step.key for step in drawing().steps] == [step.key for step in first.steps]
    undone = []
    for _ in range(4):
        page = lead.get(address()).content.decode()
        found = re.search(r'value="(back version \d+)">Undo the last change', page)
        assert found is not None
        do(lead, found[1])
        undone.append([step.purpose for step in drawing().steps][1:3])
    assert [each[1] for each in undone[:2]] == ["Ringe datteren", "Ringe pårørende"]
    assert undone[2][0] == "Ringe pårørende"
    assert drawing().steps == first.steps
    assert drawing().handovers == first.handovers
    assert "Undo the last change" not in lead.get(address()).content.decode()
    assert "Brukerrådet" in lead.get(address()).content.decode()  # every version stands


def test_two_who_draw_at_once_lose_nothing(lead: Client) -> None:
    step = {**STEP, "of": "2", "lane": "Hjemmetjenesten", "purpose": "Sende det vi vet hjemmefra"}
    assert send(lead, "step", **{**step, "action": "Den andre"}, version="1")[0] == 302
    # she has looked at version 1, and writes the same step
    status, page = send(lead, "step", **{**step, "action": "Mine ord"}, version="1")
    assert status == 409
    assert "Nothing is lost" in page
    assert "Mine ord" in page.split("<form")[-2]
    table = page.split("<table")[1].split("</table>")[0]
    assert "Den andre" in table
    assert "Mine ord" in table
    assert drawing().steps[1].action == "Den andre"
    hidden = dict(re.findall(r'name="(version|of)" value="(\d*)"', page))
    assert hidden == {"version": "2", "of": "2"}
    assert send(lead, "step", **{**step, "action": "Mine ord", **hidden})[0] == 302
    assert drawing().steps[1].action == "Mine ord"
    both = [each.body.pathway.steps[1].action for each in
            queries.earlier(SYSTEM.again(), told.KEY, "to-be")]  # fmt: skip
    assert both[:2] == ["Mine ord", "Den andre"]


def test_a_step_that_another_has_moved_is_still_found_and_one_removed_is_added_anew(
    lead: Client,
) -> None:
    do(lead, "down step 2")
    step = {**STEP, "of": "2", "purpose": "Sende det vi vet hjemmefra", "action": "Min"}
    status, page = send(lead, "step", **step, version="1")
    assert status == 409
    assert "Something else was changed" in page or "The same was changed" in page
    hidden = dict(re.findall(r'name="(version|of)" value="(\d*)"', page))
    assert hidden["of"] == "3"
    do(lead, "remove step 3")
    status, page = send(lead, "step", **step, version="1")
    assert status == 409
    assert "taken away" in page
    hidden = dict(re.findall(r'name="(version|of)"(?: value="(\d*)")?', page))
    assert hidden["of"] == ""
    assert send(lead, "step", **{**step, **hidden})[0] == 302
    assert drawing().steps[-1].action == "Min"
    # a button of a page that is no longer what stands does nothing
    before = drawing()
    do(lead, "remove step 1", version="1")
    assert drawing() == before
    assert "changed this meanwhile" in lead.get(address()).content.decode()


def test_what_clinicians_follow_stays_as_it_was_published(lead: Client) -> None:
    assert send(lead, "step", **STEP)[0] == 302
    found = queries.improvement(SYSTEM.again(), told.KEY)
    assert (found.body.published, found.pathways["to-be"].version) == ("1", "2")
    first = queries.drawing(SYSTEM.again(), told.KEY, "to-be", 1).body.pathway
    assert "Ringe pårørende" not in {step.purpose for step in first.steps}
    assert "draft until it is published" in lead.get(address()).content.decode()


def test_a_local_variant_has_its_reason_and_stands_when_it_is_approved(lead: Client) -> None:
    key = drawing("as-is-2").steps[0].key
    assert send(lead, "variant", "as-is-2", step=key, reason="")[0] == 422
    assert send(lead, "variant", "as-is-2", step=key, reason="Båt hver dag")[0] == 302
    page = lead.get(reverse("leaders-pathway", args=[told.KEY]), {"place": "as-is-2"})
    assert "nobody has approved" in page.content.decode()
    do(lead, "approve variant 1", "as-is-2")
    assert drawing("as-is-2").variants[0].approved
    page = lead.get(reverse("leaders-pathway", args=[told.KEY]), {"place": "as-is-2"})
    assert "nobody has approved" not in page.content.decode()
    assert "Båt hver dag" in page.content.decode()
    changed = {"of": "1", "step": key, "reason": "Båt to ganger i uken"}
    assert send(lead, "variant", "as-is-2", **changed)[0] == 302
    assert not drawing("as-is-2").variants[0].approved  # another reason is approved anew


def test_what_hurts_is_written_and_removed(lead: Client) -> None:
    key = drawing("as-is-1").steps[0].key
    said = {"step": key, "kind": "friction", "severity": "4", "evidence": "Ti samtaler"}
    for wrong in ({"severity": "9"}, {"evidence": ""}, {"kind": "x"}, {"step": "x"}):
        assert send(lead, "pain", "as-is-1", **{**said, **wrong})[0] == 422
    assert send(lead, "pain", "as-is-1", **said)[0] == 302
    assert drawing("as-is-1").pain_points[-1].severity == 4
    lead.get(address("pain", "as-is-1"), {"of": "1"})
    do(lead, "remove pain 1", "as-is-1")
    assert len(drawing("as-is-1").pain_points) == 2


def test_a_drawing_begins_as_a_copy_without_what_hurts(lead: Client) -> None:
    said = {"title": "Ny", "group": "several_chronic", "places": "A; A; B\nC; C; B"}
    key = lead.post(reverse("leaders-pathway-new"), said)["Location"].rstrip("/").rpartition("/")[2]
    assert send(lead, "lane", "as-is-1", key, name="Ward", level="hospital")[0] == 302
    assert send(lead, "step", "as-is-1", key, **{**STEP, "lane": "Ward"})[0] == 302
    pain = {"step": "Ward / Ringe pårørende", "kind": "friction", "severity": "4", "evidence": "x"}
    assert send(lead, "pain", "as-is-1", key, **pain)[0] == 302
    assert "Begin as a copy" in lead.get(address(part="as-is-2", key=key)).content.decode()
    copy = reverse("leaders-pathway-copy", args=[key, "as-is-2"])
    for _ in range(2):
        assert lead.post(copy, {"of": "as-is-1"}).status_code == 302
    found = drawing("as-is-2", key)
    assert (len(found.steps), found.pain_points, found.actor) == (1, (), "C")
    assert found.version == "1"
    assert lead.post(copy, {"of": "as-is-9"}).status_code == 404


def test_odd_addresses_are_no_pages(lead: Client) -> None:
    for thing, query in (("step", {"of": "99"}), ("step", {"of": "x"}), ("nonsense", {}),
                         ("pain", {"of": "0"})):  # fmt: skip
        assert lead.get(address(thing), query).status_code == 404
    assert lead.get(address(part="as-is-9")).status_code == 404
    for what in ("", "up", "up step", "up step x", "up pain 1", "remove x 1", "back version 99",
                 "approve step 1", "remove step 99"):  # fmt: skip
        assert lead.post(address(), {"do": what, "version": "1"}).status_code in {404, 422}, what
    for version in ("", "0", "9", "x"):
        assert send(lead, "step", **{**STEP, "of": "1"}, version=version)[0] in {404, 409, 422}
    assert drawing().version == "1"


def test_the_editor_asks_the_database_little(lead: Client) -> None:
    for page in (address(), f"{address('step')}?of=2", address("lane")):
        with counted() as statements:
            assert lead.get(page).status_code == 200
        assert len(statements) <= 20, page
        assert list(statements.asked_again()) == []
    do(lead, "down step 1")
    with counted() as statements:
        answer = lead.post(address("step"), {**STEP, "of": "2", "version": "1"})
    assert answer.status_code == 409
    assert len(statements) <= 20
