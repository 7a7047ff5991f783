"""Laboratory requisitions: ordered from the chart, changed, withdrawn, and how far they have come."""
