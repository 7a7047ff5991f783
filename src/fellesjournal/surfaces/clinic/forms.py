"""What the clinic's pages ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PatientSearch(forms.Form):
    """One field for number, name or birth date."""

    q = forms.CharField(
        label=_("National identity number, name or birth date"),
        max_length=200,
        required=False,
        strip=True,
    )
