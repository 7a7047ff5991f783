"""Our verdict on damaged messages beside that of the official schemas."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.national.kinds import read_message
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotXml
from tests.national.official import OfficialSchemas

PAYLOADS = (
    *("AppRec-v1-2004-11-21.xsd", "AppRec-v1.1.xsd", "dialogmelding.xsd", "dialogmelding-v1.1.xsd"),
    *("Henvisning-v1.1.xsd", "Henvisning-v2.0.xsd", "Epikrise-v1.1.xsd", "Epikrise-v1.2.xsd"),
    *("Pasientlogistikk-v1.5.xsd", "Pasientlogistikk-v1.6.xsd"),
    *("Innleggelsesrapport-v1.6.xsd", "TverrfagligEpikrise-v1.6.xsd"),
    *("Helseopplysninger-v1.6.xsd", "OrienteringOmTjenestetilbud-v1.6.xsd"),
    *("HelseopplysningerTilLege-v1.6.xsd", "MedisinskeOpplysninger-v1.6.xsd"),
)
ALL = ("MsgHead-v1_2.xsd", "kith-base64.xsd", *PAYLOADS)
XHTML = "{http://www.w3.org/1999/xhtml}"
CHANGES = (
    "remove",
    "double",
    "first",
    "last",
    "rename",
    "text",
    "empty",
    "code",
    "attribute",
    "swap",
)
# Where we are stricter on purpose (docs/messages.md), told by our own words.
STRICTER = (
    "OrganisationName is missing",
    "Ident is missing",
    "has no value (V)",
    "is empty",
    "Status other than",
    "ServType is missing",
    "exactly one of PlannedEvent",
    "Service is missing",
    "ConversationRef",
    "9121",
    "9148",
    "form of another",
    "without a note",
    "without a question",
    "without the number",
    "an action",
    "must stand alone",
    # anyType may hold anything; text and XHTML are what the standards mean by it
    "an attribute the standard does not have",
)


@pytest.fixture(scope="module")
def whole(examples: Path) -> list[bytes]:
    """The examples that are read here, their wrapper of other systems taken off."""
    found = []
    for folder, pattern in (
        ("apprec", "apprec-eks*"),
        ("dialog", "*"),
        ("henvisning", "*"),
        ("epikrise", "*"),
        ("plo", "*"),
    ):
        found += [one.read_bytes() for one in sorted((examples / folder).glob(f"{pattern}.xml"))]
    return found


def test_undamaged_examples_are_valid_to_both(
    official: OfficialSchemas, whole: list[bytes]
) -> None:
    assert len(whole) == 32
    for data in whole:
        assert official.errors(data, *ALL) == []
        read_message(data)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_what_the_official_schemas_refuse_is_refused_and_little_else(
    official: OfficialSchemas, whole: list[bytes], data: st.DataObject
) -> None:
    root = etree.fromstring(data.draw(st.sampled_from(whole)))
    nodes = [
        one for one in root.iter("*") if one is not root and not str(one.tag).startswith(XHTML)
    ]
    damage(nodes[data.draw(st.integers(0, len(nodes) - 1))], data.draw(st.sampled_from(CHANGES)))
    damaged = etree.tostring(root)
    valid = official.errors(damaged, *ALL) == []
    try:
        read_message(damaged)
        told = ""
    except NotXml as error:
        pytest.fail(f"still XML: {error}")
    except NotUnderstood:
        return
    except NotValid as error:
        told = str(error)
    if told:
        assert not valid or any(words in told for words in STRICTER), told
    else:
        assert valid, official.errors(damaged, *ALL)


def damage(node: etree._Element, change: str) -> None:
    above = node.getparent()
    assert above is not None
    if change == "remove":
        above.remove(node)
    elif change == "double":
        node.addnext(etree.fromstring(etree.tostring(node, with_tail=False)))
    elif change == "first":
        above.insert(0, node)
    elif change == "last":
        above.append(node)
    elif change == "rename":
        node.tag = f"{node.tag}X"
    elif change == "text":
        node.text = "13896912345"
    elif change == "empty":
        node.text = None
    elif change == "code":
        node.attrib.pop("V", "")
    elif change == "attribute":
        node.set("W", "1")
    elif change == "nil":
        node.set("{http://www.w3.org/2001/XMLSchema-instance}nil", "true")
    else:
        for name in list(node.attrib):
            node.set(name, "a b")
