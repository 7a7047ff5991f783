"""What is registered about a citizen, in words; for her and for those who treat her."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.citizens.own import Contact

LANGUAGE_NAMES: Mapping[str, str | Promise] = {
    "nb": _("Norwegian (bokmål)"),
    "nn": _("Norwegian (nynorsk)"),
    "se": _("Northern Sámi"),
    "nsl": _("Norwegian sign language"),
    "en": _("English"),
    "ar": _("Arabic"),
    "da": _("Danish"),
    "de": _("German"),
    "es": _("Spanish"),
    "fa": _("Persian"),
    "fi": _("Finnish"),
    "fr": _("French"),
    "ku": _("Kurdish"),
    "lt": _("Lithuanian"),
    "pl": _("Polish"),
    "ps": _("Pashto"),
    "ro": _("Romanian"),
    "ru": _("Russian"),
    "so": _("Somali"),
    "sv": _("Swedish"),
    "ta": _("Tamil"),
    "th": _("Thai"),
    "ti": _("Tigrinya"),
    "tl": _("Tagalog"),
    "tr": _("Turkish"),
    "uk": _("Ukrainian"),
    "ur": _("Urdu"),
    "vi": _("Vietnamese"),
    "zh": _("Chinese"),
}
RELATION_NAMES: Mapping[str, str | Promise] = {
    "SPS": _("Husband or wife"),
    "DOMPART": _("Partner"),
    "CHILD": _("Son or daughter"),
    "PRN": _("Parent"),
    "SIB": _("Brother or sister"),
    "GRPRN": _("Grandparent"),
    "GRNDCHILD": _("Grandchild"),
    "FAMMEMB": _("Another relative"),
    "FRND": _("Friend"),
    "NBOR": _("Neighbour"),
}
_BY_SEX: Mapping[tuple[str, str], str | Promise] = {
    ("SPS", "female"): _("Wife"),
    ("SPS", "male"): _("Husband"),
    ("CHILD", "female"): _("Daughter"),
    ("CHILD", "male"): _("Son"),
    ("PRN", "female"): _("Mother"),
    ("PRN", "male"): _("Father"),
    ("SIB", "female"): _("Sister"),
    ("SIB", "male"): _("Brother"),
    ("GRPRN", "female"): _("Grandmother"),
    ("GRPRN", "male"): _("Grandfather"),
}
REFUSED: Mapping[str, str | Promise] = {
    "telephone": _("Write a telephone number with at least eight digits."),
    "email": _("Write an e-mail address such as name@example.no."),
    "language": _("Choose a language from the list."),
    "name": _("Write the name, at most 100 letters."),
    "relation": _("Choose what this person is to you."),
    "changed": _(
        "It was changed meanwhile, perhaps from another page. Look at it, and change it again."
    ),
}


def relation(contact: Contact) -> str:
    """What somebody is to her; by the sex that is registered, if one is."""
    by_sex = _BY_SEX.get((contact.relation, contact.sex))
    if by_sex is not None:
        return str(by_sex)
    return str(RELATION_NAMES.get(contact.relation, contact.relation_text))


__all__ = ["LANGUAGE_NAMES", "REFUSED", "RELATION_NAMES", "relation"]
