"""What is wrong with a view, and where in it."""

from __future__ import annotations


class ViewError(ValueError):
    """A ViewDefinition that can't be compiled, or that does not fit a resource.

    ``place`` leads to the part at fault (``select[1].column[0].path``). The message names parts
    of the view only, never what a resource says: it may be logged.
    """

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place
        self.message = message
