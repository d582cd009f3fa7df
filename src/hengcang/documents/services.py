"""单据服务 The one door to a document's life: every caller (screen, API, import, loader, command line) comes through here.

Each transition is one command: locks in order, permission, lifecycle, the type's pure rule, the store, then the
header, the audit row and the outbox row, and the number last. See docs/develop/documents.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.base import audit, bulk, clock, outbox
from hengcang.base.book import Book, load_book
from hengcang.core.allocation import held_back
from hengcang.core.amounts import to_decimal
from hengcang.core.errors import HengcangError, NamedByDocuments, NotFound, RevisionConflict, StockShort, TransitionRefused
from hengcang.core.exchange import in_book
from hengcang.core.fulfilment import RELEASING
from hengcang.core.holding import Part
from hengcang.core.lifecycle import CLOSING, STATE_LABELS, TRANSITIONS, State, check_reason, next_state
from hengcang.core.posting import Posting, Reserve
from hengcang.documents import (
    afterwards,
    agreements,
    arrivals,
    billing,
    charges,
    count_figures,
    count_lists,
    credit,
    gate,
    holding,
    links,
    lots,
    numbering,
    periods,
    reversal,
    seconds,
    serials,
)
from hengcang.documents.commands import NO_KEY, Answer, Key, run
from hengcang.documents.facts import Opened, check_complete, check_open, check_sources, facts_of
from hengcang.documents.rows import GoodsRow, goods_rows, money_rows, source_documents
from hengcang.documents.scope import require_in_scope
from hengcang.ledger import gathering, queries, reservations, store
from hengcang.ledger.check_touched import check_posting
from hengcang.ledger.request import Appended, Header, NeedsExclusive, Request, Rules
from hengcang.meta import registry
from hengcang.meta.approval import needs_approval
from hengcang.meta.declarations import DocumentType, Total


@dataclass(frozen=True, slots=True)
class Order:
    """动作请求 A transition that somebody asks for; `parts`: of these lines alone, where it can be asked of lines."""

    document: int
    name: str
    version: int | None = None
    reason: str = ""
    unlimited: bool = False
    parts: Sequence[Part] = ()


CHANGING = ("post", "unpost", "reverse")


class BrokenBooks(Exception):
    """台账异常 What was just appended breaks an invariant: a fault of the program, never of the user."""


def transition(viewer: Viewer, declaration: DocumentType, order: Order, key: Key = NO_KEY) -> Answer:
    """执行动作 Run one transition of a document: whole, once. Gives {document, warnings}.

    Raises:
        PermissionRefused, NotFound, RevisionConflict, TransitionRefused, ReasonRequired, and what the step itself refuses.
    """
    return run(viewer, key, lambda exclusive: apply(viewer, declaration, order, exclusive))


def apply(viewer: Viewer, declaration: DocumentType, order: Order, exclusive: bool) -> Answer:
    """One transition inside the caller's transaction (loaders post many documents in one)."""
    viewer.require(declaration.name, order.name)
    book = load_book()
    opened = open_document(viewer, declaration, order.document, order.version, holding.takers_of(order.parts))
    state = next_state(
        declaration.label,
        State(opened.header["state"]),
        order.name,
        declaration.transitions(approval=needs_approval(declaration)),
        approval=needs_approval(declaration),
    )
    check_reason(order.name, order.reason)
    step = Step(viewer, opened, book, order, state, exclusive)
    try:
        warnings = STEPS.get(order.name, change_state)(step)
    except StockShort as refusal:
        raise fit_for(viewer, refusal) from None
    if order.name in CHANGING:
        day = max(clock.today(), opened.header["document_date"]) if order.name == "reverse" else opened.header["document_date"]
        warnings = [*warnings, *agreements.warnings(declaration, opened.header, day)]
    return {"document": opened.id, "warnings": [warning_json(fit_for(viewer, one)) for one in warnings]}


def fit_for(viewer: Viewer, told: HengcangError) -> HengcangError:
    """缺货告知 What is said of a shortage: its numbers only to who may see the stock of that place."""
    if not isinstance(told, StockShort):
        return told
    places = viewer.scope("warehouse")
    known = viewer.may("stock_on_hand", "view") and (places is None or told.params.get("place_id") in places)
    return told if known else told.covered()


