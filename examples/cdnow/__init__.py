"""6,919 purchases of a real shop, imported and read back: `python -m examples.cdnow`.

purchases  the data file, and its rows as a CSV file that `footfall import` takes
timelines  what the API says about every customer afterwards
"""
