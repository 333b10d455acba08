"""What people look at: the page with its pictures, spreadsheets, JUnit."""
