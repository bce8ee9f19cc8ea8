"""Each grant at work: it loads, has the protocol decide, and writes in one guarded step."""
