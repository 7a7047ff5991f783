"""The read log: who read or wrote what, why and when, chained so that no line can go unnoticed.

``lines`` writes, ``sealing`` keeps the proof, ``verify`` checks it; ``queries``, ``audit_event``,
``seen_by`` and ``review`` show it to those who may see it.
"""
