"""What a certificate is, apart from its looks."""
