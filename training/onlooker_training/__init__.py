"""Draws the world of onlooker-mini, trains the model on it and exports the model pack."""
