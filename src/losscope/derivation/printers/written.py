"""The order in which a person writes a formula: shared by Unicode and LaTeX.

SymPy keeps sums and products in an order of its own. Here a product is a number, the scalars, what
arrives from above, prediction minus target, the target, then the rest; a sum begins with what is
positive. Both spellings inherit this, so that terminal, page and paper read alike.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE, precedence

from losscope.calculus.functions import (
    Place,
    Total,
    inverse_length,
    per_class,
    relu,
    sign,
    step,
    tanh,
    unit,
    xlogy,
)
from losscope.calculus.spelling import Spelling
from losscope.derivation.expressions import (
    MatMul,
    Node,
    Pointwise,
    Ref,
    SumAll,
    SumOverExamples,
    Transpose,
)
from losscope.derivation.notation import Entry, Norm, over

if TYPE_CHECKING:
    from collections.abc import Mapping

SCALARS = {"m", "K", "λ", "λ₁", "λ₂"}
"""Numbers of the program, written before arrays."""
_TARGETS = {"Y", "y"}


@dataclass
class Product:
    """The pieces of a product, in the order in which they are written."""

    negative: bool = False
    number: sp.Expr = sp.S.One
    scalars: list[sp.Expr] = field(default_factory=list)
    arrays: list[sp.Expr] = field(default_factory=list)
    below: list[sp.Expr] = field(default_factory=list)
    divisor: sp.Expr = sp.S.One


@dataclass(frozen=True)
class Marks:
    """How a spelling writes what acts on whole arrays: templates, {0} and {1} for the parts."""

    transposed: str
    product: str
    over_examples: str
    total: str
    total_of_sum: str
    grouped: str


class Written(Spelling):
    """A formula as mathematics.

    Parameters
    ----------
    names : what each symbol is written as, in the order in which a sum names them.
    whole : symbols that stand for a matrix product or a sum over arrays.
    pointwise : whether factors are arrays, multiplied element by element with ∘.
    """

    def __init__(
        self,
        names: Mapping[Any, str] | None = None,
        whole: frozenset[sp.Symbol] = frozenset(),
        *,
        pointwise: bool = True,
    ) -> None:
        super().__init__({}, names)
        self.whole = whole
        self.pointwise = pointwise

    # -- what a spelling decides -----------------------------------------------------------------

    minus = "−"
    marks: Marks

    @staticmethod
    def array(name: str) -> str:
        """An array's name."""
        return name

    @abstractmethod
    def bracket(self, text: str) -> str:
        """Text in brackets."""

    @abstractmethod
    def ranged(self, sign: str, over: str) -> str:
        """Σ or max with what it runs over: "k", "k ≠ c", "i,j" or "p"."""

    @abstractmethod
    def written_product(self, product: Product) -> str:
        """A product from its pieces."""

    @abstractmethod
    def written_power(self, base: str, power: sp.Expr) -> str:
        """A power."""

    def doprint(self, expr: sp.Expr) -> str:
        """The formula as text; 0 log 0 = 0 goes without saying here."""
        expr = expr.replace(xlogy, lambda x, y: x * sp.log(y))
        expr = expr.replace(unit, lambda x: x * inverse_length(x))
        return super().doprint(in_blocks(expr) if expr.has(Place) else expr)

    # -- the order -------------------------------------------------------------------------------

    def parenthesize(self, item: Any, level: Any, strict: bool = False) -> str:
        """Bracket what binds more loosely than its surroundings."""
        if item in self.names:
            tight = item not in self.whole or level <= PRECEDENCE["Mul"]
            return self.names[item] if tight else self.bracket(self.names[item])
        own = precedence(item)
        if isinstance(item, sp.Piecewise):
            return self._print(item)
        loose = own < level or (strict and own <= level)
        text = self._print(item)
        return self.bracket(text) if loose else text

    def _print_xexp(self, expr: sp.Expr) -> str:
        return str(self._print(sp.Mul(expr.args[0], sp.exp(expr.args[1]))))

    def _print_Mul(self, expr: sp.Mul) -> str:
        return self.written_product(self.pieces(expr))

    def pieces(self, expr: sp.Expr) -> Product:
        """Sort the factors of a product."""
        found = Product()
        number = sp.S.One
        for factor in sp.Mul.make_args(expr):
            divides = factor.is_Pow and factor.exp.is_number and factor.exp.is_negative
            coefficient, rest = self._drawn_out(1 / factor if divides else factor)
            if isinstance(rest, Total):
                negative, inside = self._signless(rest.args[0])  # Σ −x is −Σ x
                coefficient, rest = (-coefficient if negative else coefficient), Total(inside)
            number *= 1 / coefficient if divides else coefficient
            for piece in sp.Mul.make_args(rest):
                if piece != 1:
                    self._sort_in(piece, found, divides=divides)
        found.arrays.sort(key=self.factor_rank)
        found.negative, found.number = bool(number < 0), abs(number)
        return found

    def _signless(self, product: sp.Expr) -> tuple[bool, sp.Expr]:
        """Whether a product is written with a minus, and the product without it."""
        negative, factors = False, []
        for factor in sp.Mul.make_args(product):
            turned = factor.is_Add and self._drawn_out(factor)[0] < 0
            negative ^= turned
            factors.append(-factor if turned else factor)
        return negative, sp.Mul(*factors)

    @staticmethod
    def as_divisor(product: Product) -> None:
        """Divide by 0.7 rather than multiply by 10/7."""
        number = product.number
        if number.is_Rational and number.q > 1 and number.p in (10, 100, 1000):
            product.number, product.divisor = sp.S.One, sp.Float(1 / number)

    def _sort_in(self, piece: sp.Expr, found: Product, *, divides: bool) -> None:
        if piece.is_Pow and piece.exp.is_Integer and piece.exp % 2 == 0 and _backwards(piece.base):
            piece = sp.Pow(-piece.base, piece.exp)
        if isinstance(piece, per_class):
            found.arrays.append(piece)
        elif isinstance(piece.as_base_exp()[0], inverse_length):
            base, power = piece.as_base_exp()
            found.below.append(Norm(*base.args) ** power)
        elif divides:
            found.below.append(piece)
        elif piece.is_number or all(s.name in SCALARS for s in piece.free_symbols):
            found.scalars.append(piece)
        else:
            found.arrays.append(piece)

    @staticmethod
    def _drawn_out(factor: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
        """Number and rest of one factor; y − a is turned into −(a − y)."""
        if not factor.is_Add:
            number, rest = factor.as_coeff_Mul()
            return number, rest
        number, rest = factor.primitive()
        if number.q > 2 and any(abs(t.as_coeff_Mul()[0]) != 1 for t in rest.args):
            number, rest = sp.S.One, factor  # (a − 0.1), not (10 a − 1) / 10
        return (-number, -rest) if _backwards(rest) else (number, rest)

    def factor_rank(self, factor: sp.Expr) -> tuple[Any, ...]:
        """Where a factor stands in its product."""
        letters = {s.name for s in factor.free_symbols}
        if factor.is_Symbol and factor.name in ("u", "D", "t"):
            kind = 0
        elif letters & _TARGETS and (factor.is_Add or letters <= _TARGETS or _odd(factor)):
            kind = 2 if letters <= _TARGETS else 1
        elif factor.is_Symbol or (factor.is_Pow and factor.base.is_Symbol):
            kind = 3
        elif factor.is_Add or factor.is_Pow:
            kind = 4
        else:
            kind = 5
        if isinstance(factor, sp.log):
            kind = 6
        return (kind, sp.default_sort_key(factor))

    def _print_Add(self, expr: sp.Add, order: Any = None) -> str:
        number, primitive = expr.primitive()
        plain = self._sum(expr)
        if number == 1 or self.whole & expr.free_symbols:
            return plain
        drawn = self.written_product(Product(number=number, arrays=[primitive]))
        return drawn if len(drawn) <= len(plain) else plain

    def _sum(self, expr: sp.Expr) -> str:
        spelled = ""
        ranked = bool(self.whole & expr.free_symbols)
        for term in sorted(expr.args, key=lambda t: self.term_rank(t, by_name=ranked)):
            pieces = self.pieces(term)
            negative, pieces.negative = pieces.negative, False
            text = self.written_product(pieces)
            joint = f" {self.minus} " if negative else " + "
            spelled += joint + text if spelled else (self.minus if negative else "") + text
        return spelled

    def term_rank(self, term: sp.Expr, *, by_name: bool) -> tuple[Any, ...]:
        """Where a term stands in its sum: named parts in their order, then the positive, simple."""
        place = {symbol: i for i, symbol in enumerate(self.names)}
        named = min((place.get(s, len(place)) for s in term.free_symbols), default=len(place))
        return (
            named if by_name else 0,
            self.pieces(term).negative,
            not term.is_number,
            int(sp.count_ops(term)),
            sp.default_sort_key(term),
        )

    def _print_Relational(self, expr: Any) -> str:
        sides = [
            self._print(side) if side.is_number else self.parenthesize(side, precedence(expr))
            for side in (expr.lhs, expr.rhs)
        ]
        return f"{sides[0]} {expr.rel_op} {sides[1]}"

    def alternatives(self, condition: Any) -> str:
        """A condition within "and": brackets around an "or"."""
        text = self._print(condition)
        return self.bracket(text) if isinstance(condition, sp.Or | sp.logic.boolalg.ITE) else text

    def _print_Pow(self, expr: sp.Pow, rational: bool = False) -> str:
        base, power = expr.args
        if power == sp.S.Half:
            return self._function("sqrt", base)
        if power.is_number and power.is_negative:
            return self.written_product(self.pieces(expr))
        if power.is_Integer and power % 2 == 0 and _backwards(base):
            base = -base
        return self.written_power(self.parenthesize(base, PRECEDENCE["Pow"], strict=True), power)

    def _function(self, name: str, *arguments: sp.Expr) -> str:
        return self.call(name, *[self._print(argument) for argument in arguments])

    def _print_Abs(self, expr: sp.Abs) -> str:
        (argument,) = expr.args
        return self._function("Abs", -argument if _backwards(argument) else argument)

    def _print_Over(self, expr: sp.Expr) -> str:
        sign, body, said = expr.args
        inside = self.parenthesize(body, PRECEDENCE["Mul"])
        return f"{self.ranged(sign.name, said.name)} {inside}"

    def _print_Blocks(self, expr: sp.Expr) -> str:
        return f"[{', '.join(self._print(part) for part in expr.args)}]"

    def _print_Entry(self, expr: sp.Expr) -> str:
        return f"{self._print(expr.args[0])}_{expr.args[1].name}"

    def _print_margin_pulls(self, expr: sp.Expr) -> str:
        """What pairs that violate the margin pull at a class, for arrays x and y."""
        x, y = expr.args
        (x_i, x_j), (y_i, y_j) = ([Entry(part, sp.Symbol(s)) for s in "ij"] for part in (x, y))
        rivals = over("Σ", y_j * step(1 + x - x_j), "j")
        wanted = over("Σ", (1 - y_i) * step(1 + x_i - x), "i")
        return self.bracket(self._print((1 - y) * rivals - y * wanted))

    def _print_MarginPairs(self, expr: sp.Expr) -> str:
        x, y = expr.args
        (x_i, x_j), (y_i, y_j) = ([Entry(part, sp.Symbol(s)) for s in "ij"] for part in (x, y))
        return self._print(over("Σ", y_j * (1 - y_i) * relu(1 + x_i - x_j), "i,j"))

    def _print_sum3(self, expr: sp.Expr) -> str:
        return self._print(sp.Add(*expr.args))

    def _print_inverse_length(self, expr: sp.Expr) -> str:
        return self.written_product(self.pieces(expr))

    def _print_per_class(self, expr: sp.Expr) -> str:
        return f"[{', '.join(self._print(weight) for weight in expr.args)}]"

    def exponent(self, power: sp.Expr) -> str:
        """A power: 0.7, not 7/10."""
        known = power.is_Rational and not power.is_Integer and power.q != 3
        return f"{float(power):g}" if known else self._print(power)

    def simple(self, argument: sp.Expr) -> bool:
        """Whether a function's argument needs no brackets: log a."""
        return bool(argument.is_Symbol) and argument not in self.whole

    def decimal(self, number: sp.Expr) -> str | None:
        """A number as a short decimal, where that is how it was meant."""
        if isinstance(number, sp.Float):
            return f"{float(number):g}"
        denominator = int(number.q)
        while denominator % 2 == 0:
            denominator //= 2
        while denominator % 5 == 0:
            denominator //= 5
        tidy = denominator == 1 and (number.q > 12 or number.q % 5 == 0)
        return f"{float(number):g}" if tidy else None


class Blocks(sp.Function):  # type: ignore[misc]
    """The columns of several heads side by side: [u, v]."""

    is_real = True


def in_blocks(expr: sp.Expr) -> sp.Expr:
    """Sums of `Place`, one for each head, as one row of blocks."""
    if not expr.has(Place):
        return expr
    if not expr.is_Add:
        own = isinstance(expr, Place)
        return _blocks({1: [expr]})[0] if own else expr.func(*[in_blocks(x) for x in expr.args])
    groups: dict[sp.Expr, list[sp.Expr]] = {}
    rest = []
    for term in expr.args:
        places = [f for f in sp.Mul.make_args(term) if isinstance(f, Place)]
        if len(places) == 1:
            groups.setdefault(term / places[0], []).append(places[0])
        else:
            rest.append(in_blocks(term))
    return sp.Add(*rest, *_blocks(groups))


def _blocks(groups: Mapping[sp.Expr, list[sp.Expr]]) -> list[sp.Expr]:
    found = []
    for factor, places in groups.items():
        heads = int(places[0].args[3])
        parts = [sp.Add(*[p.args[0] for p in places if p.args[2] == i]) for i in range(heads)]
        found.append(factor * Blocks(*parts))
    return found


def _odd(factor: sp.Expr) -> bool:
    return isinstance(factor, sign | tanh | sp.Pow)


def _backwards(sum_: sp.Expr) -> bool:
    """Whether a sum reads better with its sign turned: y − 1, or y − a."""
    if not sum_.is_Add:
        return False
    constant = sum_.as_coeff_Add()[0]
    terms = [t.as_coeff_Mul() for t in sum_.args if not t.is_number]
    targets = [n for n, rest in terms if rest.is_Symbol and rest.name in _TARGETS]
    others = [n for n, rest in terms if not (rest.is_Symbol and rest.name in _TARGETS)]
    if targets and others and max(targets) * max(others) < 0:
        return bool(targets[0] > 0)  # a − 0.9 y − 0.1, prediction before target
    if constant != 0:
        return bool(constant < 0)
    gap = [t for t in sum_.args if t.is_Symbol and t.name in _TARGETS]
    if gap:
        return True
    return all(t.could_extract_minus_sign() for t in sum_.args)


_WHOLE = (MatMul, SumOverExamples, SumAll)


def spelled(node: Node, spelling: type[Written], *, pointwise: bool = True) -> str:
    """One expression in a spelling; `pointwise` says whether its products are between arrays."""
    marks = spelling.marks

    def of(part: Node) -> str:
        match part:
            case Ref(name):
                return spelling.array(name)
            case Transpose(inner):
                return marks.transposed.format(atom(inner))
            case MatMul(left, right):
                return marks.product.format(atom(left), atom(right))
            case SumOverExamples(inner):
                return marks.over_examples.format(of(inner))
            case SumAll(inner):
                a_sum = isinstance(inner, Pointwise) and inner.formula.is_Add
                return (marks.total_of_sum if a_sum else marks.total).format(of(inner))
            case Pointwise(formula, parts):
                names = {s: piece(p) for s, p in parts}
                whole = frozenset(s for s, p in parts if isinstance(p, _WHOLE))
                return spelling(names, whole, pointwise=pointwise).doprint(formula)

    def piece(part: Node) -> str:
        loose = isinstance(part, Pointwise) and (part.formula.is_Add or part.formula.is_Mul)
        return marks.grouped.format(of(part)) if loose else of(part)

    def atom(part: Node) -> str:
        return of(part) if isinstance(part, Ref | Transpose) else f"({of(part)})"

    return of(node)
