"""What an administrator says about a client."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.smart import clients
from fellesjournal.access.smart.clients import BadClient, Client
from fellesjournal.foundation.ui.forms import PlainForm

_KINDS = (
    ("browser", _("App without a secret (browser, phone)")),
    ("server", _("App on a server, with a secret")),
    ("key", _("App on a server, with a key")),
    ("service", _("Service without a user, with a key")),
)
_METHODS = {
    "browser": clients.PUBLIC,
    "server": clients.SECRET,
    "key": clients.KEY,
    "service": clients.KEY,
}
_PURPOSES = (
    ("", "—"),
    ("TREAT", _("Treatment")),
    ("COC", _("Coordination of care")),
    ("HOPERAT", _("Running the health service")),
    ("HQUALIMP", _("Improving quality")),
    ("HPAYMT", _("Payment")),
    ("PUBHLTH", _("Public health")),
    ("HRESCH", _("Research")),
    ("HSYSADMIN", _("Running the platform")),
)

PURPOSE_WORDS = dict(_PURPOSES[1:])
METHOD_WORDS = {
    clients.PUBLIC: _("without a secret"),
    clients.SECRET: _("with a secret"),
    clients.KEY: _("with a key"),
}


class ClientForm(PlainForm):
    """One new client. Lists are one entry per line."""

    name = forms.CharField(label=_("Name, as people will see it"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=_KINDS)
    redirects = forms.CharField(
        label=_("Addresses to return to, one per line"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    launch_uri = forms.CharField(
        label=_("Address to launch it from the chart"), max_length=2000, required=False
    )
    scope = forms.CharField(label=_("Scopes"), widget=forms.Textarea(attrs={"rows": 4}))
    purpose = forms.ChoiceField(label=_("Purpose (services)"), choices=_PURPOSES, required=False)
    purpose_text = forms.CharField(
        label=_("Purpose in a sentence (services)"), max_length=500, required=False
    )
    jwks = forms.CharField(
        label=_("Public keys (JWK Set)"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    jwks_uri = forms.CharField(label=_("Address of the keys"), max_length=2000, required=False)
    client_uri = forms.CharField(label=_("Page about it"), max_length=2000, required=False)
    policy_uri = forms.CharField(label=_("Privacy statement"), max_length=2000, required=False)
    logo_uri = forms.CharField(label=_("Logo"), max_length=2000, required=False)
    dpop = forms.BooleanField(label=_("Only with bound tokens (DPoP)"), required=False)
    introspects = forms.BooleanField(label=_("May ask about any token"), required=False)

    def clean(self) -> dict[str, Any]:
        """Check as every client is checked; the error stands at its field."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                clients.check(self.client())
            except BadClient as error:
                field = {"method": "kind", "grants": "kind"}.get(error.field, error.field)
                self.add_error(field if field in self.fields else None, error.problem)
        return cleaned

    def client(self) -> Client:
        """The client that the form describes."""
        given = self.cleaned_data
        kind = given["kind"]
        service = kind == "service"
        grants = (
            (clients.SERVICE_GRANT,) if service else (clients.CODE_GRANT, clients.REFRESH_GRANT)
        )
        return Client(
            client_id="",
            name=given["name"],
            method=_METHODS[kind],
            grants=grants,
            redirects=tuple(given["redirects"].split()),
            scope=" ".join(given["scope"].split()),
            purpose=given["purpose"] if service else "",
            purpose_text=given["purpose_text"] if service else "",
            jwks=given["jwks"].strip(),
            jwks_uri=given["jwks_uri"],
            client_uri=given["client_uri"],
            policy_uri=given["policy_uri"],
            logo_uri=given["logo_uri"],
            launch_uri=given["launch_uri"],
            dpop=given["dpop"],
            introspects=given["introspects"],
        )


class InvitationForm(PlainForm):
    """The right to register one client by itself."""

    note = forms.CharField(label=_("For whom"), max_length=200)
    scope = forms.CharField(
        label=_("At most these scopes"), widget=forms.Textarea(attrs={"rows": 4})
    )
    days = forms.IntegerField(label=_("Days it is valid"), min_value=1, max_value=90, initial=7)
