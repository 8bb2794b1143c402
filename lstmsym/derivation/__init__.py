"""What follows from a cell: Jacobians over one step and over k, adjoints, gradients, bounds."""
