"""Trees to one model: schema nodes of every dialect, and the sites where they are used."""
