"""The wiring: settings, addresses, the HTTP entry and the command line."""
