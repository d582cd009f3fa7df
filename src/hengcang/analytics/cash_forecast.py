"""现金流预测 Cash forecast: the money there is, and what is expected to come and to go, day by day, with the reason of every amount.

Expected are open items by due day, goods that wait for their bill by the day it would be due, and unfinished orders by
delivery day and the party's terms; each shifted by the party's own habit (`core/cash_forecast.py`). Foreign money counts at
the latest rate. Money moves on the account the party's last payment used, else on the one last used for such payments.
Left out: what nobody owes yet (wages, rent, taxes): it is not in the books.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.analytics.party_ledger import ACCOUNTS, LEDGER, SIDE_MASKS
from hengcang.analytics.report import Report
from hengcang.base import bulk, clock
from hengcang.core.amounts import SCALE, cents, to_micro, to_text
from hengcang.core.cash_forecast import NO_HABIT, Expected, Habit, Owner, expected_day, habit_of, set_off, steps
from hengcang.core.credit import OrderLine, undelivered
from hengcang.core.posting import CONTROL_OF_ACCOUNT, Account
from hengcang.documents.rates import newest_rates
from hengcang.documents.scope import document_limits
from hengcang.ledger import cash_forecast as books
from hengcang.ledger.reports import OpenNow, open_rows
from hengcang.meta import registry
from hengcang.meta.declarations import Chart, Choice, Field, Kind, ReportType, Total
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref
from hengcang.parties.models import Party
from hengcang.places.models import Currency

DAYS_AHEAD = 60
SIGNS = {"customer": 1, "supplier": -1}
STEPS = (Choice("day", "按日"), Choice("week", "按周"))
WAYS = (Choice("book", "合计"), Choice("account", "按账户"))
KINDS = (Choice("open", "未结"), Choice("unbilled", "未开票"), Choice("order", "订单"))
SIDES = (Choice("customer", "收款"), Choice("supplier", "付款"))
OPEN, UNBILLED, ORDER = (one.value for one in KINDS)
NOBODYS = 0


class Claim(NamedTuple):
    """依据 What money is expected for: a document, and the days its due day follows from."""

    kind: str
    document: int
    type: str
    number: str | None
    start: date | None = None
    terms: int = 0


@dataclass
class Forecast:
    """预测 All that one forecast reads, once; nine statements for any number of parties."""

    viewer: Viewer
    today: date
    claims: dict[tuple[str, int], Claim] = field(default_factory=dict)

    @cached_property
    def sides(self) -> list[str]:
        """The sides whose amounts the viewer may see."""
        return [side for side in SIGNS if SIDE_MASKS[side] not in self.viewer.masks]

    @cached_property
    def currencies(self) -> dict[str, int]:
        """Foreign currencies by code."""
        return dict(Currency.objects.order_by("pk").values_list("code", "pk"))

    @cached_property
    def rates(self) -> dict[int, int]:
        """The latest rate of each foreign currency, in micro."""
        ids = list(self.currencies.values())
        return {ids[at]: to_micro(rate) for at, rate in newest_rates([(one, self.today) for one in ids]).items()}

    @cached_property
    def payments(self) -> dict[str, str]:
        """The type of payment of each side: what moves cash and clears what is open."""
        return {one.party_role: one.name for one in registry.documents().values() if one.clears and one.total is Total.CASH}

    @cached_property
    def habits(self) -> dict[tuple[int, str], Habit]:
        """How late each party usually is, by side."""
        accounts = {side: settled(side) for side in self.sides}
        rows = books.delays(accounts, list(self.payments.values())) if accounts else []
        groups = groupby(rows, key=itemgetter(0, 1))
        return {(party, side): habit_of([(paid - due).days for _, _, due, paid in group]) for (party, side), group in groups}

    @cached_property
    def usual(self) -> dict[tuple[int, str, int], int]:
        """The account last used by (party, type, currency); by party 0 the one last used by anybody."""
        found: dict[tuple[int, str, int], int] = {}
        for party, type_name, currency, account in books.usual_accounts(list(self.payments.values())):
            found[party, type_name, currency] = found[NOBODYS, type_name, currency] = account
        return found

    @cached_property
    def cash(self) -> list[tuple[int, str, str, int]]:
        """What there is: account, code, name, and its balance in the book's currency at the latest rate."""
        rows = books.cash_now(document_limits(self.viewer))
        return [(pk, code, name, self.in_book(own, currency, amount)) for pk, code, name, currency, amount, own in rows]

    @cached_property
    def expected(self) -> list[Expected]:
        """Everything that is expected, with what was paid of it ahead; the first expected first."""
        claims, credits = self.open_claims()
        for one in self.promised():
            if one.amount * SIGNS[one.owner.side] > 0:
                claims.append(one)
            else:
                credits[one.owner] += one.amount
        return set_off(claims, credits)

    def in_book(self, own: int, currency: int, booked: int) -> int:
        """An amount at the latest rate; as it was booked where it is the book's own, or has no rate."""
        rate = self.rates.get(currency) if currency else None
        return booked if rate is None else cents(own * rate, SCALE)

    def account_of(self, owner: Owner) -> int:
        """The account its money moves on; 0 where nobody knows."""
        kind = self.payments.get(owner.side, "")
        return self.usual.get((owner.party, kind, owner.currency)) or self.usual.get((NOBODYS, kind, owner.currency)) or 0

    def value_of(self, one: Expected) -> int:
        """What is still to move, in the book's currency."""
        return self.in_book(one.left, one.owner.currency, one.left)

    def open_claims(self) -> tuple[list[Expected], dict[Owner, int]]:
        """Open items that money is expected for, and what stands against them: advances, returns."""
        claims: list[Expected] = []
        credits: dict[Owner, int] = defaultdict(int)
        side_of = {account: side for side in self.sides for account in ACCOUNTS[side]}
        rows = open_rows(OpenNow(list(side_of), None, document_limits(self.viewer)), None) if side_of else iter(())
        for row in rows:
            entry, party, document, type_name, number, day, due, account, still_open, own, code = (
                row[at] for at in (0, 1, 4, 5, 6, 7, 8, 9, 11, 12, 13)
            )
            side = side_of[account]
            currency = self.currencies.get(code, 0) if code is not None and own is not None else 0
            owner, amount = Owner(party, side, currency), int(own) if currency else int(still_open)
            if amount * SIGNS[side] < 0 or account not in settled(side):
                credits[owner] += amount
                continue
            key = (OPEN, int(entry))
            self.claims[key] = Claim(OPEN, document, type_name, number)
            claims.append(self.claim(owner, key, bulk.read_day(due or day), amount))
        return claims, credits

    def claim(self, owner: Owner, key: tuple[str, int], due: date, amount: int) -> Expected:
        """One expectation, on its day."""
        habit = self.habits.get((owner.party, owner.side), NO_HABIT)
        return Expected(owner, key, due, expected_day(due, habit, self.today), amount)

    def promised(self) -> Iterable[Expected]:
        """What unfinished orders, and goods that wait for their bill, will bring and take."""
        kinds = promises_of(self.viewer, self.sides)
        rows = books.promised_rows(list(kinds), document_limits(self.viewer))
        by_type = {one.type: (kind, side) for one, (kind, side) in kinds.items()}
        for document, lines in groupby(rows, key=itemgetter(0)):
            group = list(lines)
            _, type_name, number, dated, agreed, due, party, terms, currency, gross = group[0][:10]
            left = undelivered(int(gross), [OrderLine(*map(int, line[11:14])) for line in group])
            if not left:
                continue
            kind, side = by_type[type_name]
            start = max(date.fromisoformat(agreed), self.today) if agreed else max(bulk.read_day(dated), self.today)
            days = 0 if kind == UNBILLED else int(terms or 0)
            start = date.fromisoformat(due) if kind == UNBILLED and due else start
            key, owner = (kind, int(document)), Owner(party, side, int(currency))
            self.claims[key] = Claim(kind, document, type_name, number, start, days)
            yield self.claim(owner, key, start + timedelta(days=days), SIGNS[side] * left * inflow_sign(type_name))


