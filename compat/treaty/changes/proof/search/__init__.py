"""Finding a value that some schemas accept and others refuse, by taking the schemas apart case by case."""
