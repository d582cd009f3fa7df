"""导出分录 The journal for the plain-text accounting programs hledger and beancount: vouchers, and what they must come to.

The transactions are made of the rows of the books; the balance assertions at every month's end of the kept months. So
either program, fed the file alone, finds a cent that was changed in one of them: a voucher that does not balance, or a
month that does not come out. Only money is exported: a quantity with a cost that later rows correct has no counterpart
in these programs. Whole accounting periods; what lies before them is one opening transaction.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hengcang.accounting import chart as charts
from hengcang.accounting.chart import Chart, Node
from hengcang.accounting.vouchers import Voucher, vouchers
from hengcang.core.accounts import Leg
from hengcang.core.amounts import CENT, to_text
from hengcang.core.posting import Account
from hengcang.ledger.account_reports import Legs, flows, months_used
from hengcang.ledger.reports import Span, month_of
from hengcang.meta import registry

CURRENCY = "CNY"
EARLIEST = "1970-01-01"
Balances = dict[str, int]


@dataclass(frozen=True, slots=True)
class Form:
    """格式 How one program wants it: the roots by kind of account, a part of an account's name, and the kinds of entries."""

    roots: dict[str, tuple[str, str]]
    part: Callable[[Node], str]
    account: str
    head: str
    transaction: str
    text: Callable[[str], str]
    line: str
    before_assertions: str
    assertion: str
    assertion_days_later: int


def money(micro: int) -> str:
    """An amount with its cents; what is no whole cent in full."""
    if micro % CENT:
        return to_text(micro)
    whole, cents = divmod(abs(micro) // CENT, 100)
    return f"{'-' if micro < 0 else ''}{whole}.{cents:02}"


def plain(text: str) -> str:
    """A text on one line, without what hledger reads as a part of an account or a comment."""
    return re.sub(r"\s+", " ", text.replace(":", "：").replace(";", "；").replace("|", "／")).strip()


def part_of_hledger(node: Node) -> str:
    """Code and name; single blanks are part of a name there."""
    return plain(f"{node.code} {node.name}")


def part_of_beancount(node: Node) -> str:
    """Code and name of letters, digits and hyphens, a digit or capital first."""
    text = "".join(one if one.isalpha() or one.isdecimal() else "-" for one in f"{node.code}-{node.name}").strip("-")
    return text if text[0].isdecimal() or text[0].isupper() else f"K{text}"


FORMS = {
    "hledger": Form(
        roots={
            "asset": ("资产", "A"), "liability": ("负债", "L"), "equity": ("所有者权益", "E"), "cost": ("成本", "A"),
            "credit": ("收入", "R"), "debit": ("费用", "X"),
        },
        part=part_of_hledger,
        account="account {name}  ; type: {type}\n",
        head="; 衡仓 记账凭证\ncommodity 1000.00 CNY\n\n",
        transaction="\n{day} ({code}) {text}\n",
        text=plain,
        line="    {name}  {amount} {currency}\n",
        before_assertions="\n{day} 期末余额\n",
        assertion="    {name}  0.00 {currency} =* {amount} {currency}\n",
        assertion_days_later=0,
    ),
    "beancount": Form(
        roots={
            "asset": ("Assets", ""), "liability": ("Liabilities", ""), "equity": ("Equity", ""), "cost": ("Assets", ""),
            "credit": ("Income", ""), "debit": ("Expenses", ""),
        },
        part=part_of_beancount,
        account=EARLIEST + " open {name}\n",
        head='option "title" "衡仓"\noption "operating_currency" "CNY"\n\n',
        transaction='\n{day} * "{code}" "{text}"\n',
        text=lambda text: text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " "),
        line="  {name}  {amount} {currency}\n",
        before_assertions="\n",
        assertion="{day} balance {name}  {amount} ~ 0.00 {currency}\n",
        assertion_days_later=1,
    ),
}  # fmt: skip


