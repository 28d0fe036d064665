"""What changed: matching old to new, one walk, the rule catalogue, effects, levels, witnesses."""
