"""科目对应: the rule that names most decides."""

from __future__ import annotations

from hengcang.core.accounts import AccountRule, Leg, target_of

LEG = Leg("1405", "goods", "/1/7/", 0, 0, 3)


def test_without_a_rule_there_is_no_target() -> None:
    assert target_of([], LEG) is None
    assert target_of([AccountRule(1, "1403", 10), AccountRule(2, "1405", 11, item_category="/2/")], LEG) is None


def test_the_rule_that_names_most_decides() -> None:
    rules = [
        AccountRule(1, "1405", 10),
        AccountRule(2, "1405", 11, item_category="/1/"),
        AccountRule(3, "1405", 12, item_category="/1/", party_category=3),
        AccountRule(4, "1405", 13, item_category="/1/", cash_account=5),
    ]
    assert target_of(rules, LEG) == 12
    assert target_of(rules, LEG._replace(party_category=0)) == 11
    assert target_of(rules, LEG._replace(item_category="")) == 10


def test_of_two_categories_the_nearer_and_of_equals_the_older_decides() -> None:
    rules = [AccountRule(1, "1405", 10, item_category="/1/"), AccountRule(2, "1405", 11, item_category="/1/7/")]
    assert target_of(rules, LEG) == 11
    same = [AccountRule(5, "1405", 10, cash_account=2), AccountRule(4, "1405", 11, party_category=3, account_class="goods")]
    assert target_of(same, LEG) == 11
    assert target_of([AccountRule(9, "1405", 10), AccountRule(4, "1405", 11)], LEG) == 11
