"""Who works here: operators and their badges, signing in, PINs."""
