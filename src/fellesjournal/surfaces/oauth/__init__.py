"""OAuth 2 and SMART on the wire: protocol endpoints, and the pages people decide on."""
