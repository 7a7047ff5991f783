"""How every figure of the leaders' pages is counted, compared, rounded and held back: periods and
durations, ratios, intervals, signals, and the type of a result. Nothing here knows where a figure
comes from.
"""
