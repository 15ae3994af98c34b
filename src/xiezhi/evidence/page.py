"""The evidence of a hit as one self-contained, printable HTML page: no script, no request to anywhere."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from xiezhi.evidence.bundle import Evidence
from xiezhi.evidence.places import with_name
from xiezhi.kernel import clock
from xiezhi.kernel.articles import article_words

_TEMPLATES = Environment(loader=PackageLoader("xiezhi.evidence"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def page(evidence: Evidence, language: str) -> str:
    """HTML in `zh` or `en`."""
    zh = language == "zh"

    def say(chinese: str, english: str) -> str:
        return chinese if zh else english

    template = _TEMPLATES.get_template("evidence.html")
    return template.render(
        evidence=evidence,
        hit=evidence.hit,
        rule=evidence.rule,
        finished=clock.as_read(evidence.record.finished),
        gone_at=clock.as_read(evidence.gone_in.finished) if evidence.gone_in else "",
        language=language,
        article_words=article_words,
        say=say,
        named=lambda text: with_name(text, evidence.places),
    )
