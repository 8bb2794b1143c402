"""The same equations as numbers: translation, initialisation, rollout, inputs, losses."""
