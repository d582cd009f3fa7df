"""Races of real processes: what is scarce goes out once, one key has one effect, and nobody sees a database error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.processes import Own, own_database

pytestmark = pytest.mark.processes
WORKERS = 8
CLIENTS = 50


@pytest.fixture
def own() -> Iterator[Own]:
    """A database of the test's own."""
    with own_database() as made:
        yield made


def kinds(outcomes: list[dict[str, Any]]) -> Counter[str]:
    """How many clients met what."""
    return Counter(one.get("error") or one.get("refused") or "done" for one in outcomes)


def test_fifty_clients_at_the_last_ten_pieces_take_exactly_ten(own: Own) -> None:
    own.do("found", stock={"M6": "10"})
    drafts = own.do("draft", type_name="sales_delivery", items=["M6"], quantity="1", count=CLIENTS)
    outcomes = own.run([("act", {"document": one}) for one in drafts], WORKERS)
    assert kinds(outcomes) == {"done": 10, "insufficient_stock": 40}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == {"M6": "0"}
    assert sorted(books["states"].values()).count("posted") == 11
    assert [number for number in books["numbers"] if number.startswith("XSCK")] == [f"XSCK-20260305-{at:04}" for at in range(1, 11)]


def test_one_piece_is_shipped_once_however_many_try(own: Own) -> None:
    own.do("pieces", serials=["S1", "S2", "S3"])
    drafts = [one for serial in ("S1", "S2") for one in own.do("draft_of_piece", serial=serial, count=10)]
    outcomes = own.run([("act", {"document": one}) for one in drafts], WORKERS)
    assert kinds(outcomes) == {"done": 2, "serial_gone": 18}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == {"手机": "1"}


def test_deliveries_at_the_last_hens_take_exactly_those_and_the_last_of_them_what_is_left_of_the_heads(own: Own) -> None:
    own.do("hens", quantity="25", heads="23")
    drafts = own.do("draft_of_hens", quantity="2.5", heads="2", count=20)
    assert kinds(own.run([("act", {"document": one}) for one in drafts], WORKERS)) == {"done": 10, "insufficient_stock": 10}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == {"鸡": "0"}
    assert own.do("heads") == {"on_hand": "0", "taken": ["2"] * 9 + ["5"]}


def test_two_deliveries_that_both_say_they_take_the_last_heads_leave_none_and_no_fewer(own: Own) -> None:
    own.do("hens", quantity="10", heads="4")
    drafts = own.do("draft_of_hens", quantity="5", heads="4", count=2)
    assert kinds(own.run([("act", {"document": one}) for one in drafts])) == {"done": 2}
    assert own.do("look")["faults"] == []
    assert own.do("heads")["on_hand"] == "0"


def test_fifty_scans_of_one_line_at_once_all_count_and_one_key_counts_once(own: Own) -> None:
    plan = own.do("count_plan", stock={"M6": "52", "M8": "3"})
    scan = {"document": plan["document"], "line": plan["lines"]["M6"], "quantity": "1"}
    jobs = [*(("enter", {**scan, "key": f"k{at}"}) for at in range(CLIENTS)), *(("enter", {**scan, "key": "same"}) for _ in range(10))]
    assert kinds(own.run(jobs, WORKERS)) == {"done": CLIENTS + 10}
    outcomes = own.run([("settle_plan", {"document": plan["document"]}) for _ in range(8)], WORKERS)
    assert kinds(outcomes) == {"done": 1, "count_settled": 7}
    made = next(one["answer"]["documents"] for one in outcomes if "answer" in one)
    assert kinds(own.run([("act", {"document": one}) for one in made], WORKERS)) == {"done": 1}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == {"M6": "51", "M8": "0"}


def test_a_plan_that_starts_while_others_sell_freezes_one_moment(own: Own) -> None:
    own.do("found", stock={"M6": "100", "M8": "100"})
    sales = own.do("draft", type_name="sales_delivery", items=["M6", "M8"], quantity="1", count=20)
    (plan,) = own.do("draft_plan")
    assert kinds(own.run([("act", {"document": one}) for one in [*sales[:10], plan, *sales[10:]]], WORKERS)) == {"done": 21}
    listed = own.do("listed", document=plan)
    assert len(set(listed.values())) == 1 and sorted(listed) == ["M6", "M8"]
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == {"M6": "80", "M8": "80"}


