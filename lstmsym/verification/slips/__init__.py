"""The mistakes that people make when they derive by hand: a table, and one file for each sort of place."""
