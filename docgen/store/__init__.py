"""What an installation keeps on its disk."""
