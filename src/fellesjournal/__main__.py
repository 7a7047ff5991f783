"""``python -m fellesjournal``: the same as the command ``fellesjournal``."""

from __future__ import annotations

from fellesjournal.config.cli import main

if __name__ == "__main__":
    main(prog_name="fellesjournal")
