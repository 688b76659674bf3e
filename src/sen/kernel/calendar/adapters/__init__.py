"""What the calendar takes from outside: the public list of national holidays."""
