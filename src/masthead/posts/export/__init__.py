"""Everything of some channels in one file: ask for it, write it piece by piece, keep it for a while."""
