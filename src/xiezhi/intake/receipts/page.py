"""A receipt as a printable page, Chinese first. What is said is decided in `receipt`; this file only lays it out."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, select_autoescape

from xiezhi.intake.receipts.receipt import Receipt
from xiezhi.intake.receipts.words import WORDS
from xiezhi.kernel.words import Words

_PAGES = Environment(loader=PackageLoader("xiezhi.intake.receipts"), autoescape=select_autoescape(), trim_blocks=True)


def receipt_page(receipt: Receipt, title: Words | None = None) -> str:
    """One self-contained HTML page. `title`: of the contract, where there is one."""
    return _PAGES.get_template("receipt.html").render(r=receipt, title=title, words=WORDS)