def settled(side: str) -> list[str]:
    """The accounts of a side on which debts stand; on the others stands what was paid ahead."""
    return [account for account in ACCOUNTS[side] if CONTROL_OF_ACCOUNT[Account(account)].sign == SIGNS[side]]


def inflow_sign(type_name: str) -> int:
    """−1 for goods that go back."""
    declared = registry.document(type_name)
    return -1 if declared.billable and declared.inward is (declared.party_role == "customer") else 1


def promises_of(viewer: Viewer, sides: Sequence[str]) -> dict[books.Promise, tuple[str, str]]:
    """The types that promise money and the viewer may see, each with what it is and its side."""
    found: dict[books.Promise, tuple[str, str]] = {}
    for one in registry.documents().values():
        if one.party_role not in sides or not viewer.may(one.name, "view"):
            continue
        moving = next((way.purpose for way in one.conversions if not way.money and moves(way.target)), "")
        if one.expected and moving:
            found[books.Promise(one.name, one.main_role, moving, one.expected)] = (ORDER, one.party_role)
        elif one.billable:
            found[books.Promise(one.name, one.main_role, "invoiced")] = (UNBILLED, one.party_role)
    return found


def moves(type_name: str) -> bool:
    """Whether a type moves goods for which a party owes."""
    target = registry.document(type_name)
    return bool(target.party_role) and (target.inward or target.outward)


