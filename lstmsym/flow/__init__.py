"""What flows back: norms of gradients by lag, exact at any length."""

from lstmsym.flow.measuring import measure
from lstmsym.flow.norms import log_norms, matrices
from lstmsym.flow.result import CellFlow, Flow

__all__ = ["CellFlow", "Flow", "log_norms", "matrices", "measure"]
