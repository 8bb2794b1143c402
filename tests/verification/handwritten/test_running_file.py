"""Files: how their functions are found, called, and how their errors are said."""

import sys
import textwrap

import numpy as np
import pytest

from lstmsym.errors import InputError, LstmsymError, UnknownName
from lstmsym.verification.handwritten.file_check import check_file
from lstmsym.verification.handwritten.names import read_names, read_sequence
from lstmsym.verification.handwritten.running_file import FileFailed, run_file

PLAIN = """
import numpy as np
shapes = {"W": (2, 3), "b": (2,)}
def forward(W, b):
    return np.sum(np.sin(W)) + np.sum(b**2)
def backward(W, b):
    return {"dW": np.cos(W), "db": 2 * b}
"""


@pytest.fixture
def written(tmp_path):
    def write(text, name="code.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text))
        return path

    return write


SIGNATURES = {
    "arguments":     ("forward(W, b)", "backward(b, W)", "W, b"),
    "one dict":      ("forward(params)", "backward(p)", None),
    "rest as dict":  ("forward(W, rest)", "backward(rest, W)", "rest"),
    "keywords":      ("forward(**P)", "backward(**P)", "kw"),
    "defaults":      ("forward(W, b, scale=1.0)", "backward(W, b, *, eps=0)", "W, b"),
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNATURES)
def test_functions_may_take_arguments_or_a_dict(written, name):
    forward, backward, taken = SIGNATURES[name]
    read = {
        None: "P = {p}; W, b = P['W'], P['b']",
        "rest": "b = rest['b']",
        "kw": "W, b = P['W'], P['b']",
    }.get(taken, "pass")
    text = f"""
    import numpy as np
    shapes = {{"W": (2, 3), "b": (2,)}}
    def {forward}:
        {read.format(p="params")}
        return np.sum(np.sin(W)) + np.sum(b**2)
    def {backward}:
        {read.format(p="p")}
        return {{"dW": np.cos(W), "db": 2 * b}}
    """
    assert check_file(written(text)).passed


def test_a_cache_is_handed_from_forward_to_backward(written):
    text = """
    import numpy as np
    arrays = {"W": np.ones((2, 3))}
    def forward(W):
        return np.sum(np.sin(W)), np.cos(W)
    def backward(cache):
        return (cache,)
    """
    assert check_file(written(text)).passed


def test_the_dict_may_be_made_by_a_function_and_have_another_name(written):
    text = PLAIN.replace("shapes = ", "def example():\n    return ")
    assert check_file(written(text), at="example").passed
    both = PLAIN + "arrays = {'b': np.zeros(2)}\n"
    assert check_file(written(both)).passed


def test_a_file_beside_it_can_be_imported_and_nothing_is_written(written, tmp_path):
    written("def square(a):\n    return a * a\n", "beside_it_for_the_test.py")
    path = written("from beside_it_for_the_test import square\n" + PLAIN)
    try:
        assert check_file(path).passed
    finally:
        sys.modules.pop("beside_it_for_the_test", None)
    assert not list(tmp_path.rglob("*.pyc")) and str(tmp_path) not in sys.path


def test_the_text_is_read_anew_each_time(written):
    assert check_file(written(PLAIN)).passed
    assert not check_file(written(PLAIN.replace("np.cos", "np.sin"))).passed


def test_what_it_prints_stays_unsaid(written, capsys):
    check_file(
        written("print('hello')\n" + PLAIN.replace("return np.sum", "print(1); return np.sum"))
    )
    assert capsys.readouterr().out == ""


FAILING = {
    "at the top":    (PLAIN + "1 / 0\n", FileFailed, r"code\.py, line 8: ZeroDivisionError"),
    "in forward":    (PLAIN.replace("np.sin(W)", "W @ b"), FileFailed, r"line 5, in forward: ValueError: matmul"),
    "in backward":   (PLAIN.replace("np.cos(W)", "Wx"), FileFailed, r"line 7, in backward: NameError"),
    "syntax":        (PLAIN + "def f(:\n", FileFailed, r"line 8: invalid syntax"),
    "leaving":       (PLAIN + "raise SystemExit(3)\n", FileFailed, r"line 8: SystemExit: 3"),
    "import":        ("import no_such_module_here\n", FileFailed, r"line 1: ModuleNotFoundError"),
    "no forward":    (PLAIN.replace("def forward", "def forwards"), UnknownName, "did you mean 'forwards'"),
    "no arrays":     (PLAIN.replace("shapes", "sizes"), InputError, "no dict 'shapes' or 'arrays'"),
    "other names":   (PLAIN.replace("backward(W, b)", "backward(V, c)"), InputError, "backward needs V, c"),
    "no cache":      (PLAIN.replace("backward(W, b)", "backward(W, b, cache)"), InputError, "return .loss, cache."),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILING)
def test_what_fails_is_said_in_one_line_with_its_place(written, name):
    text, kind, said = FAILING[name]
    with pytest.raises(kind, match=said) as caught:
        check_file(written(text))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    for path in (tmp_path / "none.py", tmp_path):
        with pytest.raises(InputError):
            run_file(path)


def test_names_and_sequences_are_read():
    assert read_names("Wf=W_f, W=[W_f,W_i].T,x = x") == {"Wf": "W_f", "W": "[W_f,W_i].T", "x": "x"}
    assert read_sequence("x") == "x" and read_sequence("x:1,y:1") == {"x": 1, "y": 1}
    for text in ("Wf", "=W_f", "Wf=", "a=b,a=c"):
        with pytest.raises(LstmsymError):
            read_names(text)
    for text in ("x:one", ":1"):
        with pytest.raises(LstmsymError):
            read_sequence(text)


def test_numpy_state_is_left_as_it_was(written):
    before = np.geterr()
    check_file(written(PLAIN))
    assert np.geterr() == before
