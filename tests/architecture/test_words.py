"""The words of the product: labels agree with the glossary, refusals have permanent codes and both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

from hengcang.core import errors
from hengcang.core.posting import ACCOUNT_LABELS, Account
from hengcang.documents.books import KIND_LABELS
from hengcang.meta import registry

ROOT = Path(__file__).resolve().parents[2]


def glossary() -> dict[str, str]:
    """Chinese words of the glossary by code name."""
    found: dict[str, str] = {}
    for line in (ROOT / "docs" / "glossary.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        for chinese, code in zip(cells[::2], cells[1::2], strict=False):
            for name in re.split(r"\s*/\s*", code):
                found[name.split(" ")[0]] = chinese
    return found


def every_error() -> list[type[errors.HengcangError]]:
    """Every class of refusal."""
    waiting, found = [errors.HengcangError], []
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += one.__subclasses__()
    return found


def test_document_types_are_called_what_the_glossary_calls_them() -> None:
    words = glossary()
    wrong = {
        one.name: (one.label, words.get(one.name))
        for one in registry.documents().values()
        if one.name not in words or not any(part.strip().startswith(one.label[:3]) for part in words[one.name].split("/"))
    }
    assert wrong == {}


def test_names_and_collections_are_snake_case_and_patterns_number_their_documents() -> None:
    for one in registry.documents().values():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", one.name), one.name
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", one.collection), one.collection
        assert re.fullmatch(r"[A-Z]+-\{yyyymmdd\}-\{seq:04\}", one.number_pattern), one.number_pattern
    patterns = [one.number_pattern for one in registry.documents().values()]
    assert len(set(patterns)) == len(patterns)


def test_conversions_lead_to_types_that_consume_their_purpose() -> None:
    for one in registry.documents().values():
        for conversion in one.conversions:
            target = registry.document(conversion.target)
            assert conversion.money or target.consumes == conversion.purpose, (one.name, target.name)


def test_refusals_have_codes_of_their_own_and_say_the_same_numbers_in_both_languages() -> None:
    found = every_error()
    codes = [one.code for one in found]
    assert len(set(codes)) == len(codes)
    for one in found:
        names = {name for _, name, _, _ in string.Formatter().parse(one.en) if name}
        known = {name for _, name, _, _ in string.Formatter().parse(one.zh) if name}
        assert re.search("[一-鿿]", one.zh), one
        assert not re.search("[一-鿿]", one.en), one
        assert names <= known, (one, names - known)


def test_every_account_and_every_kind_of_move_has_a_chinese_name() -> None:
    assert set(ACCOUNT_LABELS) == set(Account)
    assert all(re.search("[一-鿿]", label) for label in [*ACCOUNT_LABELS.values(), *KIND_LABELS.values()])
