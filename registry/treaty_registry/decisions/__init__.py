"""What each request means: decisions over a state, as pure functions that return the facts they bring about."""
