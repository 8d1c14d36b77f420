"""Evidence: the folder a trial leaves, its record and report, and running it again."""
