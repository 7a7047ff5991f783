"""Who somebody is: OpenID Connect towards HelseID and ID-porten, and sessions on the web.

A surface begins and finishes a sign-in (``flow``), asks who in the record the identity
belongs to (``people``) and keeps the session (``web_sessions``). No password is stored.
"""
