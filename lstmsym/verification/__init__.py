"""Do they agree: the derived form, forward and backward modulo a prime, autograd, and differences."""
