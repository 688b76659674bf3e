"""The page frame, the components, and what views need to answer pages and programs."""
