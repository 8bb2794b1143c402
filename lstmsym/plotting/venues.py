"""Where a figure is printed: widths and letter sizes, one venue a line.

Those that tueplots knows are read from it; the others are in TeX points, as \\the\\columnwidth and
\\the\\textwidth tell them. A venue in two columns has a line for one column and one for the whole width.
"""

from __future__ import annotations

from dataclasses import dataclass

from tueplots import figsizes, fontsizes

from lstmsym.errors import UnknownName, nearest

POINTS = 72.27  # TeX points in an inch


@dataclass(frozen=True)
class Venue:
    """Width in inches, letters in points, and whether they have serifs."""

    width: float
    letters: float
    serif: bool = True


def listed(figure: str, font: str) -> Venue:
    """A venue that tueplots has, by the names of its two functions."""
    width, _ = getattr(figsizes, figure)()["figure.figsize"]
    return Venue(width, getattr(fontsizes, font)()["font.size"])


def stated(points: float, letters: float, serif: bool = True) -> Venue:
    """A venue by its width in TeX points."""
    return Venue(points / POINTS, letters, serif)


VENUES: dict[str, Venue] = {
    "aaai":          listed("aaai2024_half", "aaai2024"),
    "aaai_full":     listed("aaai2024_full", "aaai2024"),
    "acm":           stated(506.3, 8),
    "acmsmall":      stated(395.8, 8),
    "aistats":       listed("aistats2025_half", "aistats2025"),
    "aistats_full":  listed("aistats2025_full", "aistats2025"),
    "article":       stated(345.0, 9),
    "beamer":        stated(307.3, 10, serif=False),
    "beamer169":     stated(398.3, 10, serif=False),
    "colm":          listed("colm2026", "colm2026"),
    "cvpr":          listed("cvpr2024_half", "cvpr2024"),
    "cvpr_full":     listed("cvpr2024_full", "cvpr2024"),
    "eccv":          listed("eccv2024", "eccv2024"),
    "elsevier":      stated(252.0, 8),
    "elsevier_full": stated(522.0, 8),
    "iclr":          listed("iclr2024", "iclr2024"),
    "icml":          listed("icml2024_half", "icml2024"),
    "icml_full":     listed("icml2024_full", "icml2024"),
    "ieee":          stated(252.0, 8),
    "ieee_full":     stated(516.0, 8),
    "jmlr":          listed("jmlr2001", "jmlr2001"),
    "lncs":          stated(347.1, 9),
    "neurips":       listed("neurips2024", "neurips2024"),
    "probnum":       listed("probnum2025_half", "probnum2025"),
    "probnum_full":  listed("probnum2025_full", "probnum2025"),
    "revtex":        stated(246.0, 8),
    "revtex_full":   stated(510.0, 8),
    "tmlr":          listed("tmlr2023", "tmlr2023"),
    "uai":           listed("uai2023_half", "uai2023"),
    "uai_full":      listed("uai2023_full", "uai2023"),
}  # fmt: skip


def venue_named(name: str) -> Venue:
    """The venue of that name. Raises UnknownName with the nearest one."""
    if name not in VENUES:
        raise UnknownName(f"no venue '{name}'; {nearest(name, VENUES)}")
    return VENUES[name]