def test_people_who_make_the_items_of_one_family_at_once_make_each_of_them_once(own: Own) -> None:
    made = own.do("family", values=20)
    create = made["create"]
    shares = [create, create[::-1], create[:40], create[20:], create[::2], create[1::2]]
    outcomes = own.run([("generate", {"family": made["family"], "create": one}) for one in shares * 2], WORKERS)
    assert kinds(outcomes) == {"done": 12}
    assert sum(one["answer"]["created"] for one in outcomes) == 60
    found = own.do("items_of", family=made["family"])
    assert found["codes"] == sorted(f"T1-C{colour}-{size}" for colour in range(20) for size in "SML")
    assert found["told"] == 60
    assert own.do("look")["faults"] == []


def test_fifty_savers_draw_fifty_numbers_without_a_gap(own: Own) -> None:
    own.do("found", stock={"M6": "10"})
    drafts = own.do("draft", type_name="purchase_receipt", items=["M6"], quantity="1", count=CLIENTS)
    outcomes = own.run([("act", {"document": one}) for one in drafts], WORKERS)
    assert kinds(outcomes) == {"done": CLIENTS}
    books = own.do("look")
    assert books["faults"] == []
    assert [number for number in books["numbers"] if "20260305" in number] == [f"CGRK-20260305-{at:04}" for at in range(1, CLIENTS + 1)]


def test_documents_with_their_items_in_opposite_order_never_block_each_other_for_good(own: Own) -> None:
    own.do("found", stock={"M6": "100", "M8": "100"})
    one_way = own.do("draft", type_name="sales_delivery", items=["M6", "M8"], quantity="1", count=20)
    other_way = own.do("draft", type_name="sales_delivery", items=["M8", "M6"], quantity="1", count=20)
    drafts = [document for both in zip(one_way, other_way, strict=True) for document in both]
    outcomes = own.run([("act", {"document": one}) for one in drafts], WORKERS)
    assert kinds(outcomes) == {"done": 40}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == {"M6": "60", "M8": "60"}


def test_limits_that_change_while_others_sell_never_block_them_for_good_and_alerts_follow(own: Own) -> None:
    own.do("found", stock={"M6": "100", "M8": "100"})
    sales = own.do("draft", type_name="sales_delivery", items=["M6", "M8"], quantity="1", count=20)
    jobs: list[Any] = []
    for at, one in enumerate(sales):
        jobs += [("act", {"document": one}), ("limit", {"items": ["M8", "M6"], "stock_min": str(60 + at)})]
    assert kinds(own.run(jobs, WORKERS)) == {"done": 40}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == {"M6": "80", "M8": "80"}


def test_a_file_of_items_and_changes_of_one_of_them_pass_each_other(own: Own) -> None:
    items = [f"M{at:02}" for at in range(20)]
    own.do("found", stock=dict.fromkeys(items, "1"))
    jobs: list[Any] = []
    for at in range(12):
        active = dict.fromkeys(items, "是") | {items[0]: "是" if at % 2 else "否"}
        jobs += [("read_items", {"active": active}), ("limit", {"items": items[-1:], "stock_min": str(60 + at)})]
    assert kinds(own.run(jobs, WORKERS)) == {"done": 24}
    assert own.do("look")["faults"] == []


def test_goods_of_a_bin_are_sold_or_moved_on_once_however_many_try(own: Own) -> None:
    drafts = own.do("shelve", bins=["A-01", "A-02", "A-03"], each="5", times=5)
    outcomes = own.run([("act", {"document": one}) for one in drafts], WORKERS)
    assert set(kinds(outcomes)) <= {"done", "insufficient_stock", "insufficient_on_shelf"}
    books = own.do("shelves")
    assert books["faults"] == []
    assert books["sold"] >= 1 and sum(int(quantity) for quantity in books["held"].values()) == 15 - 5 * books["sold"]


