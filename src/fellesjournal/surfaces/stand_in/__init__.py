"""The stand-in: an OpenID Connect provider of our own, for demonstrations and tests only.

Two issuers, ``/stand-in/helseid`` and ``/stand-in/idporten``, that demand and issue what the
real ones do, except that whoever comes chooses whom of the demo's people to be. It is there
only in a demo without any real issuer in the settings (``Environment.stand_in``), and knows
only people with numbers of the synthetic series.
"""
