"""The national XML messages: what they say as frozen dataclasses, read from and written to bytes.

Knows the message standards and nothing of people, units or the record. No Django, no database.
"""
