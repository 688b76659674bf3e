"""The reads: records found, and the dictionary of what people say."""
