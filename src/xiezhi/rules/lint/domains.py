"""Whether the departments that answer for a line of work are known: a wrong code would send its hits to the root unsaid."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xiezhi.rules.lint.finding import Finding
from xiezhi.rules.loader import Content


def check_domain(code: str, content: Content, departments: Collection[str]) -> Iterator[Finding]:
    """One finding for each department that is not among `departments`, the codes of the list of that name."""
    document = content.document("domain", code)
    for place, department in enumerate(content.domains[code].departments):
        if department not in departments:
            yield Finding(
                "META-14",
                code,
                f"没有部门 {department}:应是代码表 department 中的代码",
                f"there is no department {department}: it must be a code of the list department",
                document.place("departments", place),
            )
