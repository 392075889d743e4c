"""get: Source -> Capture, from the net (crawl) or from saved files (saved). Reading saved files does not load Scrapy."""
