"""People who do not exist: bodies, rooms, cameras and their ground truth, rendered from a seed."""