def test_alerts_are_right_after_holding_back_and_undoing_receipts_into_bins_at_once(own: Own) -> None:
    own.do("shelve", bins=["A-01", "A-02"], each="5", times=0)
    orders = [own.do("hold_back", quantity="4") for _ in range(8)]
    receipts = own.do("receive_on_shelves", quantity="3", count=8)
    jobs: list[Any] = []
    for order, receipt in zip(orders, receipts, strict=True):
        jobs += [("act", {"document": order, "name": "hold"}), ("act", {"document": receipt, "name": "unpost"})]
    assert kinds(own.run(jobs, WORKERS)) == {"done": 16}
    books = own.do("shelves")
    assert (books["faults"], books["held"]) == ([], {"A-01": "5", "A-02": "5"})


def test_back_dated_and_current_postings_at_once_leave_right_costs(own: Own) -> None:
    own.do("found", stock={"M6": "100", "M8": "100"})
    late = own.do("draft", type_name="purchase_receipt", items=["M6", "M8"], quantity="3", on=2, count=10)
    now = own.do("draft", type_name="sales_delivery", items=["M8", "M6"], quantity="2", on=9, count=20)
    outcomes = own.run([("act", {"document": one}) for one in [*late, *now]], WORKERS)
    assert kinds(outcomes) == {"done": 30}
    undone = own.run([("act", {"document": one, "name": "unpost"}) for one in [*late, *now[:5]]], WORKERS)
    assert kinds(undone) == {"done": 15}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == {"M6": "70", "M8": "70"}


def test_a_count_reversed_while_earlier_entries_are_made_is_taken_back_as_it_stood(own: Own) -> None:
    short, even = [f"M{number}" for number in range(4)], [f"M{number}" for number in range(4, 8)]
    own.do("found", stock=dict.fromkeys(short + even, "100"))
    counts = [own.do("draft", type_name="stock_count", items=[item], quantity="98", on=9)[0] for item in short]
    counts += own.do("draft", type_name="stock_count", items=even, quantity="100", on=9)
    assert kinds(own.run([("act", {"document": one}) for one in counts])) == {"done": 5}
    late = own.do("draft", type_name="purchase_receipt", items=short + even, quantity="3", on=2, count=5)
    jobs = [job for receipt, count in zip(late, counts, strict=True) for job in (
        ("act", {"document": receipt}), ("act", {"document": count, "name": "reverse"}),
    )]  # fmt: skip
    assert kinds(own.run(jobs, WORKERS)) == {"done": 10}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == dict.fromkeys(short + even, "115")


def test_returns_and_entries_before_their_deliveries_at_once_leave_right_costs(own: Own) -> None:
    items = [f"M{number}" for number in range(4)]
    own.do("found", stock=dict.fromkeys(items, "100"))
    sold = [own.do("draft", type_name="sales_delivery", items=items, quantity="7", on=5)[0] for _ in range(6)]
    assert kinds(own.run([("act", {"document": one}) for one in sold])) == {"done": 6}
    back = [own.do("draft", type_name="sales_return", items=items, quantity="3", on=9, source=one)[0] for one in sold]
    late = own.do("draft", type_name="purchase_receipt", items=items, quantity="3", on=2, count=6)
    jobs = [("act", {"document": one}) for both in zip(late, back, strict=True) for one in both]
    assert kinds(own.run(jobs, WORKERS)) == {"done": 12}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == dict.fromkeys(items, "94")


def test_an_advance_that_ten_clearings_want_whole_goes_to_one_of_them(own: Own) -> None:
    own.do("found", stock={"M6": "50"})
    drafts = own.do("offsets", advance="70", count=10)
    outcomes = own.run([("act", {"document": one}) for one in drafts], WORKERS)
    assert kinds(outcomes) == {"done": 1, "over_clearing": 9}
    books = own.do("look")
    assert books["faults"] == []
    assert [number for number in books["numbers"] if number.startswith("HX")] == ["HX-20260305-0001"]


