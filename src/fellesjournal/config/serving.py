"""The HTTP server: the program is loaded once, then divided into workers that share its memory.

Where processes are forked (Linux), a worker costs what it adds, and begins at once; elsewhere
each loads the program for itself.
"""

from __future__ import annotations

import gc

from granian.cli import cli

from fellesjournal.config import wsgi


def main() -> None:
    """Serve, as the words of the command line tell granian."""
    wsgi.load()
    gc.collect()
    # What a collection looks at is written to, and what is written to is no longer shared.
    gc.freeze()
    cli()


if __name__ == "__main__":
    main()
