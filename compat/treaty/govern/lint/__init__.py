"""House rules over contracts as they are: rule sets as data, custom rules in YAML, findings with their place."""
