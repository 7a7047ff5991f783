"""The official schemas, made loadable: their imports point to folders of another layout."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

_LOCATION = re.compile(rb'schemaLocation="(?:[^"]*/)?([^"/]+)"')
# Not held: of SOAP and XLink only what the ebXML header schema refers to.
_STAND_INS = {
    "envelope.xsd": b"""<schema xmlns="http://www.w3.org/2001/XMLSchema"
        targetNamespace="http://schemas.xmlsoap.org/soap/envelope/">
        <attribute name="mustUnderstand" type="string"/><attribute name="actor" type="anyURI"/>
        </schema>""",
    "xlink.xsd": b"""<schema xmlns="http://www.w3.org/2001/XMLSchema"
        targetNamespace="http://www.w3.org/1999/xlink"><attribute name="type" type="string"/>
        <attribute name="href" type="anyURI"/><attribute name="role" type="string"/></schema>""",
}


class OfficialSchemas:
    """Validates messages; a MsgHead together with what it carries."""

    def __init__(self, shared_data: Path, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[tuple[str, ...], etree.XMLSchema] = {}
        for file in (shared_data / "norway" / "xsd").rglob("*.xsd"):
            (folder / file.name).write_bytes(
                _LOCATION.sub(rb'schemaLocation="\1"', file.read_bytes())
            )
        for name, text in _STAND_INS.items():
            (folder / name).write_bytes(text)

    def errors(self, xml: bytes, *names: str) -> list[str]:
        """What the schemas ``names`` (files) together have against the message."""
        schema = self._schema(names)
        schema.validate(etree.fromstring(xml))
        return str(schema.error_log).splitlines()

    def _schema(self, names: tuple[str, ...]) -> etree.XMLSchema:
        if names not in self._loaded:
            imports = "".join(
                f'<import namespace="{self._target(name)}" schemaLocation="{name}"/>'
                for name in names
            )
            driver = self._folder / f"driver-{len(self._loaded)}.xsd"
            driver.write_text(
                f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{imports}</schema>'
            )
            self._loaded[names] = etree.XMLSchema(etree.parse(str(driver)))
        return self._loaded[names]

    def _target(self, name: str) -> str:
        root = etree.parse(str(self._folder / name)).getroot()
        return str(root.get("targetNamespace"))