def warning_json(warning: HengcangError) -> dict[str, Any]:
    """A warning as the API gives it."""
    return {"path": warning.path, "code": warning.code, "message": warning.message(), "params": warning.params}


@dataclass(frozen=True, slots=True)
class Step:
    """一步 What a transition's step works with."""

    viewer: Viewer
    opened: Opened
    book: Book
    order: Order
    state: State
    exclusive: bool


def open_document(viewer: Viewer, declaration: DocumentType, document: int, version: int | None, also: Collection[int] = ()) -> Opened:
    """开单 Lock a document, those its lines name and those it is to deal with, by id, and see that it is the one the caller saw."""
    goods = goods_rows(document, declaration) if declaration.goods else []
    money = money_rows(document) if declaration.money else []
    named = source_documents(goods, money)
    headers = gate.lock_documents({document, *named, *also})
    header = headers.pop(document, None)
    if header is None or header["type"] != declaration.name:
        raise NotFound(label=declaration.label)
    if version is not None and header["version"] != version:
        raise RevisionConflict(seen=version, current=header["version"])
    require_in_scope(viewer, declaration, [document])
    return Opened(declaration, header, goods, money, headers)


def change_state(step: Step) -> Sequence[HengcangError]:
    """提交、审批、驳回、作废 Transitions that move nothing."""
    changes: dict[str, Any] = {"state": step.state}
    if step.order.name == "submit":
        check_complete(step.opened)
        changes["number"] = number_of(step)
    appended = None
    if step.opened.declaration.counts and step.order.name == "close":
        count_figures.require_settled(step.opened.header)
    if step.opened.declaration.gathers and step.order.name in CLOSING:
        appended = settle_group(step)
    elif step.order.name in CLOSING:
        appended = change_order_reservations(step, live=step.state is State.POSTED)
    finish(step, changes, appended)
    return ()


def post(step: Step) -> Sequence[HengcangError]:
    """审核 Let the document take effect."""
    step = recognising(step)
    opened, header = step.opened, step.opened.header
    check_complete(opened)
    check_sources(opened)
    charges.check(opened)
    check_open(header["document_date"], step.book.closed_through, "审核")
    warnings = lots.expiry(opened.declaration, opened.goods, header["document_date"], step.book)
    appended = close_period(step) if opened.declaration.closes else post_lines(step)
    if opened.declaration.counts:
        begin_count(step)
    credited = credit.check(step.viewer, opened.declaration, header, step.book, step.order.reason)
    followed = afterwards.follow(step.viewer, opened)
    changes = {
        "state": step.state,
        "posted_by_id": step.viewer.user_id,
        "posted_at": bulk.instant(clock.now()),
        "number": number_of(step),
        **({"ext": header["ext"]} if opened.declaration.billable else {}),
    }
    if opened.declaration.delivery is not None and header["delivery_state"] is None and header["reverses_id"] is None:
        changes["delivery_state"] = opened.declaration.delivery
    finish(step, changes, appended)
    arrivals.follow(step.viewer, opened, changes["number"], "post")
    return [*warnings, *credited, *(appended.warnings if appended else ()), *followed]


def recognising(step: Step) -> Step:
    """立账 The document says of itself when it makes a debt: what the book says may change before its bill comes."""
    if not step.opened.declaration.billable:
        return step
    ext = {name: value for name, value in step.opened.header["ext"].items() if name != "unbilled"}
    if step.book.debts_at == "bill":
        ext["unbilled"] = (
            "net" if step.opened.declaration.party_role == "supplier" and step.book.taxpayer == "general_taxpayer" else "gross"
        )
    return replace(step, opened=replace(step.opened, header={**step.opened.header, "ext": ext}))


def post_lines(step: Step) -> Appended | None:
    """The effect of lines: links to their sources, and what the type's rule says."""
    taken = take_from_sources(step.opened)
    posting = decide(step, taken)
    reserves = [*posting.reserves, *(released(step.opened.goods, taken) if step.opened.declaration.consumes == RELEASING else ())]
    return append(step, replace(posting, reserves=reserves), store.post)


def begin_count(step: Step) -> None:
    """开始盘点 Freeze the books and list what is to be counted. Raises NeedsExclusive, NothingToCount."""
    if not step.exclusive:
        raise NeedsExclusive
    count_lists.begin(step.viewer, step.opened, ledger_header(step, "freeze"))


