"""The pictures, a file each: from plain tables to figures."""
