"""Statements and evidence out of a place's own Word document or Excel workbook."""