def close_period(step: Step) -> Appended:
    """结账 Run the month's costs and lock it.

    Raises PeriodEnd, PeriodNotOver, InvalidDocument with what stands against it, NeedsExclusive.
    """
    closed = periods.close(ledger_header(step, "post"), step.book, rules_of(step.book), exclusive=step.exclusive)
    return standing(closed, step.opened.id)


def reopen_period(step: Step) -> Appended:
    """反结账 Unlock the newest period and take its run back. Raises PeriodNotNewest, NeedsExclusive."""
    return standing(periods.reopen(ledger_header(step, "unpost"), step.book, rules_of, exclusive=step.exclusive), step.opened.id)


def decide(step: Step, taken: Sequence[links.Taken]) -> Posting:
    """The posting of the document's rule, or of its reversal."""
    declaration = step.opened.declaration
    if declaration.posting is None:
        return Posting()
    header, books = step.opened.header, None
    if declaration.freezes:
        keys = [(row.id, row.item, row.source_place, row.lot) for row in step.opened.goods]
        books = queries.on_hand_at(header["document_date"], header["ext"].get("freeze", 0), keys)
    billed = billing.source_facts(step.opened, taken) if declaration.bills else None
    dues = queries.due_dates(step.opened.sources, header["party_id"]) if declaration.total is Total.CLEARED else None
    posting = declaration.posting(facts_of(step.opened, step.book, books, billed, dues))
    if header["currency"] is not None:
        posting = in_book(posting, header["currency_rate"])
    freeze = (header["document_date"].toordinal(), header["ext"].get("freeze", 0)) if declaration.freezes else None
    return seconds.attach(step.opened.goods, serials.attach(declaration, step.opened.goods, posting, freeze), freeze)


def take_from_sources(opened: Opened) -> list[links.Taken]:
    """Link the lines to their source lines and derive the sources' progress."""
    purpose = opened.declaration.consumes
    if not purpose:
        return []
    taken = links.link(opened.goods, purpose, opened.declaration.tolerance)
    if opened.declaration.gives_back:
        links.give_back(opened.goods, {one: registry.document(header["type"]).consumes for one, header in opened.sources.items()})
    refresh_progress(opened)
    return taken


def refresh_progress(opened: Opened) -> None:
    """执行状态 Derive the progress of the sources that show what this document takes."""
    purpose = opened.declaration.consumes
    shown: dict[str, list[int]] = {}
    for one, header in opened.sources.items():
        source = registry.document(header["type"])
        if source.progress_purpose == purpose:
            shown.setdefault(source.main_role, []).append(one)
    for role, documents in shown.items():
        links.refresh_progress(documents, purpose, role)


def released(goods: Sequence[GoodsRow], taken: Sequence[links.Taken]) -> list[Reserve]:
    """占用释放 What the source orders no longer hold back (or hold back again): what was delivered, of whatever lot."""
    lines = {row.source_line for row in goods if row.source_reserved and row.source_line is not None}
    held = reservations.held_by(lines) if taken and lines else {}
    return [kept_back(held[one.line], one.after, live=True) for one in taken if one.line in held]


def kept_back(held: reservations.Held, done: Decimal, *, live: bool) -> Reserve:
    """占用调整 What makes a line hold back as much as it is to, after `done` was delivered."""
    change = held_back(to_decimal(held.wanted), done, live=live) - to_decimal(held.quantity)
    return Reserve(held.line, held.item, held.place, change, held.lot)


def append(step: Step, posting: Posting, act: Callable[[Request], Appended]) -> Appended | None:
    """Hand a posting to the store, if there is anything in it, and see that the books stand.

    Raises BrokenBooks: stop rather than go on wrong. Nothing is kept; the caller answers with a number for the log.
    """
    kind = "post" if act is store.post else "unpost"
    parts = (posting.moves, posting.entries, posting.clears, posting.unclears, posting.reserves, posting.charges, posting.takes_back)
    if kind == "post" and not any(parts):
        return None
    header = step.opened.header
    request = Request(
        header=ledger_header(step, kind),
        posting=posting,
        rules=rules_of(step.book),
        lines=step.opened.lines,
        exclusive=step.exclusive,
        unlimited=step.order.unlimited,
    )
    return standing(act(request), header["id"])


