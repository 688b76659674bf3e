"""What the law may change, as dated rows with a source."""
