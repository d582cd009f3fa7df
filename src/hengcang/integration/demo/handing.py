"""演示物流 Handing over: carriers fetch in the evening what was posted, most of it is signed for within days, and send a bill a month.

It follows from the plan as it stands at the end: what was posted before today is on its way or has arrived, the newest
still on its way, one parcel refused and one lost sight of. Freight of the months before is billed and paid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hengcang.core.shipping import DeliveryState
from hengcang.integration.demo import calendar, words
from hengcang.integration.demo.desk import ONLINE, SHOP, Desk, aware, user
from hengcang.integration.demo.plans import DocumentOf, Handing, Master, Parcel, Planned, Verb

SENT = ("sales_delivery", "purchase_return")
COME_BACK = "sales_return"
DISPATCHER = "cangku2"
EVENING = time(19, 45)
SIGNING = (9, 17)
ON_THE_WAY_DAYS = 3
ASTRAY_DAYS = (6, 16)
FREIGHT_SHARE, THEIRS_SHARE = 0.34, 0.06
FREIGHT = {"GY999": (30, "1.5"), "GY998": (20, "0.6"), "GY997": (8, "1.2")}
TENTHS_OF_KILO = (22, 186)
BILL_DAY = 5


@dataclass(slots=True)
class Handling:
    """交运 Parcels by the evening on which they are written down and by type, and the freight of ours by month and carrier."""

    desk: Desk
    rng: Random
    evenings: dict[tuple[date, str], list[Parcel]] = field(default_factory=lambda: defaultdict(list))
    freight: dict[tuple[date, str], list[tuple[int, Decimal, str]]] = field(default_factory=lambda: defaultdict(list))


def hand_over(desk: Desk, rng: Random) -> None:
    """交运 Put into the plan what becomes of all goods that were posted before today, and the carriers' bills."""
    handling = Handling(desk, rng)
    handed = [(one, evening) for one, evening in going(desk) if evening < desk.today]
    astray = stray(handling, handed)
    for one, evening in handed:
        send(handling, one, evening, astray.get(one.key))
    for (day, kind), parcels in sorted(handling.evenings.items()):
        moment = aware(datetime.combine(day, EVENING))
        desk.plan.handings.append(Handing(moment, parcels[0].document, kind, DISPATCHER, tuple(parcels)))
    for (month, carrier), lines in sorted(handling.freight.items()):
        bill(desk, month, carrier, lines)


def going(desk: Desk) -> Iterator[tuple[Planned, date]]:
    """待交运 Documents whose goods are handed over, with the evening on which they are: when they stand for good."""
    posted: dict[int, datetime] = {}
    for action in desk.plan.actions:
        if action.verb is not Verb.CLOSE and desk.plan.documents[action.key].type in (*SENT, COME_BACK):
            posted[action.key] = max(action.moment, posted.get(action.key, action.moment))
    for key, moment in sorted(posted.items(), key=lambda one: (one[1], one[0])):
        late = moment.time() >= EVENING
        yield desk.plan.documents[key], calendar.next_open(moment.date() + timedelta(days=late))


def stray(handling: Handling, handed: list[tuple[Planned, date]]) -> dict[int, tuple[str, str]]:
    """走失 One delivery of late that is refused and one that is lost sight of, with the word that is said of it."""
    first, last = (handling.desk.today - timedelta(days=days) for days in reversed(ASTRAY_DAYS))
    late = [one.key for one, evening in handed if one.type == SENT[0] and first <= evening <= last]
    chosen = handling.rng.sample(late, min(len(late), len(words.ASTRAY)))
    return dict(zip(chosen, words.ASTRAY, strict=False))


def send(handling: Handling, one: Planned, evening: date, astray: tuple[str, str] | None) -> None:
    """一件 It leaves on its evening; then it goes astray, is still on its way, or is signed for."""
    desk, rng = handling.desk, handling.rng
    facts = facts_of(handling, one, evening)
    came = one.type == COME_BACK
    left = clock_time(evening, 19, rng.randint(0, 44))
    handling.evenings[evening, one.type].append(Parcel(one.key, facts, None if came else DeliveryState.SHIPPED, left))
    if came:
        return
    arrives = evening + timedelta(days=rng.choice((1, 1, 2, 2, 3)))
    told, note, state = calendar.next_open(arrives), "", DeliveryState.SIGNED
    if astray is not None:
        state, note = DeliveryState(astray[0]), astray[1]
    elif (desk.today - evening).days <= ON_THE_WAY_DAYS or told >= desk.today:
        told, state = calendar.next_open(evening + timedelta(days=1)), DeliveryState.ON_THE_WAY
    if told < desk.today:
        seen = clock_time(min(arrives, told), rng.randint(*SIGNING), rng.randint(0, 59))
        handling.evenings[told, one.type].append(Parcel(one.key, {}, state, seen, note))


def clock_time(day: date, hour: int, minute: int) -> datetime:
    """A moment of a day."""
    return aware(datetime.combine(day, time(hour, minute)))


def facts_of(handling: Handling, one: Planned, evening: date) -> dict[str, Any]:
    """物流信息 The carrier by where it goes from, his number, parcels and kilos; of some the freight, ours (by weight) or theirs."""
    rng = handling.rng
    place = one.content.get("source_place", Master("warehouses", ONLINE)).code
    carrier = {SHOP: "GY998", ONLINE: "GY997"}.get(place) or rng.choice(("GY999", "GY999", "GY998"))
    number = f"{words.TRACKING_LETTERS[carrier]}{evening:%y%m%d}{rng.randint(0, 999_999):06}"
    packages = rng.randint(1, 2 if carrier == "GY997" else 9)
    weight = Decimal(packages * rng.randint(*TENTHS_OF_KILO)) / 10
    facts: dict[str, Any] = {
        "carrier": Master("suppliers", carrier),
        "tracking_numbers": number,
        "packages": packages,
        "weight": f"{weight:f}",
    }
    chance = rng.random()
    if one.type == SENT[0] and chance < FREIGHT_SHARE:
        start, each_kilo = FREIGHT[carrier]
        amount = (start + weight * Decimal(each_kilo)).quantize(Decimal(1))
        facts |= {"freight": f"{amount:f}", "freight_payer": "ours"}
        handling.freight[evening.replace(day=1), carrier].append((one.key, amount, number))
    elif chance > 1 - THEIRS_SHARE:
        facts["freight_payer"] = "theirs"
    return facts


def bill(desk: Desk, month: date, carrier: str, lines: list[tuple[int, Decimal, str]]) -> None:
    """运费单 The carrier's bill of a month, paid from the bank, a line for each delivery; last month's may be still to come."""
    day = calendar.next_open(calendar.add_months(month, 1) + timedelta(days=BILL_DAY - 1))
    if day >= desk.today:
        return
    money = [
        {
            "category": Master("expense_categories", "运费"),
            "cash_account": Master("cash_accounts", "ZH01"),
            "amount": f"{amount:f}",
            "charged_document": DocumentOf(key),
            "remark": number,
        }
        for key, amount, number in lines
    ]
    content = {
        "document_date": day.isoformat(),
        "party": Master("suppliers", carrier),
        "department": Master("departments", "BM01"),
        "handler": user("caiwu1"),
        "remark": f"{month.year} 年 {month.month} 月运费月结",
        "money_lines": money,
    }
    desk.post("expense", "caiwu1", content, clock_time(day, 9, 10))
