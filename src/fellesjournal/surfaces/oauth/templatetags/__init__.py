"""Template filters of the pages of apps and consent."""
