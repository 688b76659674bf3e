"""Files that people bring: spreadsheets."""
