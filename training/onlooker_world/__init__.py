"""The drawn world: endless videos of known content, with questions and their answers."""
