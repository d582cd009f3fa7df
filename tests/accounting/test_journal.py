"""导出分录: hledger and beancount, fed the file alone, agree with the oracle and the books to the cent, and find a changed cent."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.db import connection

from hengcang.accounting import journal
from hengcang.accounting.declare import ACCOUNT, ACCOUNT_RULE
from hengcang.accounting.models import ChartAccount
from hengcang.base.append_only import lifted
from hengcang.config import cli
from hengcang.core.amounts import to_micro
from hengcang.core.costing import Move
from hengcang.ledger.models import CostPool, MoneyEntry, StockMove
from hengcang.meta.masters import save_master
from tests import make
from tests.core.oracle import Oracle
from tests.ledger import histories
from tests.ledger.histories import History
from tests.make import day

pytestmark = pytest.mark.django_db
SEEDS = (4, 11, 29)
MONTHS = ("2026-03", "2026-04")
ACCOUNTS = ("1405", "1122", "2202", "2202.99", "2203")
hledger = pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
beancount = pytest.mark.skipif(find_spec("beancount") is None, reason="beancount is not installed")
PROGRAMS = [pytest.param("hledger", marks=hledger), pytest.param("beancount", marks=beancount)]


def exported(form: str, folder: Path, first: date | None = None, last: date | None = None) -> Path:
    """The file of a form."""
    span = journal.whole(first, last, day(60))
    file = folder / f"books.{form}"
    file.write_text("".join(journal.lines(form, span)), encoding="utf-8")
    return file


def code_of(name: str) -> str:
    """The code in an account's last part, dots for hyphens: 2202-99-暂估应付, 2202.99 暂估应付."""
    last = name.rpartition(":")[2]
    digits = "".join(one if one.isdecimal() else "." if one in ".-" else " " for one in last)
    return digits.split()[0].strip(".")


def told_by_hledger(file: Path) -> tuple[bool, dict[str, dict[str, Decimal]]]:
    """Whether it takes the file, and balances of each account itself at the end of each month."""
    ran = subprocess.run(["hledger", "-f", str(file), "check", "-s"], capture_output=True, text=True, check=False)
    if ran.returncode:
        return False, {}
    command = ["hledger", "-f", str(file), "balance", "--historical", "--monthly", "--flat", "--empty", "--layout=bare", "-O", "csv", "-N"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    head, *rows = csv.reader(io.StringIO(text))
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in rows:
        for month, amount in zip(head[2:], row[2:], strict=True):
            found[month[:7]][code_of(row[0])] = Decimal(amount)
    return True, found


BEANCOUNT = """
import sys, csv, datetime
from decimal import Decimal
from beancount import loader
from beancount.core.data import Transaction
entries, errors, _ = loader.load_file(sys.argv[1])
if errors:
    sys.exit(3)
out = csv.writer(sys.stdout)
for entry in entries:
    if isinstance(entry, Transaction):
        for posting in entry.postings:
            out.writerow([entry.date.isoformat(), posting.account, posting.units.number])
"""


def told_by_beancount(file: Path) -> tuple[bool, dict[str, dict[str, Decimal]]]:
    """Whether it takes the file, and balances of each account itself at the end of each month."""
    ran = subprocess.run([sys.executable, "-c", BEANCOUNT, str(file)], capture_output=True, text=True, check=False)
    if ran.returncode:
        assert ran.returncode == 3, ran.stderr
        return False, {}
    found: dict[str, dict[str, Decimal]] = {month: defaultdict(Decimal) for month in MONTHS}
    for on, account, amount in csv.reader(io.StringIO(ran.stdout)):
        for month in MONTHS:
            if on[:7] <= month:
                found[month][code_of(account)] += Decimal(amount)
    return True, found


TOLD: dict[str, Callable[[Path], tuple[bool, dict[str, dict[str, Decimal]]]]] = {"hledger": told_by_hledger, "beancount": told_by_beancount}


@pytest.fixture(params=SEEDS)
def history(request: pytest.FixtureRequest, db: None, monkeypatch: pytest.MonkeyPatch) -> History:
    """Two months of trade without a closing, so that stock at every day is a prefix of one replay."""
    monkeypatch.setattr(histories, "ACTS", tuple(act for act in histories.ACTS if "period" not in act))
    made = History(request.param)
    for _ in range(80):
        made.step()
    assert made.happened > 15
    return made


def stock_by_oracle() -> dict[str, Decimal]:
    """Stock value at the end of each month, by the oracle's replay of the live moves: none of the product's costing."""
    rows = StockMove.objects.all().order_by("id")
    net: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        sums = net[row.corrects_id or row.id]
        sums[0] += to_micro(row.quantity)
        sums[1] += to_micro(row.given) if row.corrects_id and row.entry_kind == "charge" else 0
    gone = {row.corrects_id for row in rows if row.entry_kind == "reversal"}
    moves = [
        Move(
            id=row.id, day=row.day, sequence=row.sequence, quantity=net[row.id][0], source_pool=row.source_pool_id,
            target_pool=row.target_pool_id, rule=row.rule, given=to_micro(row.given) + net[row.id][1],
            fallback=None if row.fallback is None else to_micro(row.fallback), named=row.named_id, part=to_micro(row.part),
            whole=to_micro(row.whole), group=row.cost_group, reference=None if row.reference is None else to_micro(row.reference),
        )
        for row in rows
        if row.corrects_id is None and row.id not in gone
    ]  # fmt: skip
    oracle = Oracle(moves, dict(CostPool.objects.values_list("id", "method")))
    found = dict.fromkeys(MONTHS, Decimal(0))
    for event in oracle.events:
        amount = oracle.net.get(event.id, 0)
        inward, outward = event.target is not None, event.source is not None
        value = (inward - outward) * amount - oracle.variance.get(event.id, 0)
        for month in MONTHS:
            if date.fromordinal(event.day).isoformat()[:7] <= month:
                found[month] += Decimal(value.numerator) / Decimal(value.denominator)
    return found


def books() -> dict[str, dict[str, Decimal]]:
    """Balances by booked account at the end of each month: the plain sums of the rows."""
    found: dict[str, dict[str, Decimal]] = {month: defaultdict(Decimal) for month in MONTHS}
    legs = [(row.document_date, row.target_account, row.value) for row in StockMove.objects.all()]
    legs += [(row.document_date, row.source_account, -row.value) for row in StockMove.objects.all()]
    legs += [(row.document_date, row.account, row.amount) for row in MoneyEntry.objects.all()]
    for on, account, amount in legs:
        for month in MONTHS:
            if on.isoformat()[:7] <= month:
                found[month][account] += amount
    return found


@pytest.mark.parametrize("program", PROGRAMS)
def test_stock_receivable_and_payable_by_month_are_those_of_the_oracle_and_the_books(
    history: History, program: str, tmp_path: Path
) -> None:
    taken, told = TOLD[program](exported(program, tmp_path))
    assert taken
    expected, oracle = books(), stock_by_oracle()
    assert set(told) & set(MONTHS)
    for month in MONTHS:
        if month in told:
            assert {code: told[month].get(code, Decimal(0)) for code in ACCOUNTS} == {code: expected[month][code] for code in ACCOUNTS}
            assert told[month].get("1405", Decimal(0)) == oracle[month], (history.seed, history.setting)
            assert sum(told[month].values()) == 0


@pytest.mark.tampers
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(("table", "column"), [("ledger_stockmove", "value"), ("ledger_moneyentry", "amount")])
def test_a_cent_that_was_changed_is_found(program: str, table: str, column: str, tmp_path: Path) -> None:
    company = make.company()
    company.receipt(day(1), "10", "5")
    company.delivery(day(2), "4")
    assert TOLD[program](exported(program, tmp_path))[0]
    with lifted([table]), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column}={column}+10000 WHERE id=(SELECT MAX(id) FROM {table})")
    assert not TOLD[program](exported(program, tmp_path))[0]


