"""What is said of a letter that has just been signed: by what way each recipient gets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.messages.resources import Recipient
from fellesjournal.care.messages.states import Route

# Nothing is called sent before there is evidence (INV-1): what is known is where it stands.
_WAYS: Mapping[Route, str | Promise] = {
    Route.INSIDE: _("it goes to the unit's worklist."),
    Route.HELSAMI: _("it stands in HelsaMi now."),
    Route.PAPER: _("it must be printed and posted from your office."),
    Route.NATIONAL: _("it goes as a national message. Below it says when it has arrived."),
}


def told_of_ways(to: Sequence[Recipient]) -> SafeString:
    """The receipt, with a link to what is to be printed when something is."""
    ways = format_html_join(" ", "<br>{}: {}", [(each.name, _WAYS[each.route]) for each in to])
    said = format_html("{}{}", gettext("The letter is signed and stands in the record."), ways)
    if not any(each.route is Route.PAPER for each in to):
        return said
    link = format_html(
        '<a href="{}">{}</a>', reverse("deliveries"), gettext("See what is to be printed")
    )
    return format_html("{} {}", said, link)


__all__ = ["told_of_ways"]
