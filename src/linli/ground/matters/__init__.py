"""The matter (事): everything that somebody is owed an answer to."""
