"""What a rule refuses, asked for by the rule."""

from __future__ import annotations

import pytest

from fellesjournal.leadership.decisions.refusals import Refused, Why


def refused(why: Why) -> pytest.RaisesExc[Refused]:
    """Something is refused by this rule and by no other."""
    return pytest.raises(Refused, check=lambda error: error.why is why)
