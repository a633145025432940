"""Rows of CSV and XLSX, which column is which field, and what comes of reading them."""
