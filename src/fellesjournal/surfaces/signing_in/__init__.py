"""Signing in and out on the web, for staff and citizens; who is signed in, for every page.

The other page surfaces build on ``signed_in``; it knows none of them.
"""
