"""Persons, enterprises, accounts; who is at the door."""
