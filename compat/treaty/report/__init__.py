"""The same findings for every reader: terminal, JSON, Markdown, HTML, and the formats of code hosts and CI."""
