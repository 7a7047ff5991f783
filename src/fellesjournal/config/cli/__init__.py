"""The command line, ``fellesjournal``: one module per command.

Exit codes, for scripts:

====  ==========================================================================
0     done
1     failed; the message says why
2     wrong use: unknown option, bad setting
3     done, but something was refused or found wrong (rejected input, check findings)
4     the database or the port is in use by another process
130   stopped by Ctrl-C
====  ==========================================================================
"""

from __future__ import annotations

import importlib

import click

# Commands are imported when used: `fellesjournal --help` answers at once.
COMMANDS = (
    "run", "work", "load", "demo", "token", "export", "figures", "check", "audit", "reindex", "bench", "laboratory",
    "outsider", "table-audit",
)  # fmt: skip


class Commands(click.Group):
    """Finds a command in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of the documentation."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None for an unknown name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"fellesjournal.config.cli.{cmd_name.replace('-', '_')}")
        command = module.command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, epilog="Settings come from the environment; see docs/operators.md.")
@click.version_option(package_name="fellesjournal")
def main() -> None:
    """Fellesjournal: one citizen, one record."""
