"""OAuth 2 and SMART App Launch 2.2 (http://hl7.org/fhir/smart-app-launch/): rules and tables.

Pure: ``scopes`` and ``discovery``. Tables: ``clients``, ``authorizations`` (who agreed to
what), ``codes``, ``tokens``, ``keys``, ``launches``, ``proofs`` (what may be used once).
``server`` joins them to authlib's protocol parts; ``surfaces.oauth`` puts that on the wire.
"""
