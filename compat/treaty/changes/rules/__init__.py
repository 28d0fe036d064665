"""The rule catalogue: one row per rule, grouped by what the rule is about."""
