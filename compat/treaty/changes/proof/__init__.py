"""Proofs about JSON Schemas: does one accept everything another accepts, and if not, which value shows it.

Ask a :class:`Prover`. It knows nothing of contracts, roles or rules.
"""

from treaty.changes.proof.answers import Answer, Budget, Example, Found, Proof, Schema
from treaty.changes.proof.prover import Prover

__all__ = ["Answer", "Budget", "Example", "Found", "Proof", "Prover", "Schema"]
