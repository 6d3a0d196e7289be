"""What a connector promises and what generic code may ask of it. Knows no Django and no platform."""
