"""What the template claims. A claim is a function that takes the deployed stack and fails where it does not hold."""

from . import alarms, backend, function, network, permissions, storage

CLAIMS = [
    claim
    for module in (network, permissions, storage, function, alarms, backend)
    for claim in vars(module).values()
    if callable(claim) and claim.__module__ == module.__name__ and not claim.__name__.startswith("_")
]
