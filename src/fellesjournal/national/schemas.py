"""The schemas of the national messages that are read or written here, and what borrows from what.

Namespaces as in the directorate's schema archive (MeldingsVersjoner.xml, 2019-01-16). Aliases:
``common`` felleskomponent1 or the head's own twin of it, ``care`` the components of nursing and
care messages (poKomponent).
"""

from __future__ import annotations

from fellesjournal.national.binding import Schema

_KITH = "http://www.kith.no/xmlstds"
_EHELSE = "http://ehelse.no/xmlstds"

COMMON = Schema("common", f"{_KITH}/felleskomponent1", prefix="fk1")
SIGNATURE = Schema("signature", "http://www.w3.org/2000/09/xmldsig#", prefix="ds")
HEAD = Schema(
    "head",
    f"{_KITH}/msghead/2006-05-24",
    version="1.2",
    prefix="mh",
    imports={"fk1": COMMON, "signature": SIGNATURE},
)

RECEIPT_1_0 = Schema("receipt-1.0", f"{_KITH}/apprec/2004-11-21", version="1.0", prefix="ar")
RECEIPT_1_1 = Schema("receipt-1.1", f"{_KITH}/apprec/2012-02-15", version="1.1", prefix="ar")

DIALOGUE_1_0 = Schema(
    "dialogue-1.0",
    f"{_KITH}/dialog/2006-10-11",
    version="1.0",
    prefix="dia",
    imports={"common": COMMON},
)
DIALOGUE_1_1 = Schema(
    "dialogue-1.1",
    f"{_KITH}/dialog/2013-01-23",
    version="1.1",
    prefix="dia",
    imports={"common": COMMON},
)

CARE_1_5 = Schema(
    "care-1.5",
    f"{_KITH}/po/poKomponent/2009-06-30",
    version="1.5",
    prefix="po",
    imports={"common": COMMON},
)
CARE_1_6 = Schema(
    "care-1.6",
    f"{_KITH}/po/poKomponent/2012-04-01",
    version="1.6",
    prefix="po",
    imports={"common": COMMON},
)
CARE_2_0 = Schema(
    "care-2.0",
    f"{_EHELSE}/po/poKomponent/2017-11-30",
    version="2.0",
    prefix="po",
    imports={"common": COMMON},
)

REFERRAL_1_1 = Schema(
    "referral-1.1",
    f"{_KITH}/henvisning/2012-02-15",
    version="1.1",
    prefix="ref",
    imports={"care": CARE_1_5, "common": COMMON},
)
REFERRAL_2_0 = Schema(
    "referral-2.0",
    f"{_EHELSE}/henvisning/2017-11-30",
    version="2.0",
    prefix="ref",
    imports={"care": CARE_2_0, "common": COMMON},
)

DISCHARGE_1_1 = Schema("discharge-1.1", f"{_KITH}/epikrise/2006-09-23", version="1.1", prefix="dis")
DISCHARGE_1_2 = Schema("discharge-1.2", f"{_KITH}/epikrise/2012-02-15", version="1.2", prefix="dis")

LOGISTICS_1_5 = Schema(
    "logistics-1.5",
    f"{_KITH}/po/Pasientlogistikk/2009-06-30",
    version="1.5",
    prefix="pl",
    imports={"care": CARE_1_5},
)
LOGISTICS_1_6 = Schema(
    "logistics-1.6",
    f"{_KITH}/po/Pasientlogistikk/2012-04-01",
    version="1.6",
    prefix="pl",
    imports={"care": CARE_1_6},
)

XLINK = Schema("xlink", "http://www.w3.org/1999/xlink", prefix="xlink")
XML = Schema("xml", "http://www.w3.org/XML/1998/namespace", prefix="xml")
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
EBXML = Schema(
    "ebxml",
    "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd",
    version="2.0",
    prefix="eb",
    imports={
        "soap": Schema("soap-attributes", _SOAP, prefix="SOAP"),
        "xlink": XLINK,
        "xml": XML,
        "signature": SIGNATURE,
    },
)
SOAP = Schema(
    "soap", _SOAP, version="1.1", prefix="SOAP", imports={"ebxml": EBXML, "signature": SIGNATURE}
)
