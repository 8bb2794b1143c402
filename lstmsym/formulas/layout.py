r"""Which tokens make one equation: rows, lines, columns of align, wide gaps and commas part them.

A row that begins with a relation or a sign goes on with the equation before it. Words and tags at the
edge of an equation are kept beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lstmsym.formulas import macros
from lstmsym.formulas.asides import (
    counts,
    in_brackets,
    is_numbered,
    names_gradient,
    needs_object,
    opens_aside,
    relates,
)
from lstmsym.formulas.flatten import Placed
from lstmsym.formulas.pairs import refused
from lstmsym.formulas.pointing import Text
from lstmsym.formulas.tokens import GAP, MARK, PROSE, ROW, TAG, WORD, Token
from lstmsym.formulas.words import function_name

_SIGNS = frozenset(macros.PRODUCTS) | {"+", "-", "/"}
_STOPS = (",", ";", ".", ":")
MOST_EQUATIONS = 500
LONGEST_ASIDE = 60  # tokens


@dataclass
class Piece:
    """The tokens of one equation, and what is said beside it."""

    tokens: list[Token] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    spoken: bool = False  # whether words in front go on with its first letter: the error of h_t = …
    related: bool = False  # whether a relation stands in it

    @property
    def waits(self) -> bool:
        """Whether something must follow: the last token is a relation or a sign."""
        return bool(self.tokens) and (relates(self.tokens[-1]) or _signs(self.tokens[-1]))


def pieces(placed: Sequence[Placed], text: Text) -> list[Piece]:
    """One piece an equation, in order. Raises FormulaError where it is not clear which goes on."""
    return _Layout(placed, text).all()


def _signs(token: Token) -> bool:
    return token.kind == MARK and token.text in _SIGNS


@dataclass
class _Break:
    """A run of what may part two equations."""

    first: int
    after: int  # the place behind it
    row: bool = False
    sure: bool = False  # a formula ends here, whatever follows: $, ⇒
    wide: bool = False
    aligned: bool = False  # whether & stands in it
    stops: list[Token] = field(default_factory=list)
    said: list[Token] = field(default_factory=list)


class _Layout:
    def __init__(self, placed: Sequence[Placed], text: Text) -> None:
        self.placed, self.text = placed, text
        self.rows = any(a.top and a.token.text == r"\\" for a in placed)
        self.done: list[Piece] = []
        self.now = Piece()
        self.in_row = 0  # equations that began in this row
        self.relation_after, self.row_after, self.gaps_before = self.ahead()

    def ahead(self) -> tuple[list[int], list[int], list[int]]:
        """For each place the next relation, the next row end, and the gaps before it."""
        count = len(self.placed)
        relation, row, gaps = [count] * (count + 1), [count] * (count + 1), [0] * (count + 1)
        for at in range(count - 1, -1, -1):
            a = self.placed[at]
            relation[at] = at if a.top and relates(a.token) else relation[at + 1]
            row[at] = at if a.top and self.ends_row(a.token) else row[at + 1]
        for at, a in enumerate(self.placed):
            parts = a.top and (a.token.kind == GAP or a.token.mark(*_STOPS))
            aligned = relation[at] == at + 1 and a.token.text == "&"
            gaps[at + 1] = gaps[at] + (parts and not aligned)
        return relation, row, gaps

    def ends_row(self, token: Token) -> bool:
        return token.kind == ROW and not (token.text == "\n" and self.rows)

    def all(self) -> list[Piece]:
        at = 0
        while at < len(self.placed):
            at = self.part(at) if self.may_part(at) else self.add(at)
        self.finish()
        return [a for a in self.done if a.tokens and not a.spoken]

    def add(self, at: int) -> int:
        token = self.placed[at].token
        if not self.now.tokens:
            self.in_row += 1
        self.now.tokens.append(token)
        self.now.related |= self.placed[at].top and relates(token)
        return at + 1

    def finish(self) -> None:
        """The equation ends; a list such as t = 1, …, T is said beside the one before."""
        if not self.now.tokens:
            return
        if self.now.related and is_numbered(self.now.tokens):
            self.now.aside.append(self.words(self.now.tokens[-3:]))
            del self.now.tokens[-3:]
        if self.done and self.now.related and counts(self.now.tokens):
            self.done[-1].aside.append(self.words(self.now.tokens))
        else:
            self.done.append(self.now)
        if len(self.done) > MOST_EQUATIONS:
            raise refused(
                self.text, self.now.tokens[0], f"more than {MOST_EQUATIONS} equations in one text"
            )
        self.now = Piece()

    def words(self, tokens: Sequence[Token]) -> str:
        return self.text.whole[tokens[0].start : tokens[-1].end]

    # --- breaks -----------------------------------------------------------------------------------

    def may_part(self, at: int) -> bool:
        a = self.placed[at]
        token = a.token
        stop = token.mark(*_STOPS) or token.mark(*macros.IMPLIES, r"\forall")
        return a.top and (token.kind in (ROW, GAP, TAG, PROSE) or stop)

    def run(self, at: int) -> _Break:
        """All that may part, side by side."""
        run = _Break(at, at)
        while run.after < len(self.placed) and self.may_part(run.after):
            token = self.placed[run.after].token
            run.after += 1
            run.row |= self.ends_row(token)
            run.aligned |= token.text == "&"
            run.wide |= token.kind in (GAP, ROW)
            run.sure |= token.text == "$" or token.mark(*macros.IMPLIES)
            if token.mark(*_STOPS):
                run.stops.append(token)
            elif token.kind in (TAG, PROSE):
                run.said.append(token)
            if opens_aside(token):
                run.after = self.skip_row(run, token)
            elif run.wide and self.is_conjunction(run.after):
                run.said.append(self.placed[run.after].token)
                run.after += 1
        return run

    def is_conjunction(self, at: int) -> bool:
        r"""Whether a letter stands alone between wide gaps in front of an equation: \quad\text{y}\quad."""
        if at + 1 >= len(self.placed) or not self.now.related:
            return False
        token, after = (a.token for a in self.placed[at : at + 2])
        begins = self.relation_after[at] < self.row_after[at]
        return token.named and after.kind == GAP and after.text != "&" and begins

    def skip_row(self, run: _Break, token: Token) -> int:
        """All to the end of the row is said beside: for t = 1 … T."""
        end = self.row_after[run.after]
        if end > run.after:
            last = self.placed[end - 1].token
            whole = Token(PROSE, self.words([token, last]), token.start, last.end)
            run.said = [a for a in run.said if a is not token] + [whole]
        return end

    def part(self, at: int) -> int:
        run = self.run(at)
        if self.stays(run):
            return self.add(at)
        last = run.after >= len(self.placed)
        behind = self.placed[run.after - 1].token
        self.now.spoken |= not self.now.tokens and any(
            needs_object(a) or (names_gradient(a) and a is behind) for a in run.said[-1:]
        )
        self.now.aside += [a.text for a in run.said]
        if not last:
            run.after = self.beside(run)
            last = run.after >= len(self.placed)
        if last or self.parts(run):
            self.finish()
        elif run.stops and not self.goes_on(run) and self.now.tokens:
            self.now.tokens += run.stops
        if run.row:
            self.in_row = 1 if self.now.tokens else 0
        return run.after

    def stays(self, run: _Break) -> bool:
        """Words as a summand or factor: a + \text{small terms}."""
        first = self.placed[run.first].token
        return first.kind == PROSE and self.now.waits and not opens_aside(first)

    def beside(self, run: _Break) -> int:
        """A word, or what stands in brackets, at the end of a row is said beside the equation."""
        if run.wide and self.now.related and (closed := self.past_remark(run.after)):
            self.now.aside.append(self.words([a.token for a in self.placed[run.after : closed]]))
            return closed
        end = self.row_after[run.after]
        row = self.placed[run.after : min(end, run.after + LONGEST_ASIDE)]
        tokens = [a.token for a in row if a.token.kind != GAP and not a.token.mark(*_STOPS)]
        shape = [a.kind for a in tokens]
        word = shape == [WORD] and len(tokens[0].text) > 1 and not function_name(tokens[0].text)
        remark = run.aligned and self.is_remark(run.after, end)
        beside = word or remark or in_brackets(tokens)
        if beside and run.wide and self.now.related and not self.now.waits:
            self.now.aside.append(tokens[0].text if word else self.words(tokens))
            return end
        return run.after

    def past_remark(self, at: int) -> int:
        r"""The place after words in round brackets that a break follows, \quad (\text{element-wise}); else 0."""
        tokens = [a.token for a in self.placed[at : at + LONGEST_ASIDE]]
        if not tokens or not tokens[0].mark("("):
            return 0
        end = next((n for n, a in enumerate(tokens) if a.mark(")")), 0)
        said = [a.kind == PROSE or (a.kind == WORD and len(a.text) > 2) for a in tokens[1:end]]
        after = at + end + 1
        breaks = after >= len(self.placed) or self.may_part(after)
        return after if said and all(said) and breaks else 0

    def is_remark(self, at: int, end: int) -> bool:
        r"""Whether words about a symbol stand to the end of a row: & y_t \text{ is a one-hot vector}."""
        tokens = [a.token for a in self.placed[at:end]]
        said = any(a.kind == PROSE for a in tokens)
        return said and not any(map(relates, tokens)) and not _signs(tokens[0])

    def parts(self, run: _Break) -> bool:
        if not self.now.tokens:
            return False
        if run.sure:
            return True
        if self.goes_on(run):
            self.one_equation(run)
            return False
        return run.row or (self.now.related and self.new_left_side(run))

    def goes_on(self, run: _Break) -> bool:
        first = self.placed[run.after].token
        if self.now.waits or relates(first):
            return True
        if not _signs(first) or not (self.now.related and run.row and self.new_left_side(run)):
            return _signs(first)
        if self.placed[self.relation_after[run.after] - 1].token.text == "&":
            return False
        if not run.aligned:
            message = f"does '{first.text}' go on with the equation above or begin one? write & before it, or = below"
            raise refused(self.text, first, message)
        return True

    def new_left_side(self, run: _Break) -> bool:
        """Whether a relation follows with something before it that nothing parts."""
        at, relation = run.after, self.relation_after[run.after]
        inside = at < relation < len(self.placed) and relation < self.row_after[at]
        return inside and self.gaps_before[relation] == self.gaps_before[at]

    def one_equation(self, run: _Break) -> None:
        first = self.placed[run.after].token
        if run.row and self.in_row > 1 and not self.now.waits:
            message = (
                f"several equations stand in the row above, and '{first.text}' goes on with one of them; "
                "write each equation in rows of its own"
            )
            raise refused(self.text, first, message)
