"""What a formula mentions: which choices of a reading can matter to it, and whether it says values."""

from __future__ import annotations

from lstmsym.formulas import tree as f


def says_values(node: f.Node) -> bool:
    """Whether a formula holds symbols outside of derivatives, and so says what these are."""
    if isinstance(node, f.Derivative):
        return False
    return isinstance(node, f.Symbol) or any(map(says_values, f.children(node)))


def mentioned(node: f.Node) -> set[str]:
    """Which choices of a reading can matter to a formula."""
    found = set()
    for a in f.walk(node):
        if isinstance(a, f.Apply | f.Symbol) and a.primes:
            found.add("output_slope")
        if isinstance(a, f.Product):
            found |= {"scaled"} | ({"outer"} if "otimes" in a.signs else set())
        if isinstance(a, f.Bracket) and a.style == "angle":
            found.add("outer")
        if isinstance(a, f.Big) and a.kind == "prod":
            found.add("ascending")
        if isinstance(a, f.Derivative) and not a.kind:
            found.add("kind")
    return found


def is_chain(node: f.Node) -> bool:
    """Whether a formula is made of derivatives alone, by the chain rule."""
    if isinstance(node, f.Sum):
        return all(is_chain(a) for _, a in node.parts)
    if isinstance(node, f.Product | f.Bracket):
        return all(map(is_chain, f.children(node)))
    return isinstance(node, f.Derivative)
