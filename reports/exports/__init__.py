"""What people take along: the same tables as a workbook, as CSV, as JSON, and over the API; and the evidence itself."""
