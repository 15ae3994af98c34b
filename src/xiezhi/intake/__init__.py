"""Intake: a delivered file → rows of the lake, and a receipt that accounts for every row.

Here stands what binds the parts together: `receive` (the door), `recognise` (which contract), `prepared` with `tabular` and
`releases` (read and judged, nothing kept yet), `admit` and `papers` (into the lake, and what is left beside the rows),
`refusals`. Each folder is one thing to understand and says in its `__init__` what it is and what it may import. The order of all
of them is in pyproject.toml ("Intake reads before it judges, and judges before it keeps").
"""
