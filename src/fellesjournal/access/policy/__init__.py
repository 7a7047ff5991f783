"""Who may see and do what: rules as data, one readable module per area of work.

Pure: no database, no HTTP. docs/access.md is generated from what stands here.
"""
