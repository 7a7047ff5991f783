"""What is told of pathways."""

from __future__ import annotations

PATHWAY_PUBLISHED = "pathway-published"
"""Clinicians may follow a pathway from now on; facts: key, version (of its drawing)."""
