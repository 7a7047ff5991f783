"""Named events that packages react to each other by, kept in the database until they are handled.

An action publishes an event in its own transaction; it becomes one message for each subscriber.
Whoever handles a message does so in the transaction that marks it done: what the handler writes
and the mark stand or fall together, so an effect inside the database happens exactly once,
whatever is killed when (INV-51). docs/decisions/0013-outbox.md tells why it is ours.
"""
