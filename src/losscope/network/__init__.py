"""What is trained: the structure of the network, its activations, its initial parameters."""

from losscope.network.initialisers import INITIALISERS, initialise
from losscope.network.structure import Network

__all__ = ["INITIALISERS", "Network", "initialise"]
