"""The citizen's own blocks: who may not see what, read from her consents."""
