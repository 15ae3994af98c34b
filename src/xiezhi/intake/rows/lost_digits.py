"""Numbers whose end a spreadsheet has lost: it keeps 15 digits and writes noughts for the rest.

One number may end in noughts. A whole column of ids or accounts that does is another column than the one that was meant:
whoever is found by it is a stranger, and the accounts of many become one.
"""

from __future__ import annotations

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.refusals import refuse
from xiezhi.intake.rows.stage import Stage
from xiezhi.intake.sheets.sheet import Sheet
from xiezhi.kernel.identity_kind import IdentityKind

KEPT = 15
LONG_NUMBERS = (IdentityKind.CITIZEN_ID, IdentityKind.BANK_ACCOUNT)
LEAST = 10
"""Different numbers of more than 15 digits from which a column can be judged. Of sixteen digits one in ten ends in a nought by
chance: nine of ten such come by chance once in 10⁸ columns."""

SHARE = 0.9
"""Of these, those with nothing but noughts behind the 15th digit."""


def check_long_numbers(engine: DuckDB, stage: Stage, sheet: Sheet) -> None:
    """Raises RefusedDelivery for a column whose numbers have lost their end."""
    for column, field in stage.fields.items():
        if field.identity is None or field.identity not in LONG_NUMBERS:
            continue
        texts = f"SELECT regexp_replace({stage.raw(column)}, '\\s', '', 'g') AS digits {stage.judged_from(column)}"
        [found] = engine.rows(
            f"SELECT count(DISTINCT digits) AS numbers, count(DISTINCT CASE WHEN regexp_matches(digits, '^[0-9]{{{KEPT}}}0+$')"
            f" THEN digits END) AS lost FROM ({texts}) WHERE regexp_matches(digits, '^[0-9]{{{KEPT + 1},}}[Xx]?$')"
        )
        if found["numbers"] >= LEAST and found["lost"] >= SHARE * found["numbers"]:
            header = sheet.header[list(stage.source.columns).index(column)]
            where = sheet.sheet or sheet.member
            raise refuse(
                "digits_lost", sheet.file, member=where, what=header, numbers=found["numbers"], lost=found["lost"], kept=KEPT
            )
