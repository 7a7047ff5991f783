"""The record is read and written through access sessions only: a scan of the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import fellesjournal

SOURCE = Path(fellesjournal.__file__).parent

CONNECTIONS = {
    # the door itself, and what stands below it
    "access/sessions.py": "enters the connection as who asks",
    "access/once.py": "remembers that something was used once; no record",
    "access/housekeeping.py": "removes closed rows of the index; shows nothing",
    "access/export.py": "whether any patient was ever stored, a yes or no for `run`",
    "access/conformance.py": "profiles and value sets, which are about nobody and bind everybody",
    "access/tokens.py": "who shows a token, before there is a session",
    "foundation/database/connection.py": "makes it",
    "foundation/database/turns.py": "who goes first; reads and writes nothing",
    "foundation/database/middleware.py": "gives it back after a request",
    "config/wsgi.py": "/health: select 1",
}
"""Modules that take a connection without a session, and why."""

CONNECTING_PACKAGES = {
    "access/identity": "sign-ins and sessions of browsers, before there is anybody to be",
    "access/smart": "clients, grants and tokens, before there is a session",
    "access/readlog": "the log itself; not the record",
    "foundation/outbox": "messages between packages: ids and codes, not the record",
    "config/cli": "commands of the operator at the machine itself",
    "bench": "measures",
}

OWN_TABLES = re.compile(
    r"\b(?:from|join|into|update|table)\s+(store\.(?:version|resource|entry\w*|term|unique_identifier)"
    r"|access\.(?:ground|block|employment|inactive|part_of|member|release|also_about|opening))\b"
)

OUTSIDE = {"store", "access"}
"""Packages that may name the tables of the record in SQL."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def texts(tree: ast.AST) -> Iterator[str]:
    """Every string of a module, the fixed parts of f-strings joined; documentation left out."""
    documentation = {
        id(node.value) for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "?" for p in node.values)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documentation
        ):
            yield node.value


def pieces(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.Assign]:
    """The functions of a module, and what it assigns outside of them."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    yield from (node for node in tree.body if isinstance(node, ast.Assign))


def takes_connection(tree: ast.AST) -> bool:
    """Whether a module calls foundation's connection(), by whatever name, or Django's."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in {
            "fellesjournal.foundation.database.connection", "fellesjournal.foundation.database", "django.db",
        }:  # fmt: skip
            names |= {
                each.asname or each.name
                for each in node.names
                if each.name in {"connection", "connections"}
            }
    return any(
        (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names)
        or (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in names
        )
        for node in ast.walk(tree)
    )


def test_only_the_door_takes_a_connection_without_a_session() -> None:
    found = {
        name for name, tree in modules()
        if takes_connection(tree) and not name.startswith(tuple(CONNECTING_PACKAGES))
    }  # fmt: skip
    assert found - set(CONNECTIONS) == set(), "take session.connection(), or say here why not"
    assert set(CONNECTIONS) - found <= {"foundation/database/connection.py"}, "no longer so"


BEING_THE_PLATFORM = {
    "access": "each with a named purpose; what it reads is listed below",
    "config/cli": "commands of the operator at the machine itself",
    "surfaces/exchange/load.py": "`fellesjournal load`, by the same operator",
}
"""Who may make a session of the platform itself, which sees everything."""


def test_no_page_and_no_package_of_care_makes_itself_the_platform() -> None:
    found = {
        name for name, tree in modules()
        if any("system_session" in {getattr(node, "id", ""), getattr(node, "attr", "")}
               for node in ast.walk(tree))
    }  # fmt: skip
    assert {name for name in found if not name.startswith(tuple(BEING_THE_PLATFORM))} == set()


def test_nothing_outside_the_door_names_the_tables_of_the_record() -> None:
    for name, tree in modules():
        if name.partition("/")[0] in OUTSIDE:
            continue
        named = [match[1] for text in texts(tree) for match in OWN_TABLES.finditer(text)]
        assert not named, (name, named)