def test_one_key_sent_twenty_times_at_once_has_one_effect_and_one_answer(own: Own) -> None:
    own.do("found", stock={"M6": "10"})
    (document,) = own.do("draft", type_name="sales_delivery", items=["M6"], quantity="1")
    outcomes = own.run([("act", {"document": document, "key": "k", "digest": "d"}) for _ in range(20)], WORKERS)
    assert outcomes == [{"answer": {"document": document, "warnings": []}}] * 20
    other = own.run([("act", {"document": document, "key": "k", "digest": "another"})])
    assert kinds(other) == {"idempotency_mismatch": 1}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == {"M6": "9"}
    assert books["postings"] == 2


def test_one_document_posted_by_twenty_people_at_once_is_posted_once(own: Own) -> None:
    own.do("found", stock={"M6": "10"})
    (document,) = own.do("draft", type_name="sales_delivery", items=["M6"], quantity="1")
    outcomes = own.run([("act", {"document": document}) for _ in range(20)], WORKERS)
    assert kinds(outcomes) == {"done": 1, "transition_refused": 19}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == {"M6": "9"}


def test_of_ten_people_who_save_the_same_draft_one_succeeds(own: Own) -> None:
    own.do("found", stock={"M6": "10"})
    (document,) = own.do("draft", type_name="sales_delivery", items=["M6"], quantity="1")
    outcomes = own.run([("save", {"document": document, "version": 1, "remark": f"第 {at} 人"}) for at in range(10)], WORKERS)
    assert kinds(outcomes) == {"done": 1, "revision_conflict": 9}
    winner = next(at for at, one in enumerate(outcomes) if "answer" in one)
    books = own.do("look")
    assert books["faults"] == []
    assert books["versions"][str(document)] == 2
    assert books["remarks"][str(document)] == f"第 {winner} 人"


def test_what_one_order_holds_back_is_handed_over_once_however_many_want_it(own: Own) -> None:
    made = own.do("orders_of_a_lot", quantity="10", takers=10)
    (giver, *_), (line, *takers) = made["orders"], made["lines"]
    outcomes = own.run([("hand_over", {"document": giver, "line": line, "quantity": "4", "taker": one}) for one in takers], WORKERS)
    assert kinds(outcomes) == {"done": 2, "held_less": 8}
    assert sorted(own.do("held").values()) == ["2", "4", "4"]
    books = own.do("look")
    assert books["faults"] == []


def test_handing_over_there_and_back_while_the_goods_are_shipped_never_blocks_anybody_for_good(own: Own) -> None:
    own_orders = own.do("orders_of_a_lot", quantity="100", takers=1)
    (giver, taker), (line, other) = own_orders["orders"], own_orders["lines"]
    own.do("policy", reserved_stock="forbid")
    own.do("hand_over", document=giver, line=line, quantity="50", taker=other)
    there = [("hand_over", {"document": giver, "line": line, "quantity": "1", "taker": other})] * 10
    back = [("hand_over", {"document": taker, "line": other, "quantity": "1", "taker": line})] * 10
    shipped = [("act", {"document": own.do("deliver", line=one, quantity="2")}) for one in (line, other) for _ in range(5)]
    jobs = [job for group in zip(there, back, [*shipped], strict=True) for job in group]
    assert kinds(own.run(jobs, WORKERS)) == {"done": 30}
    assert own.do("held") == {str(line): "40", str(other): "40"}
    books = own.do("look")
    assert books["faults"] == []
    assert books["on_hand"] == {"牛奶": "80"}


def test_of_people_who_ship_and_hand_over_the_same_goods_at_once_as_many_succeed_as_there_are_goods(own: Own) -> None:
    made = own.do("orders_of_a_lot", quantity="10", takers=1)
    (giver, _), (line, other) = made["orders"], made["lines"]
    own.do("policy", reserved_stock="forbid")
    handed = ("hand_over", {"document": giver, "line": line, "quantity": "10", "taker": other})
    shipped = ("act", {"document": own.do("deliver", line=line, quantity="10")})
    outcomes = own.run([handed, shipped], WORKERS)
    assert kinds(outcomes) in ({"done": 1, "held_less": 1}, {"done": 1, "taken_from_held": 1})
    left = {} if "answer" in outcomes[1] else {str(other): "10"}
    assert own.do("held") == left
    books = own.do("look")
    assert books["faults"] == []
