"""查询 Rights apply to everything a query can name; pages are complete and in order."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengcang.access.models import User
from hengcang.access.viewer import Viewer, system_viewer
from hengcang.core.errors import NotFound, PermissionRefused, QueryRefused
from hengcang.meta import marks, registry
from hengcang.meta.conditions import OPERATORS
from hengcang.meta.dataset import DataSet, LineSet, by_name
from hengcang.meta.declarations import Choice, Field, Kind, ListView, Mask, MasterType
from hengcang.meta.query import Query, get_row, run, stream
from hengcang.parties.models import Address, Contact, Party, PartyCategory

pytestmark = pytest.mark.django_db
ALL = system_viewer(1, "系统")


@pytest.fixture(autouse=True)
def registry_of_the_test(monkeypatch):
    for name in ("_documents", "_masters", "_reports", "_collections"):
        monkeypatch.setattr(registry, name, {})
    monkeypatch.setattr(marks, "_markers", {})
    code, name = Field(name="code", label="编码"), Field(name="name", label="名称")
    registry.register(
        MasterType(
            name="party_category",
            collection="party_categories",
            label="分类",
            model="parties.PartyCategory",
            fields=(code, name),
            list=ListView(columns=("code", "name")),
        ),
        MasterType(
            name="user",
            collection="users",
            label="用户",
            model="access.User",
            code_field="username",
            label_field="display_name",
            fields=(),
            list=ListView(columns=()),
            search=("username",),
        ),
    )


FIELDS = by_name(
    (
        Field(name="code", label="编码"),
        Field(name="name", label="名称"),
        Field(name="category", label="分类", kind=Kind.REF, ref="party_categories"),
        Field(name="salesperson", label="业务员", kind=Kind.REF, ref="users"),
        Field(name="credit_limit", label="信用额度", kind=Kind.MONEY, total=True, mask=Mask.COST),
        Field(name="payment_days", label="账期", kind=Kind.INTEGER),
        Field(name="bank_account", label="账号", secret=True),
        Field(name="active", label="启用", kind=Kind.BOOLEAN),
        Field(name="payment_terms", label="条件", kind=Kind.CHOICE, choices=(Choice("days", "天"), Choice("cash", "现"))),
    )
)
PARTIES = DataSet(
    name="party", label="往来单位", model="parties.Party", fields=FIELDS, columns=("code", "name", "credit_limit"),
    sort="code", search=("code", "name", "category"), scope={"salesperson": ("salesperson_id",)},
    lines={"addresses": LineSet(
        name="addresses", label="地址", model="parties.Address", parent="party",
        fields=by_name((Field(name="text", label="地址"), Field(name="label", label="标签"))),
    )},
)  # fmt: skip


def user(name):
    return User.objects.create(username=name, display_name=name.upper(), password="!")


@pytest.fixture
def five():
    category = PartyCategory.objects.create(code="A", name="大客户")
    li = user("li")
    for number in range(1, 6):
        Party.objects.create(
            code=f"C{number}", name=f"客户{number}", credit_limit=None if number == 3 else Decimal(number) / 2,
            category=category if number % 2 else None, salesperson=li if number < 3 else None,
            payment_days=number // 2, bank_account="6222020200001234567" if number == 1 else "",
        )  # fmt: skip
    return li


def viewer(user_id=1, **more):
    permissions = frozenset({("party", "view"), ("party", "export")})
    return Viewer(user_id, "李", permissions=permissions, **more)


def codes(where=(), sort=(), search="", who=ALL):
    return [row["code"] for row in run(PARTIES, Query(columns=("code",), where=where, sort=sort, search=search), who).rows]


def test_a_page_is_two_statements_and_shows_references_and_plain_numbers(five, django_assert_num_queries):
    with django_assert_num_queries(2):
        page = run(PARTIES, Query(columns=("code", "category", "salesperson", "credit_limit")), ALL)
    category, li = PartyCategory.objects.get(), User.objects.get()
    assert page.rows[0] == {
        "id": Party.objects.get(code="C1").pk,
        "code": "C1",
        "category": {"id": category.pk, "code": "A", "label": "大客户"},
        "salesperson": {"id": li.pk, "code": "li", "label": "LI"},
        "credit_limit": "0.5",
    }
    assert page.rows[1]["category"] is None and page.rows[2]["credit_limit"] is None
    assert (page.count, page.capped, page.next) == (5, False, None)


@pytest.mark.parametrize("sort", ["code", "-code", "credit_limit", "-credit_limit", "category", "-payment_days", "id"])
def test_pages_of_two_make_up_the_whole_list_in_order(five, sort):
    whole = run(PARTIES, Query(columns=("code",), sort=(sort,)), ALL).rows
    parts, cursor = [], ""
    while True:
        page = run(PARTIES, Query(columns=("code",), sort=(sort,), limit=2, cursor=cursor), ALL)
        parts += page.rows
        assert page.count == 5
        if not page.next:
            break
        cursor = page.next
    assert parts == whole and len(whole) == 5


def test_empty_values_are_the_smallest_on_both_databases(five):
    assert codes(sort=("credit_limit",)) == ["C3", "C1", "C2", "C4", "C5"]
    assert codes(sort=("-credit_limit",)) == ["C5", "C4", "C2", "C1", "C3"]


def test_totals_are_over_all_filtered_rows(five, django_assert_num_queries):
    query = Query(columns=("code", "credit_limit"), limit=1, totals=True)
    with django_assert_num_queries(3):
        assert run(PARTIES, query, ALL).totals == {"credit_limit": "6"}
    assert run(PARTIES, Query(columns=("code",), totals=True), ALL).totals == {}


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ([{"field": "code", "op": "eq", "value": "C2"}], ["C2"]),
        ([{"field": "code", "op": "ne", "value": "C2"}], ["C1", "C3", "C4", "C5"]),
        ([{"field": "credit_limit", "op": "between", "value": ["1", "2"]}], ["C2", "C4"]),
        ([{"field": "credit_limit", "op": "gt", "value": "2"}], ["C5"]),
        ([{"field": "credit_limit", "op": "empty"}], ["C3"]),
        ([{"field": "credit_limit", "op": "empty", "value": False}], ["C1", "C2", "C4", "C5"]),
        ([{"field": "category", "op": "empty"}], ["C2", "C4"]),
        ([{"field": "category", "op": "contains", "value": "大客"}], ["C1", "C3", "C5"]),
        ([{"field": "name", "op": "contains", "value": "户3"}], ["C3"]),
        ([{"field": "name", "op": "starts", "value": "户"}], []),
        ([{"field": "code", "op": "in", "value": ["C1", "C5"]}], ["C1", "C5"]),
        ([{"any": [{"field": "code", "value": "C1"}, {"all": [{"field": "payment_days", "op": "gte", "value": 2}]}]}],
         ["C1", "C4", "C5"]),
        ([{"field": "active", "value": True}, {"field": "payment_terms", "value": "cash"}], []),
    ],
)  # fmt: skip
def test_conditions(five, where, found):
    assert codes(where) == found


def test_rows_are_found_by_their_ids(five):
    first, _, third, *_ = Party.objects.order_by("code").values_list("pk", flat=True)
    assert codes([{"field": "id", "op": "in", "value": [third, first, 10**6]}]) == ["C1", "C3"]
    assert codes([{"field": "id", "value": first}]) == ["C1"]


def test_conditions_on_lines_hold_for_one_and_the_same_line(five):
    first, second = Party.objects.get(code="C1"), Party.objects.get(code="C2")
    Address.objects.create(party=first, label="收货", text="深圳")
    Address.objects.create(party=first, label="开票", text="北京")
    Address.objects.create(party=second, label="收货", text="北京")
    both = [
        {"field": "addresses.label", "value": "收货"},
        {"field": "addresses.text", "op": "contains", "value": "北京"},
    ]
    assert codes(both) == ["C2"]
    assert codes([{"any": both}]) == ["C1", "C2"]


def test_a_search_needs_every_word_somewhere(five):
    assert codes(search="客户 2") == ["C2"]
    assert codes(search="大客户") == ["C1", "C3", "C5"]
    assert codes(search="没有") == []


def test_who_may_not_view_gets_nothing_and_export_is_a_right_of_its_own(five):
    with pytest.raises(PermissionRefused):
        run(PARTIES, Query(), Viewer(1, "无"))
    with pytest.raises(PermissionRefused):
        stream(PARTIES, Query(), Viewer(1, "看", permissions=frozenset({("party", "view")})))
    with pytest.raises(PermissionRefused):
        get_row(PARTIES, Party.objects.first().pk, Viewer(1, "无"))


@pytest.mark.parametrize(
    "query",
    [
        Query(columns=("code", "credit_limit")),
        Query(where=[{"field": "credit_limit", "op": "gt", "value": "1"}]),
        Query(where=[{"any": [{"all": [{"field": "credit_limit", "op": "empty"}]}]}]),
        Query(sort=("credit_limit",)),
        Query(sort=("-credit_limit", "code")),
        Query(group=("category",), measures=("credit_limit",)),
        Query(group=("credit_limit",)),
    ],
)
def test_a_masked_column_cannot_be_selected_filtered_sorted_grouped_or_summed(five, query):
    masked = viewer(masks=frozenset({"cost"}))
    with pytest.raises(QueryRefused) as refusal:
        run(PARTIES, query, masked)
    assert "无权查看" in refusal.value.message()
    if not query.group:
        with pytest.raises(QueryRefused):
            stream(PARTIES, query, masked)
    run(PARTIES, query, viewer())


def test_a_masked_column_is_absent_from_defaults_totals_records_and_cursors(five):
    masked = viewer(masks=frozenset({"cost"}))
    page = run(PARTIES, Query(totals=True), masked)
    assert set(page.rows[0]) == {"id", "code", "name"} and page.totals == {}
    assert "credit_limit" not in get_row(PARTIES, page.rows[0]["id"], masked)
    by_limit = run(PARTIES, Query(sort=("credit_limit",), limit=2), viewer()).next
    with pytest.raises(QueryRefused):
        run(PARTIES, Query(limit=2, cursor=by_limit), masked)


def test_a_limited_viewer_sees_his_own_customers_only_and_nobodys_are_not_his(five):
    li = viewer(five.pk, scopes={"salesperson": frozenset({five.pk})})
    assert codes(who=li) == ["C1", "C2"]
    assert run(PARTIES, Query(columns=("credit_limit",), totals=True), li).totals == {"credit_limit": "1.5"}
    assert [row["code"] for row in stream(PARTIES, Query(columns=("code",)), li)[1]] == ["C1", "C2"]
    with pytest.raises(NotFound):
        get_row(PARTIES, Party.objects.get(code="C5").pk, li)


def test_a_secret_is_covered_in_lists_open_to_who_may_change_and_not_to_be_asked_about(five):
    page = run(PARTIES, Query(columns=("bank_account",), limit=1), ALL)
    assert page.rows[0]["bank_account"] == "622****67"
    pk = page.rows[0]["id"]
    assert get_row(PARTIES, pk, ALL)["bank_account"] == "6222020200001234567"
    assert get_row(PARTIES, pk, viewer())["bank_account"] == "622****67"
    for query in (Query(where=[{"field": "bank_account", "value": "6"}]), Query(sort=("bank_account",))):
        with pytest.raises(QueryRefused):
            run(PARTIES, query, ALL)


@pytest.mark.parametrize(
    "query",
    [
        Query(columns=("nothing",)),
        Query(where=[{"field": "nothing", "value": 1}]),
        Query(where=[{"field": "code", "op": "like", "value": 1}]),
        Query(where=[{"field": "payment_days", "op": "gt", "value": "many"}]),
        Query(where=[{"field": "active", "op": "gt", "value": True}]),
        Query(where=[{"field": "addresses.nothing", "value": "x"}]),
        Query(where=[{"field": "credit_limit", "op": "between", "value": "1"}]),
        Query(where="code = 1"),
        Query(where=[["code"]]),
        Query(where=[[[[[[[[]]]]]]]]),
        Query(sort=("nothing",)),
        Query(cursor="made up"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(five, query):
    with pytest.raises(QueryRefused) as refusal:
        run(PARTIES, query, ALL)
    assert refusal.value.message().startswith("查询条件有误")


def test_groups_are_summed_and_ordered(five):
    Party.objects.filter(code="C2").update(credit_limit=Decimal("0.25"))
    page = run(PARTIES, Query(group=("category",), measures=("credit_limit",), sort=("-credit_limit",), totals=True), ALL)
    assert [(row["category"] and row["category"]["label"], row["credit_limit"]) for row in page.rows] == [
        ("大客户", "3"),
        (None, "2.25"),
    ]
    assert page.totals == {"credit_limit": "5.25"}


def test_the_count_of_a_large_list_stops(monkeypatch, five):
    monkeypatch.setattr("hengcang.meta.query.COUNT_CAP", 3)
    page = run(PARTIES, Query(limit=2), ALL)
    assert (page.count, page.capped) == (3, True)


def test_contacts_are_sealed_in_the_database(five):
    from hengcang.base import bulk

    Contact.objects.create(party=Party.objects.first(), name="王芳", phone="13812345678")
    ((name, phone),) = bulk.fetch("SELECT name, phone FROM parties_contact")
    assert "王" not in name and name.startswith("1:") and "138" not in phone
    assert Contact.objects.values_list("name", "phone")[0] == ("王芳", "13812345678")


names = st.sampled_from([*FIELDS, "addresses.text", "addresses", "nothing", "", "id", "pk", "party__name"])
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=5) | st.sampled_from(["1", "C1", "2026-01-01", "\x00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "x"]), inner, max_size=2),
    max_leaves=4,
)
single = st.fixed_dictionaries({"field": names | values, "op": st.sampled_from(OPERATORS) | values, "value": values})
wheres = st.recursive(single, lambda inner: st.fixed_dictionaries({"any": st.lists(inner, max_size=3)}) | inner, max_leaves=5)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.lists(wheres, max_size=3) | values, search=st.text(max_size=6), sort=st.lists(names | st.text(max_size=3), max_size=2))
def test_whatever_is_asked_is_answered_or_refused(five, where, search, sort):
    with contextlib.suppress(QueryRefused):
        run(PARTIES, Query(columns=("code",), where=where, search=search, sort=sort), ALL)
