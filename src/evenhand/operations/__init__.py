"""For the operator: who comes back."""
