"""`footfall import`: the events of a file, read row by row and sent in bulk, safe to run twice.

columns         what the columns of a CSV file are called, and what part of an event each one is
customerio_rows the same for files as Customer.io takes them
rows            the rows of a file, as events or as faults
sending         rows in, bulk requests out, and what became of each row
checkpoint      how far an interrupted import came
rejects         the rows that were refused, to be corrected and imported on their own
command         puts them together, with a progress bar
"""
