"""The pages of benchmarks/hugo in Pelican. It has one taxonomy of many values (tags): provinces, topics and sources are that."""

SITENAME = "News"
SITEURL = "https://example.org"
PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
THEME_STATIC_PATHS: list[str] = []
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
DEFAULT_PAGINATION = 50
PAGINATED_TEMPLATES = {"index": None, "tag": None, "category": None}
ARTICLE_URL = ARTICLE_SAVE_AS = "articles/{slug}.html"
SLUGIFY_SOURCE = "basename"
TAG_URL = TAG_SAVE_AS = "tags/{slug}.html"
CATEGORY_URL = CATEGORY_SAVE_AS = "langs/{slug}.html"
YEAR_ARCHIVE_URL = YEAR_ARCHIVE_SAVE_AS = "years/{date:%Y}.html"
TAGS_SAVE_AS = "tags.html"
CATEGORIES_SAVE_AS = "langs.html"
ARCHIVES_SAVE_AS = ""
AUTHOR_SAVE_AS = ""
AUTHORS_SAVE_AS = ""
DIRECT_TEMPLATES = ["index", "tags", "categories", "sitemap"]
SITEMAP_SAVE_AS = "sitemap.xml"
FEED_ALL_ATOM = None
FEED_ALL_RSS = "index.xml"
CATEGORY_FEED_ATOM = None
CATEGORY_FEED_RSS = "langs/{slug}.xml"
TAG_FEED_RSS = "tags/{slug}.xml"
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 50
RSS_FEED_SUMMARY_ONLY = True
MARKDOWN = {"extensions": ["markdown.extensions.meta"], "output_format": "html5"}
LOAD_CONTENT_CACHE = CACHE_CONTENT = False
