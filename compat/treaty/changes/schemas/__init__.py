"""What changed between two schemas: facts about pairs, walked once, projected to every site that uses them."""
