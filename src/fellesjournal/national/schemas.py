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

# Parts of a record inside nursing and care messages; ``plain`` are attributes without a namespace.
PLAIN = Schema("plain", "")
META = Schema("meta", f"{_KITH}/epj/meta/2008-02-20", prefix="meta")
NOTES = Schema(
    "notes",
    f"{_KITH}/epj/epj2/2008-02-20",
    prefix="notes",
    imports={"meta": META, "plain": PLAIN},
)
CAVE = Schema(
    "cave",
    f"{_KITH}/epj/epj1/2008-02-20",
    prefix="cave",
    imports={"notes": NOTES, "meta": META, "plain": PLAIN},
)
DRUGS = Schema(
    "drugs",
    f"{_KITH}/epj/epj3/2008-02-20",
    prefix="drugs",
    imports={"common": COMMON, "meta": META, "plain": PLAIN},
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
    imports={"common": COMMON, "cave": CAVE, "notes": NOTES, "drugs": DRUGS},
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


def _report(name: str, element: str) -> Schema:
    return Schema(
        name,
        f"{_KITH}/po/{element}/2012-04-01",
        version="1.6",
        prefix="plo",
        imports={"care": CARE_1_6, "drugs": DRUGS},
    )


ADMISSION_REPORT_1_6 = _report("admission-report-1.6", "Innleggelsesrapport")
DISCHARGE_REPORT_1_6 = _report("discharge-report-1.6", "TverrfagligEpikrise")
HEALTH_INFORMATION_1_6 = _report("health-information-1.6", "HelseopplysningerVedSoknad")
SERVICES_OFFERED_1_6 = _report("services-offered-1.6", "OrienteringOmTjenestetilbud")
TO_DOCTOR_1_6 = _report("to-doctor-1.6", "HelseopplysningerTilLege")
MEDICAL_INFORMATION_1_6 = _report("medical-information-1.6", "MedisinskeOpplysninger")

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
