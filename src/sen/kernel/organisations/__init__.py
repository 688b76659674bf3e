"""Units, their names, parents and codes over time; positions; areas."""
