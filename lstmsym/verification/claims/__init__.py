"""Formulas about gradients as people write them: read, given a meaning, judged against the cell, explained."""
