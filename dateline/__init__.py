"""Dateline turns a folder of messy, scraped news into a static site that people can trust."""

__version__ = "0.1.0"
