"""What the Python runtime is made of."""
