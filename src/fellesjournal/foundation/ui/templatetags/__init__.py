"""Template filters of the component library."""
