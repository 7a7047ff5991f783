"""The golden journey, played over HTTP by signed-in people: for the kill tests and for load."""
