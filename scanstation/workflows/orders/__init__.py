"""Orders beside the desks: lists, buttons, corrections."""
