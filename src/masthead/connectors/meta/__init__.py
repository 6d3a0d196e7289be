"""The platforms of Meta: Facebook Pages, Instagram and Threads, over what they share of the Graph API."""
