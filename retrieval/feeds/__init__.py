"""Sources that are followed: feeds, sitemaps and pages of links → articles in the folder."""
