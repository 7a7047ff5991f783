"""Who may act for whom: parents, guardians, those with a power of attorney, next of kin.

Evaluated anew at each request: nothing is stored, so a birthday, a move or a lost custody
counts at the next one (INV-38). ``ages`` and ``rules`` are pure; ``reading`` turns resources
into facts; ``facts`` reads them from the record.
"""
