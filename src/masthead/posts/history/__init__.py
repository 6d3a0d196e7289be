"""Past posts: a channel's own posts as they lie on the platform, however they were made, with what came back."""
