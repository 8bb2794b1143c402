"""Every venue is accepted by matplotlib and gives a figure of its width."""

import matplotlib
import pytest

from lstmsym.errors import UnknownName
from lstmsym.plotting.style import canvas, context, style
from lstmsym.plotting.venues import VENUES

POINTS = {
    "ieee": 252, "ieee_full": 516, "acm": 506.3, "acmsmall": 395.8, "lncs": 347.1, "elsevier": 252,
    "elsevier_full": 522, "revtex": 246, "revtex_full": 510, "article": 345, "beamer": 307.3,
    "beamer169": 398.3,
}  # fmt: skip
INCHES = {
    "neurips": 5.5,
    "iclr": 5.5,
    "icml": 3.25,
    "icml_full": 6.75,
    "aistats": 3.25,
    "jmlr": 6.0,
}


@pytest.mark.parametrize("venue", VENUES)
def test_every_venue_is_accepted_whole_and_without_tex(venue):
    with context(style(venue)):
        assert canvas().get_size_inches()[0] == pytest.approx(VENUES[venue].width)
        assert not matplotlib.rcParams["text.usetex"]
        assert matplotlib.rcParams["pdf.fonttype"] == 42
        assert matplotlib.rcParams["savefig.bbox"] != "tight"
        assert matplotlib.rcParams["figure.constrained_layout.use"]
        assert matplotlib.rcParams["mathtext.fontset"].startswith("stix")


@pytest.mark.parametrize("venue", VENUES)
def test_no_letter_is_too_small_to_print(venue):
    sizes = [value for name, value in style(venue).items() if name.endswith(("size", "labelsize"))]
    assert all(size >= 6 for size in sizes if not isinstance(size, tuple))


@pytest.mark.parametrize("venue", POINTS)
def test_widths_in_tex_points(venue):
    assert VENUES[venue].width * 72.27 == pytest.approx(POINTS[venue])


@pytest.mark.parametrize("venue", INCHES)
def test_widths_in_inches(venue):
    assert VENUES[venue].width == pytest.approx(INCHES[venue])


def test_a_style_leaves_nothing_behind():
    before = dict(matplotlib.rcParams)
    with context(style("beamer")):
        pass
    assert dict(matplotlib.rcParams) == before


def test_a_style_does_not_hang_on_the_reader_s_own_settings():
    with matplotlib.rc_context({"axes.grid.which": "both"}), context(style("icml")):
        assert matplotlib.rcParams["axes.grid.which"] == "major"


def test_unknown_venue():
    with pytest.raises(UnknownName, match="no venue 'neurip'; did you mean 'neurips'"):
        style("neurip")
