"""Backward passes that somebody wrote by hand in NumPy: are they the gradients of the forward pass beside them?"""
