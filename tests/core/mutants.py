"""变异 Mutants: small mistakes planted in the core, one at a time, to see whether the tests would notice.

A candidate is one node of a module's syntax tree and one way to get it wrong: a comparison off by one or reversed,
a sum for a difference, a branch never or always taken, a statement forgotten, a number off by one. Each mutant runs
in a forked child that imports the mutated module, so that nothing leaks; the child stops at the first test that
fails. `python -m tests.core.mutants` runs all candidates and lists the survivors.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import inspect
import multiprocessing
import multiprocessing.connection
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from types import CodeType, ModuleType

MODULES = (
    "amounts", "costing", "costing_descent", "costing_months", "costing_pools", "costing_replay", "counting", "stock"
)  # fmt: skip
CORE = Path(__file__).parents[2] / "src" / "hengcang" / "core"
TESTS = (
    "test_amounts", "test_costing", "test_costing_months", "test_costing_windows", "test_stock", "test_counting"
)  # fmt: skip
HISTORIES = 160
CPU_SECONDS = 9

SEED = "2024"

# Mistakes that change no result, and why.
EQUIVALENT: dict[tuple[str, str, str], str] = {
    ("costing.agrees", "if done.found.noted:", "if True:"): "only saves time",
    ("costing.changed_outside", "if not books.followers:", "if False:"): "only saves time",
    ("costing.settle", "3", "4"): "a bound that is never reached",
    ("costing_months.build_sheets", "books.starts[key] > (move.day, move.sequence, move.id)",
     "books.starts[key] >= (move.day, move.sequence, move.id)"): "a window that starts inside a run month is asked for",
    ("costing_months.enter", "quantity < 0", "quantity <= 0"): "a move of nothing is worth nothing anywhere",
    ("costing_months.split_descended", "if goals and sheet.issues:", "if True:"): "one more tangle loads more, no less",
    ("costing_descent.Descent.note", "0", "1"): "no move has a position between",
    ("costing_descent.Descent.note", "1", "2"): "a day more loads more, no less",
    ("costing_descent.is_internal", "move.quantity > 0", "move.quantity >= 0"): "a move of nothing covers nothing",
    ("costing_pools.FifoPool.take", "if move.named is not None:", "if True:"): "no layer is of no move",
    ("costing_replay.Pass.leave", "target is None and move.target_pool is not None",
     "target is None or move.target_pool is not None"): "what is carried is asked only of moves that leave the window",
    ("costing_replay.Pass.walk_plain", "if moved < quantity and value >= 0:", "if False:"): "only saves time",
    ("amounts.half_up", "numerator >= 0", "numerator > 0"): "zero is zero on both ways",
    ("amounts.half_up", "denominator < 0", "denominator <= 0"): "nobody divides by zero",
    ("amounts.to_decimal", "Decimal(micro).scaleb(-6).normalize() + 0",
     "Decimal(micro).scaleb(-6).normalize() - 0"): "the same number",
    ("amounts.to_micro", "1", "2"): "only the exponent counts",
    ("costing.value_moves", "if needs:", "if False:"): "asked again below",
    ("costing_descent.Descent.reached", "if len(found) < len(goals):", "if True:"): "asks for more, not for less",
    ("costing_descent.Spread.mark", "if move.named is not None:", "if True:"): "no move names none",
    ("costing_descent.Spread.reach", "since < self.at", "since <= self.at"): "only saves time",
    ("costing_months.MonthlyPool.__init__", "1", "2"): "no day is below zero",
    ("costing_pools.Pool.price_in", "0", "1"): "no pool holds a millionth",
    ("costing_replay.Pass.walk_plain", "receiver.quantity < 0", "receiver.quantity <= 0"): "only saves time",
    ("costing_replay.Pass.walk_plain", "source is None", "source is not None"): "only saves time",
    ("costing_replay.Pass.walk_plain", "if source is None:", "if True:"): "only saves time",
    ("costing_replay.Pass.walk_plain", "if source is None:", "if False:"): "only saves time",
    ("costing_replay.Pass.enter", "move.net or 0", "move.net and 0"): "no such move is in a window",
    ("costing_replay.Pass.step", "move.quantity < 0", "move.quantity <= 0"): "nothing was handled above",
    ("costing_replay.Pass.walk_plain", "if target is not None:", "if True:"): "only saves time",
}  # fmt: skip

FLIPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
SWAPS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
}  # fmt: skip
NAMES = {"min": "max", "max": "min"}


@dataclass(frozen=True)
class Mutant:
    """One mistake: where it is, what it was, and what it becomes. `spot` counts the candidates of the module."""

    module: str
    function: str
    spot: int
    line: int
    before: str
    after: str

    def key(self) -> tuple[str, str, str]:
        """What names this mistake as long as the code around it stays."""
        return (f"{self.module}.{self.function}", self.before, self.after)


class Planter(ast.NodeTransformer):
    """Walks a module in a fixed order, lists every candidate, and plants the one at `chosen`."""

    def __init__(self, module: str, chosen: int = -1) -> None:
        self.module = module
        self.chosen = chosen
        self.found: list[Mutant] = []
        self.path: list[str] = []

    def offer(self, node: ast.AST, change: Callable[[], ast.AST], line: int) -> ast.AST:
        """Notes a candidate; gives the changed node if it is the chosen one."""
        before, changed = ast.unparse(node), change()
        spot = len(self.found)
        after = ast.unparse(changed)
        heads = before.split("\n")[0], after.split("\n")[0]
        self.found.append(Mutant(self.module, ".".join(self.path), spot, line, *heads))
        return changed if spot == self.chosen else node

    def scope(self, node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
        self.path.append(node.name)
        node.body = [self.visit(part) for part in node.body if not isinstance(part, ast.AnnAssign) or self.inside()]
        self.path.pop()
        return node

    def inside(self) -> bool:
        return bool(self.path)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self.scope(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self.scope(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        result: ast.AST = node
        for place, operator in enumerate(node.ops):
            flipped = [*node.ops[:place], FLIPS[type(operator)](), *node.ops[place + 1 :]]
            if result is node:
                result = self.offer(node, partial(ast.Compare, node.left, flipped, node.comparators), node.lineno)
        return result

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        swap = SWAPS.get(type(node.op))
        return self.offer(node, lambda: ast.BinOp(node.left, swap(), node.right), node.lineno) if swap else node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        return self.offer(node, lambda: ast.BoolOp(other, node.values), node.lineno)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return self.offer(node, lambda: node.operand, node.lineno)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        return self.offer(node, lambda: ast.IfExp(node.test, node.orelse, node.body), node.lineno)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if type(node.value) is not int:
            return node
        return self.offer(node, lambda: ast.Constant(node.value + 1), node.lineno)  # type: ignore[operator]

    def visit_Name(self, node: ast.Name) -> ast.AST:
        other = NAMES.get(node.id)
        return self.offer(node, lambda: ast.Name(other, node.ctx), node.lineno) if other else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        swap = SWAPS.get(type(node.op))
        if swap is None:
            return node
        result = self.offer(node, lambda: ast.AugAssign(node.target, swap(), node.value), node.lineno)
        return self.offer(node, ast.Pass, node.lineno) if result is node else result

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        kept = any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)
        return self.offer(node, ast.Pass, node.lineno) if kept and "__init__" not in self.path else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Constant):
            return node
        self.generic_visit(node)
        return self.offer(node, ast.Pass, node.lineno)

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        result: ast.AST = node
        for always in (True, False):
            if result is node:
                branch = partial(ast.If, ast.Constant(always), node.body, node.orelse)
                result = self.offer(node, branch, node.lineno)
        return result


def candidates(module: str) -> list[Mutant]:
    """Every mistake that can be planted in a module, outside its declarations."""
    planter = Planter(module)
    planter.visit(ast.parse((CORE / f"{module}.py").read_text(encoding="utf-8")))
    return [mutant for mutant in planter.found if mutant.function and mutant.before != mutant.after]


def planted(mutant: Mutant) -> CodeType:
    """The code of a mutant's module with the mistake in it."""
    path = CORE / f"{mutant.module}.py"
    tree = Planter(mutant.module, mutant.spot).visit(ast.parse(path.read_text(encoding="utf-8")))
    return compile(ast.fix_missing_locations(tree), str(path), "exec")


