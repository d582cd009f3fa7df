"""流水生成器 Random bank statements with the truth beside them: what each line is, and whether anybody could know."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from hengcang.core.reconciling import BankLine, Booked, Debt, Payer

SCALE = 1_000_000
FIRST = "顺明宏华金鑫瑞恒泰安长永兴盛东南新天海龙"
SECOND = "达力源丰通利和顺昌隆茂发祥康裕德信诚宇辰"
THIRD = ("五金", "机电", "贸易", "商贸", "建材", "电子", "科技", "实业")
LAST = ("有限公司", "商行", "经营部", "（集团）有限公司")
STRANGERS = ("王小明", "李四", "陌生人投资合伙企业", "欧阳春花", "外地代付平台")


@dataclass
class Truth:
    """What a line is: the booked entry, or the debts; `decidable` where what is written on the line tells it."""

    entry: int | None = None
    debts: tuple[int, ...] = ()
    decidable: bool = True
    what: str = ""


@dataclass
class World:
    """Parties, what they owe, what is booked, the lines of the bank, and the truth by line."""

    random: Random
    parties: list[Payer] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    booked: list[Booked] = field(default_factory=list)
    lines: list[BankLine] = field(default_factory=list)
    truth: dict[int, Truth] = field(default_factory=dict)
    paid: set[int] = field(default_factory=set)

    def cents(self) -> int:
        """An amount such as bills have; round ones are common."""
        pick = self.random
        return pick.choice((pick.randint(10_000, 5_000_000), pick.randint(10_000, 5_000_000), pick.randint(1, 50) * 100_000)) * 10_000

    def company(self) -> str:
        """A name."""
        pick = self.random.choice
        return pick(FIRST) + pick(SECOND) + pick(THIRD) + pick(LAST)

    def typo(self, name: str) -> str:
        """A name with one letter wrong, missing or twice; never that of another party."""
        known = {one.name for one in self.parties}
        while True:
            at, pick = self.random.randrange(len(name) - 2), self.random.choice
            other = pick((name[:at] + pick(SECOND) + name[at + 1 :], name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:]))
            if other not in known:
                return other

    def line(self, amount: int, payer: str, truth: Truth, account: str = "", text: str = "货款", day: int | None = None) -> None:
        """A line of the bank."""
        own = len(self.lines) + 1
        self.lines.append(BankLine(own, self.random.randint(100, 130) if day is None else day, amount, payer, account, text))
        self.truth[own] = truth

    def free(self, party: Payer) -> list[Debt]:
        """What nobody has paid yet."""
        return [debt for debt in self.debts if debt.party == party.id and debt.id not in self.paid]

    def take(self, debts: list[Debt]) -> tuple[int, ...]:
        """They are paid now."""
        self.paid.update(debt.id for debt in debts)
        return tuple(sorted(debt.id for debt in debts))


def world(seed: int) -> World:
    """A month of a company."""
    made = World(Random(seed))
    pick = made.random
    for own in range(1, 31):
        number = f"6222{pick.randrange(10**12):012}" if pick.random() < 0.4 else ""
        made.parties.append(Payer(own, made.company(), number))
    for party in made.parties:
        sign = pick.choice((1, 1, 1, -1))
        for _ in range(pick.randint(1, 6)):
            own = len(made.debts) + 1
            amount = made.cents()
            if made.debts and pick.random() < 0.15:
                amount = abs(pick.choice(made.debts).amount)
            made.debts.append(Debt(own, party.id, sign * amount, f"XSCK-2026{pick.randrange(10**6):06}"))
    kinds = (single, single, single, several, fee, typo, account, numbered, booked, booked, stranger, wrong_party, twins, in_part)
    for _ in range(80):
        pick.choice(kinds)(made, pick.choice(made.parties))
    return made


def unlike(made: World, party: Payer, amount: int) -> bool:
    """Whether no other set of what the party owes could come to about that amount: else nobody could know."""
    return sets_near(made, party, amount) == 1


def sets_near(made: World, party: Payer, amount: int) -> int:
    """How many sets of what a party owes come to an amount, or to a fee more."""
    own = [abs(debt.amount) for debt in made.debts if debt.party == party.id]
    sums = {0: 1}
    for one in own:
        for total, ways in list(sums.items()):
            sums[total + one] = sums.get(total + one, 0) + ways
    return sum(ways for total, ways in sums.items() if amount <= total <= amount + 20 * SCALE)


def same_name(made: World, party: Payer) -> bool:
    """Whether another party is called the same."""
    return sum(one.name == party.name for one in made.parties) > 1


def pay(made: World, party: Payer, debts: list[Debt], what: str, **more: object) -> None:
    """A line that pays these debts whole."""
    amount = sum(debt.amount for debt in debts)
    decidable = not same_name(made, party) and unlike(made, party, abs(amount))
    made.line(amount, party.name, Truth(None, made.take(debts), decidable, what), **more)  # type: ignore[arg-type]


def single(made: World, party: Payer) -> None:
    if debts := made.free(party):
        pay(made, party, [made.random.choice(debts)], "single")


def several(made: World, party: Payer) -> None:
    debts = made.free(party)
    if len(debts) >= 3:
        pay(made, party, made.random.sample(debts, 3), "several")


def fee(made: World, party: Payer) -> None:
    debts = [debt for debt in made.free(party) if debt.amount > 0]
    if debts:
        debt = made.random.choice(debts)
        amount = debt.amount - made.random.randint(1, 2000) * 10_000
        decidable = not same_name(made, party) and unlike(made, party, amount)
        made.line(amount, party.name, Truth(None, made.take([debt]), decidable, "fee"))


def typo(made: World, party: Payer) -> None:
    if debts := made.free(party):
        debt = made.random.choice(debts)
        truth = Truth(None, made.take([debt]), not same_name(made, party) and unlike(made, party, abs(debt.amount)), "typo")
        made.line(debt.amount, made.typo(party.name), truth)


def account(made: World, party: Payer) -> None:
    """A short name of their own, and the account that we know."""
    debts = made.free(party)
    if debts and party.account:
        debt = made.random.choice(debts)
        made.line(debt.amount, "", Truth(None, made.take([debt]), unlike(made, party, abs(debt.amount)), "account"), party.account)


def numbered(made: World, party: Payer) -> None:
    """The text names the bill."""
    if debts := made.free(party):
        debt = made.random.choice(debts)
        truth = Truth(None, made.take([debt]), not same_name(made, party), "numbered")
        made.line(debt.amount, party.name, truth, text=f"付{debt.number}款")


def booked(made: World, party: Payer) -> None:
    """A payment that somebody entered already, a few days off."""
    own, amount, day = len(made.booked) + 1, made.cents(), made.random.randint(100, 130)
    made.booked.append(Booked(own, day, amount, party.id))
    made.line(amount, party.name, Truth(own, (), not same_name(made, party), "booked"), day=day + made.random.randint(-2, 2))


def stranger(made: World, party: Payer) -> None:
    """Somebody else pays for them: only a person may say so."""
    if debts := made.free(party):
        debt = made.random.choice(debts)
        made.line(debt.amount, made.random.choice(STRANGERS), Truth(None, made.take([debt]), False, "stranger"))


def wrong_party(made: World, party: Payer) -> None:
    """Another customer of ours pays for them."""
    debts, other = made.free(party), made.random.choice(made.parties)
    others = {debt.amount for debt in made.debts if debt.party == other.id}
    debts = [debt for debt in debts if debt.amount not in others]
    if debts and other.id != party.id:
        debt = made.random.choice(debts)
        text = made.random.choice(("货款", f"代付{debt.number}"))
        made.line(debt.amount, other.name, Truth(None, made.take([debt]), False, "wrong party"), text=text)


def twins(made: World, party: Payer) -> None:
    """Two bills of one amount, one payment: nobody knows which."""
    debts = made.free(party)
    if debts:
        first = made.random.choice(debts)
        second = Debt(len(made.debts) + 1, party.id, first.amount, f"XSCK-2026{made.random.randrange(10**6):06}")
        made.debts.append(second)
        made.line(first.amount, party.name, Truth(None, made.take([made.random.choice([first, second])]), False, "twins"))
        for one, truth in made.truth.items():
            if truth.decidable and truth.what not in ("booked", "numbered") and made.lines[one - 1].name == party.name:
                truth.decidable = unlike(made, party, abs(made.lines[one - 1].amount))


def in_part(made: World, party: Payer) -> None:
    """A part of a debt that matches nothing else they owe."""
    if debts := made.free(party):
        debt = made.random.choice(debts)
        part = debt.amount // 3 // 10_000 * 10_000
        if not sets_near(made, party, abs(part)):
            made.line(part, party.name, Truth(None, made.take([debt]), False, "in part"))