PAST_THE_CONDITION = {
    "access/sessions.py": "nothing: it enters",
    "access/citizens.py": "whether a Patient stands, and her own birth and address, to compute what she may",
    "access/openings.py": "whose record is to be opened, before it is; nothing is shown",
    "access/grounds.py": "explains to who asks why a record is open or closed, by its own rules",
    "access/look_up.py": "finds the patient of an emergency by her whole number",
    "access/permission.py": "what is written, with the session's own condition",
    "access/merging.py": "joins two records as the platform, with a named duty",
    "access/conformance.py": "profiles and value sets: about nobody",
    "access/discharges.py": "the summary and deliveries of a stay that is being ended, to refuse it",
    "access/bookings.py": "the schedule and the appointment that a citizen's booking is compared with",
    "access/conversing.py": "units that have a ground for whose record is open: about no patient",
    "access/list_gp.py": "the offices of a patient's own GPs, to whom her summary must go",
    "access/standing.py": "what a write is compared with, inside the rules that refuse it; not shown",
    "access/reconciliation.py": "counts for operators, by that duty: no patient and no content",
    "access/reviews.py": "tasks of review for the leader, by her duty, chosen by her unit",
    "access/oversight.py": "tasks for who reviews all reading, by that duty",
    "access/officers.py": "who is data protection officer, and where: about no patient",
    "access/review_decisions.py": "the name of the member of staff who decides or answers",
    "access/unusual.py": "who read what, for the review by leaders and the data protection officer",
    "access/redaction.py": "labels of what was found already, to leave out more of it",
    "access/whereabouts.py": "labels of a row that is being judged, to find fewer",
    "access/courses": "the role that somebody chooses or gets leave for, and its unit: about no patient",
    "access/directory": "units, roles and staff: about no patient; under an administrator's or a leader's duty",
    "access/representation/facts.py": "who is registered near whom, to compute what a citizen may",
    "access/relations/checking.py": "`fellesjournal check`: names resources, shows nothing",
    "access/identity/people.py": "who has the number that a provider vouches for",
    "access/readlog": "lines of the log with the names of who and what they are about",
    "access/smart": "the patient and the role of a launch, by ids that the user may see",
    "access/index.py": "whether the record is empty",
    "access/everything.py": "bodies and ids of rows that its other parts found under the condition",
    "access/portal_functions.py": "of which types things in the log are, for the platform's own count: no body",
    "access/export.py": "whether any patient was ever stored",
}
"""Modules of the door with a statement over the record without ``visibility.sql``, and why."""

RECORD = re.compile(r"\b(?:from|join)\s+store\.(?:version|resource|entry)\b")


def test_statements_inside_the_door_carry_the_condition_of_the_session() -> None:
    found = set()
    for name, tree in modules():
        if not name.startswith("access/"):
            continue
        for function in pieces(tree):
            said = " ".join(texts(function))
            source = ast.unparse(function)
            if RECORD.search(said) and not any(
                each in source for each in (".sql(", "scope.entry(")
            ):
                found.add(name)
    known = tuple(PAST_THE_CONDITION)
    assert {name for name in found if not name.startswith(known)} == set()


def test_every_statement_of_the_store_carries_the_condition_it_is_given() -> None:
    without = {
        # by numbers of rows that were found under the condition, or of versions that never change
        ("search/includes.py", "_BODIES"),
        ("search/includes.py", "_referred"),
        ("search/sorting.py", ""),
        ("search/references.py", "rids_of"),
        ("read.py", "NUMBER"),
        ("search/criteria.py", "_id_condition"),
        ("terminology.py", "_by_id"),
        ("history.py", "EVENT"),
        # the platform's own work, which shows nothing
        *((f"{name}.py", "") for name in
          ("check", "index_state", "reindex", "retire", "feed", "commit")),
    }  # fmt: skip
    for name, tree in modules():
        if not name.startswith("store/"):
            continue
        place = name.removeprefix("store/")
        for function in pieces(tree):
            called = (
                function.name
                if isinstance(function, ast.FunctionDef)
                else ast.unparse(function.targets[0])
            )
            if not RECORD.search(" ".join(texts(function))):
                continue
            if (place, called) in without or (place, "") in without:
                continue
            source = ast.unparse(function)
            carried = (".sql(", "scope.entry(", "{where}", "where)", "join(where)", "condition")
            assert any(each in source for each in carried), (place, called)
