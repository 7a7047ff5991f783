"""If-None-Match and If-Modified-Since of reads (http://hl7.org/fhir/R4/http.html#concurrency)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from fellesjournal.fhir import bodies

_TAG = re.compile(r'(?:W/)?"([^"]*)"|([A-Za-z0-9\-.]+)')


def is_unchanged(
    none_match: str | None, modified_since: str | None, version: int, seq: int
) -> bool:
    """Whether a conditional read is answered 304. If-None-Match outranks If-Modified-Since."""
    if none_match is not None:
        if none_match.strip() == "*":
            return True
        tags = {tag[0] or tag[1] for tag in _TAG.findall(none_match)}
        return str(version) in tags
    if modified_since is not None:
        since = _http_date(modified_since)
        if since is not None:
            return bodies.seq_time(seq).replace(microsecond=0) <= since
    return False


def _http_date(text: str) -> datetime | None:
    """An HTTP date; None for anything else, which RFC 9110 tells to pass over."""
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        try:
            instant = datetime.fromisoformat(text.strip())
        except ValueError:
            return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
