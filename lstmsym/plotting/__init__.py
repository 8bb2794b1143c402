"""What it looks like: figures of what the flow measured; nothing is computed here."""
