"""How one term changes: the rule table, the chain rule within an equation, and the laws that tidy the result."""
