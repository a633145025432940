"""Agreements on paper: as a PDF, as a Word document, and as one page for those who approve."""
