"""The life of contract elements across versions: what was promised, what was kept, and what may go now."""