@pytest.mark.parametrize("program", PROGRAMS)
def test_names_and_remarks_of_any_kind_and_an_opening_are_taken(program: str, tmp_path: Path) -> None:
    company = make.company()
    stock = ChartAccount.objects.get(code="1405")
    raw = {"code": "a.1", "name": "五金:  “小件”; (M6)|①", "parent": stock.pk, "kind": "asset", "direction": "debit"}
    own = save_master(ACCOUNT, raw, company.viewer)
    save_master(ACCOUNT_RULE, {"booked_account": "1405", "account": own}, company.viewer)
    lines = [{"item": company.item("M6").pk, "quantity": "10", "unit_price_net": "5"}]
    where = {"party": company.supplier.pk, "target_place": company.places["A"].pk}
    company.posted("purchase_receipt", day(1), lines, remark='他说：“好”; "x" \\ | y', **where)
    company.delivery(day(40), "4")
    assert TOLD[program](exported(program, tmp_path))[0]
    taken, _ = TOLD[program](exported(program, tmp_path, day(40)))
    text = exported(program, tmp_path, day(40)).read_text()
    assert taken and "期初余额" in text and "2026-03-01" not in text


def test_the_command_writes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    company = make.company()
    company.receipt(day(1), "10", "5")
    monkeypatch.setattr(cli, "prepare", lambda: None)
    file = tmp_path / "books.journal"
    assert cli.main(["export-journal", "--format", "hledger", "--from", "2026-03-15", "--to", "2026-03-20", str(file)]) == 0
    text = file.read_text()
    assert "资产:1405 库存商品  50.00 CNY\n" in text and "2026-03-31 期末余额" in text


def test_an_empty_book_is_an_empty_journal(tmp_path: Path) -> None:
    make.company()
    assert "期末余额" not in exported("hledger", tmp_path).read_text()
    assert "open Assets:1405-库存商品\n" in exported("beancount", tmp_path).read_text()