def standing(appended: Appended, document: int) -> Appended:
    """当场自检 What was appended, once it is seen that the books stand. Raises BrokenBooks."""
    faults = check_posting(appended)
    if faults:
        raise BrokenBooks(f"posting {appended.sequence} of document {document}: {faults}")
    return appended


def ledger_header(step: Step, kind: str) -> Header:
    """The head of an append."""
    header = step.opened.header
    return Header(
        document=header["id"],
        revision=header["revision"],
        kind=kind,
        document_date=header["document_date"],
        posted_at=clock.now(),
        posted_by=step.viewer.user_id,
        party=header["party_id"],
        department=header["department_id"],
        salesperson=header["salesperson_id"],
        freeze=None if header["reverses_id"] else header["ext"].get("freeze"),
        currency=header["currency"],
    )


def rules_of(book: Book) -> Rules:
    """The book's settings as the store takes them."""
    first_open = date.fromordinal(book.closed_through.toordinal() + 1) if book.closed_through else None
    run = None if book.averaged_through is None else book.averaged_through.toordinal()
    return Rules(book.pool_kind, first_open, book.negative_stock, book.replay_limit, run, book.reserved_stock)


def number_of(step: Step) -> str:
    """单号 Its number, drawn now if it has none."""
    header = step.opened.header
    return header["number"] or numbering.draw(step.opened.declaration.number_pattern, header["document_date"])


def unpost(step: Step) -> Sequence[HengcangError]:
    """反审核 Take back what the document did and open revision + 1. Raises NamedByDocuments, PeriodClosed, StockUndone."""
    opened, header = step.opened, step.opened.header
    refuse_named(step)
    if opened.declaration.counts:
        count_figures.refuse_settled(header)
    if not opened.declaration.closes:
        check_open(header["document_date"], step.book.closed_through, "反审核")
    links.unlink(opened.id, header["revision"])
    reserves = [*restored(opened), *order_reserves(opened, live=False)]
    if opened.declaration.consumes:
        refresh_progress(opened)
    appended = None
    if opened.declaration.closes:
        appended = reopen_period(step)
    elif opened.declaration.posting is not None:
        appended = append(step, Posting(reserves=reserves), store.unpost)
    reversal.copy_lines(opened.declaration, opened.id, header["revision"])
    finish(step, {"state": State.DRAFT, "revision": header["revision"] + 1, "posted_by_id": None, "posted_at": None}, appended)
    arrivals.follow(step.viewer, opened, header["number"], "unpost")
    return appended.warnings if appended else ()


def restored(opened: Opened) -> list[Reserve]:
    """What source orders hold back again when this document is undone: all they are to that is then open, while they are live."""
    if opened.declaration.consumes != RELEASING:
        return []
    lines = {row.source_line: row.source_document for row in opened.goods if row.source_line is not None and row.source_reserved}
    if not lines:
        return []
    done = queries.progress(lines, opened.declaration.consumes)
    found = []
    for line, held in reservations.held_by(lines).items():
        order = lines[line]
        assert order is not None
        live = opened.sources[order]["state"] == State.POSTED
        found.append(kept_back(held, done.get(line, Decimal(0)), live=live))
    return found


def order_reserves(opened: Opened, *, live: bool) -> list[Reserve]:
    """What this order's own lines hold back when it becomes live again, or give up when it does not."""
    if not opened.header["ext"].get("reserve"):
        return []
    ids = [row.id for row in opened.goods]
    done = queries.progress(ids, RELEASING)
    return [kept_back(held, done.get(line, Decimal(0)), live=live) for line, held in reservations.held_by(ids).items()]


def change_order_reservations(step: Step, *, live: bool) -> Appended | None:
    """Closing an order gives up what it holds back; reopening takes it again."""
    return append(step, Posting(reserves=order_reserves(step.opened, live=live)), store.post)


def hold(step: Step) -> Sequence[HengcangError]:
    """占用库存、释放占用、转让占用 What the order's lines, or chosen ones, hold back becomes more, less, or another order's.

    Raises TransitionRefused where the whole order does so already, and what `holding.plan` does.
    """
    made = holding.plan(step.viewer, step.opened, step.order.name, step.order.parts, clock.today())
    appended = append(step, Posting(reserves=made.reserves), store.post)
    finish(step, {"ext": made.ext[step.opened.id]}, appended, made.told.get(step.opened.id, ()))
    holding.finish_takers(step.viewer, step.opened, made, step.order.reason)
    return appended.warnings if appended else ()


