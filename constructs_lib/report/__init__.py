"""Words for a plan: nothing here computes a number that the plan does not have."""
