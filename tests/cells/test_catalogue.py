"""The catalogue: every cell has a title and a source, and says what its models by hand say."""

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.cells.facts import FAMILIES
from lstmsym.derivation.comparison import meaning
from lstmsym.errors import UnknownName
from lstmsym.numerics.rollout import rollout
from tests.witnesses import MODELS, Run

ASKED = {
    "rnn", "lstm", "lstm_peephole", "lstm_peephole_diagonal", "lstm_coupled",
    "gru", "gru_keep", "gru_after", "gru_after_keep",
}  # fmt: skip


def test_the_catalogue_is_sorted_and_holds_what_was_asked():
    assert list(ls.catalogue()) == sorted(ls.catalogue())
    assert set(ls.catalogue()) >= ASKED


@pytest.mark.parametrize("name", ls.catalogue())
def test_title_source_and_meanings(name):
    cell = ls.cell(name)
    assert cell.name == name and cell.title not in ("", name)
    assert str(cell.year) in cell.source or "convention" in cell.source
    assert all(e.meaning for e in cell), "a trailing comment names each signal"
    meanings = [meaning(e) for e in cell]
    assert len(set(meanings)) == len(meanings), "and no other signal of the cell"


@pytest.mark.parametrize("name", ls.catalogue())
def test_family_year_and_sizes(name):
    cell = ls.cell(name)
    assert cell.family in FAMILIES and 1980 <= cell.year <= 2026
    assert all(len(str(size)) == 1 for size in cell.sizes), "a size is one letter, declared or n, m"


def test_every_family_has_cells_and_the_literature_is_there():
    cells = [ls.cell(name) for name in ls.catalogue()]
    assert {cell.family for cell in cells} == set(FAMILIES)
    assert len(cells) >= 80 and min(cell.year for cell in cells) < 1990


def test_titles_differ():
    titles = [ls.cell(name).title for name in ls.catalogue()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_forward_values_are_those_of_the_cell_by_hand(name):
    """5 units, 2 inputs, 6 steps: every signal at every step, to rounding."""
    model, cell = MODELS[name], ls.cell(name)
    values = model.draw(np.random.default_rng(4), {"n": 5, "m": 2}, 6)
    run = Run(model, values, 6)
    found = rollout(
        cell,
        {p: values[p] for p in cell.parameters},
        values["x"],
        {s: values[s] for s in cell.states},
    )
    assert set(cell.parameters) == set(model.shapes) and cell.output == model.output
    for time in range(1, 7):
        for e in cell:
            np.testing.assert_allclose(
                found.signal(e.name, time), run.trajectory[time][e.name], rtol=1e-13, atol=1e-15
            )


def test_output_gate_of_the_peephole_sees_the_new_cell_state():
    """Moving C_t within its own step moves o_t; moving C_{t-1} moves f_t and i_t."""
    for name in ("lstm_peephole", "lstm_peephole_diagonal"):
        cell = ls.cell(name)
        assert "C" in [s.name for s in cell.by_name["o"].now]
        assert "C" not in [s.name for s in cell.by_name["o"].before]
        for gate in "fi":
            assert "C" in [s.name for s in cell.by_name[gate].before]


def test_four_grus_differ_in_reset_and_update():
    """Same weights: keep swaps z and 1 − z; after differs from before unless h = 0."""
    rng = np.random.default_rng(8)
    before = {n: rng.normal(size=p.shape if isinstance(p.shape, int) else [4, 6][: 1 + (p.cols != 1)])
              for n, p in ls.cell("gru").parameters.items()}  # fmt: skip
    x, h = rng.normal(size=(1, 2)), rng.normal(size=4)
    split = {}
    for g in "zrh":
        split |= {
            f"U_{g}": before[f"W_{g}"][:, :4],
            f"W_{g}": before[f"W_{g}"][:, 4:],
            f"b_{g}": before[f"b_{g}"],
        }
    split["c_h"] = np.zeros(4)

    def run(name, parameters, h):
        return rollout(ls.cell(name), parameters, x, {"h": h})

    gru, keep = run("gru", before, h), run("gru_keep", before, h)
    z, candidate = gru.signal("z", 1), gru.signal("h_tilde", 1)
    np.testing.assert_allclose(gru.signal("h", 1), (1 - z) * h + z * candidate)
    np.testing.assert_allclose(keep.signal("h", 1), z * h + (1 - z) * candidate)
    for one, other in (("gru", "gru_after"), ("gru_keep", "gru_after_keep")):
        zero = np.zeros(4)
        assert np.allclose(run(one, before, zero).output, run(other, split, zero).output)
        assert not np.allclose(run(one, before, h).output, run(other, split, h).output, atol=1e-3)


def test_unknown_cells_offer_the_nearest_and_a_path():
    with pytest.raises(UnknownName, match=r"no cell 'lsmt' .*did you mean 'lstm'\?.*\.cell file"):
        ls.cell("lsmt")
    with pytest.raises(UnknownName, match="unknown notation 'splitt'; did you mean 'split'"):
        ls.cell("lstm", notation="splitt")


def test_a_cell_is_found_by_name_by_path_and_by_itself(tmp_path):
    path = tmp_path / "mine.cell"
    path.write_text(ls.cell("gru").text)
    assert ls.cell(path).name == "mine" and ls.cell(path).equations == ls.cell("gru").equations
    assert ls.cell(str(path)).text == ls.cell(ls.cell("gru")).text
