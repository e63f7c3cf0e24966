"""The probes in the image, as one plain user: with all that the kernel grants, and as Lambda is reported to be.

That each one's act succeeds without confinement is shown outside, for the image lacks some of what they use.
"""

from test_probes import test_every_layer_holds_it, test_the_worst_case_contains_it

__all__ = ["test_every_layer_holds_it", "test_the_worst_case_contains_it"]
