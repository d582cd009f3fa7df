"""对账 A reconciliation is settled only when every difference is exactly what was explained."""

from __future__ import annotations

from decimal import Decimal

from hengcang.integration.progress import Progress
from hengcang.integration.reconciliation import Reconciliation


def test_a_difference_must_be_exactly_the_explained_one():
    result = Reconciliation("样例")
    result.compare("数量", 10, 10)
    result.compare("金额", Decimal("1.005"), Decimal("1.01"), Decimal("0.005"), "舍入到分")
    assert result.settled
    assert result.row("金额").difference == Decimal("0.005")
    result.compare("单据", 3, 2)
    assert not result.settled
    marks = [line[0] for line in result.text().splitlines() if line[:1] in "✓✗" and line]
    assert marks == ["✓", "✓", "✗"]


def test_progress_says_every_tenth_part_once_where_there_is_no_terminal(monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: False)
    said: list[str] = []
    progress = Progress(said.append, "行", 40)
    for _ in range(40):
        progress.advance()
    assert len(said) == 10
    assert "100% 40/40" in said[-1]


def test_what_was_done_before_tells_nothing_about_the_speed(monkeypatch):
    now = iter((0.0, 10.0))
    monkeypatch.setattr("hengcang.integration.progress.time.monotonic", lambda: next(now))
    progress = Progress(lambda text: None, "行", 100, started=next(now))
    progress.skip(50)
    progress.done += 20
    assert "70% 70/100 2/s 已用 10s 剩余 15s" in progress.text()
