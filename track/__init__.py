"""track/: judge, pure. What changed (changes), and which topics an article is about (topics)."""
