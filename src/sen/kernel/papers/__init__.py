"""Official papers from templates, and the registers that number them."""
