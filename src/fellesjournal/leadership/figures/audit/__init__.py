"""Published tables held against themselves: what the printed digits can have been rounded from.

``digits`` reads one cell, ``spans`` counts with what a cell may stand for, ``formulas`` says how one
column follows from others, ``tables`` reads what was pasted, ``verdicts`` judges each cell.
"""
