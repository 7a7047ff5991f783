"""How tests are shared out among processes."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

FEW = 2
"""So many processes are kept busy by one that drives a browser and by all other tests."""


class OneBrowser(LoadFileScheduling):  # type: ignore[misc]
    """A file to a process, and all that drives a browser to one: a browser and a platform with its
    region are started once. Where there are many processes they would wait for that one.
    """

    def _split_scope(self, nodeid: str) -> str:
        folder = "tests/e2e/"
        return folder if nodeid.startswith(folder) else super()._split_scope(nodeid)


__all__ = ["FEW", "OneBrowser"]
