"""Every text the product speaks, collected from where it is written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from heard.tone.rules import Reader, Text
from store.articles import read_articles

_CUSTOMER_CODE = (
    "actions",
    "company",
    "conversation/reasons.py",
    "handoff/handoffs.py",
    "handoff/returns.py",
    "store/shop.py",
    "store/shop_changes.py",
    "store/shop_rules.py",
    "website/refusal.py",
)
_STAFF_CODE = (
    "handoff/briefing/card.py",
    "handoff/case.py",
    "handoff/casework/endings.py",
    "handoff/casework/handing_back.py",
    "handoff/casework/happenings.py",
    "handoff/casework/needed.py",
    "handoff/casework/not_yours.py",
    "handoff/casework/owners.py",
    "handoff/casework/replies.py",
    "handoff/casework/steps.py",
    "handoff/remedies/remedies.py",
    "handoff/remedies/choices.py",
    "handoff/remedies/records.py",
    "handoff/remedies/rules.py",
    "handoff/digests/digests.py",
    "handoff/queue/staffing.py",
    "handoff/promises/watch_words.py",
    "handoff/desks",
)
_WIDGET = ("website/widget/words.js",)
_JS_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
_STANDS_FOR = "1001"  # what a filled-in part is counted as: one plain word
_MANY_WORDS = re.compile(r"\w+\s+\w+\s+\w+")


def spoken(root: Path) -> Iterator[Text]:
    """All texts below `root`, the folder of the product, each with its file and line."""
    yield from _responses(root, root / "domain.yml")
    for names, reader in ((_CUSTOMER_CODE, Reader.CUSTOMER), (_STAFF_CODE, Reader.STAFF)):
        for name in names:
            for file in _files(root / name):
                yield from _in_python(root, file, reader)
    for name in _WIDGET:
        yield from _in_javascript(root, root / name)
    folder = root / "data" / "articles"
    for topic in read_articles(folder)[0].topics:
        for article in topic.articles:
            file = folder.relative_to(root) / topic.name / f"{article.slug}.md"
            yield Text(str(file), article.answer)
            yield from (Text(str(file), text) for _, text in article.steps)


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path] * path.is_file()


def _responses(root: Path, domain: Path) -> Iterator[Text]:
    source = domain.read_text(encoding="utf-8")
    lines = source.splitlines()
    for name, variants in (yaml.safe_load(source).get("responses") or {}).items():
        line = next((n for n, text in enumerate(lines, 1) if text.strip() == f"{name}:"), 1)
        where = f"{domain.relative_to(root)}:{line}"
        for variant in variants:
            yield Text(where, re.sub(r"\{\w+\}", _STANDS_FOR, str(variant.get("text", ""))).strip())
            for button in variant.get("buttons") or ():
                yield Text(where, str(button["title"]), Reader.STAFF)


def _in_python(root: Path, file: Path, reader: Reader) -> Iterator[Text]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    silent, for_staff = _never_spoken(tree), _for_staff(tree)
    for node in ast.walk(tree):
        if node in silent or not isinstance(node, ast.Constant | ast.JoinedStr):
            continue
        words = _words(node)
        if _MANY_WORDS.search(words) and not words.startswith(("(", "\\", "^")):
            where = f"{file.relative_to(root)}:{node.lineno}"
            yield Text(where, words.strip(), Reader.STAFF if node in for_staff else reader)


def _for_staff(tree: ast.AST) -> set[ast.AST]:
    """What stands in a table that is named as the staff's."""
    return {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and "STAFF" in ast.unparse(node).split("=")[0]
        for inner in ast.walk(node)
    }


def _never_spoken(tree: ast.AST) -> set[ast.AST]:
    """Docstrings, patterns, errors for programmers, log lines and parts of longer texts."""
    silent: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent.update(child for child in ast.walk(node) if child is not node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(node.value)
        elif isinstance(node, ast.Call) and _called(node) in _FOR_PROGRAMS:
            silent.update(ast.walk(node))
    return silent


_LOGGING = ("debug", "info", "warning", "error", "exception")
_FOR_PROGRAMS = {"compile", *_LOGGING, "ValueError", "KeyError", "RuntimeError", "TypeError"}


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _words(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "1001"
        for part in node.values
    )


def _in_javascript(root: Path, file: Path) -> Iterator[Text]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        for quoted, template in _JS_STRING.findall(line):
            words = re.sub(r"\$\{[^}]*\}", _STANDS_FOR, quoted or template)
            if _MANY_WORDS.search(words):
                yield Text(f"{file.relative_to(root)}:{number}", words.strip())
