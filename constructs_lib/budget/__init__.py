"""Who asks for connections, how they are shared, and what is wrong with the sum."""
