"""A story: a Markdown file of steps and expectations that an accountant can read, parsed into plain rows.

`## 设置`, `## 商品` and `## 汇率` say what differs from the defaults; each `## 经过` is a table of steps, each `## 期望` holds tables
under `###` headings that must agree with the books exactly. A step whose 日期, 动作, 类型 and 单据 are empty is a further
line of the document above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

Row = dict[str, str]


@dataclass
class Section:
    """One `##` section: its kind (经过, 期望 …) and its tables by `###` heading."""

    kind: str
    tables: dict[str, list[Row]] = field(default_factory=dict)


@dataclass
class Story:
    """A story: title, settings, items, and the sections to play in order."""

    title: str
    settings: dict[str, str]
    items: list[Row]
    rates: list[Row]
    families: list[Row]
    sections: list[Section]


def read(path: Path) -> Story:
    """The story in a file."""
    title, sections = "", []
    heading, header = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text.startswith("# "):
            title = text[2:]
        elif text.startswith("## "):
            sections.append(Section(text[3:].split("（")[0].strip()))
            heading, header = "", []
        elif text.startswith("### "):
            heading, header = text[4:].split("（")[0].strip(), []
        elif text.startswith("|") and sections:
            cells = [cell.strip() for cell in text.strip("|").split("|")]
            if not header:
                header = cells
                sections[-1].tables.setdefault(heading, [])
            elif not set(text) <= set("|-: "):
                assert len(cells) == len(header), f"{path.name}: {text}"
                sections[-1].tables[heading].append(dict(zip(header, cells, strict=True)))
        elif not text:
            header = []
    settings = {row["项目"]: row["值"] for one in sections if one.kind == "设置" for row in one.tables[""]}
    items = [row for one in sections if one.kind == "商品" for row in one.tables[""]]
    rates = [row for one in sections if one.kind == "汇率" for row in one.tables[""]]
    families = [row for one in sections if one.kind == "商品款" for row in one.tables[""]]
    return Story(title, settings, items, rates, families, [one for one in sections if one.kind in ("经过", "期望")])


def steps(table: list[Row]) -> list[tuple[Row, list[Row]]]:
    """Steps with their lines: a row without date, action, type and document continues the one above."""
    found: list[tuple[Row, list[Row]]] = []
    for row in table:
        if any(row.get(name) for name in ("日期", "动作", "类型", "单据")):
            found.append((row, [row]))
        else:
            found[-1][1].append(row)
    return found


def day_of(text: str) -> date:
    """3月5日 of 2026, or a full date."""
    found = re.fullmatch(r"(?:(\d{4})年)?(\d+)月(\d+)日", text)
    assert found, f"not a date: {text}"
    return date(int(found[1] or 2026), int(found[2]), int(found[3]))


def pairs(text: str) -> dict[str, str]:
    """`优惠=10；占用=是` as a dict."""
    return dict(part.split("=", 1) for part in re.split("[；;]", text) if "=" in part)
