"""What programs and people write where there is no value. One list for cells, names and numbers; compared in upper case."""

from __future__ import annotations

NOT_FOUND = "#N/A"
"""What a look-up shows that found nothing: no value, and no mistake."""

ERRORS = (
    NOT_FOUND, "#VALUE!", "#REF!", "#NAME?", "#NULL!", "#NUM!", "#DIV/0!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
    "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#PYTHON!", "#EXTERNAL!", "#GETTING_DATA", "#TIMEOUT!",
)  # fmt: skip
"""What spreadsheets since 2007 show where a formula gave nothing."""

DATABASE_NULLS = ("\\N", "NULL", "(NULL)", "<NULL>", "[NULL]", "{NULL}", "NIL", "NONE", "NAN", "<NA>", "<NAN>", "NAT")
"""What exports of databases and of pandas write for a value that is not there."""

DITTO = ("〃", "″", "〞", "〝", "”", '"', "同上", "同前", "同左", "如上", "如前", "同上行", "DITTO")
"""What clerks write for the cell above: which value that is, depends on how the rows were sorted since."""
