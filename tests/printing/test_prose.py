import pytest

from lstmsym.printing.prose import latex_prose, markdown_prose, text_prose

# fmt: off
#   sentence, LaTeX, terminal where it differs from the sentence
SENTENCES = [
    ("h_t acts on C_{t+1}.", "$h_t$ acts on $C_{t+1}$.", None),
    ("through f_t, C_tilde_t (and W_f)",
     r"through $f_t$, $\tilde{C}_t$ (and $W_f$)", "through f_t, C\u0303_t (and W_f)"),
    ("a_C_tilde_{t+1}", r"$a_{\tilde{C},t+1}$", "a_{C\u0303,t+1}"),
    ("the input gate is 1 - f; b_f = 1", "the input gate is $1 - f$; $b_f = 1$", None),
    ("C acts on h directly, a state", "$C$ acts on $h$ directly, a state", None),
    ("the states at t-1; after T", "the states at $t-1$; after $T$", None),
    ("for t = T, …, 1", r"for $t = T$, \ldots{}, 1", None),
    ("δs_t stands for ∂L/∂s_t", r"$\delta s_t$ stands for $\partial L/\partial s_t$", None),
    ("‖W‖₂ ≤ γ < 1", r"$\|W\|_{2} \le \gamma < 1$", None),
    ("‖∂h_t/∂h_{t-k}‖₂ ≤ c^k", r"$\|\partial h_t/\partial h_{t-k}\|_{2} \le c^k$", None),
    ("∂C_t/∂C_{t-1}|block", r"$\partial C_t/\partial C_{t-1}|_{\text{block}}$", None),
    ("(‖W_h‖₂ γ)^k", r"$(\|W_h\|_{2} \gamma)^k$", None),
    ("W = [[8, 8], [-8, -8]] has", "$W = [[8, 8], [-8, -8]]$ has", None),
    ("modulo 2^61 - 1, once", "modulo $2^{61} - 1$, once", None),
    ("h[t-1] and h[t]", "$h_{t-1}$ and $h_t$", "h_{t-1} and h_t"),
    ("x ⊙ y", r"$x \odot y$", None),
    # what is no mathematics
    ("Gers & Schmidhuber 1997, J. Schmidhuber: 100 %", r"Gers \& Schmidhuber 1997, J. Schmidhuber: 100 \%", None),
    ("lstm_peephole and #1 {x~y}", r"lstm\_peephole and \#1 \{x\textasciitilde{}y\}", None),
    ('a "full" A, I say — café', "a ``full'' A, I say --- café", None),
    ("4 elementary paths", "4 elementary paths", None),
    ("Жук", "[U+0416][U+0443][U+043A]", None),
    ("", "", None),
]
# fmt: on


@pytest.mark.parametrize("sentence, latex, text", SENTENCES, ids=[s for s, *_ in SENTENCES])
def test_sentences(sentence, latex, text):
    assert latex_prose(sentence) == latex
    assert text_prose(sentence) == (sentence if text is None else text)


def test_markdown_keeps_words_from_becoming_markup():
    assert markdown_prose("h_t of gru_after, *all* < 1") == r"$h_t$ of gru\_after, \*all\* \< 1"


@pytest.mark.parametrize(
    "sentence", ["  two  spaces ", "f_t\tg_t", "(f_t)", "((f_t)", "...", "^", "\\"]
)
def test_nothing_is_lost(sentence):
    assert text_prose(sentence) == sentence
    latex_prose(sentence)
