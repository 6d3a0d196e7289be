"""What the terms of the platforms allow, for people: the page Rights, the question "may I?" and the reference."""
