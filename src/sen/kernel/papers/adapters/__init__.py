"""What papers are made with: Typst, and QR codes."""
