"""One step of every cell written out in NumPy from its paper, with nothing of the package in it.

A step takes weights p, states s before, inputs x and the time t, and returns the states and the output at t. A matrix
state and an untied matrix are stacks of columns. The nine cells of tests/witnesses.py are written there.
"""
