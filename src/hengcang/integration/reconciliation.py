"""对账 Reconciliation: the source's own totals beside those of the book, every difference with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from unicodedata import east_asian_width

Figure = Decimal | int


@dataclass(frozen=True, slots=True)
class Row:
    """对账行 One figure: in the source, in the book, how much of the difference is explained, and by what."""

    name: str
    source: Figure
    book: Figure
    explained: Figure = 0
    reason: str = ""

    @property
    def difference(self) -> Figure:
        """差额 Book less source."""
        return self.book - self.source

    @property
    def settled(self) -> bool:
        """已解释 Whether the difference is exactly the explained one."""
        return self.difference == self.explained


@dataclass(slots=True)
class Reconciliation:
    """对账结果 What was compared, the rules that were applied, and the details of differences."""

    title: str
    rows: list[Row] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def compare(self, name: str, source: Figure, book: Figure, explained: Figure = 0, reason: str = "") -> None:
        """比较 Add a figure."""
        self.rows.append(Row(name, source, book, explained, reason))

    @property
    def settled(self) -> bool:
        """已对平 Whether every difference is explained."""
        return all(row.settled for row in self.rows)

    def row(self, name: str) -> Row:
        """The row of that name."""
        return next(row for row in self.rows if row.name == name)

    def text(self) -> str:
        """文本 The whole as a person reads it."""
        lines = [f"对账：{self.title}", ""]
        width = max([cells(row.name) for row in self.rows] + [8])
        head = f"  {fill('项目', width)}  {'source':>16}  {'book':>16}  {'book-source':>14}"
        lines += [head, "  " + "-" * (cells(head) - 2)]
        lines += [line_of(row, width) for row in self.rows]
        if self.rules:
            lines += ["", "规则："] + [f"  - {rule}" for rule in self.rules]
        if self.details:
            lines += ["", f"差异明细（{len(self.details)} 条）："] + [f"  {detail}" for detail in self.details]
        lines += ["", "结论：" + ("全部对平，差异均已解释。" if self.settled else "有未解释的差异，见标 ✗ 的行。"), ""]
        return "\n".join(lines)


def line_of(row: Row, width: int) -> str:
    """One row as text."""
    mark = "✓" if row.settled else "✗"
    reason = f"  {row.reason}" if row.reason else ""
    return f"{mark} {fill(row.name, width)}  {row.source:>16,}  {row.book:>16,}  {row.difference:>+14,}{reason}"


def cells(text: str) -> int:
    """列宽 How many columns a terminal gives the text: a Chinese character takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def fill(text: str, width: int) -> str:
    """The text with spaces up to the width."""
    return text + " " * max(width - cells(text), 0)
