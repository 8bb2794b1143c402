r"""Functions and their arguments: \sigma(a), \tanh^2(a), \sigma'(a), \tanh C_t.

An argument without brackets is one product of adjacent factors; where it is not clear how far it
reaches, the reader asks instead of guessing.
"""

from __future__ import annotations

from lstmsym.formulas.matrices import Matrices
from lstmsym.formulas.pairs import shown
from lstmsym.formulas.tokens import NUMBER, WORD, Token
from lstmsym.formulas.tree import Apply, Bracket, Node, Product, Stack, Symbol
from lstmsym.formulas.words import function_name

_SEVERAL = ("max", "min", "concat", "clip", "diag")  # functions of several arguments


class Functions(Matrices):
    """Reads a known function, or the symbol that it is without an argument."""

    def function(self) -> Node:
        """A function with its argument; with an index or without an argument a symbol."""
        start = self.at
        token = self.take()
        symbol = Symbol(
            token.text if token.text == "sigma" else _canonical(token), place=self.place(start)
        )
        marks = self.function_marks()
        if marks is None:
            return symbol
        primes, power = marks
        following = self.peek()
        if following.mark("(", "[", r"\{", "{") and not self.scripted_group():
            arguments = self.arguments(_canonical(token))
        elif (
            self.begins_factor(following)
            and token.text == "sigma"
            and not following.mark(r"\lvert")
        ):
            raise self.refuse(
                r"is \sigma a function of this or a factor? write \sigma(…) or \sigma \cdot …"
            )
        elif self.begins_factor(following) and not following.mark("|", r"\|"):
            arguments = (self.bare_argument(token, start),)
        elif following.mark("|", r"\|") and not self.bars:
            arguments = (self.factor(),)
        else:
            self.at = start + 1
            return symbol
        return Apply(_canonical(token), arguments, primes, power, place=self.place(start))

    def scripted_group(self) -> bool:
        r"""Whether braces have a script behind them, as those of \mathbf{a}_t: they are a letter, and no brackets."""
        if not self.peek().mark("{") or self.mate() + 1 >= self.end:
            return False
        return self.tokens[self.mate() + 1].mark("_", "^")

    def function_marks(self) -> tuple[int, int] | None:
        """Primes and power between a function and its argument; None where the name is an indexed symbol."""
        before, primes, power = self.at, 0, 1
        while self.peek().mark("'", "^", "_"):
            if self.accept("'"):
                primes += 1
                continue
            if self.take().text == "_":
                break
            start, end, after = self.extent()
            inner = self.tokens[start:end]
            if inner and all(a.mark("'") for a in inner):
                primes += len(inner)
            elif (
                len(inner) == 1
                and inner[0].kind == NUMBER
                and inner[0].text.isdigit()
                and power == 1
            ):
                power = int(inner[0].text[:4])
            elif [a.text for a in inner] == ["-", "1"]:
                raise self.refuse(
                    "is the inverse function meant, or 1 divided by it? write \\frac{1}{…}",
                    inner[0],
                )
            else:
                break
            self.at = after
        else:
            return primes, power
        self.at = before
        return None

    def arguments(self, name: str) -> tuple[Node, ...]:
        """What stands in the brackets behind a function."""
        start, opener = self.at, self.peek().text
        parts, sign = self.inside()
        if opener == "{" and len(parts) == 1 and isinstance(parts[0], Bracket):
            return (parts[0].inside,)
        if len(parts) == 1 or (sign == "," and (opener == "(" or name in _SEVERAL)):
            return parts
        return (Stack(parts, sign, place=self.place(start)),)

    def bare_argument(self, token: Token, start: int) -> Node:
        """One product of adjacent factors, up to a sign or the next function."""
        first = self.at
        factors = [self.factor()]
        while self.begins_factor(self.peek()) and not self.is_function(self.peek()):
            if self.peek().mark("(", r"\{") or not (
                self.peek().named or self.peek().mark(*_ADJACENT)
            ):
                raise self.unclear(token, self.tokens[first : self.at])
            factors.append(self.factor())
        weighs = self.peek().mark(r"\cdot", r"\times", "*") and self.peek(1).mark("[", "(", r"\{")
        if weighs or self.peek().mark("/") or (len(factors) > 1 and self.peek().mark("+", "-")):
            raise self.unclear(token, self.tokens[first : self.at])
        if len(factors) == 1:
            return factors[0]
        return Product(tuple(factors), ("",) * (len(factors) - 1), place=self.place(first))

    def is_function(self, token: Token) -> bool:
        """Whether a token is the name of a known function."""
        return token.named and (
            token.text == "sigma" or (token.kind == WORD and bool(function_name(token.text)))
        )

    def unclear(self, token: Token, argument: object) -> Exception:
        """The question how far an argument reaches."""
        what = shown(self.peek())
        return self.refuse(
            f"does the argument of {token.text} end before {what} or not? write it in brackets"
        )


_ADJACENT = ("[", "{", r"\tilde", r"\hat", r"\bar", r"\vec", r"\dot", r"\check")


def _canonical(token: Token) -> str:
    return "sigmoid" if token.text == "sigma" else function_name(token.text)
