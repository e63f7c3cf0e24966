"""Where a probe is run: unconfined, with every layer, and in Lambda's worst case."""
