"""What stands outside the province and settles what is received here."""