def settle_group(step: Step) -> Appended | None:
    """成本结转 Closing settles, today, what the document gathered and its products did not take; reopening takes that back.

    Raises PeriodClosed, NeedsExclusive.
    """
    today = max(clock.today(), step.opened.header["document_date"])
    check_open(today, step.book.closed_through, TRANSITIONS[step.order.name].label)
    header = replace(ledger_header(step, "post"), document_date=today)
    request = Request(header, Posting(), rules_of(step.book), exclusive=step.exclusive)
    act = gathering.close if step.order.name == "close" else gathering.reopen
    settled = act(request, step.opened.id)
    return settled and standing(settled, step.opened.id)


def refuse_named(step: Step) -> None:
    """A document that live documents name cannot be undone, nor can a counter-document: it is what undid another."""
    header = step.opened.header
    if header["reverses_id"]:
        verb = TRANSITIONS[step.order.name].label
        raise TransitionRefused(label=step.opened.declaration.label, state="红字单", transition=verb)
    found = links.followers(step.opened.id, header["revision"])
    if found:
        verb = "反审核" if step.order.name == "unpost" else "红冲"
        raise NamedByDocuments(number=header["number"], followers="、".join(found[:5]), transition=verb)


def reverse(step: Step) -> Sequence[HengcangError]:
    """红冲 A counter-document of today takes back what this one did, valued by the return rules."""
    refuse_named(step)
    today = max(clock.today(), step.opened.header["document_date"])
    check_open(today, step.book.closed_through, "红冲")
    counter = reversal.create(step.opened, step.viewer.user_id, today)
    red = open_document(step.viewer, step.opened.declaration, counter, None)
    red_step = Step(step.viewer, red, step.book, Order(counter, "post"), State.POSTED, step.exclusive)
    posting = reversal.posting_of(step.opened, red)
    reversal.give_back(step.opened, red)
    if step.opened.declaration.consumes:
        refresh_progress(step.opened)
    reserves = [*restored(step.opened), *order_reserves(step.opened, live=False)]
    appended = append(red_step, replace(posting, reserves=reserves), store.post)
    finish(step, {"state": State.REVERSED}, None)
    changes = {
        "state": State.POSTED,
        "posted_by_id": step.viewer.user_id,
        "posted_at": bulk.instant(clock.now()),
        "number": number_of(red_step),
    }
    finish(red_step, changes, appended)
    arrivals.follow(step.viewer, step.opened, step.opened.header["number"], "reverse")
    return appended.warnings if appended else ()


def finish(step: Step, changes: dict[str, Any], appended: Appended | None, told: Sequence[audit.Change] = ()) -> None:
    """The header, the audit row and the outbox row of a transition; `told` is what its history says beside its header."""
    header = step.opened.header
    ext = changes.get("ext", header["ext"])
    held = [name for name in ext if ext[name] != header["ext"].get(name)]
    changes = {**changes, "version": header["version"] + 1}
    if "ext" in changes:
        changes["ext"] = bulk.json_text(ext)
    before = {**header["ext"], "state": STATE_LABELS[State(header["state"])], "number": header["number"]}
    after = {
        **ext,
        "state": STATE_LABELS[State(changes.get("state", header["state"]))],
        "number": changes.get("number", header["number"]),
        "reason": step.order.reason or None,
    }
    sequence = appended.sequence if appended else None
    differences = [*audit.diff(before, after, ["state", "number", "reason", *held]), *told]
    with bulk.together():
        bulk.update_row("records_document", header["id"], changes)
        audit.record(step.viewer.actor, step.order.name, header["type"], header["id"], differences, sequence)
        outbox.add(f"document_{PAST[step.order.name]}", header["type"], header["id"], sequence)


PAST = {
    "submit": "submitted",
    "approve": "approved",
    "reject": "rejected",
    "post": "posted",
    "unpost": "unposted",
    "reverse": "reversed",
    "close": "closed",
    "reopen": "reopened",
    "hold": "held",
    "release": "released",
    "reassign": "reassigned",
    "void": "voided",
}
STEPS: dict[str, Callable[[Step], Sequence[HengcangError]]] = {
    "post": post,
    "unpost": unpost,
    "reverse": reverse,
    "hold": hold,
    "release": hold,
    "reassign": hold,
}
