"""What leaves the platform as a file: PDF. Knows no health."""
