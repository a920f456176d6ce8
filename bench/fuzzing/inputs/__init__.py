"""What the parsers are fed: arbitrary JSON, spoilt documents, and bytes in all encodings."""
