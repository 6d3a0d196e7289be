"""The licence desk: who asks for posts, what they are granted, what left under it, and what our own apps are used for."""
