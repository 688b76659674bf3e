"""Small honest stand-ins for what is outside a province, each labelled as such on every page."""
