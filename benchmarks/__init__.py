"""Re-runnable measurements. Each prints a ratio; none is a test."""
