"""A member's own scoring as a workbook to fill away from the portal, and what comes back of it."""
