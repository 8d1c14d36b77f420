"""The living parts: heart, vessels, reflexes."""
