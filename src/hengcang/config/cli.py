"""命令行 The command line: `hengcang demo | serve | migrate | check | load | close | export-journal | statements`,
`release-expired | replay | password`.

Everything a command does goes through the same services as the screens.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code."""
    parser = parsers()
    chosen = parser.parse_args(arguments)
    if chosen.command in ("demo",):
        os.environ.setdefault("HENGCANG_HOME", str(Path("var/demo").resolve()))
    prepare()
    handler: Callable[[argparse.Namespace], int] = HANDLERS[chosen.command]
    return handler(chosen)


def parsers() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(prog="hengcang", description="衡仓：进销存")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    demo = commands.add_parser("demo", help="造一家演示公司并启动")
    demo.add_argument("--seed", type=int, default=20260101)
    serve = commands.add_parser("serve", help="启动服务")
    for one in (demo, serve):
        one.add_argument("--host", default="127.0.0.1")
        one.add_argument("--port", type=int, default=8000)
        one.add_argument("--workers", type=int, default=0, help="进程数；SQLite 恒为 1")
    demo.add_argument("--no-serve", action="store_true", help="只造数据，不启动")
    commands.add_parser("migrate", help="建表或升级")
    check = commands.add_parser("check", help="核对全部不变量")
    check.add_argument("--only", nargs="*", help="只核对这些编号，如 I-01 I-51")
    load = commands.add_parser("load", help="导入外部数据")
    load.add_argument("source", choices=["northwind", "online-retail"])
    load.add_argument("path", type=Path)
    close = commands.add_parser("close", help="逐月结账，到某月为止")
    close.add_argument("month", help="最后要结的月份，如 2026-03")
    journal = commands.add_parser("export-journal", help="导出分录，供 hledger 或 beancount 核对（按整月）")
    journal.add_argument("--format", choices=["hledger", "beancount"], required=True)
    journal.add_argument("--from", dest="first", type=date.fromisoformat, help="开始日期，如 2026-01-01；留空从头")
    journal.add_argument("--to", dest="last", type=date.fromisoformat, help="结束日期；留空到最后")
    journal.add_argument("file", type=Path)
    statements = commands.add_parser("statements", help="给每个有往来的单位开一张对账单（草稿）")
    statements.add_argument("--side", choices=["customer", "supplier"], default="customer")
    statements.add_argument("--from", dest="first", type=date.fromisoformat, required=True, help="开始日期，如 2026-01-01")
    statements.add_argument("--to", dest="last", type=date.fromisoformat, required=True, help="结束日期")
    statements.add_argument("--currency", default="", help="只对一种外币，如 USD；不填为全部币别，折本位币")
    commands.add_parser("release-expired", help="释放到期的库存占用（可每天定时运行）")
    replay = commands.add_parser("replay", help="审核一张会引起大规模成本重算的单据（不受联机上限限制）")
    replay.add_argument("document", type=int, help="单据的内部编号（网址中的数字）")
    password = commands.add_parser("password", help="重置一个用户的密码")
    password.add_argument("username")
    return parser


def prepare() -> None:
    """Start Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hengcang.config.settings")
    import django

    import hengcang.config.settings  # substitutes the SQLite library before Django's back end loads

    assert hengcang.config.settings.HOME
    django.setup()


def say(text: str) -> None:
    """A line for the person at the terminal."""
    print(text, flush=True)


def migrated() -> str:
    """Bring the database to this version's tables and make the first administrator; gives how to log in."""
    from django.core.management import call_command

    from hengcang.access.services import ensure_administrator
    from hengcang.config.startup import check_database

    call_command("migrate", verbosity=0, interactive=False)
    check_database()
    given = os.environ.get("HENGCANG_ADMIN_PASSWORD")
    made = ensure_administrator(given)
    if made:
        return f"登录：用户名 admin  密码 {made}（只显示这一次，首次登录须修改）"
    known = "密码为环境变量 HENGCANG_ADMIN_PASSWORD 所设" if given else "忘记密码时：hengcang password admin"
    return f"登录：用户名 admin（{known}）"


def migrate(chosen: argparse.Namespace) -> int:
    """建表或升级 Tables and the first administrator."""
    say(migrated())
    return 0


def serve(chosen: argparse.Namespace) -> int:
    """启动服务 Migrate and serve until interrupted."""
    from hengcang.config.server import run

    say(migrated())
    run(chosen.host, chosen.port, chosen.workers)
    return 0


def demo(chosen: argparse.Namespace) -> int:
    """演示 A seeded trading company, then the server."""
    from hengcang.config.server import run
    from hengcang.integration.demo import ensure_demo

    login = migrated()
    ensure_demo(chosen.seed, say)
    say(login)
    if not chosen.no_serve:
        run(chosen.host, chosen.port, chosen.workers)
    return 0