def horizon(parameters: Mapping[str, Any], today: date) -> date:
    """The last day looked at."""
    days = parameters.get("days_ahead")
    return today + timedelta(days=DAYS_AHEAD if days is None else days)


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """现金流预测 Every day (or week) ahead with the balance at its end: of all the money, or account by account."""
    forecast = Forecast(viewer, clock.today())
    first, last = forecast.today, horizon(parameters, forecast.today)
    flows = [(forecast.account_of(one.owner), one.day, forecast.value_of(one)) for one in forecast.expected if one.left]
    inside = [one for one in flows if one[1] <= last]
    whole, days = len(forecast.sides) == len(SIGNS), 7 if parameters.get("step") == "week" else 1
    rows: list[dict[str, Any]] = []
    for account, name, opening in series_of(forecast, parameters.get("by") or "book", inside):
        own = [(day, amount) for of, day, amount in inside if account in (None, of)]
        for one in steps(opening, own, first, last, days):
            until = min(one.day + timedelta(days=days - 1), last)
            rows.append(
                {
                    "day": one.day.isoformat(),
                    "date_from": one.day.isoformat(),
                    "date_to": until.isoformat(),
                    "cash_account": account or None,
                    "account_name": name,
                    "amount_in": to_text(one.amount_in) if one.amount_in else None,
                    "amount_out": to_text(one.amount_out) if one.amount_out else None,
                    "balance": to_text(one.balance) if whole else None,
                    "short": to_text(-one.balance) if whole and one.balance < 0 else None,
                }
            )
    came = sum(amount for _, _, amount in inside if amount > 0)
    went = -sum(amount for _, _, amount in inside if amount < 0)
    totals = {"amount_in": to_text(came), "amount_out": to_text(went)}
    if whole:
        totals["balance"] = to_text(sum(row[3] for row in forecast.cash) + came - went)
    note = note_of(forecast, sum(row[3] for row in forecast.cash), [amount for _, day, amount in flows if day > last])
    return Report(rows if limit is None else rows[:limit], totals, note, limit is not None and len(rows) > limit)


def series_of(forecast: Forecast, by: str, flows: Sequence[tuple[int, date, int]]) -> list[tuple[int | None, str, int]]:
    """The balances that are followed: (account, name, what there is now); account None for all, 0 for money without an account."""
    if by != "account":
        return [(None, said("全部账户", "All accounts"), sum(row[3] for row in forecast.cash))]
    found: list[tuple[int | None, str, int]] = [(pk, name, balance) for pk, _, name, balance in forecast.cash]
    if any(account == NOBODYS for account, _, _ in flows):
        found.append((NOBODYS, said("账户未定", "Account not known"), 0))
    return found


