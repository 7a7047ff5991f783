"""What is told of documents."""

from __future__ import annotations

DOCUMENT_SAVED = "document-saved"
"""A version was saved; facts: kind, key, version."""
