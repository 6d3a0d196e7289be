"""What an end means for posts: what hangs on it, moving it elsewhere, keeping it, telling about it."""
