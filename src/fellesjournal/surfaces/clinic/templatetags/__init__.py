"""Template filters of the clinic."""
