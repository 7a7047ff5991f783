"""What common analyses are called in plain words, in HelsaMi.

These are the project's own words for what is measured: no source gives them, and they say nothing of
what a value means. The laboratory's name always stands beside. A name that is not in the table stands
as the laboratory wrote it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.orders.catalogue import NLK

_NAMES: Mapping[str, str | Promise] = {
    "NOR05172": _("Haemoglobin, “blood percentage”"),
    "NPU19748": _("Inflammation test"),
    "NPU02593": _("White blood cells"),
    "NPU03568": _("Platelets"),
    "NPU04998": _("Kidney test"),
    "NOR15245": _("Kidney function, estimated"),
    "NPU03429": _("Sodium, a salt"),
    "NPU03230": _("Potassium, a salt"),
    "NPU01459": _("Urea"),
    "NPU19673": _("Albumin, a protein"),
    "NPU19651": _("Liver test"),
    "NPU27300": _("Long-term blood sugar"),
    "NPU02192": _("Blood sugar"),
    "NPU01566": _("Cholesterol in all"),
    "NPU04094": _("Triglycerides, a fat"),
    "NPU27547": _("Thyroid test"),
    "NPU03579": _("Thyroid hormone"),
    "NPU19763": _("Iron stores"),
    "NPU01700": _("Vitamin B12"),
    "NPU10267": _("Vitamin D"),
    "NPU01685": _("Blood clotting"),
    "NPU21571": _("Heart test"),
    "NPU08669": _("Prostate test"),
    "NPU09356": _("Uric acid"),
    "NOR15260": _("Protein in urine"),
}
"""By the code of the analysis (NLK)."""


def plain_name(key: str) -> str:
    """The plain name of what is measured (``system|code``); "" for what is not in the table."""
    system, _bar, code = key.rpartition("|")
    return str(_NAMES.get(code, "")) if system == NLK else ""


def plain_title(title: str, keys: Collection[str]) -> str:
    """The title of a report: of one that holds a single analysis its plain name first."""
    plain = plain_name(next(iter(keys))) if len(keys) == 1 else ""
    if not plain or plain.casefold() == title.casefold():
        return title
    return f"{plain} ({title})" if title else plain


__all__ = ["plain_name", "plain_title"]
