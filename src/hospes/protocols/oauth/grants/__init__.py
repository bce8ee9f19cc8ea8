"""The ways to tokens: each grant's request, what is loaded for it, and the decision."""