def note_of(forecast: Forecast, now: int, later: Sequence[int]) -> str:
    """What has to be said of a forecast: what it begins with, what lies beyond it, what this viewer does not see of it."""
    note = said(
        f"现有资金 {report.told(now)}。按到期日加各单位的付款习惯推算，逾期的按今天算；外币按最新汇率。",
        f"{report.told(now)} in hand. By due day and each party's habit, what is overdue today; foreign money at the latest rate.",
    )
    if later:
        came, went = report.told(sum(one for one in later if one > 0)), report.told(-sum(one for one in later if one < 0))
        note += said(f"其后还有应收 {came}、应付 {went}。", f" Beyond: {came} to come, {went} to go.")
    hidden = [said(*words) for side, words in HIDDEN.items() if side not in forecast.sides]
    if hidden:
        note += "".join(hidden) + said("因此不推算余额。", " So no balance is told.")
    if document_limits(forecast.viewer):
        note += said("只含您可见单据的收支，不是全部。", " Only documents you may see are counted.")
    return note


HIDDEN = {
    "customer": ("您无权查看销售价，不列收款。", " You may not see sales prices, so what comes in is left out."),
    "supplier": ("您无权查看采购价，不列付款。", " You may not see purchase prices, so what goes out is left out."),
}


def run_lines(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """预计收付明细 Every amount that is expected in a span, with the document it is for and why on that day."""
    forecast = Forecast(viewer, clock.today())
    first = parameters.get("date_from") or forecast.today
    last = parameters.get("date_to") or horizon({}, forecast.today)
    side, party, account = parameters.get("side"), parameters.get("party"), parameters.get("cash_account")
    found = [
        one
        for one in forecast.expected
        if one.left
        and first <= one.day <= last
        and side in (None, "", one.owner.side)
        and party in (None, one.owner.party)
        and account in (None, forecast.account_of(one.owner))
    ]
    names = dict(Party.objects.filter(pk__in={one.owner.party for one in found}).values_list("pk", "name"))
    accounts = {pk: name for pk, _, name, _ in forecast.cash}
    codes = {pk: code for code, pk in forecast.currencies.items()}

    def show(part: Sequence[Expected]) -> list[dict[str, Any]]:
        return [line_of(forecast, one, names, accounts, codes) for one in part]

    values = [forecast.value_of(one) for one in found]
    totals = {
        "amount_in": to_text(sum(value for value in values if value > 0)),
        "amount_out": to_text(-sum(value for value in values if value < 0)),
    }
    note = said(*HIDDEN[next(one for one in SIGNS if one not in forecast.sides)]) if len(forecast.sides) < len(SIGNS) else None
    return Report(report.shown(found, limit, show), totals, note, limit is not None and len(found) > limit)


def line_of(
    forecast: Forecast, one: Expected, names: Mapping[int, str], accounts: Mapping[int, str], codes: Mapping[int, str]
) -> dict[str, Any]:
    """One expected amount."""
    claim, value = forecast.claims[one.key], forecast.value_of(one)
    habit = forecast.habits.get((one.owner.party, one.owner.side), NO_HABIT)
    code = codes.get(one.owner.currency)
    return {
        "expected": one.day.isoformat(),
        "kind": claim.kind,
        "side": one.owner.side,
        "party": one.owner.party,
        "party_name": names.get(one.owner.party, ""),
        "document": document_ref(claim.document, claim.type, claim.number),
        "due_date": one.due.isoformat(),
        "habit_days": habit.days if habit.seen else None,
        "amount_in": to_text(value) if value > 0 else None,
        "amount_out": to_text(-value) if value < 0 else None,
        "account_name": accounts.get(forecast.account_of(one.owner), said("账户未定", "Account not known")),
        **report.abroad(code, abs(one.left)),
        "why": why(forecast, one, claim, habit),
    }


def why(forecast: Forecast, one: Expected, claim: Claim, habit: Habit) -> str:
    """为什么 Why it is expected on that day, and why that much, in a sentence."""
    words = []
    if claim.kind == ORDER and claim.start is not None:
        words.append(said(f"{claim.start} 交货，账期 {claim.terms} 天", f"delivered {claim.start}, {claim.terms} days of credit"))
    elif claim.kind == UNBILLED:
        words.append(said("还没有开票", "not billed yet"))
    words.append(habit_words(one.owner.side, habit))
    if one.due < forecast.today and one.day == forecast.today:
        late = (forecast.today - one.due).days
        words.append(said(f"已逾期 {late} 天，按今天算", f"{late} days overdue, expected today"))
    if one.paid:
        less = report.told(abs(one.paid))
        words.append(said(f"已扣预收预付、退货 {less}", f"less {less} paid ahead or returned"))
    return said("；", "; ").join(words)


def habit_words(side: str, habit: Habit) -> str:
    """The habit of a party in words."""
    if not habit.seen:
        return said("没有收付记录，按到期日", "no history: on the due day")
    who, whom = ("该客户", "this customer") if side == "customer" else ("付给该供应商", "payments to this supplier")
    if not habit.days:
        return said(f"{who}近 {habit.seen} 笔按期", f"{whom}: on time in {habit.seen} cases")
    early, days = habit.days < 0, abs(habit.days)
    return said(
        f"按{who}近 {habit.seen} 笔平均{'早' if early else '晚'} {days} 天",
        f"{whom}: usually {days} days {'early' if early else 'late'} in {habit.seen} cases",
    )


DRILL = {
    "report": "cash_forecast_lines",
    "parameters": {"date_from": "date_from", "date_to": "date_to", "cash_account": "cash_account"},
}
ACCOUNT = Field(name="cash_account", label="结算账户", kind=Kind.REF, ref="cash_accounts", width=160)
CASH_FORECAST = ReportType(
    name="cash_forecast",
    label="现金流预测",
    menu="settlement",
    parameters=(
        Field(name="days_ahead", label="向前(天)", kind=Kind.INTEGER, default="60", minimum=Decimal(1), maximum=Decimal(366), width=90),
        Field(name="step", label="间隔", kind=Kind.CHOICE, choices=STEPS, default="day", width=100),
        Field(name="by", label="余额", kind=Kind.CHOICE, choices=WAYS, default="book", width=110),
    ),
    columns=(
        Field(name="day", label="日期", kind=Kind.DATE, width=105, drill=DRILL),
        Field(name="account_name", label="结算账户", width=160),
        report.money("amount_in", "预计收入", drill=DRILL),
        report.money("amount_out", "预计支出", drill=DRILL),
        report.money("balance", "预计余额"),
        report.money("short", "缺口", total=False),
    ),
    run=run,
    chart=Chart(x="day", y="balance", by="account_name"),
)
CASH_FORECAST_LINES = ReportType(
    name="cash_forecast_lines",
    label="预计收付明细",
    menu="settlement",
    parameters=(
        Field(name="date_from", label="开始日期", kind=Kind.DATE, width=120, help="留空为今天"),
        Field(name="date_to", label="结束日期", kind=Kind.DATE, width=120, help="留空为今后 60 天"),
        Field(name="side", label="方向", kind=Kind.CHOICE, choices=SIDES, width=110),
        report.PARTY_PARAMETER,
        ACCOUNT,
    ),
    columns=(
        Field(name="expected", label="预计日期", kind=Kind.DATE, width=105),
        Field(name="kind", label="依据", kind=Kind.CHOICE, choices=KINDS, width=80),
        Field(name="party_name", label="往来单位", width=180, drill=LEDGER),
        Field(name="document", label="单据", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        Field(name="due_date", label="到期日", kind=Kind.DATE, width=105),
        Field(name="habit_days", label="习惯(天)", kind=Kind.INTEGER, width=80, help="通常比到期日晚几天，负数为早"),
        report.money("amount_in", "预计收入"),
        report.money("amount_out", "预计支出"),
        *report.ABROAD,
        Field(name="account_name", label="结算账户", width=130),
        Field(name="why", label="说明", width=320),
    ),
    run=run_lines,
)