class MutantImporter(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the mutated module when it is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = f"hengcang.core.{mutant.module}"
        self.code = planted(mutant)

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(name, self) if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def cases(module: ModuleType) -> Iterator[Callable[[], None]]:
    """The tests of a module, one call for each set of parameters."""
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if not name.startswith("test_"):
            continue
        marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
        for chosen in product(*(mark.args[1] for mark in marks)):
            arguments: dict[str, object] = {}
            for mark, value in zip(marks, chosen, strict=True):
                names = [mark.args[0]] if isinstance(mark.args[0], str) else list(mark.args[0])
                arguments.update(zip(names, [value] if len(names) == 1 else value, strict=True))
            yield lambda function=function, arguments=arguments: function(**arguments)  # type: ignore[misc]


def run_tests() -> None:
    """The fast subset: worked cases, then random histories against the oracle with fixed seeds."""
    for name in TESTS:
        for case in cases(importlib.import_module(f"tests.core.{name}")):
            case()
    world = importlib.import_module("tests.core.world")
    check = importlib.import_module("tests.core.agreement").check
    for seed in range(HISTORIES):
        setting, draws = world.seeded(random.Random(seed))
        history = world.World(setting)
        for number, draw in enumerate(draws, start=1):
            if history.run(draw) and (number % 4 == 0 or number == len(draws)):
                check(history.store)


def outcomes(mutants: Sequence[Mutant], workers: int) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant and whether it survived, as its child ends. Children are forked here, never from a thread."""
    context = multiprocessing.get_context("fork")
    waiting = list(reversed(mutants))
    running: dict[int, tuple[multiprocessing.process.BaseProcess, Mutant]] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            mutant = waiting.pop()
            started = context.Process(target=run_child, args=(mutant,))
            started.start()
            running[started.sentinel] = (started, mutant)
        for sentinel in multiprocessing.connection.wait(list(running)):
            child, mutant = running.pop(sentinel)  # type: ignore[arg-type]
            child.join()
            yield mutant, child.exitcode == 0


def run_child(mutant: Mutant) -> None:
    """In the child: forget the core and the tests, import them with the mistake, and run."""
    for name in list(sys.modules):
        if name.startswith(("hengcang.core", "tests.core.")):
            del sys.modules[name]
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    sys.meta_path.insert(0, MutantImporter(mutant))
    sys.stderr = sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115
    run_tests()


def survivors(mutants: Sequence[Mutant], workers: int = 2) -> list[Mutant]:
    """Those of the mutants that the tests do not notice. A child that runs out of time has noticed."""
    return [mutant for mutant, alive in outcomes(mutants, workers) if alive]


def shuffled(mutants: Sequence[Mutant], seed: str) -> list[Mutant]:
    """The mutants in an order drawn by the seed, in which a change to one part of the code moves no other part."""
    return sorted(mutants, key=lambda mutant: hashlib.sha256(f"{seed} {mutant.key()}".encode()).digest())


def main() -> None:
    """Runs all candidates of the named modules, or of all, and lists the survivors as they are found."""
    started = time.monotonic()
    mutants = [mutant for module in sys.argv[1:] or MODULES for mutant in candidates(module)]
    mutants = [mutant for mutant in shuffled(mutants, SEED) if mutant.key() not in EQUIVALENT]
    for done, (mutant, alive) in enumerate(outcomes(mutants, workers=2), start=1):
        if alive or done % 50 == 0:
            told = f"{mutant.module}.py:{mutant.line} {mutant.key()}" if alive else ""
            print(f"{done} of {len(mutants)} {told}", flush=True)
    print(f"{len(mutants)} mutants, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