def check(chosen: argparse.Namespace) -> int:
    """核对 Every invariant; gives 1 when any does not hold."""
    from hengcang.ledger import check as checks

    faults = checks.run(chosen.only)
    for fault in faults:
        say(f"{fault.id} {fault.text}")
    say("核对完成，未发现问题。" if not faults else f"发现 {len(faults)} 类问题。")
    return 1 if faults else 0


def load(chosen: argparse.Namespace) -> int:
    """导入 Foreign data through the document service, with a reconciliation."""
    from hengcang.integration import northwind, online_retail

    migrated()
    if chosen.source == "northwind":
        return 0 if northwind.load_northwind(chosen.path, say).settled else 1
    return 0 if online_retail.load_online_retail(chosen.path, say).settled else 1


def close(chosen: argparse.Namespace) -> int:
    """结账 Month after month through the given one, as far as nothing stands against it."""
    from hengcang.access.services import administrator
    from hengcang.core.errors import HengcangError
    from hengcang.documents import closing_run

    viewer = administrator()
    try:
        through = date.fromisoformat(f"{chosen.month}-01")
    except ValueError:
        say(f"月份应写成 2026-03 这样：{chosen.month}")
        return 2
    if viewer is None:
        say("还没有管理员，请先运行 hengcang migrate。")
        return 1
    try:
        for month in closing_run.close_through(viewer, through):
            say("\n  ".join([f"{month.through:%Y-%m} 已结账（{month.number}）", *month.warnings]))
    except HengcangError as refusal:
        say(refusal.message())
        return 1
    return 0


def release_expired(chosen: argparse.Namespace) -> int:
    """释放到期占用 Orders let go of what they hold back beyond their day."""
    from hengcang.access.services import administrator
    from hengcang.base import clock
    from hengcang.documents import reservations

    viewer = administrator()
    if viewer is None:
        say("还没有管理员，请先运行 hengcang migrate。")
        return 1
    found = reservations.release_expired(viewer, clock.today())
    say(f"已释放 {len(found)} 张订单的到期占用：{'、'.join(found)}" if found else "没有到期的占用。")
    return 0


def export_journal(chosen: argparse.Namespace) -> int:
    """导出分录 Every voucher in whole months, with what the accounts must come to."""
    from hengcang.accounting import journal
    from hengcang.base import clock

    span = journal.whole(chosen.first, chosen.last, clock.today())
    with chosen.file.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(journal.lines(chosen.format, span))
    say(f"已导出 {span.first} 至 {span.last} 的分录：{chosen.file}")
    return 0


def statements(chosen: argparse.Namespace) -> int:
    """成批对账单 A draft for every party that has a balance or moved in the period."""
    from hengcang.access.services import administrator
    from hengcang.ledger.reports import Span
    from hengcang.places.models import Currency
    from hengcang.settlement.batch import state_all

    viewer = administrator()
    if viewer is None:
        say("没有启用的超级管理员。")
        return 1
    currency = Currency.objects.filter(code=chosen.currency.upper(), active=True).first()
    if chosen.currency and currency is None:
        say(f"没有启用的币别 {chosen.currency}。")
        return 1
    made = state_all(viewer, chosen.side, Span(chosen.first, chosen.last), currency)
    say(f"已开 {len(made)} 张对账单（草稿）。")
    return 0


def replay(chosen: argparse.Namespace) -> int:
    """维护重算 Post a document whose replay is larger than one online transaction should be."""
    from hengcang.access.services import administrator
    from hengcang.core.errors import HengcangError
    from hengcang.documents import services
    from hengcang.meta import registry
    from hengcang.records.models import Document

    document = Document.objects.filter(pk=chosen.document).first()
    viewer = administrator()
    if document is None or viewer is None:
        say(f"没有内部编号为 {chosen.document} 的单据。")
        return 1
    try:
        order = services.Order(document.pk, "post", unlimited=True)
        services.transition(viewer, registry.document(document.type), order)
    except HengcangError as refusal:
        say(refusal.message())
        return 1
    document.refresh_from_db()
    say(f"{document.number} 已审核。")
    return 0


def password(chosen: argparse.Namespace) -> int:
    """重置密码 A made password, shown once, to be changed at the next login."""
    from hengcang.access.models import User
    from hengcang.access.services import reset_password
    from hengcang.access.viewer import system_viewer

    user = User.objects.filter(username=chosen.username).first()
    if user is None:
        say(f"没有用户 {chosen.username}。")
        return 1
    say(f"{chosen.username} 的新密码：{reset_password(system_viewer(user.pk, '命令行'), user.pk)}（首次登录须修改）")
    return 0


HANDLERS: dict[str, Callable[[argparse.Namespace], int]] = {
    "close": close,
    "release-expired": release_expired,
    "migrate": migrate,
    "serve": serve,
    "demo": demo,
    "check": check,
    "load": load,
    "export-journal": export_journal,
    "statements": statements,
    "replay": replay,
    "password": password,
}

if __name__ == "__main__":
    sys.exit(main())
