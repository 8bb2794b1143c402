"""Formulas as people write them in LaTeX: read strictly, never evaluated, each node knowing its place in the text."""
