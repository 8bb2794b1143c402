"""A judged document handed back like a corrected page: for the terminal, as Markdown, as HTML, as data."""
