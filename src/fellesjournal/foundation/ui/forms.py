"""The house's look of plain forms, for pages that list their fields one below another."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.utils.translation import gettext

ONCE_FIELD = "once"
"""The hidden field that tells one form from another, however often it is sent (``{% once %}``)."""


def form_key(request: HttpRequest) -> str:
    """The key of the form that was sent: a UUID. A form without one is like no other."""
    try:
        return str(uuid.UUID(request.POST.get(ONCE_FIELD, "")))
    except ValueError:
        return str(uuid.uuid4())


class _PlainField(BoundField):
    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """As Django, in the house's look, and tied to the text of its error."""
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        built["class"] = "ds-input"
        if self.errors:
            built |= {"aria-invalid": "true", "aria-describedby": f"{self.auto_id}-error"}
        return built


class PlainForm(forms.Form):
    """Fields in the house's look; what is left out is said by the name of its field."""

    bound_field_class = _PlainField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            message = gettext("Fill in “%(field)s”.")
            field.error_messages["required"] = message % {"field": field.label}
