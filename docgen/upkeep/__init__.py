"""What an operator does besides running it: backup, restore, and letting go of what is no longer needed."""
