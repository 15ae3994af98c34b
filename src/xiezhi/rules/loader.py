"""Read content folders: shipped content first, then a site's own laid over it. Every complaint names file and line.

A site stands in for something shipped only by saying so: `replaces: <code, name or id>` in its own file. The same name
twice without it is a mistake and is refused. Exclusions can only be added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from xiezhi.kernel.errors import ContentError, Place
from xiezhi.kernel.yaml_document import Document, read_text, read_yaml
from xiezhi.rules.domain import Domain
from xiezhi.rules.fact import Fact
from xiezhi.rules.norm import Exclusion, Norm
from xiezhi.rules.overlay import defined_twice, lay
from xiezhi.rules.rule import Rule
from xiezhi.rules.source import build

RULE_FILE, FACT_FILE, QUERY_FILE, DOMAINS_FILE = "rule.yaml", "fact.yaml", "query.sql", "domains.yaml"


@dataclass
class Content:
    """All content in force. `documents`: (kind, name) → the YAML it was read from, for naming lines."""

    rules: dict[str, Rule] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    norms: dict[str, Norm] = field(default_factory=dict)
    exclusions: dict[str, Exclusion] = field(default_factory=dict)
    domains: dict[str, Domain] = field(default_factory=dict)
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)

    def document(self, kind: str, name: str) -> Document:
        """Where a `rule`, `fact`, `norm` or `domain` was read from."""
        return self.documents[kind, name]

    def folder(self, code: str) -> Path:
        """The folder of a rule."""
        return self.documents["rule", code].path.parent

    def fact_folder(self, name: str) -> Path:
        """The folder of a fact."""
        return self.documents["fact", name].path.parent


def load_content(roots: Sequence[Path]) -> Content:
    """Content of `roots`, later ones laid over earlier ones. Raises one ContentError naming every fault."""
    content, problems = read_content(roots)
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise ContentError(
            "XZ-CONTENT-01",
            zh=f"内容有 {len(problems)} 处错误:\n" + "\n".join(problem.message("zh") for problem in problems),
            en=f"{len(problems)} faults in the content:\n" + "\n".join(problem.message("en") for problem in problems),
            place=None,
        )
    return content


def read_content(roots: Sequence[Path]) -> tuple[Content, list[ContentError]]:
    """What can be read of `roots`, and what cannot: for lint and for a site that repairs its content."""
    content, problems = Content(), list[ContentError]()
    for root in roots:
        laid: set[tuple[str, str]] = set()
        for read in _readers(root):
            try:
                read(content, laid)
            except ContentError as problem:
                problems.append(problem)
    return content, problems


def load_domains(roots: Sequence[Path]) -> dict[str, Domain]:
    """The domains alone, by code. Raises ContentError for the first fault."""
    content = Content()
    for root in roots:
        laid: set[tuple[str, str]] = set()
        if (root / DOMAINS_FILE).exists():
            _read_domains(root / DOMAINS_FILE, content, laid)
    return dict(sorted(content.domains.items()))


Reader = Callable[[Content, set[tuple[str, str]]], None]


def _readers(root: Path) -> Iterator[Reader]:
    if not root.is_dir():
        raise ContentError("XZ-CONTENT-02", zh=f"没有内容目录 {root}", en=f"there is no content folder {root}")
    for path in sorted(root.glob("norms/*.yaml")):
        yield partial(_read_norm, path)
    for path in sorted(root.glob("facts/*.yaml")):
        yield partial(_refuse_loose_fact, path)
    for path in sorted(root.glob(f"facts/*/{FACT_FILE}")):
        yield partial(_read_fact, path)
    for path in sorted(root.glob(f"rules/*/*/{RULE_FILE}")):
        yield partial(_read_rule, path)
    if (root / "exclusions.yaml").exists():
        yield partial(_read_exclusions, root / "exclusions.yaml")
    if (root / DOMAINS_FILE).exists():
        yield partial(_read_domains, root / DOMAINS_FILE)


def _read_norm(path: Path, content: Content, laid: set[tuple[str, str]]) -> None:
    document = read_yaml(path)
    norm = build(Norm, document)
    _same(document, "id", norm.id, path.stem)
    lay(content.norms, "norm", norm.id, norm, document, content.documents, laid)


def _read_fact(path: Path, content: Content, laid: set[tuple[str, str]]) -> None:
    document = read_yaml(path)
    fact = build(Fact, document, {"sql": _sql(path.parent / QUERY_FILE)})
    _same(document, "name", fact.name, path.parent.name)
    lay(content.facts, "fact", fact.name, fact, document, content.documents, laid)


def _refuse_loose_fact(path: Path, _content: Content, _laid: set[tuple[str, str]]) -> None:
    """A fact's files once lay side by side. Passing over them would leave a site's own fact out without a word."""
    raise ContentError(
        "XZ-CONTENT-08",
        zh=f"事实表应是一个文件夹:facts/{path.stem}/{FACT_FILE} 和 {QUERY_FILE}",
        en=f"a fact is a folder: facts/{path.stem}/{FACT_FILE} and {QUERY_FILE}",
        place=Place(file=str(path)),
        todo_zh="把两个文件移进去并改名",
        todo_en="move the two files there and rename them",
    )


def _read_rule(path: Path, content: Content, laid: set[tuple[str, str]]) -> None:
    document = read_yaml(path)
    rule = build(Rule, document, {"sql": _sql(path.parent / QUERY_FILE)})
    _same(document, "domain", rule.domain, path.parent.parent.name)
    if not path.parent.name.startswith(f"{rule.code}-"):
        raise ContentError(
            "XZ-CONTENT-03",
            zh=f"文件夹名应以 {rule.code}- 开头",
            en=f"the folder's name must begin with {rule.code}-",
            place=document.place("code"),
        )
    lay(content.rules, "rule", rule.code, rule, document, content.documents, laid)


def _read_exclusions(path: Path, content: Content, _laid: set[tuple[str, str]]) -> None:
    for code, document in read_yaml(path).entries():
        if code in content.exclusions:
            raise defined_twice(code, content.documents["exclusions", code].path, document.place())
        content.documents["exclusions", code] = document
        content.exclusions[code] = build(Exclusion, document)


def _read_domains(path: Path, content: Content, laid: set[tuple[str, str]]) -> None:
    for code, document in read_yaml(path).entries():
        domain = build(Domain, document)
        lay(content.domains, "domain", code, domain, document, content.documents, laid)


def _same(document: Document, key: str, written: str, expected: str) -> None:
    if written != expected:
        raise ContentError(
            "XZ-CONTENT-06",
            zh=f"{key} 是 {written},文件或文件夹名却是 {expected}",
            en=f"{key} is {written}, but the file or folder is called {expected}",
            place=document.place(key),
        )


def _sql(path: Path) -> str:
    """The text of a SQL file: same on every system, without the blank at its end."""
    if not path.exists():
        raise ContentError("XZ-CONTENT-07", zh="缺少 SQL 文件", en="the SQL file is missing", place=Place(file=str(path)))
    return read_text(path).replace("\r\n", "\n").rstrip().removesuffix(";")
