import pytest

from lstmsym.equations.activations import ACTIVATIONS as KNOWN
from lstmsym.printing.latex import LatexWriter
from lstmsym.printing.letters import ACTIVATIONS
from lstmsym.printing.text import TextWriter

# fmt: off
#   name          LaTeX                        terminal      LaTeX at t                   terminal at t
NAMES = [
    ("f",         "f",                         "f",          "f_t",                       "f_t"),
    ("W_f",       "W_f",                       "W_f",        "W_{f,t}",                   "W_{f,t}"),
    ("a_f",       "a_f",                       "a_f",        "a_{f,t}",                   "a_{f,t}"),
    ("C_tilde",   r"\tilde{C}",                "C\u0303",    r"\tilde{C}_t",              "C\u0303_t"),
    ("c_hat",     r"\hat{c}",                  "c\u0302",    r"\hat{c}_t",                "c\u0302_t"),
    ("c_bar",     r"\bar{c}",                  "c\u0304",    r"\bar{c}_t",                "c\u0304_t"),
    ("a_C_tilde", r"a_{\tilde{C}}",            "a_C\u0303",  r"a_{\tilde{C},t}",          "a_{C\u0303,t}"),
    ("W_fh",      "W_{fh}",                    "W_{fh}",     "W_{fh,t}",                  "W_{fh,t}"),
    ("W_fC_tilde", r"W_{f\tilde{C}}",          "W_{fC\u0303}", r"W_{f\tilde{C},t}",       "W_{fC\u0303,t}"),
    ("W_rec",     r"W_{\mathrm{rec}}",         "W_{rec}",    r"W_{\mathrm{rec},t}",       "W_{rec,t}"),
    ("W_f_h",     "W_{fh}",                    "W_{fh}",     "W_{fh,t}",                  "W_{fh,t}"),
    ("h1",        "h_1",                       "h_1",        "h_{1,t}",                   "h_{1,t}"),
    ("a2_f",      "a_{2f}",                    "a_{2f}",     "a_{2f,t}",                  "a_{2f,t}"),
    ("net_f",     r"\mathrm{net}_f",           "net_f",      r"\mathrm{net}_{f,t}",       "net_{f,t}"),
    ("alpha",     r"\alpha",                   "α",          r"\alpha_t",                 "α_t"),
    ("Gamma_f",   r"\Gamma_f",                 "Γ_f",        r"\Gamma_{f,t}",             "Γ_{f,t}"),
    ("σ",         r"\sigma",                   "σ",          r"\sigma_t",                 "σ_t"),
    ("é",         r"\acute{e}",                "é",          r"\acute{e}_t",              "é_t"),
    ("ж",         r"\mathrm{zhe}",             "ж",          r"\mathrm{zhe}_t",           "ж_t"),
    ("h__2",      "h^{(2)}",                   "h\u207d\u00b2\u207e", "h_t^{(2)}",           "h_t\u207d\u00b2\u207e"),
    ("W_f__12",   "W_f^{(12)}",                "W_f⁽¹²⁾",    "W_{f,t}^{(12)}",            "W_{f,t}⁽¹²⁾"),
    ("C_tilde__2", r"\tilde{C}^{(2)}",         "C\u0303⁽²⁾", r"\tilde{C}_t^{(2)}",        "C\u0303_t⁽²⁾"),
    ("h__1__2",   "h^{(1,2)}",                 "h^{(1,2)}",  "h_t^{(1,2)}",               "h_t^{(1,2)}"),
    ("h__fwd",    r"\overrightarrow{h}",       "h\u20d7",    r"\overrightarrow{h}_t",     "h\u20d7_t"),
    ("W_f__bwd",  r"\overleftarrow{W}_f",      "W\u20d6_f",  r"\overleftarrow{W}_{f,t}",  "W\u20d6_{f,t}"),
    ("h__2__bwd", r"\overleftarrow{h}^{(2)}",  "h\u20d6⁽²⁾", r"\overleftarrow{h}_t^{(2)}", "h\u20d6_t⁽²⁾"),
    ("U__f",      "U^f",                       "U^f",        "U_t^f",                     "U_t^f"),
    ("h_tilde__fwd", r"\overrightarrow{\tilde{h}}", "h\u0303\u20d7",
     r"\overrightarrow{\tilde{h}}_t", "h\u0303\u20d7_t"),
]
# fmt: on


def test_every_activation_has_its_letters_and_no_letter_lacks_an_activation():
    assert set(ACTIVATIONS) == set(KNOWN)


@pytest.mark.parametrize("name, latex, text, latex_t, text_t", NAMES)
def test_names(name, latex, text, latex_t, text_t):
    written = [w.named(name) for w in (LatexWriter(), TextWriter())]
    written += [w.named(name, "t") for w in (LatexWriter(), TextWriter())]
    assert written == [latex, text, latex_t, text_t]
