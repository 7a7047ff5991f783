"""Sources of chance: one per purpose, so that a change in one part leaves the others alone."""

from __future__ import annotations

from random import Random


def source(*parts: object) -> Random:
    """A repeatable source of chance for the parts, such as (seed, "population")."""
    return Random("/".join(str(part) for part in parts))  # noqa: S311 - invented data, no secret
