"""How text becomes words, words are read as meant, and records are ranked by them."""
