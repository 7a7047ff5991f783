"""OAuth 2 and SMART App Launch 2.2 (http://hl7.org/fhir/smart-app-launch/): rules and tables.

Pure: ``scopes`` and ``discovery``. Tables: ``clients``, ``authorizations`` (who agreed to
what), ``codes``, ``tokens``, ``keys``, ``launches``, ``once`` (what may be used once).
``server`` and ``grants`` join them to authlib's protocol parts; ``surfaces.oauth`` puts that on the wire.
"""
