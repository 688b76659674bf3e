"""The verbs: what can be found, and the dictionary of what people say."""