@dataclass(slots=True)
class Writer:
    """写入器 Makes the text of one form in one chart; remembers the names of accounts."""

    form: Form
    chart: Chart
    names: dict[str, str]

    def declarations(self) -> Iterator[str]:
        """Every account, and the head of the file. Names that would be the same in this program are told apart by their ids."""
        for account in Account:
            self.chart.of(Leg(account.value))
        taken: set[str] = set()
        yield self.form.head
        for node in charts.leaves(self.chart.nodes.values()).values():
            root, kind = self.root_of(node)
            name = ":".join([root, *(self.form.part(self.chart.nodes[code]) for code in node.path)])
            self.names[node.code] = name if name not in taken else f"{name}-{node.id}"
            taken.add(self.names[node.code])
            yield self.form.account.format(name=self.names[node.code], type=kind)

    def root_of(self, node: Node) -> tuple[str, str]:
        """The root above an account, and its type: profit and loss by the side its top account stands on."""
        top = self.chart.nodes[node.path[0]]
        return self.form.roots[top.direction if top.kind == "profit_loss" else top.kind]

    def transaction(self, day: str, code: str, text: str, amounts: list[tuple[str, int]]) -> str:
        """One voucher; nothing where it has no lines."""
        if not amounts:
            return ""
        head = self.form.transaction.format(day=day, code=code, text=self.form.text(text))
        lines = (self.form.line.format(name=self.names[one], amount=money(amount), currency=CURRENCY) for one, amount in amounts)
        return head + "".join(lines)

    def voucher(self, voucher: Voucher) -> str:
        """One voucher of one posting: the document's type and number, and what was remarked."""
        lines = list(voucher.ordered())
        if not lines:
            return ""
        first = lines[0].first
        label = registry.document(first.type).label
        text = " ".join(one for one in (label, first.number or "", first.party or "", first.remark) if one)
        return self.transaction(str(first.day), f"记-{first.posting}", text, [(one.node.code, one.debit - one.credit) for one in lines])

    def assertions(self, month: int, balances: Balances) -> str:
        """What every account that has moved must come to, with those below it, at the end of a month."""
        if not balances:
            return ""
        day = end_of(month) + timedelta(days=self.form.assertion_days_later)
        head = self.form.before_assertions.format(day=day)
        lines = (
            self.form.assertion.format(day=day, name=self.names[one], amount=money(amount), currency=CURRENCY)
            for one, amount in sorted(balances.items())
        )
        return head + "".join(lines)


def end_of(month: int) -> date:
    """The last day of a month, yyyymm."""
    return (date(month // 100, month % 100, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass(slots=True)
class Standing:
    """应有余额 Balances by account, those below included, grown month by month from the kept months."""

    months: dict[int, Balances]
    balances: Balances

    def through(self, month: int) -> Balances:
        """The balances at the end of a month."""
        for one in sorted(at for at in self.months if at <= month):
            for code, amount in self.months.pop(one).items():
                self.balances[code] = self.balances.get(code, 0) + amount
        return self.balances


def standing_of(chart: Chart, span: Span) -> tuple[Standing, list[tuple[str, int]]]:
    """What the kept months say, and the opening by account itself. One statement."""
    months: dict[int, Balances] = defaultdict(lambda: defaultdict(int))
    opening: Balances = defaultdict(int)
    for leg, month, debit, credit in flows(month_of(span.first), month_of(span.last)):
        node = chart.of(leg)
        for code in node.path:
            months[month][code] += debit - credit
        if month == 0:
            opening[node.code] += debit - credit
    return Standing(dict(months), {}), sorted((code, amount) for code, amount in opening.items() if amount)


def months_of(span: Span) -> Span:
    """会计期间 The whole months that a span lies in: balances are those of accounting periods."""
    return Span(span.first.replace(day=1), end_of(month_of(span.last)))


def whole(first: date | None, last: date | None, today: date) -> Span:
    """整月 The whole months two days lie in; from the first to the last month with anything in it where they are left out."""
    used = months_used() or (month_of(today), month_of(today))
    start = first.replace(day=1) if first else date(used[0] // 100, used[0] % 100, 1)
    return Span(start, end_of(max(month_of(last) if last else used[1], month_of(start))))


def lines(name: str, span: Span) -> Iterator[str]:
    """导出 The file of a form over the whole months of a span, as it is made: accounts, opening, vouchers, assertions."""
    chart = charts.read()
    writer = Writer(FORMS[name], chart, {})
    standing, opening = standing_of(chart, span)
    yield from writer.declarations()
    yield writer.transaction((span.first - timedelta(days=1)).isoformat(), "期初", "期初余额", opening)
    month = 0
    for voucher in vouchers(Legs(span), "posting", chart, streamed=True):
        text = writer.voucher(voucher)
        at = month_of(date.fromisoformat(voucher.day))
        if month and at != month:
            yield writer.assertions(month, standing.through(month))
        month = at
        yield text
    yield writer.assertions(month_of(span.last), standing.through(month_of(span.last)))
