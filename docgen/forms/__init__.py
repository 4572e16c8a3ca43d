"""What an annex is: its model, its rules, its place in a notice. No rendering happens here."""
