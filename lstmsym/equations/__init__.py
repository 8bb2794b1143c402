"""What a cell says: terms, activations, the cell, its grammar and its reader."""
